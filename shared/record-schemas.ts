/**
 * What labels and replies say alike of params, inputs and what a picture used, as zod reads it. Those who only write have
 * no need of it: zod takes as long to load as Node does to start.
 */
import * as z from 'zod';
import { CHECKSUM } from './inputs.ts';
import { areParams, type Params } from './params.ts';
import type { Used } from './used.ts';

export const checksumSchema = z.string().regex(CHECKSUM, 'expected 64 lower-case hex digits');

/** Params as gvpie writes them. Not z.record: that drops `__proto__`, which is a name like any other. */
export const paramsSchema: z.ZodType<Params> = z.custom<Params>(
  areParams,
  'expected lower-case names, each with a whole number of 32 bits',
);

/** Inputs as a label has them. */
export const inputsSchema = z.array(
  z.looseObject({ checksum: checksumSchema, width: z.int().min(1), height: z.int().min(1) }),
);

const version = z.int().min(1);
const versions = z.record(z.string(), version);
const bitmap = z.string().regex(/^[0-9a-f]+$/);

/**
 * A used record as read from a file. A section this code does not know is kept, because `usesDigest`
 * covers it; no section nests deeper than one record, so a hostile file cannot make the digest recurse.
 */
export const usedSchema: z.ZodType<Used> = z
  .object({
    canvas: version,
    blend: versions,
    opcodes: versions,
    functions: versions.exactOptional(),
    glyphs: z.record(z.string().regex(/^[0-9A-F]{4,6}$/), bitmap),
    fonts: versions.exactOptional(),
    font_glyphs: z.record(z.string().regex(/^[a-z0-9]+ [0-9A-F]{4,6}$/), bitmap).exactOptional(),
  })
  .catchall(z.union([z.number(), z.string(), z.record(z.string(), z.union([z.number(), z.string()]))]));

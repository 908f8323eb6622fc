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

/** What is wrong with a value: the way to it, and what it should be. */
interface Wrong {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * A list or record that is looked at up to the first thing that is wrong with it, and given back as it is: a hostile file has
 * half a million of them, and zod would keep an issue for each, or a copy.
 */
function lookedAt<T>(wrongIn: (value: unknown) => Wrong | undefined): z.ZodType<T> {
  return z.custom<T>().check((context) => {
    const wrong = wrongIn(context.value);
    if (wrong === undefined) return;
    const { path, message } = wrong;
    context.issues.push({ code: 'custom', path: [...path], message, input: context.value });
  });
}

/** An input as a label has it, with fields that this code does not know. */
export interface InputRecord {
  readonly [field: string]: unknown;
  readonly checksum: string;
  readonly width: number;
  readonly height: number;
}

/** Inputs as a label has them. */
export const inputsSchema: z.ZodType<InputRecord[]> = lookedAt((value) => {
  if (!Array.isArray(value)) return { path: [], message: 'expected a list' };
  for (let at = 0; at < value.length; at++) {
    const { checksum, width, height } = isObject(value[at]) ? value[at] : {};
    if (typeof checksum !== 'string' || !CHECKSUM.test(checksum)) {
      return { path: [at, 'checksum'], message: 'expected 64 lower-case hex digits' };
    }
    if (!isVersion(width)) return { path: [at, 'width'], message: 'expected a whole number from 1' };
    if (!isVersion(height)) return { path: [at, 'height'], message: 'expected a whole number from 1' };
  }
  return undefined;
});

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isVersion: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
const isBitmap: Check = (value) => isText(value) && /^[0-9a-f]+$/.test(value as string);
// 1e999 is JSON, and no number that it can hold.
const isScalar: Check = (value) => isText(value) || Number.isFinite(value);

/** The sections of a used record that this code knows: their names, and what each of them holds. */
const SECTIONS: Readonly<Record<string, { readonly name?: RegExp; readonly value: Check }>> = {
  blend: { value: isVersion },
  opcodes: { value: isVersion },
  functions: { value: isVersion },
  glyphs: { name: /^[0-9A-F]{4,6}$/, value: isBitmap },
  fonts: { value: isVersion },
  font_glyphs: { name: /^[a-z0-9]+ [0-9A-F]{4,6}$/, value: isBitmap },
};
const NEEDED = ['blend', 'opcodes', 'glyphs'];
/** Of the name of any other, characters: whoever names a change names its section, and there may be half a million of them. */
const MOST_SECTION = 64;

/**
 * A used record as read from a file. A section this code does not know is kept, because `usesDigest`
 * covers it; no section nests deeper than one record, so a hostile file cannot make the digest recurse.
 */
export const usedSchema: z.ZodType<Used> = lookedAt((value) => {
  if (!isObject(value)) return { path: [], message: 'expected an object' };
  const missing = NEEDED.find((section) => !Object.hasOwn(value, section));
  if (missing !== undefined) return { path: [missing], message: 'expected an object' };
  if (!isVersion(value.canvas)) return { path: ['canvas'], message: 'expected a version, from 1' };
  for (const section in value) {
    if (section.length > MOST_SECTION) {
      return { path: [], message: `expected names of sections of at most ${MOST_SECTION} characters` };
    }
    const known = Object.hasOwn(SECTIONS, section) ? SECTIONS[section] : undefined;
    if (known === undefined && isScalar(value[section])) continue;
    const wrong = wrongEntry(value[section], known?.value ?? isScalar, known?.name);
    if (wrong !== undefined) return { ...wrong, path: [section, ...wrong.path] };
  }
  return undefined;
});

/** Milliseconds by the names of stages. */
export const timingsSchema: z.ZodType<Readonly<Record<string, number>>> = lookedAt((value) =>
  wrongEntry(value, Number.isFinite),
);

function wrongEntry(value: unknown, of: Check, allowed?: RegExp): Wrong | undefined {
  if (!isObject(value)) return { path: [], message: 'expected an object' };
  for (const name in value) {
    if (allowed?.test(name) === false) return { path: [name], message: 'expected another name' };
    if (!of(value[name])) return { path: [name], message: 'expected another value' };
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Newer labels: what of a label that this code cannot read as a whole it can read all the same. */
import * as z from 'zod';
import type { Canvas } from '../canvas.ts';
import { LIMITS } from '../limits.ts';
import { CartridgeFault, NO_LABEL } from './cartridge-fault.ts';
import { Effort } from './effort.ts';
import { readFrame } from './frame.ts';
import { LABEL_FORMAT, type Label, RECORD_BYTES } from './label.ts';
import { labelSchema } from './label-schema.ts';
import { readLabel } from './open.ts';
import { parseRecord } from './read-record.ts';
import { readInternationalText } from './text-chunk.ts';

export interface NewerLabel {
  /** From 2 on. */
  readonly format: number;
  /** As the PNG has it, whatever the label says. */
  readonly canvas: Canvas;
  /** The fields of format 1 that are there and right; what format 1 does not know is left out. */
  readonly label: Partial<Label>;
  /** Fields of format 1 that are missing, or are not as it has them. */
  readonly unread: readonly string[];
}

const newerSchema = z.looseObject({ format: z.int().min(LABEL_FORMAT + 1) });

/**
 * Reads a label of a newer format field by field. Nothing in it agrees with anything else for certain.
 *
 * @param effort is charged for all of it
 * @throws {CartridgeFault} where the file is no PNG of ours, has no label, or one that is of no newer format
 */
export function readNewer(bytes: Uint8Array, effort = new Effort(bytes.length)): NewerLabel {
  const { header, texts } = readFrame(bytes, effort);
  const chunk = texts.get('gvpie');
  if (chunk === undefined) throw new CartridgeFault('CART-E011', NO_LABEL);
  const text = readInternationalText(chunk, RECORD_BYTES, effort);
  const record = parseRecord(newerSchema, text, 'label', LIMITS.labelValues);
  const label: Record<string, unknown> = {};
  const unread: string[] = [];
  for (const [name, schema] of Object.entries(labelSchema.shape)) {
    const isThere = Object.hasOwn(record, name);
    const result = isThere ? schema.safeParse(record[name]) : undefined;
    if (result?.success) label[name] = result.data;
    else if (isThere || !ABSENT.has(name)) unread.push(name);
  }
  return { format: record.format, canvas: header.canvas, label, unread };
}

/**
 * The program of a cartridge, and of one that is too new to be read whole, too, as long as it is a text there.
 *
 * @throws {CartridgeFault} as `readLabel` does, and as it does of such a one where its program is none
 */
export function readProgramOf(bytes: Uint8Array): string {
  try {
    return readLabel(bytes).label.program;
  } catch (error) {
    const { program } = isTooNew(error) ? readNewer(bytes).label : {};
    if (program === undefined) throw error;
    return program;
  }
}

/** Whether reading failed since the label is of a newer format. */
export function isTooNew(error: unknown): boolean {
  return error instanceof CartridgeFault && error.code === 'CART-E019';
}

/** Fields that format 1 may lack. */
const ABSENT: ReadonlySet<string> = new Set(
  Object.entries(labelSchema.shape).flatMap(([name, schema]) =>
    schema instanceof z.ZodExactOptional ? [name] : [],
  ),
);

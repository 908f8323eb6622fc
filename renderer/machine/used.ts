/**
 * What a run used: everything whose change could change its pixels, and nothing else. So a new opcode or glyph
 * leaves the digest of every picture alone that did not use it.
 */
import type { Used } from '../../shared/used.ts';
import { type BlendName, blendVersions } from '../display/blends.ts';
import type { Bitmap } from '../display/list.ts';
import { type Font, fontNamed } from '../fonts/font.ts';
import { FUNCTIONS, type FunctionName } from '../language/functions.ts';
import { OPCODES, type OpcodeName } from '../language/opcodes.ts';
import { I, INSTRUCTION_WORDS, type MachineCode, OPERATION_MASK } from './instructions.ts';

/** Version of the canvas: opaque black before anything is painted, alpha 255 for ever, origin at the top left. */
export const CANVAS_VERSION = 1;

/** What a run executed. */
export interface Executed {
  readonly opcodes: ReadonlySet<OpcodeName>;
  readonly functions: ReadonlySet<FunctionName>;
}

const OPCODE_VERSIONS: ReadonlyMap<OpcodeName, number> = new Map(
  OPCODES.map(({ name, version }) => [name, version]),
);
const FUNCTION_VERSIONS: ReadonlyMap<FunctionName, number> = new Map(
  FUNCTIONS.map(({ name, version }) => [name, version]),
);

/** The functions by their instructions. */
export const FUNCTION_OF: ReadonlyMap<number, FunctionName> = new Map(
  FUNCTIONS.map(({ name }) => [I[name], name]),
);

/** Kept from run to run: which rows of the table, and which operations, were executed. */
const ROWS = new Uint8Array(OPCODES.length);
const OPERATIONS = new Uint8Array(OPERATION_MASK + 1);

/** @param seen of each instruction, 1 when it has run */
export function executedIn({ words, opcodes, shaded }: MachineCode, seen: Uint8Array): Executed {
  const names = new Set<OpcodeName>();
  const functions = new Set<FunctionName>();
  const rows = ROWS.fill(0);
  const operations = OPERATIONS.fill(0);
  for (let instruction = 0; instruction < seen.length; instruction++) {
    if (seen[instruction] === 0) continue;
    const row = opcodes[instruction]!;
    if (row >= 0) rows[row] = 1;
    operations[words[instruction * INSTRUCTION_WORDS]! & OPERATION_MASK] = 1;
  }
  for (const [index, { name }] of OPCODES.entries()) if (rows[index] === 1) names.add(name);
  for (const [operation, name] of FUNCTION_OF) if (operations[operation] === 1) functions.add(name);
  for (const { instruction, shading } of shaded) {
    if (seen[instruction] === 0) continue;
    for (const name of shading.opcodes) names.add(name);
    for (const name of shading.functions) functions.add(name);
  }
  return { opcodes: names, functions };
}

/** What a run drew. */
export interface Drawn {
  /** Fonts that texts were laid out or measured in, seen or not, each with what was seen of it by code point. */
  readonly letters: ReadonlyMap<Font, ReadonlyMap<number, Bitmap>>;
  /** Of the shapes that reached the list. */
  readonly blends: readonly BlendName[];
}

/**
 * The record of a run, its keys in canonical order as far as JavaScript has it: so its digest is made quickly.
 *
 * - `opcodes`: each that was executed, by semantic version, wherever it drew: another meaning of its operands
 *   could move a shape onto the canvas. HALT is always among them. Of a SHADE that was executed all its lines count, as
 *   nobody knows before it is painted which of them a pixel takes.
 * - `functions`: likewise; left out where there are none.
 * - `glyphs`: each of our own font that was seen, by code point (`0041`), with its bitmap; a missing one under its own
 *   code point with the box's bitmap, so that giving it a glyph shows. One that lies wholly outside is not used: its
 *   cell of 5×7 pixels and its advance are fixed by TXT's version, so no redrawing brings it in.
 * - `fonts` and `font_glyphs`: the same of other fonts, whose metrics have versions; left out where there are none.
 * - `blend`: the modes of the shapes that reached the list; `src-over` is OVER's and SRC's.
 */
export function usedBy({ opcodes, functions, letters, blends }: Executed & Drawn): Used {
  const own = fontNamed('gvpie');
  const others = [...letters].filter(([font]) => font !== own);
  const fontGlyphs = others.flatMap(([{ name }, glyphs]) =>
    [...glyphs].map(([code, bitmap]) => [`${name} ${codePointHex(code)}`, bitmapHex(bitmap)] as const),
  );
  const glyphs = [...(letters.get(own) ?? [])].map(
    ([code, bitmap]) => [codePointHex(code), bitmapHex(bitmap)] as const,
  );
  return {
    blend: blendVersions(blends),
    canvas: CANVAS_VERSION,
    ...(fontGlyphs.length === 0 ? {} : { font_glyphs: inOrder(fontGlyphs) }),
    ...(others.length === 0
      ? {}
      : { fonts: inOrder(others.map(([{ name, version }]) => [name, version] as const)) }),
    ...(functions.size === 0 ? {} : { functions: versionsOf(FUNCTION_VERSIONS, functions) }),
    glyphs: inOrder(glyphs),
    opcodes: versionsOf(OPCODE_VERSIONS, opcodes),
  };
}

function versionsOf<Name extends string>(
  versions: ReadonlyMap<Name, number>,
  names: Iterable<Name>,
): Record<string, number> {
  const record: Record<string, number> = {};
  for (const name of [...names].sort()) record[name] = versions.get(name)!;
  return record;
}

function inOrder<Value>(entries: (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A code point in upper-case hex, at least four digits: `0041`. */
export function codePointHex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}

/** What is in the tables of fonts is drawn again and again. */
const HEX = new WeakMap<Bitmap, string>();

/** Width and height, two hex digits each, then the rows from the top, each in as few digits as hold `width` bits. */
export function bitmapHex(bitmap: Bitmap): string {
  let found = HEX.get(bitmap);
  if (found === undefined) {
    const { width, height, rows } = bitmap;
    const digits = Math.ceil(width / 4);
    found = hex(width, 2) + hex(height, 2) + rows.map((row) => hex(row, digits)).join('');
    HEX.set(bitmap, found);
  }
  return found;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/**
 * What a run used: everything whose change could change its pixels, and nothing else. So a new opcode or glyph
 * leaves the digest of every picture alone that did not use it.
 */
import type { Used } from '../../shared/used.ts';
import type { Bitmap } from '../display/list.ts';
import { OPCODES, type OpcodeName } from '../language/opcodes.ts';
import { SRC_OVER_VERSION } from '../raster/fine.ts';

/** Version of the canvas: opaque black before anything is painted, alpha 255 for ever, origin at the top left. */
const CANVAS_VERSION = 1;

/**
 * The record of a run that executed `opcodes`, emitted `glyphs` (by code point) and `drew` any shape or none.
 *
 * - `opcodes`: each that was executed, by semantic version, wherever it drew: another meaning of its operands
 *   could move a shape onto the canvas. HALT is always among them.
 * - `glyphs`: each that was emitted, by code point (`0041`), with its bitmap; a missing one under its own code
 *   point with the box's bitmap, so that giving it a glyph shows. One that lies wholly outside is not used: its
 *   cell of 5×7 pixels and its advance are fixed by TXT's version, so no redrawing brings it in.
 * - `blend`: `src-over` when any shape was emitted.
 */
export function usedBy(
  opcodes: ReadonlySet<OpcodeName>,
  glyphs: ReadonlyMap<number, Bitmap>,
  drew: boolean,
): Used {
  return {
    canvas: CANVAS_VERSION,
    blend: drew ? { 'src-over': SRC_OVER_VERSION } : {},
    opcodes: Object.fromEntries(
      OPCODES.filter(({ name }) => opcodes.has(name)).map(({ name, version }) => [name, version]),
    ),
    glyphs: Object.fromEntries([...glyphs].map(([code, bitmap]) => [codePointHex(code), bitmapHex(bitmap)])),
  };
}

/** A code point in upper-case hex, at least four digits: `0041`. */
export function codePointHex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}

/** Width and height, two hex digits each, then the rows from the top, each in as few digits as hold `width` bits. */
function bitmapHex({ width, height, rows }: Bitmap): string {
  const digits = Math.ceil(width / 4);
  return hex(width, 2) + hex(height, 2) + rows.map((row) => hex(row, digits)).join('');
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

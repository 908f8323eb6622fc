/** A case of conformance: a named display list, and the few words in which such lists are written. */
import type { Canvas } from '../../../shared/canvas.ts';
import type { BlendName } from '../../display/blends.ts';
import type { EncodedList } from '../../display/builder.ts';
import { encode } from '../../display/encode.ts';
import type { Bitmap, GlyphShape, RectShape, Shape, SpansShape } from '../../display/list.ts';

/** A display list that every painter must turn into the same bytes. */
export interface Case {
  /** Unique among all cases. */
  readonly name: string;
  readonly list: EncodedList;
}

/** Sides of a tile that a painter may use, pixels: cases stand on both sides of each one's edges. */
export const TILE_SIZES: readonly number[] = [8, 16, 32, 64, 128];

export function caseOf(name: string, canvas: Canvas, shapes: readonly Shape[]): Case {
  return { name, list: encode(shapes, canvas) };
}

export function square(side: number): Canvas {
  return { width: side, height: side };
}

export function rect(x0: number, y0: number, x1: number, y1: number, color: number): RectShape {
  return { kind: 'rect', x0, y0, x1, y1, color };
}

/** A rectangle over the whole canvas. */
export function cover(canvas: Canvas, color: number): RectShape {
  return rect(0, 0, canvas.width, canvas.height, color);
}

export function glyph(x: number, y: number, bitmap: Bitmap, color: number): GlyphShape {
  return { kind: 'glyph', x, y, bitmap, color };
}

/** Spans of the runs in rows from `y0` on, each [start, end), in the tightest box; at least one must hold a pixel. */
export function spans(
  y0: number,
  runs: readonly (readonly [start: number, end: number])[],
  color: number,
): SpansShape {
  const seen = runs.filter(([start, end]) => start < end);
  const x0 = Math.min(...seen.map(([start]) => start));
  const x1 = Math.max(...seen.map(([, end]) => end));
  return { kind: 'spans', x0, y0, x1, y1: y0 + runs.length, runs: runs.flat(), color };
}

/** The same shape, blended otherwise. */
export function inMode<S extends Shape>(blend: BlendName, shape: S): S {
  return { ...shape, blend };
}

/** A bitmap whose row `y` has its pen where `pen(x, y)`. */
export function bitmapOf(width: number, height: number, pen: (x: number, y: number) => boolean): Bitmap {
  const rows = Array.from({ length: height }, (_, y) => {
    let row = 0;
    for (let x = 0; x < width; x++) row = row * 2 + (pen(x, y) ? 1 : 0);
    return row;
  });
  return { width, height, rows };
}

/** Packs channels of 0 to 255 as RectShape's `color`. */
export function rgba(red: number, green: number, blue: number, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The color number `index`: neighbours are far apart in every channel. */
export function hue(index: number, alpha = 255): number {
  const mixed = Math.imul(index + 1, 0x9e3779b1);
  return ((alpha << 24) | ((mixed >>> 8) & 0xffffff)) >>> 0;
}

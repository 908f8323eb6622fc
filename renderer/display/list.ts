/**
 * The display list: what a run leaves behind and all that a painter sees. Flat, in paint order,
 * integers only. Everything here is already clipped or small enough to fit the encoding.
 */

/** A bitmap of one bit per pixel: row-major, row `y` in `rows[y]`, its leftmost pixel in bit `width - 1`. */
export interface Bitmap {
  /** 1 to 32 pixels. */
  readonly width: number;
  /** 1 to 32 pixels. */
  readonly height: number;
  /** One unsigned integer of `width` bits per row. */
  readonly rows: readonly number[];
}

/** A filled rectangle, clipped to the canvas: x0 ≤ x < x1, y0 ≤ y < y1, never empty. */
export interface RectShape {
  readonly kind: 'rect';
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** RGBA packed little-endian: R in the low byte, A in the high byte; unsigned 32-bit. */
  readonly color: number;
}

/** A glyph whose bitmap's top left pixel lies at (x, y); it may hang over the canvas's edges, not be wholly outside. */
export interface GlyphShape {
  readonly kind: 'glyph';
  readonly x: number;
  readonly y: number;
  readonly bitmap: Bitmap;
  /** As in RectShape. */
  readonly color: number;
}

export type Shape = RectShape | GlyphShape;

/** Opaque white, packed as RectShape's `color`. */
export const WHITE = 0xffffffff;

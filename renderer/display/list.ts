/**
 * The display list: what a run leaves behind and all that a painter sees. Flat, in paint order,
 * integers only. Everything here is already clipped or small enough to fit the encoding.
 */

import type { Shade } from '../shade/shade.ts';
import type { BlendName } from './blends.ts';

/** A bitmap of one bit per pixel: row-major, row `y` in `rows[y]`, its leftmost pixel in bit `width - 1`. */
export interface Bitmap {
  /** 1 to 32 pixels. */
  readonly width: number;
  /** 1 to 32 pixels. */
  readonly height: number;
  /** One unsigned integer of `width` bits per row. */
  readonly rows: readonly number[];
}

interface Blended {
  /** `over` where it is left out. */
  readonly blend?: BlendName;
}

interface Inked extends Blended {
  /** RGBA packed little-endian: R in the low byte, A in the high byte; unsigned 32-bit. */
  readonly color: number;
}

/** A filled rectangle, clipped to the canvas: x0 ≤ x < x1, y0 ≤ y < y1, never empty. */
export interface RectShape extends Inked {
  readonly kind: 'rect';
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** A glyph whose bitmap's top left pixel lies at (x, y); it may hang over the canvas's edges, not be wholly outside. */
export interface GlyphShape extends Inked {
  readonly kind: 'glyph';
  readonly x: number;
  readonly y: number;
  readonly bitmap: Bitmap;
}

/** Rows of pixels, one run in each at most, within a box that is clipped to the canvas and not empty. */
export interface SpansShape extends Inked {
  readonly kind: 'spans';
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /**
   * For each row from y0 on, where its run begins and where it ends: start ≤ x < end, canvas pixels, signed 32-bit.
   * Only what lies in the box is shown, nothing of a run that ends where it begins or before.
   */
  readonly runs: ArrayLike<number>;
}

/**
 * Pixels with colours of their own, in a box that is clipped to the canvas and not empty. What the box shows of them, at
 * which scale, turned or mirrored, is in the two maps: its pixel (x, y) is `pixels[columns[x − x0] + rows[y − y0]]`.
 */
export interface ImageShape extends Blended {
  readonly kind: 'image';
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** Packed as a shape's `color`; each is blended with its own alpha, and shows nothing where that is 0. */
  readonly pixels: ArrayLike<number>;
  /** For each column of the box. */
  readonly columns: ArrayLike<number>;
  /** For each row of the box. */
  readonly rows: ArrayLike<number>;
}

/**
 * Pixels that are worked out one by one, each from its place in a rectangle and from what it was, in a box that is clipped
 * to the canvas and not empty.
 */
export interface ShadeShape extends Blended {
  readonly kind: 'shade';
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** The rectangle that its `x y w h` mean, of which the box is a part: canvas pixels, signed 32-bit. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly shade: Shade;
  /** As many signed 32-bit integers as it takes. */
  readonly uniforms: ArrayLike<number>;
  /** Whether alpha counts as 255, whatever it comes to. */
  readonly isOpaque: boolean;
}

export type Shape = RectShape | GlyphShape | SpansShape | ImageShape | ShadeShape;

/** Opaque white, packed as a shape's `color`. */
export const WHITE = 0xffffffff;

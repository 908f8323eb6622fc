/** Scenes: pictures as lists of marks, which every painter of a contest draws in its own way. */
import type { Canvas } from '../../shared/canvas.ts';

interface Coloured {
  /** RGBA packed as a shape's: R in the low byte, A in the high byte. */
  readonly color: number;
}

/** Coordinates are whole pixels, of a triangle whole corners of pixels. */
export type Mark = Coloured &
  (
    | {
        readonly kind: 'rect';
        readonly x: number;
        readonly y: number;
        readonly w: number;
        readonly h: number;
      }
    /** The pixels whose centres lie within r + ½ of the centre of pixel (x, y). */
    | { readonly kind: 'disc'; readonly x: number; readonly y: number; readonly r: number }
    /** x and y of each corner by turns. */
    | {
        readonly kind: 'triangle';
        readonly points: readonly [number, number, number, number, number, number];
      }
    /** ASCII in gvpie's own font, its top left at (x, y). */
    | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string }
  );

/** How like ours another painter's picture has to be to count as the same drawing. */
export interface Likeness {
  /** The most that a channel may differ by. */
  readonly step: number;
  /** The share of pixels that may differ by more: 0 to 1. */
  readonly share: number;
}

export interface Scene {
  readonly canvas: Canvas;
  /** Back to front, on opaque black. */
  readonly marks: readonly Mark[];
  readonly likeness: Likeness;
}

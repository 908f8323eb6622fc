/** The price of a run: exact before anything is painted. */
import type { Canvas } from '../../shared/canvas.ts';
import type { Bitmap, Shape } from '../display/list.ts';

/** What a run costs. All are whole numbers from 0, exact. */
export interface Price {
  /** Statements executed; a HALT that the source leaves out is executed too. */
  readonly steps: number;
  /** TXT and RECT statements executed, whether they touch the canvas or not. */
  readonly shapes: number;
  /** Pixels that a painter without occlusion would write: a pixel counts once for each shape that sets it. */
  readonly pixels_written: number;
  /** Of the canvas as RGBA8. */
  readonly bytes: number;
}

/** Pixels of the canvas that painting `shape` alone writes. */
export function pixelsWritten(shape: Shape, canvas: Canvas): number {
  if (shape.kind === 'rect') return (shape.x1 - shape.x0) * (shape.y1 - shape.y0);
  return glyphPixels(shape.bitmap, shape.x, shape.y, canvas);
}

/** Set bits of a bitmap at (x, y) that lie on the canvas. */
function glyphPixels(bitmap: Bitmap, x: number, y: number, canvas: Canvas): number {
  const left = Math.max(0, -x);
  const right = Math.min(bitmap.width, canvas.width - x);
  const bottom = Math.min(bitmap.height, canvas.height - y);
  if (left >= right) return 0;
  const mask = 0xffffffff >>> (32 - (right - left));
  let pixels = 0;
  for (let row = Math.max(0, -y); row < bottom; row++) {
    pixels += countBits(((bitmap.rows[row] as number) >>> (bitmap.width - right)) & mask);
  }
  return pixels;
}

function countBits(word: number): number {
  let bits = 0;
  // Each turn clears the lowest set bit.
  for (let rest = word | 0; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

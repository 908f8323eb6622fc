/** The cutter: the part of a bitmap that a clip leaves, the same object for the same part. */
import type { Bitmap } from '../display/list.ts';

export class Cutter {
  readonly #parts = new Map<Bitmap, Map<number, Bitmap>>();

  /** Columns `left ≤ x < right` and rows `top ≤ y < bottom` of a bitmap of at most 32 × 32; never empty. */
  cut(bitmap: Bitmap, left: number, top: number, right: number, bottom: number): Bitmap {
    if (left === 0 && top === 0 && right === bitmap.width && bottom === bitmap.height) return bitmap;
    let parts = this.#parts.get(bitmap);
    if (parts === undefined) {
      parts = new Map();
      this.#parts.set(bitmap, parts);
    }
    // Each number is at most 32.
    const key = ((left * 64 + top) * 64 + right) * 64 + bottom;
    let part = parts.get(key);
    if (part === undefined) {
      const width = right - left;
      const mask = 0xffffffff >>> (32 - width);
      const rows = bitmap.rows
        .slice(top, bottom)
        .map((row) => ((row >>> (bitmap.width - right)) & mask) >>> 0);
      part = { width, height: bottom - top, rows };
      parts.set(key, part);
    }
    return part;
  }
}

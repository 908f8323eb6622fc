/** The cutter: the part of a bitmap that a clip leaves, the same object for the same part, while it is remembered. */
import type { Bitmap } from '../display/list.ts';
import { ShortMemory } from '../display/short-memory.ts';

export class Cutter {
  /** Numbers of the bitmaps that were cut, for the keys of their parts. */
  readonly #numbers = new Map<Bitmap, number>();
  readonly #parts = new ShortMemory<number, Bitmap>();

  /** Columns `left ≤ x < right` and rows `top ≤ y < bottom` of a bitmap of at most 32 × 32; never empty. */
  cut(bitmap: Bitmap, left: number, top: number, right: number, bottom: number): Bitmap {
    if (left === 0 && top === 0 && right === bitmap.width && bottom === bitmap.height) return bitmap;
    let number = this.#numbers.get(bitmap);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(bitmap, number);
    }
    // Each of the four is at most 32, and fonts have some thousands of glyphs in a few sizes.
    const key = (((number * 64 + left) * 64 + top) * 64 + right) * 64 + bottom;
    let part = this.#parts.get(key);
    if (part === undefined) {
      const width = right - left;
      const mask = 0xffffffff >>> (32 - width);
      const rows = bitmap.rows
        .slice(top, bottom)
        .map((row) => ((row >>> (bitmap.width - right)) & mask) >>> 0);
      part = { width, height: bottom - top, rows };
      this.#parts.set(key, part);
    }
    return part;
  }
}

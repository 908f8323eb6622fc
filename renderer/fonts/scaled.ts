/** Glyphs at a multiple of their size: as a bitmap while one can hold them, as rectangles beyond. */
import { invariant } from '../../shared/faults.ts';
import type { Bitmap } from '../display/list.ts';

/** Pixels from the glyph's top left: `[x, y, w, h]`, never empty. */
export type Box = readonly [x: number, y: number, w: number, h: number];

export type Scaled =
  | { readonly kind: 'bitmap'; readonly bitmap: Bitmap }
  | { readonly kind: 'boxes'; readonly boxes: readonly Box[] };

/** The largest multiple. */
export const LARGEST_SIZE = 16;

/** The largest width and height of a bitmap. */
const LARGEST_BITMAP = 32;

/** By bitmap and multiple, so that the same glyph is the same object, as the painters' lists like it. */
const stretched = new WeakMap<Bitmap, Map<number, Bitmap>>();
const parted = new WeakMap<Bitmap, readonly Box[]>();

/**
 * The bitmap with each pixel `size` × `size` pixels large: a bitmap where its width and height are at most 32, always the
 * same object for the same one, and otherwise what `boxesOf` gives.
 *
 * @param size 1 to LARGEST_SIZE; 1 gives the bitmap itself
 * @throws {Error} for another size
 */
export function scaled(bitmap: Bitmap, size: number): Scaled {
  requireSize(size);
  const fits = Math.max(bitmap.width, bitmap.height) * size <= LARGEST_BITMAP;
  return fits
    ? { kind: 'bitmap', bitmap: stretch(bitmap, size) }
    : { kind: 'boxes', boxes: boxesOf(bitmap, size) };
}

/**
 * The bitmap's pixels, each `size` × `size` large, as rectangles that share none. From the top, and from the left in a row,
 * each pixel that no rectangle has yet begins one: as far to the right as it goes, then as far down at that width.
 *
 * @param size 1 to LARGEST_SIZE
 * @throws {Error} for another size
 */
export function boxesOf(bitmap: Bitmap, size: number): readonly Box[] {
  requireSize(size);
  let boxes = parted.get(bitmap);
  if (boxes === undefined) {
    boxes = part(bitmap);
    parted.set(bitmap, boxes);
  }
  if (size === 1) return boxes;
  return boxes.map(([x, y, w, h]) => [x * size, y * size, w * size, h * size] as const);
}

function requireSize(size: number): void {
  invariant(Number.isInteger(size) && size >= 1 && size <= LARGEST_SIZE, `a glyph at size ${size}`);
}

function stretch(bitmap: Bitmap, size: number): Bitmap {
  if (size === 1) return bitmap;
  const sizes = stretched.get(bitmap) ?? new Map<number, Bitmap>();
  stretched.set(bitmap, sizes);
  const known = sizes.get(size);
  if (known !== undefined) return known;
  const made = {
    width: bitmap.width * size,
    height: bitmap.height * size,
    rows: bitmap.rows.flatMap((row) => new Array<number>(size).fill(stretchRow(row, bitmap.width, size))),
  };
  sizes.set(size, made);
  return made;
}

/** Multiplied and added, not shifted: the row may take all 32 bits. */
function stretchRow(row: number, width: number, size: number): number {
  let bits = 0;
  for (let bit = width - 1; bit >= 0; bit--) {
    bits = bits * 2 ** size + (((row >>> bit) & 1) === 1 ? 2 ** size - 1 : 0);
  }
  return bits;
}

function part({ width, height, rows }: Bitmap): readonly Box[] {
  const left = rows.map((row) => row >>> 0);
  const boxes: Box[] = [];
  for (let y = 0; y < height; y++) {
    while (left[y] !== 0) {
      const x = width - (32 - Math.clz32(left[y]!));
      // Of the row, shifted so that x is the highest bit, the ones that begin it are the box's width.
      const w = Math.min(width - x, Math.clz32(~(left[y]! << (32 - width + x))));
      const pixels = (2 ** w - 1) * 2 ** (width - x - w);
      let h = 0;
      while (y + h < height && (left[y + h]! & pixels) >>> 0 === pixels) {
        left[y + h] = (left[y + h]! ^ pixels) >>> 0;
        h++;
      }
      boxes.push([x, y, w, h]);
    }
  }
  return boxes;
}

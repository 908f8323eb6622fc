/** Glyphs at a multiple of their size: bitmaps up to 32 pixels, rectangles beyond, and the same pixels either way. */
import { describe, expect, it } from 'vitest';
import type { Bitmap } from '../../../renderer/display/list.ts';
import { fontNamed } from '../../../renderer/fonts/font.ts';
import { type Box, boxesOf, LARGEST_SIZE, scaled } from '../../../renderer/fonts/scaled.ts';
import { seeded } from '../../../shared/seeded.ts';
import { FIXED_SIZES, readFixed } from '../../support/font-module.ts';

/** How often each pixel of the bitmap at `size` is painted, row by row. */
function painted(bitmap: Bitmap, size: number): number[] {
  const found = scaled(bitmap, size);
  if (found.kind === 'bitmap') return pixelsOf(found.bitmap, 1);
  return paintedBy(found.boxes, bitmap.width * size, bitmap.height * size);
}

function paintedBy(boxes: readonly Box[], width: number, height: number): number[] {
  const times = new Array<number>(width * height).fill(0);
  for (const [x, y, w, h] of boxes) {
    expect(w > 0 && h > 0 && x >= 0 && y >= 0 && x + w <= width && y + h <= height).toBe(true);
    for (let row = y; row < y + h; row++)
      for (let column = x; column < x + w; column++) times[row * width + column]!++;
  }
  return times;
}

/** By definition: pixel (x, y) at `size` is pixel (x / size, y / size) of the bitmap. */
function pixelsOf({ width, height, rows }: Bitmap, size: number): number[] {
  return Array.from({ length: width * size * height * size }, (_, at) => {
    const x = Math.floor((at % (width * size)) / size);
    const y = Math.floor(at / (width * size) / size);
    return Number((BigInt(rows[y]!) >> BigInt(width - 1 - x)) & 1n);
  });
}

function randomBitmap(next: () => number, width: number, height: number): Bitmap {
  return { width, height, rows: Array.from({ length: height }, () => Math.floor(next() * 2 ** width)) };
}

const letter: Bitmap = fontNamed('gvpie').glyph(0x45)!;

describe('a glyph at a multiple of its size', () => {
  it.each([
    ['gvpie', 4, 5],
    ['fixed5x7', 4, 5],
    ['fixed6x13', 2, 3],
  ] as const)('of %s is a bitmap up to size %i and rectangles from %i on', (name, last, first) => {
    const glyph = fontNamed(name).glyph(0x41)!;
    for (let size = 1; size <= LARGEST_SIZE; size++) {
      expect(scaled(glyph, size).kind).toBe(size <= last ? 'bitmap' : 'boxes');
      expect(painted(glyph, size)).toEqual(pixelsOf(glyph, size));
    }
    expect(first).toBe(last + 1);
  });

  it('is a bitmap of 32 pixels either way, and no bitmap of 33', () => {
    const bitmap = (width: number, height: number): Bitmap => ({
      width,
      height,
      rows: Array(height).fill(1),
    });
    expect(scaled(bitmap(32, 1), 1)).toEqual({ kind: 'bitmap', bitmap: bitmap(32, 1) });
    expect(scaled(bitmap(2, 1), 16)).toEqual({
      kind: 'bitmap',
      bitmap: { width: 32, height: 16, rows: Array(16).fill(0xffff) },
    });
    expect(scaled(bitmap(1, 2), 16).kind).toBe('bitmap');
    expect(scaled(bitmap(11, 1), 3).kind).toBe('boxes');
    expect(scaled(bitmap(1, 11), 3).kind).toBe('boxes');
  });

  it('is the glyph itself at size 1, and one object for each size that has a bitmap', () => {
    expect(scaled(letter, 1)).toEqual({ kind: 'bitmap', bitmap: letter });
    const bitmaps = [1, 2, 3, 4].map((size) => [scaled(letter, size), scaled(letter, size)]);
    for (const [one, other] of bitmaps) {
      if (one?.kind !== 'bitmap' || other?.kind !== 'bitmap') throw new Error('no bitmap');
      expect(one.bitmap).toBe(other.bitmap);
    }
  });

  it('keeps the pixels of random bitmaps, in the highest bit too', () => {
    const next = seeded(17);
    for (let round = 0; round < 200; round++) {
      const bitmap = randomBitmap(next, 1 + Math.floor(next() * 32), 1 + Math.floor(next() * 32));
      const size = 1 + Math.floor(next() * 3);
      expect(painted(bitmap, size)).toEqual(pixelsOf(bitmap, size));
      expect(paintedBy(boxesOf(bitmap, 1), bitmap.width, bitmap.height)).toEqual(pixelsOf(bitmap, 1));
    }
  });

  it('refuses a size below 1, above 16 or between two', () => {
    for (const size of [0, -1, LARGEST_SIZE + 1, 1.5, Number.NaN]) {
      expect(() => scaled(letter, size)).toThrow('invariant broken: a glyph at size');
      expect(() => boxesOf(letter, size)).toThrow('invariant broken: a glyph at size');
    }
    expect(scaled(letter, LARGEST_SIZE).kind).toBe('boxes');
  });
});

describe('the rectangles of a glyph', () => {
  it('go as far to the right as they can, and then down', () => {
    // ##### over #.... twice, ####. and so on: E of our own font.
    expect(boxesOf(letter, 1)).toEqual([
      [0, 0, 5, 1],
      [0, 1, 1, 5],
      [1, 2, 3, 1],
      [1, 5, 4, 1],
    ]);
    expect(boxesOf(letter, 3)).toEqual([
      [0, 0, 15, 3],
      [0, 3, 3, 15],
      [3, 6, 9, 3],
      [3, 15, 12, 3],
    ]);
  });

  it('are none for a blank, and one for a full cell', () => {
    expect(boxesOf({ width: 3, height: 2, rows: [0, 0] }, 16)).toEqual([]);
    expect(boxesOf({ width: 3, height: 2, rows: [7, 7] }, 16)).toEqual([[0, 0, 48, 32]]);
    expect(boxesOf({ width: 32, height: 2, rows: [0xffffffff, 0xffffffff] }, 1)).toEqual([[0, 0, 32, 2]]);
    expect(boxesOf({ width: 32, height: 1, rows: [0x80000001] }, 1)).toEqual([
      [0, 0, 1, 1],
      [31, 0, 1, 1],
    ]);
  });

  it('paint each pixel of every glyph once', () => {
    const most = FIXED_SIZES.map((size) => {
      const counts = [...readFixed(size).glyphs.values()].map((glyph) => {
        const boxes = boxesOf(glyph, 1);
        expect(paintedBy(boxes, glyph.width, glyph.height).join()).toBe(pixelsOf(glyph, 1).join());
        return boxes.length;
      });
      return Math.max(...counts);
    });
    console.log(`fonts: at most ${most.join(' and ')} rectangles a glyph`);
    expect(most.every((count) => count <= 39)).toBe(true);
  });

  it('have a comparer that objects to a pixel too few, too many or painted twice', () => {
    const boxes = boxesOf(letter, 1);
    const right = pixelsOf(letter, 1);
    expect(paintedBy(boxes, 5, 7)).toEqual(right);
    expect(paintedBy(boxes.slice(1), 5, 7)).not.toEqual(right);
    expect(paintedBy([...boxes, [1, 1, 1, 1]], 5, 7)).not.toEqual(right);
    expect(paintedBy([...boxes, [0, 0, 1, 1]], 5, 7)).not.toEqual(right);
  });
});

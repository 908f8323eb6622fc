/** The probe: that it is pinned to what the rules say, and that nothing a painter does is missing from it. */
import { describe, expect, it } from 'vitest';
import { BLENDS } from '../../../renderer/display/blends.ts';
import { decode } from '../../../renderer/display/encode.ts';
import * as encoding from '../../../renderer/display/encoding.ts';
import { bin } from '../../../renderer/raster/bin.ts';
import { comparePictures } from '../../../renderer/raster/conformance/comparer.ts';
import { MODE_ALPHAS } from '../../../renderer/raster/conformance/modes.ts';
import {
  imagelessProbe,
  PROBE_SHA256,
  plainProbe,
  probeList,
} from '../../../renderer/raster/conformance/probe.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { sha256Hex } from '../../../shared/bytes.ts';
import { paintByTheRules } from './oracle-painter.ts';

const list = probeList();
const { width, height } = list.canvas;

const shapes = Array.from({ length: list.shapeCount }, (_, index) => {
  const words = list.shapes.subarray(index * encoding.SHAPE_WORDS, (index + 1) * encoding.SHAPE_WORDS);
  const [x0, y0, x1, y1] = [encoding.WORD_X0, encoding.WORD_Y0, encoding.WORD_X1, encoding.WORD_Y1].map(
    (word) => words[word]! | 0,
  ) as [number, number, number, number];
  const [tag, blend] = [words[encoding.WORD_TAG]!, words[encoding.WORD_BLEND]!];
  return { tag, blend, words, alpha: words[encoding.WORD_COLOR]! >>> 24, x0, y0, x1, y1 };
});
const images = decode(list).filter((shape) => shape.kind === 'image');
const glyphs = shapes.filter(({ tag }) => tag === encoding.TAG_GLYPH);

/** What is not among the found. */
const missing = (wanted: Iterable<number>, found: Iterable<number>): number[] => {
  const had = new Set(found);
  return [...wanted].filter((one) => !had.has(one));
};
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('the probe', () => {
  it('is pinned to what the rules say', () => {
    const expected = paintByTheRules(list);
    expect(comparePictures(expected, paintOnCpu(list), list.canvas)).toBeUndefined();
    expect(sha256Hex(expected)).toBe(PROBE_SHA256);
  });

  it('has a plain part that shows most of the rest', () => {
    const [all, plain] = [probeList(), plainProbe()];
    expect(plain.shapeCount).toBeLessThan(all.shapeCount);
    expect(plain.shapeCount).toBeGreaterThan(800);
    expect(comparePictures(paintByTheRules(plain), paintOnCpu(plain), plain.canvas)).toBeUndefined();
    const tags = Array.from({ length: plain.shapeCount }, (_, index) => plain.shapes[8 * index]!);
    expect(new Set(tags)).toEqual(new Set([encoding.TAG_RECT, encoding.TAG_GLYPH]));
  });

  it('has a part without images, which is all of the rest', () => {
    const part = imagelessProbe();
    expect(comparePictures(paintByTheRules(part), paintOnCpu(part), part.canvas)).toBeUndefined();
    const kinds = decode(part).map(({ kind }) => kind);
    expect(kinds).toEqual(decode(list).flatMap(({ kind }) => (kind === 'image' ? [] : [kind])));
    expect(new Set(kinds)).toEqual(new Set(['rect', 'glyph', 'spans']));
    expect(kinds.length).toBeLessThan(list.shapeCount);
  });

  it('has every tag that the encoding knows', () => {
    // Shades have a probe of their own.
    const tags = Object.entries(encoding).flatMap(([name, value]) =>
      name.startsWith('TAG_') && name !== 'TAG_SHADE' ? [value] : [],
    );
    expect(tags.length).toBeGreaterThan(1);
    const found = shapes.map(({ tag }) => tag);
    expect(missing(tags, found)).toEqual([]);
    // The check itself must miss a tag that is added.
    expect(missing([...tags, Math.max(...tags) + 1], found)).toHaveLength(1);
  });

  it.each([
    ['rectangles', shapes.filter(({ tag }) => tag === encoding.TAG_RECT)],
    ['glyphs', glyphs],
    ['spans', shapes.filter(({ tag }) => tag === encoding.TAG_SPANS)],
  ])('has %s of every class of alpha', (_, some) => {
    const alphas = some.map(({ alpha }) => alpha);
    expect(missing([0, 1, 2, 64, 127, 128, 192, 253, 254, 255], alphas)).toEqual([]);
  });

  it.each(BLENDS)(
    'has every kind of shape in the mode $name, and the mode with every alpha at which it may err',
    ({ number }) => {
      const some = shapes.filter(({ blend }) => blend === number);
      const tags = [encoding.TAG_RECT, encoding.TAG_GLYPH, encoding.TAG_SPANS, encoding.TAG_IMAGE];
      expect(
        missing(
          tags,
          some.map(({ tag }) => tag),
        ),
      ).toEqual([]);
      expect(
        missing(
          MODE_ALPHAS,
          some.map(({ alpha }) => alpha),
        ),
      ).toEqual([]);
    },
  );

  it.each(BLENDS)('has pixels of images of every class of alpha in the mode $name', ({ name }) => {
    const alphas = images
      .filter(({ blend = 'over' }) => blend === name)
      .flatMap(({ pixels, columns, rows }) =>
        Array.from(rows, (row) => Array.from(columns, (column) => pixels[column + row]! >>> 24)),
      )
      .flat();
    expect(missing([0, 1, 2, 64, 127, 128, 192, 253, 254, 255], alphas)).toEqual([]);
    expect(missing([3], alphas)).toEqual([3]);
  });

  it('has images that begin and end in each of four columns, up to the last column and row of the canvas', () => {
    for (const side of ['x0', 'x1'] as const) {
      expect(
        missing(
          [0, 1, 2, 3],
          images.map((image) => image[side] & 3),
        ),
        side,
      ).toEqual([]);
    }
    expect(images.some(({ x1 }) => x1 === width)).toBe(true);
    const sizes = images.map(({ x0, y0, x1, y1 }) => [x1 - x0, y1 - y0]);
    expect(sizes.some(([w, h]) => w === 1 && h! > 1)).toBe(true);
    expect(sizes.some(([w, h]) => w! > 1 && h === 1)).toBe(true);
  });

  it('has images that share their pixels, and more than one that does not', () => {
    const bases = shapes
      .filter(({ tag }) => tag === encoding.TAG_IMAGE)
      .map(({ words }) => list.pool[words[encoding.WORD_POOL]!]!);
    expect(new Set(bases).size).toBeGreaterThan(2);
    expect(new Set(bases).size).toBeLessThan(bases.length);
    expect(Math.min(...bases)).toBeGreaterThan(0);
  });

  it('has bitmaps of every width, the least and the largest height, and every bit of a row', () => {
    const widths = glyphs.map(({ x0, x1 }) => x1 - x0);
    expect(missing(upTo(32), widths)).toEqual([]);
    const heights = glyphs.map(({ y0, y1 }) => y1 - y0);
    expect(missing([1, 32], heights)).toEqual([]);
    expect(plainProbe().pool.reduce((all, row) => all | row, 0) >>> 0).toBe(0xffffffff);
  });

  it.each([8, 16, 32, 64])('begins and ends before, at and after an edge of tiles of %i', (tile) => {
    const around = [tile - 1, tile, tile + 1];
    for (const side of ['x0', 'x1', 'y0', 'y1'] as const) {
      expect(
        missing(
          around,
          shapes.map((shape) => shape[side]),
        ),
        side,
      ).toEqual([]);
    }
    expect(width).toBeGreaterThan(tile);
    expect(height).toBeGreaterThan(tile);
  });

  it.each([16, 32, 64])('has whole and cut-off tiles of %i, some covered', (tile) => {
    const { offsets, entries, tilesX, tilesY } = bin(list, tile);
    expect([width % tile, height % tile]).not.toContain(0);
    const covered = upTo(tilesX * tilesY).filter((_, index) => {
      const [x, y] = [(index % tilesX) * tile, Math.floor(index / tilesX) * tile];
      const first = shapes[entries[offsets[index]!]!];
      if (offsets[index] === offsets[index + 1] || first?.alpha !== 255) return false;
      const { x0, y0, x1, y1 } = first;
      if (first.tag !== encoding.TAG_RECT || first.blend !== encoding.BLEND_OVER) return false;
      return x0 <= x && y0 <= y && x1 >= x + tile && y1 >= y + tile;
    });
    expect(covered.length).toBeGreaterThan(0);
  });

  it('has tiles without a shape', () => {
    const { offsets } = bin(list, 32);
    expect(offsets.subarray(1).some((end, index) => end === offsets[index])).toBe(true);
  });

  it('hangs glyphs over every edge and corner', () => {
    const over = glyphs.map(({ x0, y0, x1, y1 }) =>
      [x0 < 0 && 'left', x1 > width && 'right', y0 < 0 && 'top', y1 > height && 'bottom']
        .filter((edge) => edge !== false)
        .join(' '),
    );
    expect(over).toEqual(
      expect.arrayContaining([
        'left',
        'right',
        'top',
        'bottom',
        'left top',
        'right top',
        'left bottom',
        'right bottom',
      ]),
    );
  });

  it('has more shapes over one pixel than a painter takes at once, with an opaque one in their middle', () => {
    const over = shapes.filter(({ x0, y0, x1, y1 }) => x0 <= 128 && x1 > 128 && y0 <= 64 && y1 > 64);
    const cover = over.findLastIndex(({ alpha, tag }) => alpha === 255 && tag === encoding.TAG_RECT);
    expect(cover).toBeGreaterThan(256);
    expect(over.length - cover).toBeGreaterThan(256);
  });
});

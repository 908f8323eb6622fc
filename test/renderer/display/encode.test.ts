/** The encoding: the words of each kind of shape, and the shapes that come back from them. */
import { describe, expect, it } from 'vitest';
import { BLENDS, type BlendName, blendNumber, blendVersions } from '../../../renderer/display/blends.ts';
import { ListBuilder } from '../../../renderer/display/builder.ts';
import { decode, encode } from '../../../renderer/display/encode.ts';
import { SHAPE_WORDS } from '../../../renderer/display/encoding.ts';
import type { Shape } from '../../../renderer/display/list.ts';
import type { Shade } from '../../../renderer/shade/shade.ts';

const CANVAS = { width: 40, height: 20 };
const OPAQUE = 0xff0000ff;
const RECT: Shape = { kind: 'rect', x0: 1, y0: 2, x1: 3, y1: 4, color: 0x80706050 };
const GLYPH: Shape = {
  kind: 'glyph',
  x: -4,
  y: -1,
  bitmap: { width: 5, height: 2, rows: [0b10101, 0b01010] },
  color: OPAQUE,
};
const SPANS: Shape = { kind: 'spans', x0: 3, y0: 5, x1: 9, y1: 8, runs: [3, 5, 0, 0, -7, 9], color: OPAQUE };
/** Three columns and two rows of a sprite of 2 × 2, mirrored and its left column twice as wide. */
const IMAGE: Shape = {
  kind: 'image',
  x0: 4,
  y0: 6,
  x1: 7,
  y1: 8,
  pixels: Uint32Array.of(OPAQUE, 0, 0x01020304, 0xffffffff),
  columns: Uint32Array.of(1, 0, 0),
  rows: Uint32Array.of(0, 2),
};

const BODY: Shade = {
  ...{ variables: 5, uniforms: 2, steps: [], price: 0, readsPixel: false },
  key: 'a',
};
const SHADE: Shape = {
  kind: 'shade',
  ...{ x0: 0, y0: 3, x1: 8, y1: 9 },
  ...{ left: -4, top: 3, width: 12, height: 2 ** 31 - 1 },
  shade: BODY,
  uniforms: [-1, 7],
  isOpaque: false,
};

describe('encoding', () => {
  it('writes eight words a shape, negative coordinates in two’s complement', () => {
    const { shapes, pool, shapeCount } = encode([RECT, GLYPH, { ...SPANS, blend: 'xor' }], CANVAS);
    expect(shapeCount).toBe(3);
    expect([...shapes.subarray(0, 8)]).toEqual([1, 0x80706050, 1, 2, 3, 4, 0, 0]);
    expect([...shapes.subarray(8, 16)]).toEqual([2, OPAQUE, 2 ** 32 - 4, 2 ** 32 - 1, 1, 1, 0, 0]);
    expect([...shapes.subarray(16)]).toEqual([3, OPAQUE, 3, 5, 9, 8, 2, 4]);
    expect([...pool]).toEqual([0b10101, 0b01010, 3, 5, 0, 0, 2 ** 32 - 7, 9]);
  });

  it('writes each bitmap once, and runs each time', () => {
    const one = { width: 1, height: 1, rows: [1] };
    const two = { width: 2, height: 2, rows: [2, 1] };
    const glyph = (bitmap: typeof one): Shape => ({ kind: 'glyph', x: 0, y: 0, bitmap, color: OPAQUE });
    const spans: Shape = { kind: 'spans', x0: 0, y0: 0, x1: 7, y1: 1, runs: [5, 7], color: OPAQUE };
    const { shapes, pool } = encode([glyph(two), spans, glyph(one), glyph(two), spans], CANVAS);
    expect([...pool]).toEqual([2, 1, 5, 7, 1, 5, 7]);
    expect([6, 14, 22, 30, 38].map((word) => shapes[word])).toEqual([0, 2, 4, 0, 5]);
  });

  it('writes of an image where its pixels begin, its columns and its rows, and no colour', () => {
    const { shapes, pool } = encode([GLYPH, IMAGE, { ...IMAGE, blend: 'add', x1: 5, columns: [1] }], CANVAS);
    expect([...shapes.subarray(8, 16)]).toEqual([4, 0, 4, 6, 7, 8, 6, 0]);
    expect([...shapes.subarray(16)]).toEqual([4, 0, 4, 6, 5, 8, 12, 1]);
    const pixels = [OPAQUE, 0, 0x01020304, 0xffffffff];
    // The second shows the same pixels: they stand there once.
    expect([...pool]).toEqual([0b10101, 0b01010, ...pixels, 2, 1, 0, 0, 0, 2, 2, 1, 0, 2]);
  });

  it('writes of a shade its number, its rectangle, whether it is opaque and what it is given, and keeps each body once', () => {
    const other = { ...BODY, uniforms: 0, key: 'b' };
    const opaque: Shape = { ...SHADE, isOpaque: true, blend: 'xor' };
    const { shapes, pool, shades } = encode(
      [SHADE, { ...SHADE, shade: other, uniforms: [] }, opaque],
      CANVAS,
    );
    expect([...shapes.subarray(0, 8)]).toEqual([5, 0, 0, 3, 8, 9, 0, 0]);
    expect([...shapes.subarray(16)]).toEqual([5, 0, 0, 3, 8, 9, 14, 4]);
    const rectangle = [2 ** 32 - 4, 3, 12, 2 ** 31 - 1];
    expect([...pool]).toEqual([
      ...[0, ...rectangle, 0, 2 ** 32 - 1, 7],
      ...[1, ...rectangle, 0],
      ...[0, ...rectangle, 1, 2 ** 32 - 1, 7],
    ]);
    expect(shades).toEqual([BODY, other]);
    expect(encode([RECT], CANVAS).shades).toEqual([]);
    expect(() => encode([{ ...SHADE, uniforms: [1] }], CANVAS)).toThrow('as many values');
  });

  it('writes the pixels of each image once, whatever is between', () => {
    const other = { ...IMAGE, pixels: Uint32Array.from(IMAGE.pixels as Uint32Array) };
    const shapes = [IMAGE, SPANS, other, IMAGE, { ...other, x0: 6, columns: [0] }];
    const list = encode(shapes, CANVAS);
    expect(list.pool.length).toBe(6 + 2 * 4 + 3 * 6 + 4);
    expect(decode(list)).toEqual([
      IMAGE,
      SPANS,
      IMAGE,
      IMAGE,
      { ...IMAGE, x0: 6, columns: Uint32Array.of(0), pixels: Uint32Array.of(OPAQUE, 0, 0x01020304) },
    ]);
  });

  it('gives back what was encoded, in every mode, from any shape to any other', () => {
    const shapes = BLENDS.flatMap(({ name }) =>
      [RECT, GLYPH, SPANS, IMAGE, SHADE].map((shape) =>
        name === 'over' ? shape : { ...shape, blend: name },
      ),
    );
    const list = encode(shapes, CANVAS);
    expect(decode(list)).toEqual(shapes);
    expect(decode(list, 4)).toEqual(shapes.slice(4));
    expect(decode(list, 4, 6)).toEqual(shapes.slice(4, 6));
    expect(decode(list, 4, 4)).toEqual([]);
    expect(decode(list, 3, 4)).toEqual([IMAGE]);
    expect(decode(encode([{ ...RECT, blend: 'over' }], CANVAS))).toEqual([RECT]);
  });

  it('keeps every word when there are more than there was room for at first', () => {
    const shapes = Array.from({ length: 700 }, (_, y): Shape => {
      const runs = Array.from({ length: 2 * (y % 9) + 2 }, (_, word) => y * 100 + word);
      return { ...SPANS, y0: y, y1: y + runs.length / 2, runs };
    });
    const tall: Shape = { ...SPANS, y0: 0, y1: 5_000, runs: Array.from({ length: 10_000 }, (_, n) => 5 - n) };
    expect(decode(encode([...shapes, tall, ...shapes], CANVAS))).toEqual([...shapes, tall, ...shapes]);
  });

  it('refuses spans with a run too few or too many', () => {
    for (const runs of [[], [1], [1, 2], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7, 8]]) {
      expect(() => encode([{ ...SPANS, runs }], CANVAS)).toThrow('each row of spans has a run');
    }
  });

  it('refuses images with a column or a row too few or too many', () => {
    for (const [columns, rows] of [
      [
        [0, 0],
        [0, 0],
      ],
      [
        [0, 0, 0, 0],
        [0, 0],
      ],
      [[0, 0, 0], [0]],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ] as const) {
      expect(() => encode([{ ...IMAGE, columns, rows }], CANVAS)).toThrow('each column and row of an image');
    }
  });
});

describe('the builder', () => {
  it('shares its memory with a list that nothing changes any more', () => {
    const builder = new ListBuilder();
    builder.spans(0, 0, 5, 1, [1, 5], OPAQUE);
    const list = builder.finish(CANVAS);
    const before = decode(list);
    for (let n = 0; n < 100; n++) builder.spans(0, 0, 9, 1, [n, 9], n, 1);
    expect(decode(list)).toEqual(before);
    expect([list.shapeCount, builder.shapeCount, list.pool.length, builder.words]).toEqual([
      1,
      101,
      2,
      101 * SHAPE_WORDS + 202,
    ]);
  });

  it('keeps pixels for images to come, and says where they begin', () => {
    const builder = new ListBuilder();
    expect([builder.keep([]), builder.keep([7, 8, 9]), builder.keep(Uint32Array.of(5))]).toEqual([0, 0, 3]);
    expect([builder.words, builder.shapeCount]).toEqual([4, 0]);
    builder.image(2, 3, 4, 4, 1, [1, 0], [0]);
    expect([...builder.finish(CANVAS).pool]).toEqual([7, 8, 9, 5, 1, 1, 0, 0]);
    expect(decode(builder.finish(CANVAS))).toEqual([
      {
        kind: 'image',
        ...{ x0: 2, y0: 3, x1: 4, y1: 4 },
        pixels: Uint32Array.of(8, 9),
        columns: Uint32Array.of(1, 0),
        rows: Uint32Array.of(0),
      },
    ]);
  });

  it('says which modes its shapes have', () => {
    const builder = new ListBuilder();
    const seen: BlendName[][] = [builder.blends];
    builder.rect(0, 0, 1, 1, OPAQUE, blendNumber('xor'));
    seen.push(builder.blends);
    builder.glyph(0, 0, { width: 1, height: 1, rows: [1] }, OPAQUE, blendNumber('add'));
    builder.spans(0, 0, 1, 1, [0, 1], OPAQUE);
    seen.push(builder.blends);
    builder.image(0, 0, 1, 1, builder.keep([OPAQUE]), [0], [0], blendNumber('screen'));
    seen.push(builder.blends);
    expect(seen).toEqual([[], ['xor'], ['over', 'add', 'xor'], ['over', 'add', 'screen', 'xor']]);
  });
});

describe('the table of blend modes', () => {
  it('has each mode at its number, with a name and a rule of its own', () => {
    expect(BLENDS.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
    expect(BLENDS.map(({ name }) => blendNumber(name))).toEqual([0, 1, 2, 3, 4]);
    for (const key of ['name', 'rule'] as const) {
      expect(new Set(BLENDS.map((mode) => mode[key])).size).toBe(BLENDS.length);
    }
  });

  it('tells the versions of the rules that were used, and of no others', () => {
    expect(blendVersions([])).toEqual({});
    expect(blendVersions(['over'])).toEqual({ 'src-over': 1 });
    expect(blendVersions(['xor', 'over', 'add', 'over'])).toEqual({ 'src-over': 1, add: 1, xor: 1 });
  });
});

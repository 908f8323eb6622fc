/** The CPU painter against the oracle, over every tile size: encode, bin and fine together. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../../renderer/display/encode.ts';
import { type Bitmap, BLACK, type Shape, WHITE } from '../../../renderer/display/list.ts';
import { cpuPainter, paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { samePixels } from '../../support/expected-pixels.ts';
import { paintByTheRules } from './oracle-painter.ts';

const TILE_SIZES = [16, 32, 64, 128] as const;
const SEED = 20_261_120;

/** The tile sizes at which the painter differs from the oracle. */
function differing(shapes: readonly Shape[], canvas: Canvas): number[] {
  const expected = paintByTheRules(shapes, canvas);
  const list = encode(shapes, canvas);
  return TILE_SIZES.filter((tileSize) => !samePixels(paintOnCpu(list, tileSize), expected));
}

const color = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.integer({ min: 0, max: 0xffffff }).map((rgb) => (rgb | 0xff000000) >>> 0),
  fc.constantFrom(WHITE, BLACK, 0x00ffffff, 0x01ffffff, 0xfe000000, 0x80808080),
);

const bitmap: fc.Arbitrary<Bitmap> = fc
  .record({ width: fc.integer({ min: 1, max: 32 }), height: fc.integer({ min: 1, max: 32 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      rows: fc.array(fc.integer({ min: 0, max: 2 ** width - 1 }), { minLength: height, maxLength: height }),
    }),
  );

function shapesOn(canvas: Canvas): fc.Arbitrary<Shape[]> {
  const range = (side: number) =>
    fc
      .tuple(fc.integer({ min: 0, max: side - 1 }), fc.integer({ min: 1, max: side }))
      .map(([a, b]) => (a < b ? [a, b] : [b - 1, a + 1]) as [number, number]);
  const rect = fc
    .tuple(range(canvas.width), range(canvas.height), color)
    .map(([[x0, x1], [y0, y1], paint]): Shape => ({ kind: 'rect', x0, x1, y0, y1, color: paint }));
  const glyph = bitmap.chain((drawn) =>
    fc.record({
      kind: fc.constant('glyph' as const),
      x: fc.integer({ min: 1 - drawn.width, max: canvas.width - 1 }),
      y: fc.integer({ min: 1 - drawn.height, max: canvas.height - 1 }),
      bitmap: fc.constant(drawn),
      color,
    }),
  );
  return fc.array(fc.oneof(rect, glyph), { maxLength: 12 });
}

describe('the CPU painter', () => {
  it('paints random display lists as the rules say, whatever the tile size', () => {
    const scene = fc
      .record({ width: fc.integer({ min: 1, max: 140 }), height: fc.integer({ min: 1, max: 70 }) })
      .chain((canvas) => fc.record({ canvas: fc.constant(canvas), shapes: shapesOn(canvas) }));
    fc.assert(
      fc.property(scene, ({ canvas, shapes }) => {
        expect(differing(shapes, canvas)).toEqual([]);
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('paints both sides of every tile’s and canvas’s edge', () => {
    for (const side of [15, 16, 17, 63, 64, 65, 129]) {
      const canvas = { width: side, height: 3 };
      const turned = { width: 3, height: side };
      const cuts = [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, side - 1, side].filter((cut) => cut <= side);
      const rows: Shape[] = [];
      const columns: Shape[] = [];
      for (const from of cuts) {
        for (const to of cuts.filter((cut) => cut > from)) {
          // Half transparent, so that each rectangle is seen below the next.
          const paint = (0x80000000 + from * 65_536 + to) >>> 0;
          rows.push({ kind: 'rect', x0: from, x1: to, y0: 1, y1: 2, color: paint });
          columns.push({ kind: 'rect', x0: 1, x1: 2, y0: from, y1: to, color: paint });
        }
      }
      expect(differing(rows, canvas), `${side} wide`).toEqual([]);
      expect(differing(columns, turned), `${side} high`).toEqual([]);
    }
  });

  it('paints a glyph at each place where it hangs over an edge', () => {
    const canvas = { width: 33, height: 18 };
    const corner: Bitmap = { width: 5, height: 4, rows: [0b11111, 0b10001, 0b10100, 0b11010] };
    for (let x = -4; x < canvas.width; x++) {
      for (const y of [-3, -1, 0, 13, 14, 15, 16, 17]) {
        const glyph: Shape = { kind: 'glyph', x, y, bitmap: corner, color: 0xff0055aa };
        expect(differing([glyph], canvas), `at ${x}, ${y}`).toEqual([]);
      }
    }
  });

  it('paints a glyph of 32 pixels a side with every bit in use', () => {
    const rows = Array.from({ length: 32 }, (_, y) => (0xffffffff >>> y) >>> 0);
    const widest: Bitmap = { width: 32, height: 32, rows };
    expect(
      differing([{ kind: 'glyph', x: 3, y: 2, bitmap: widest, color: WHITE }], { width: 40, height: 40 }),
    ).toEqual([]);
  });

  it('lets what is opaque hide what is behind it, and nothing else', () => {
    const canvas = { width: 130, height: 70 };
    const all = { kind: 'rect', x0: 0, y0: 0, x1: 130, y1: 70 } as const;
    const below: Shape = { kind: 'rect', x0: 5, y0: 5, x1: 100, y1: 60, color: 0xff112233 };
    for (const paint of [0xffaabbcc, 0xfeaabbcc, 0x00aabbcc]) {
      expect(differing([below, { ...all, color: paint }], canvas), paint.toString(16)).toEqual([]);
      expect(differing([{ ...all, color: paint }, below], canvas), paint.toString(16)).toEqual([]);
    }
    const almost: Shape[] = [
      { ...all, x0: 1, color: WHITE },
      { ...all, y1: 69, color: WHITE },
    ];
    for (const shape of almost) expect(differing([below, shape], canvas)).toEqual([]);
  });

  it('paints nothing as opaque black', () => {
    expect(differing([], { width: 1, height: 1 })).toEqual([]);
    expect(differing([], { width: 65, height: 17 })).toEqual([]);
  });

  it('gives bytes of their own each time', async () => {
    const list = encode([], { width: 2, height: 2 });
    const first = await cpuPainter.paint(list);
    first.fill(7);
    expect([...(await cpuPainter.paint(list))]).toEqual(Array(4).fill([0, 0, 0, 255]).flat());
  });
});

describe('the comparison with the oracle', () => {
  const canvas = { width: 40, height: 20 };
  const shapes: Shape[] = [
    { kind: 'rect', x0: 3, y0: 3, x1: 30, y1: 12, color: 0x80ff8040 },
    { kind: 'glyph', x: 5, y: 5, bitmap: { width: 2, height: 2, rows: [0b10, 0b01] }, color: 0xff010203 },
  ];

  it('objects to one flipped bit anywhere', () => {
    const painted = paintOnCpu(encode(shapes, canvas));
    const expected = paintByTheRules(shapes, canvas);
    expect(samePixels(painted, expected)).toBe(true);
    for (let at = 0; at < painted.length; at += 37) {
      const flipped = Uint8Array.from(painted);
      flipped[at]! ^= 1;
      expect(samePixels(flipped, expected)).toBe(false);
    }
  });

  it.each<[string, Shape[]]>([
    ['a shape left out', shapes.slice(1)],
    ['two shapes exchanged', [...shapes].reverse()],
    ['a color one off', [{ ...shapes[0]!, color: 0x80ff8042 }, shapes[1]!]],
    ['an edge one off', [{ ...shapes[0]!, x1: 31 } as Shape, shapes[1]!]],
    [
      'a glyph mirrored',
      [shapes[0]!, { ...shapes[1]!, bitmap: { width: 2, height: 2, rows: [1, 2] } } as Shape],
    ],
  ])('objects to %s', (_, painted) => {
    expect(samePixels(paintOnCpu(encode(painted, canvas)), paintByTheRules(shapes, canvas))).toBe(false);
  });
});

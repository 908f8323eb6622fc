/** Lines and polylines of every pen against their rules, and what they may take. */
import { describe, expect, it } from 'vitest';
import { line, polyline } from '../../../renderer/geometry/line.ts';
import { type Clip, Spans } from '../../../renderer/geometry/spans.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { type Between, clip, clipAround, clipsAt } from './clips.ts';
import { objections, pixelsOf, runsOf } from './compare.ts';
import { lineRule, polylineRule } from './rules.ts';

const spans = new Spans();
const PENS = [1, 2, 3, 4, 5, 16, 255];

type Ends = readonly [x0: number, y0: number, x1: number, y1: number];

function drawn(within: Clip, ends: Ends, pen: number): string[] {
  line(spans, within, ...ends, pen);
  return objections(spans, within, lineRule(...ends, pen));
}

function joined(within: Clip, points: readonly number[], pen: number): string[] {
  // Numbers beyond the points must mean nothing.
  polyline(spans, within, Int32Array.from([...points, 7, 7, 9, 1]), points.length / 2, pen);
  return objections(spans, within, polylineRule(points, pen));
}

const edge = (between: Between): number =>
  between(0, 2) === 0 ? -16384 + between(0, 3) : 16383 - between(0, 3);

describe('a line', () => {
  it('is its rule to every place around, with every thin pen', () => {
    const within = clip(0, 0, 19, 19);
    for (let x = 1; x <= 17; x += 2) {
      for (let y = 1; y <= 17; y++) {
        for (const pen of [1, 2, 3]) {
          expect(drawn(within, [9, 9, x, y], pen), `${x}, ${y}, ${pen}`).toEqual([]);
        }
      }
    }
  });

  it('of a point is one pixel, or the pen’s disc', () => {
    const within = clip(0, 0, 20, 20);
    line(spans, within, 9, 9, 9, 9, 1);
    expect([...pixelsOf(spans)]).toEqual(['9,9']);
    line(spans, within, 9, 9, 9, 9, 2);
    expect([...pixelsOf(spans)]).toEqual(['8,8', '9,8', '8,9', '9,9']);
    for (const pen of PENS) expect(drawn(within, [9, 9, 9, 9], pen), `${pen}`).toEqual([]);
  });

  it('is as wide as the pen where it is level or upright', () => {
    for (const [pen, rows] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [254, 254],
      [5, 5],
      [255, 255],
    ] as const) {
      line(spans, clip(500, 0, 501, 999), 0, 400, 999, 400, pen);
      expect(spans.pixels, `${pen}`).toBe(rows);
      line(spans, clip(0, 500, 999, 501), 400, 0, 400, 999, pen);
      expect(spans.pixels, `${pen}`).toBe(rows);
    }
  });

  it('is cut at every edge of the clip', () => {
    for (const within of clipsAt(4, 6, 33, 19)) {
      for (const pen of [1, 4]) {
        for (const ends of [
          [4, 6, 32, 18],
          [32, 6, 4, 18],
          [20, 6, 20, 18],
          [4, 12, 32, 12],
        ] as const) {
          expect(drawn(within, ends, pen), `${ends} ${pen} ${JSON.stringify(within)}`).toEqual([]);
        }
      }
    }
  });

  it('is its rule at random, short and far, and the same from either end', () => {
    const between = seededBetween(21);
    let seen = 0;
    for (let round = 0; round < 250; round++) {
      const far = [8, 60, 16384][round % 3]!;
      const ends = [0, 0, 0, 0].map(() =>
        far === 16384 && between(0, 3) === 0 ? edge(between) : between(-far, far),
      );
      const [x0, y0, x1, y1] = ends as unknown as Ends;
      const pen = PENS[between(0, PENS.length)]!;
      // A place on the line, or half the pen beside it.
      const part = between(0, 1001) / 1000;
      const [offX, offY] = [between(-1, 2) * (pen >> 1), between(-1, 2) * (pen >> 1)];
      const within = clipAround(
        between,
        Math.round(x0 + part * (x1 - x0)) + offX,
        Math.round(y0 + part * (y1 - y0)) + offY,
      );
      const title = `seed 21: ${ends} pen ${pen} ${JSON.stringify(within)}`;
      expect(drawn(within, [x0, y0, x1, y1], pen), title).toEqual([]);
      if (spans.pixels > 0) seen++;
      const pixels = pixelsOf(spans);
      line(spans, within, x1, y1, x0, y0, pen);
      expect(pixelsOf(spans), title).toEqual(pixels);
    }
    expect(seen).toBeGreaterThan(60);
  });

  it('is exact on the longest, at its edges and its ends', () => {
    const between = seededBetween(22);
    for (const pen of PENS) {
      for (const ends of [
        [-16384, -16384, 16383, 16383],
        [-16384, -16383, 16383, 16383],
        [16383, -16384, -16384, 16383],
        [0, 16383, 16383, 0],
        [-16384, 5000, 16383, 5001],
        [5000, -16384, 5001, 16383],
        [16383, 0, 16383, 16383],
        [-16384, 16383, 16383, 16383],
      ] as const) {
        const [x0, y0, x1, y1] = ends;
        for (const part of [0, 0.25, 0.5, 0.75, 0.999, 1]) {
          const within = clipAround(
            between,
            Math.round(x0 + part * (x1 - x0)),
            Math.round(y0 + part * (y1 - y0)) + (pen >> 1),
          );
          expect(drawn(within, ends, pen), `${ends} pen ${pen} ${JSON.stringify(within)}`).toEqual([]);
        }
      }
    }
  });

  it('of pen 1 has one pixel in each step of its longer side', () => {
    const between = seededBetween(23);
    for (let round = 0; round < 50; round++) {
      const ends = [0, 0, 0, 0].map(() => between(0, 16384)) as unknown as Ends;
      line(spans, clip(0, 0, 16384, 16384), ...ends, 1);
      const [width, height] = [Math.abs(ends[2] - ends[0]), Math.abs(ends[3] - ends[1])];
      expect([spans.pixels, runsOf(spans).length]).toEqual([Math.max(width, height) + 1, height + 1]);
    }
  });

  it('looks at the rows that are seen, and at none beside the clip', () => {
    line(spans, clip(0, 0, 128, 64), -16384, -16384, 16383, 16383, 9);
    expect([spans.work, runsOf(spans).length]).toEqual([64, 64]);
    line(spans, clip(100, 0, 128, 64), 0, 0, 95, 63, 9);
    expect([spans.work, runsOf(spans).length]).toEqual([0, 0]);
    line(spans, clip(99, 0, 128, 64), 0, 0, 95, 63, 9);
    // Of the end at (95, 63) the disc dx² + dy² ≤ 20 reaches 4 columns further, in the two rows above it too.
    expect([spans.work, runsOf(spans).length, spans.pixels]).toEqual([64, 3, 3]);
  });
});

describe('a polyline', () => {
  it('is the union of its lines, at random', () => {
    const between = seededBetween(24);
    for (let round = 0; round < 150; round++) {
      const size = [6, 30][round % 2]!;
      const points = Array.from({ length: 2 * between(2, 9) }, () => between(-4, size));
      const pen = [1, 1, 2, 3, 6][between(0, 5)]!;
      const within = clip(between(0, 3), between(0, 3), between(2, size), between(2, size));
      expect(joined(within, points, pen), `seed 24: ${points} pen ${pen} ${JSON.stringify(within)}`).toEqual(
        [],
      );
    }
  });

  it('of many far points has each pixel once', () => {
    const between = seededBetween(25);
    for (const pen of [1, 40]) {
      const points = Array.from({ length: 300 }, () => between(-16384, 16384));
      const within = clipAround(between, 8000, 8000);
      expect(joined(within, points, pen), `seed 25: ${pen} ${JSON.stringify(within)}`).toEqual([]);
    }
  });

  it('of two points is a line, and of fewer nothing', () => {
    const within = clip(0, 0, 20, 20);
    expect(joined(within, [3, 4, 15, 9], 1)).toEqual([]);
    expect(spans.pixels).toBe(13);
    for (const count of [0, 1]) {
      polyline(spans, within, Int32Array.of(3, 4, 15, 9), count, 5);
      expect([spans.pixels, spans.work]).toEqual([0, 0]);
    }
  });

  it('counts the rows that each of its lines was looked at in', () => {
    const points = Int32Array.of(0, 0, 9, 4, 3, 4, -50, 4, -50, 90, 9, 90);
    polyline(spans, clip(0, 0, 16, 8), points, 6, 1);
    // Rows 0 to 4, row 4 twice; the rest is beside the clip or below it.
    expect(spans.work).toBe(5 + 1 + 1);
    expect(runsOf(spans).length).toBe(5);
  });
});

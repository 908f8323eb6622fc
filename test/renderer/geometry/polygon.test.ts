/** Polygons of both windings against their rule, side by side, turned about, and what they may take. */
import { describe, expect, it } from 'vitest';
import { polygon } from '../../../renderer/geometry/polygon.ts';
import { type Clip, Spans } from '../../../renderer/geometry/spans.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { type Between, clip, clipAround, clipsAt } from './clips.ts';
import { objections, pixelsOf, runsOf } from './compare.ts';
import { polygonRule } from './rules.ts';

const spans = new Spans();
const WINDINGS = ['nonzero', 'evenodd'] as const;
const WHOLE = clip(0, 0, 16384, 16384);

function draw(within: Clip, points: readonly number[], winding: 'nonzero' | 'evenodd'): void {
  polygon(spans, within, Int32Array.from([...points, 3, 5]), points.length / 2, winding);
}

function filled(within: Clip, points: readonly number[]): string[] {
  return WINDINGS.flatMap((winding) => {
    draw(within, points, winding);
    return objections(spans, within, polygonRule(points, winding)).map((found) => `${winding} ${found}`);
  });
}

const some = (between: Between, count: number, low: number, high: number): number[] =>
  Array.from({ length: 2 * count }, () => between(low, high));

describe('a triangle', () => {
  it('is its rule, with every third corner of a small canvas', () => {
    const within = clip(0, 0, 9, 9);
    for (let x = -1; x <= 10; x++) {
      for (let y = -1; y <= 10; y++) {
        expect(filled(within, [2, 3, 7, 5, x, y]), `${x}, ${y}`).toEqual([]);
      }
    }
  });

  it('of three points in a line, or in one, is nothing', () => {
    for (const points of [
      [1, 1, 5, 5, 9, 9],
      [1, 4, 9, 4, 5, 4],
      [4, 1, 4, 9, 4, 5],
      [4, 4, 4, 4, 4, 4],
    ]) {
      expect(filled(clip(0, 0, 12, 12), points)).toEqual([]);
      expect(spans.pixels).toBe(0);
    }
  });

  it('has the pixels whose centres lie on its left and upper edges, not those on the others', () => {
    // The legs run along pixel edges, the long side through centres: (½, 3½), (1½, 2½), …
    draw(WHOLE, [0, 4, 4, 0, 4, 4], 'nonzero');
    expect(spans.pixels).toBe(10);
    draw(WHOLE, [0, 0, 4, 0, 0, 4], 'nonzero');
    expect(spans.pixels).toBe(6);
    draw(WHOLE, [0, 0, 4, 0, 4, 4, 0, 4], 'nonzero');
    expect(spans.pixels).toBe(16);
  });

  it('tiles: whatever a fan of triangles covers, it covers once', () => {
    const between = seededBetween(31);
    for (let round = 0; round < 60; round++) {
      const size = [6, 40, 400][round % 3]!;
      const [x0, y0, x1, y1] = some(between, 2, 0, size) as [number, number, number, number];
      // Any point splits the rectangle into four triangles, wherever in it the point lies.
      const [left, right] = [Math.min(x0, x1), Math.max(x0, x1) + 1];
      const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1) + 1];
      const [x, y] = [between(left, right + 1), between(top, bottom + 1)];
      const corners = [left, top, right, top, right, bottom, left, bottom];
      let sum = 0;
      const all = new Set<string>();
      for (let i = 0; i < 8; i += 2) {
        draw(
          WHOLE,
          [corners[i]!, corners[i + 1]!, corners[(i + 2) % 8]!, corners[(i + 3) % 8]!, x, y],
          'nonzero',
        );
        sum += spans.pixels;
        for (const pixel of pixelsOf(spans)) all.add(pixel);
      }
      const area = (right - left) * (bottom - top);
      expect([sum, all.size], `seed 31: ${corners} at ${x}, ${y}`).toEqual([area, area]);
    }
  });
});

describe('a polygon', () => {
  it('is its rule at random: convex or crossing itself, with level edges and points that repeat', () => {
    const between = seededBetween(32);
    for (let round = 0; round < 300; round++) {
      const size = [5, 12, 30][round % 3]!;
      const points = some(between, between(3, 12), -3, size + 3);
      const within = clip(between(0, 3), between(0, 3), between(2, size), between(2, size));
      expect(filled(within, points), `seed 32: ${points} ${JSON.stringify(within)}`).toEqual([]);
    }
  });

  it('with corners at the far ends is exact on its edges', () => {
    const between = seededBetween(33);
    let edges = 0;
    for (let round = 0; round < 120; round++) {
      const points = some(between, between(3, 7), -16384, 16384).map((n) =>
        between(0, 3) === 0 ? (n < 0 ? -16384 : 16383) : n,
      );
      const at = 2 * between(0, points.length / 2 - 1);
      const part = between(0, 1001) / 1000;
      const x = Math.round(points[at]! + part * (points[at + 2]! - points[at]!));
      const y = Math.round(points[at + 1]! + part * (points[at + 3]! - points[at + 1]!));
      const within = clipAround(between, x, y);
      expect(filled(within, points), `seed 33: ${points} ${JSON.stringify(within)}`).toEqual([]);
      const area = (within.x1 - within.x0) * (within.y1 - within.y0);
      if (spans.pixels > 0 && spans.pixels < area) edges++;
    }
    expect(edges).toBeGreaterThan(15);
  });

  it('is cut at every edge of the clip', () => {
    const star = [4, 10, 33, 10, 8, 26, 18, 2, 29, 26];
    for (const within of clipsAt(4, 2, 33, 26)) {
      expect(filled(within, star), JSON.stringify(within)).toEqual([]);
    }
  });

  it('winds: a star has its heart by nonzero and a hole by evenodd, and so has a square drawn twice', () => {
    const twice = [2, 2, 9, 2, 9, 9, 2, 9, 2, 2, 9, 2, 9, 9, 2, 9];
    draw(WHOLE, twice, 'nonzero');
    expect(spans.pixels).toBe(49);
    draw(WHOLE, twice, 'evenodd');
    expect(spans.pixels).toBe(0);
    // There and back again cancel out.
    const back = [2, 2, 9, 2, 9, 9, 2, 9, 2, 2, 2, 9, 9, 9, 9, 2];
    draw(WHOLE, back, 'nonzero');
    expect(spans.pixels).toBe(0);
  });

  it('is the same from whichever corner on, and either way round', () => {
    const between = seededBetween(34);
    for (let round = 0; round < 60; round++) {
      const points = some(between, 7, -5, 30);
      const turn = 2 * between(0, 7);
      const turned = [...points.slice(turn), ...points.slice(0, turn)];
      const backwards = points.flatMap((_, i) => (i % 2 === 0 ? [points[12 - i]!, points[13 - i]!] : []));
      for (const winding of WINDINGS) {
        draw(WHOLE, points, winding);
        const pixels = pixelsOf(spans);
        for (const other of [turned, backwards]) {
          draw(WHOLE, other, winding);
          expect(pixelsOf(spans), `seed 34: ${points}`).toEqual(pixels);
        }
      }
    }
  });

  it('of 500 corners is its rule, and counts the rows in which each edge was seen', () => {
    const between = seededBetween(35);
    for (const [low, high] of [
      [-20, 60],
      [-16384, 16384],
    ] as const) {
      const points = some(between, 500, low, high);
      const within = clip(10, 10, 34, 30);
      expect(filled(within, points), `seed 35: ${low}`).toEqual([]);
      let rows = 0;
      for (let i = 0; i < 1000; i += 2) {
        const [a, b] = [points[i + 1]!, points[(i + 3) % 1000]!];
        rows += Math.max(0, Math.min(30, Math.max(a, b)) - Math.max(10, Math.min(a, b)));
      }
      expect(spans.work).toBe(rows);
    }
  });

  it('of fewer than three corners is nothing', () => {
    for (const points of [[], [3, 3], [3, 3, 9, 12]]) {
      expect(filled(WHOLE_SMALL, points)).toEqual([]);
      expect(spans.pixels).toBe(0);
    }
  });

  it('takes nothing where the clip lies beside it', () => {
    for (const within of clipsAt(4, 2, 33, 26).slice(9)) {
      draw(within, [4, 2, 33, 2, 33, 26, 4, 26], 'nonzero');
      expect([spans.work, runsOf(spans).length], JSON.stringify(within)).toEqual([0, 0]);
    }
    draw(clip(0, 0, 128, 64), [-16384, -16384, 16383, -16384, 0, 16383], 'nonzero');
    expect([spans.work, runsOf(spans).length]).toEqual([128, 64]);
  });
});

const WHOLE_SMALL = clip(0, 0, 16, 16);

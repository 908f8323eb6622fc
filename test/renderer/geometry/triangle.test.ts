/** Triangles, walked down their sides, against the same three points as a polygon: the same layers for the same work. */
import { describe, expect, it } from 'vitest';
import { polygonByEdges } from '../../../renderer/geometry/polygon.ts';
import { type Clip, Spans } from '../../../renderer/geometry/spans.ts';
import { triangle } from '../../../renderer/geometry/triangle.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { type Between, clip, clipAround, clipsAt } from './clips.ts';

const ROUNDS = 4_000;
const WHOLE = clip(0, 0, 16384, 16384);
const spans = new Spans();
const others = new Spans();

/** All that a finished shape says of itself. */
function shown(shape: Spans): unknown {
  const layers: unknown[] = [];
  shape.eachLayer(({ x0, y0, x1, y1, words }) =>
    layers.push([x0, y0, x1, y1, words.slice(0, 2 * (y1 - y0)).join()]),
  );
  return { layers, pixels: shape.pixels, work: shape.work };
}

/** The triangle, and the polygon of the same points by a winding. */
function both(within: Clip, points: readonly number[], winding: 'nonzero' | 'evenodd'): [unknown, unknown] {
  triangle(spans, within, Int32Array.from(points));
  polygonByEdges(others, within, Int32Array.from(points), 3, winding);
  return [shown(spans), shown(others)];
}

/** Points of which some lie level, upright, in a line or on one another. */
function corners(between: Between, low: number, high: number): number[] {
  const points = Array.from({ length: 6 }, () => between(low, high));
  const kind = between(0, 8);
  if (kind === 0) points[3] = points[1]!;
  if (kind === 1) points[2] = points[0]!;
  if (kind === 2) points.splice(4, 2, points[0]!, points[1]!);
  if (kind === 3) points.splice(4, 2, (points[0]! + points[2]!) >> 1, (points[1]! + points[3]!) >> 1);
  if (kind === 4) return points.map((n) => (between(0, 2) === 0 ? (n < 0 ? -16384 : 16383) : n));
  return points;
}

describe('a triangle', () => {
  it.each([
    ['small', -2, 14],
    ['of some size', -60, 400],
    ['huge', -16384, 16384],
  ])(
    '%s is the polygon of its points by either winding, in the same layers and for the same work',
    (_, low, high) => {
      const between = seededBetween(41);
      let drawn = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const points = corners(between, low, high);
        const at = 2 * between(0, 3);
        const within =
          high > 1_000
            ? clipAround(between, points[at]!, points[at + 1]!)
            : clip(0, 0, between(1, high), high);
        const [found, expected] = both(within, points, round % 2 === 0 ? 'nonzero' : 'evenodd');
        expect(found, `seed 41: ${points} ${JSON.stringify(within)}`).toEqual(expected);
        if (spans.pixels > 0) drawn++;
      }
      expect(drawn).toBeGreaterThan(ROUNDS / 8);
    },
  );

  it('that is a splinter across the canvas comes in the same layers, however many', () => {
    const between = seededBetween(42);
    for (let round = 0; round < 30; round++) {
      const [x, y] = [between(-16384, 16384), between(0, 2) * 16383];
      const points = [between(0, 16384), 0, x, 16383, x + between(-3, 4), y];
      const [found, expected] = both(WHOLE, points, 'nonzero');
      expect(found, `seed 42: ${points}`).toEqual(expected);
    }
  });

  it('is cut at every edge of the clip as the polygon is', () => {
    for (const within of clipsAt(4, 2, 33, 26)) {
      for (const points of [
        [4, 10, 33, 2, 18, 26],
        [33, 2, 33, 26, 4, 2],
        [4, 2, 33, 2, 4, 26],
      ]) {
        const [found, expected] = both(within, points, 'nonzero');
        expect(found, JSON.stringify(within)).toEqual(expected);
      }
    }
  });

  it('with a corner elsewhere is told from it', () => {
    const [found] = both(WHOLE, [4, 10, 33, 2, 18, 26], 'nonzero');
    expect(both(WHOLE, [4, 10, 33, 2, 18, 27], 'nonzero')[1]).not.toEqual(found);
    expect(both(WHOLE, [4, 10, 32, 2, 18, 26], 'nonzero')[1]).not.toEqual(found);
  });
});

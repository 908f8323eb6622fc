/** Cases of spans: every way in which a row can have a run or none, shapes round and pointed, many and tall ones. */
import { seededBetween } from '../../../shared/seeded.ts';
import type { Shape } from '../../display/list.ts';
import { type Case, caseOf, cover, glyph, hue, rect, spans, square } from './case.ts';
import { glyphOf } from './glyphs.ts';

type Run = readonly [start: number, end: number];

export function* spansCases(): Generator<Case> {
  yield* rows();
  yield* boxes();
  for (const alpha of [255, 0x80]) {
    yield discs(alpha);
    yield fan(alpha);
    yield crowd(alpha);
  }
  yield* canvases();
  yield pooled();
}

/** Each run of a row of six pixels, those that hold nothing too, each by itself and all as rows of one shape. */
function* rows(): Generator<Case> {
  const places = [0, 1, 2, 3, 4, 5, 6];
  const runs = places.flatMap((start) => places.map((end): Run => [start, end]));
  const canvas = { width: 6, height: 3 };
  for (const [start, end] of runs) {
    const shape = { ...spans(0, [[0, 6]], hue(2)), y1: 3, runs: [1, 5, start, end, 2, 4] };
    yield caseOf(`the run from ${start} to ${end}`, canvas, [cover(canvas, hue(1)), shape]);
  }
  const all = { width: 6, height: runs.length };
  yield caseOf('every run of six pixels', all, [cover(all, hue(1)), spans(0, runs, hue(2))]);
  const none = { ...spans(0, [[0, 6]], hue(2)), y1: 3, runs: [0, 0, 6, 6, 5, 1] };
  yield caseOf('spans without a run', canvas, [cover(canvas, hue(1)), none, rect(1, 1, 2, 2, hue(3))]);
}

/** Runs that are wider than their box, which is what counts. */
function* boxes(): Generator<Case> {
  const canvas = square(40);
  const wide = Array.from({ length: 40 }, (_, y): Run => [y % 3, 40 - (y % 5)]);
  for (const [x0, y0, x1, y1] of [
    [0, 0, 40, 40],
    [1, 1, 39, 39],
    [7, 8, 9, 33],
    [31, 0, 33, 40],
    [39, 39, 40, 40],
    [0, 15, 40, 17],
  ] as const) {
    const runs = wide.slice(y0, y1).flat();
    const shape: Shape = { kind: 'spans', x0, y0, x1, y1, runs, color: hue(2, 0xc0) };
    yield caseOf(`spans in a box from ${x0}, ${y0} to ${x1}, ${y1}`, canvas, [cover(canvas, hue(1)), shape]);
  }
}

function disc(x: number, y: number, r: number, color: number): Shape {
  const runs = Array.from({ length: 2 * r + 1 }, (_, row): Run => {
    const reach = Math.floor(Math.sqrt(r * r + r - (row - r) ** 2));
    return [x - reach, x + reach + 1];
  });
  return spans(y - r, runs, color);
}

/** Discs over one another, from one pixel to one that touches every edge. */
function discs(alpha: number): Case {
  const shapes = [67, 66, 64, 63, 33, 32, 31, 17, 9, 4, 2, 1, 0].map((r, index) => {
    return disc(67, 67, r, hue(index, alpha));
  });
  const apart = [0, 1, 2, 3, 5, 8].map((r, index) => disc(10 + 15 * index, 9, r, hue(20 + index, alpha)));
  return caseOf(`discs, alpha ${alpha}`, square(135), [
    ...shapes,
    ...apart,
    glyph(64, 64, glyphOf('O'), hue(99)),
  ]);
}

/** Lines from one corner, of every slope: a wide box, and few pixels in it. */
function fan(alpha: number): Case {
  const side = 140;
  const shapes = Array.from({ length: 29 }, (_, index) => {
    const runs = Array.from({ length: side }, (_, y): Run => {
      const at = Math.floor((y * index * 5) / side);
      return [at, Math.max(at + 1, Math.floor(((y + 1) * index * 5) / side))];
    });
    return spans(0, runs, hue(index, alpha));
  });
  return caseOf(`lines from one corner, alpha ${alpha}`, square(side + 1), [
    cover(square(side + 1), hue(0, 0x40)),
    ...shapes,
  ]);
}

function crowd(alpha: number): Case {
  const random = seededBetween(alpha);
  const side = 100;
  const shapes = Array.from({ length: 1_500 }, (_, index) => {
    const [x, y] = [random(0, side), random(0, side)];
    const runs = Array.from({ length: Math.min(side - y, random(1, 9)) }, (): Run => {
      const start = random(0, x + 1);
      return [start, random(start, side + 1)];
    });
    return spans(y, [[x, x + 1], ...runs.slice(1)], hue(index, alpha));
  });
  return caseOf(`1,500 spans, alpha ${alpha}`, square(side), shapes);
}

/** Spans over the whole of a canvas that is long or odd. */
function* canvases(): Generator<Case> {
  for (const [width, height] of [
    [1, 1],
    [1, 4_097],
    [4_097, 1],
    [1, 16_384],
    [16_384, 2],
    [333, 77],
    [65, 129],
  ] as const) {
    const runs = Array.from({ length: height }, (_, y): Run => [0, width - (y % Math.min(width, 4))]);
    yield caseOf(`spans over ${width}×${height}`, { width, height }, [
      spans(0, runs, hue(1)),
      spans(0, runs.toReversed(), hue(2, 0x60)),
    ]);
  }
}

/** Spans and bitmaps by turns, which share the pool. */
function pooled(): Case {
  const shapes = Array.from({ length: 60 }, (_, index) => {
    const [x, y] = [(index % 10) * 6, Math.floor(index / 10) * 8];
    if (index % 2 === 0) return glyph(x, y, glyphOf(String.fromCharCode(65 + (index % 26))), hue(index));
    return spans(
      y,
      [
        [x, x + 1],
        [x, x + (index % 6)],
        [x + 2, x + 5],
      ],
      hue(index),
    );
  });
  return caseOf('spans and glyphs by turns', { width: 60, height: 50 }, shapes);
}

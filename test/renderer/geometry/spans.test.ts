/** The collector: what it sorts, joins and counts, the layers it hands out, and the harness that holds it. */
import { describe, expect, it } from 'vitest';
import { Spans } from '../../../renderer/geometry/spans.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { clip } from './clips.ts';
import { objections, type Run, runsOf } from './compare.ts';

function collect(spans: Spans, runs: readonly Run[], within = clip(0, 0, 16384, 16384)): Run[] {
  spans.begin(within);
  // The work is the shapes' to count; here each run is a part of its own.
  for (const [y, start, end] of runs) {
    spans.enter(within.x0, y, within.x1, y + 1);
    if (spans.top < spans.bottom) spans.add(y, start, end);
  }
  spans.finish();
  return runsOf(spans);
}

interface Piece {
  readonly box: readonly number[];
  readonly words: readonly number[];
}

function layersOf(spans: Spans): Piece[] {
  const found: Piece[] = [];
  spans.eachLayer(({ x0, y0, x1, y1, words }) =>
    found.push({ box: [x0, y0, x1, y1], words: [...words.subarray(0, 2 * (y1 - y0))] }),
  );
  return found;
}

describe('the collector of runs', () => {
  it('sorts runs by row and start, and joins those that overlap or touch', () => {
    const spans = new Spans();
    const runs = collect(spans, [
      [3, 9, 12],
      [1, 5, 7],
      [3, 0, 4],
      [1, 7, 8],
      [3, 2, 3],
      [1, 0, 4],
      [3, 11, 13],
    ]);
    expect(runs).toEqual([
      [1, 0, 4],
      [1, 5, 8],
      [3, 0, 4],
      [3, 9, 13],
    ]);
    expect(spans.pixels).toBe(15);
  });

  it('never joins the end of one row to the start of the next', () => {
    const runs: Run[] = [
      [0, 5, 16384],
      [1, 0, 3],
      [16383, 0, 16384],
    ];
    expect(collect(new Spans(), runs)).toEqual(runs);
  });

  it('cuts runs at the left and right of the clip, and leaves out those beside it', () => {
    const within = clip(10, 2, 20, 4);
    const runs: Run[] = [
      [2, 0, 10],
      [2, 9, 11],
      [2, 19, 99],
      [3, 20, 30],
      [3, -5, 40],
      [2, 15, 15],
      [2, 17, 16],
    ];
    expect(collect(new Spans(), runs, within)).toEqual([
      [2, 10, 11],
      [2, 19, 20],
      [3, 10, 20],
    ]);
  });

  it('forgets the last shape, however long it was', () => {
    const spans = new Spans();
    collect(
      spans,
      Array.from({ length: 2000 }, (_, y): Run => [y, y, y + 1]),
    );
    expect([runsOf(spans).length, spans.pixels, spans.work]).toEqual([2000, 2000, 2000]);
    expect(collect(spans, [[5, 1, 3]])).toEqual([[5, 1, 3]]);
    expect([spans.pixels, spans.work]).toEqual([2, 1]);
    expect(collect(spans, [])).toEqual([]);
    expect([spans.pixels, spans.work]).toEqual([0, 0]);
    expect(layersOf(spans)).toEqual([]);
  });

  it('says which rows of a box the clip shows, and counts them', () => {
    const spans = new Spans();
    const rowsOf = (...box: [number, number, number, number]): number[] => {
      spans.begin(clip(10, 20, 30, 40));
      spans.enter(...box);
      return [spans.top, spans.bottom, spans.work];
    };
    expect(rowsOf(-99, -99, 99, 99)).toEqual([20, 40, 20]);
    expect(rowsOf(29, 39, 30, 40)).toEqual([39, 40, 1]);
    for (const box of [
      [30, 20, 40, 40],
      [0, 20, 10, 40],
      [10, 40, 30, 50],
      [10, 0, 30, 20],
      [20, 30, 20, 40],
    ] as const) {
      const [top, bottom, work] = rowsOf(...(box as [number, number, number, number]));
      expect([bottom! - top!, work], box.join()).toEqual([0, 0]);
    }
  });
});

describe('the layers', () => {
  it('are as many as the richest row has runs, and leave out the rows that have fewer', () => {
    const spans = new Spans();
    collect(spans, [
      [4, 1, 3],
      [5, 0, 2],
      [5, 6, 9],
      [6, 2, 4],
      [6, 8, 9],
      [6, 20, 24],
    ]);
    expect(layersOf(spans)).toEqual([
      { box: [0, 4, 4, 7], words: [1, 3, 0, 2, 2, 4] },
      { box: [6, 5, 9, 7], words: [6, 9, 8, 9] },
      { box: [20, 6, 24, 7], words: [20, 24] },
    ]);
  });

  it('have an empty run in up to four rows without one, and end at more', () => {
    const spans = new Spans();
    const gap = (rows: number): Run[] => [
      [0, 3, 5],
      [rows + 1, 4, 6],
    ];
    collect(spans, gap(4));
    expect(layersOf(spans)).toEqual([{ box: [3, 0, 6, 6], words: [3, 5, 0, 0, 0, 0, 0, 0, 0, 0, 4, 6] }]);
    collect(spans, gap(5));
    expect(layersOf(spans)).toEqual([
      { box: [3, 0, 5, 1], words: [3, 5] },
      { box: [4, 6, 6, 7], words: [4, 6] },
    ]);
  });

  it('are cut where their box would be mostly empty: a slanted line across the canvas is not one box', () => {
    const spans = new Spans();
    const steps = Array.from({ length: 16384 }, (_, i): Run => [i, i, i + 1]);
    collect(spans, steps);
    const boxes = layersOf(spans).map(({ box }) => box);
    const area = boxes.reduce((sum, [x0, y0, x1, y1]) => sum + (x1! - x0!) * (y1! - y0!), 0);
    expect(boxes.length).toBeLessThan(16384 / 128 + 1);
    expect(area).toBeLessThan(16384 * 132);
    // A full block of the same height stays one.
    collect(
      spans,
      steps.map(([y]) => [y, 100, 4000]),
    );
    expect(layersOf(spans).map(({ box }) => box)).toEqual([[100, 0, 4000, 16384]]);
  });

  it('are the same whether one run a row comes from the top to the bottom or from the bottom to the top', () => {
    const spans = new Spans();
    const cuts = new Set<number>();
    for (let seed = 1; seed <= 80; seed++) {
      const between = seededBetween(seed);
      // Slanted and with gaps of all lengths, so that boxes come to be mostly empty.
      const [slant, rarity] = [between(-20, 21), between(2, 400)];
      const runs: Run[] = [];
      for (let y = between(0, 40), x = 8000; y < 500; y += between(0, rarity) === 0 ? between(1, 8) : 1) {
        x = Math.max(0, x + between(0, 2) * slant);
        runs.push([y, x, x + between(1, 99)]);
      }
      collect(spans, runs);
      const [layers, pixels] = [layersOf(spans), spans.pixels];
      collect(spans, runs.toReversed());
      expect(layersOf(spans), `seed ${seed}`).toEqual(layers);
      expect(spans.pixels, `seed ${seed}`).toBe(pixels);
      cuts.add(Math.min(layers.length, 9));
      // One run that comes late, over another one, changes nothing either.
      collect(spans, [...runs, runs[between(0, runs.length)]!]);
      expect(layersOf(spans), `seed ${seed}`).toEqual(layers);
    }
    expect(cuts.size).toBeGreaterThan(3);
  });

  it('add up to the runs, in every random heap of them', () => {
    const spans = new Spans();
    for (let seed = 1; seed <= 60; seed++) {
      const between = seededBetween(seed);
      const wide = between(2, 60);
      const [tall, many] = [between(1, 40), between(0, 200)];
      const runs = Array.from({ length: many }, (): Run => {
        const start = between(-3, wide);
        return [between(0, tall), start, start + between(0, 6)];
      });
      const within = clip(1, 0, wide, tall);
      collect(spans, runs, within);
      const rule = (x: number, y: number): boolean =>
        runs.some((run) => run[0] === y && run[1] <= x && x < run[2]);
      expect(objections(spans, within, rule), `seed ${seed}`).toEqual([]);
    }
  });
});

describe('the harness of these tests', () => {
  it('objects to one pixel too few or too many, and to runs outside the clip', () => {
    const spans = new Spans();
    const within = clip(0, 0, 8, 8);
    collect(spans, [[2, 3, 5]], within);
    const rule = (last: number) => (x: number, y: number) => y === 2 && x >= 3 && x <= last;
    expect(objections(spans, within, rule(4))).toEqual([]);
    expect(objections(spans, within, rule(3))).toEqual(['has (4, 2)']);
    expect(objections(spans, within, rule(5))).toEqual(['lacks (5, 2)']);
    expect(objections(spans, clip(0, 0, 4, 8), rule(4))).toEqual(['a run outside: 2: 3 to 5']);
  });
});

/** Pies and arcs against their rule at every kind of sweep, and how they fit together. */
import { describe, expect, it } from 'vitest';
import { sector } from '../../../renderer/geometry/sector.ts';
import { type Clip, Spans } from '../../../renderer/geometry/spans.ts';
import { cosine, sine } from '../../../renderer/machine/trigonometry.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { clip, clipAround, clipsAt } from './clips.ts';
import { objections, pixelsOf, runsOf } from './compare.ts';
import { arcRule, pieRule } from './rules.ts';

const spans = new Spans();
const SMALL = clip(0, 0, 25, 25);
const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

/** Axes, diagonals, one to either side, and one of no importance. */
const STARTS = [0, 1, 8192, 16383, 16384, 16385, 24576, 32767, 32768, 40960, 49152, 57344, 65535, 12345];
const SWEEPS = [
  0, 1, 2, 8192, 16384, 16385, 32766, 32767, 32768, 32769, 49152, 65534, 65535, 65536, 65537, -1, -32767,
  -32768, -32769, -65535, -65536, -65537,
];

function pie(within: Clip, x: number, y: number, r: number, from: number, to: number): void {
  sector(spans, within, x, y, r, from, to, 0);
}

function pied(within: Clip, x: number, y: number, r: number, from: number, to: number): string[] {
  pie(within, x, y, r, from, to);
  return objections(spans, within, pieRule(x, y, r, from, to));
}

function arced(
  within: Clip,
  x: number,
  y: number,
  r: number,
  from: number,
  to: number,
  pen: number,
): string[] {
  sector(spans, within, x, y, r, from, to, pen);
  return objections(spans, within, arcRule(x, y, r, from, to, pen));
}

/** The most runs that any row has. */
function richestRow(): number {
  const rows = new Map<number, number>();
  for (const [y] of runsOf(spans)) rows.set(y, (rows.get(y) ?? 0) + 1);
  return Math.max(0, ...rows.values());
}

describe('a pie', () => {
  it.each(STARTS)('from %i is its rule at every sweep', (from) => {
    const within = clip(0, 0, 15, 15);
    for (const sweep of SWEEPS) {
      expect(pied(within, 7, 7, 6, from, from + sweep), `${sweep}`).toEqual([]);
    }
  });

  it('of no sweep is nothing, of any other has its centre, and of a turn or more is the disc', () => {
    const pixelsAt = (sweep: number): number => {
      pie(SMALL, 12, 12, 9, 777, 777 + sweep);
      return spans.pixels;
    };
    const disc = 293;
    expect(pixelsAt(0)).toBe(0);
    for (const sweep of SWEEPS) {
      const isCentred = pixelsAt(sweep) > 0 && pixelsOf(spans).has('12,12');
      expect(isCentred, `${sweep}`).toBe(sweep !== 0);
    }
    for (const sweep of [65536, 65537, -65536, -65537]) expect(pixelsAt(sweep)).toBe(disc);
  });

  it('of radius 0 is its centre', () => {
    for (const sweep of [1, 32768, 32769, 65536]) {
      pie(SMALL, 12, 12, 0, 99, 99 + sweep);
      expect([...pixelsOf(spans)]).toEqual(['12,12']);
    }
  });

  it('has the ray it starts on and not the one it ends on', () => {
    for (const [angle, x, y] of [
      [0, 20, 12],
      [8192, 17, 17],
      [16384, 12, 20],
      [32768, 4, 12],
      [40960, 7, 7],
      [49152, 12, 4],
    ] as const) {
      for (const sweep of [1, 16384, 32767, 32768, 32769, 65535]) {
        pie(SMALL, 12, 12, 9, angle, angle + sweep);
        expect(pixelsOf(spans).has(`${x},${y}`), `from ${angle}, ${sweep}`).toBe(true);
        pie(SMALL, 12, 12, 9, angle - sweep, angle);
        expect(pixelsOf(spans).has(`${x},${y}`), `to ${angle}, ${sweep}`).toBe(false);
      }
    }
  });

  it('takes any whole angles, the ends of 32 bits too', () => {
    for (const [from, to] of [
      [INT_MIN, INT_MAX],
      [INT_MAX, INT_MIN],
      [INT_MIN, INT_MIN + 20000],
      [INT_MAX - 50000, INT_MAX],
      [INT_MAX, INT_MAX - 1],
    ] as const) {
      expect(pied(SMALL, 12, 12, 9, from, to), `${from} ${to}`).toEqual([]);
    }
  });

  it('and the rest of the turn make the disc, with only the centre twice', () => {
    const between = seededBetween(41);
    for (let round = 0; round < 60; round++) {
      const [from, r] = [between(0, 65536), between(0, 12)];
      const sweep = [1, 32767, 32768, 32769, 65535, between(1, 65536)][round % 6]!;
      pie(SMALL, 12, 12, r, from, from + sweep);
      const [one, first] = [pixelsOf(spans), spans.pixels];
      pie(SMALL, 12, 12, r, from + sweep, from + 65536);
      const both = [...pixelsOf(spans)].filter((pixel) => one.has(pixel));
      const second = spans.pixels;
      expect(both, `seed 41: ${r} ${from} ${sweep}`).toEqual(['12,12']);
      pie(SMALL, 12, 12, r, 0, 65536);
      expect(first + second - 1, `seed 41: ${r} ${from} ${sweep}`).toBe(spans.pixels);
    }
  });
});

describe('a sector', () => {
  it('is its rule at random, with every pen', () => {
    const between = seededBetween(42);
    for (let round = 0; round < 200; round++) {
      const from = between(0, 2) === 0 ? between(-99999, 99999) : STARTS[between(0, STARTS.length)]!;
      const to = from + (between(0, 2) === 0 ? between(-70000, 70000) : SWEEPS[between(0, SWEEPS.length)]!);
      const [x, y, r] = [between(-3, 27), between(-3, 27), between(0, 20)];
      const pen = [1, 2, 5, r, r + 1, 255][between(0, 6)] || 1;
      const title = `seed 42: ${x} ${y} ${r} from ${from} to ${to} pen ${pen}`;
      expect(pied(SMALL, x, y, r, from, to), title).toEqual([]);
      expect(arced(SMALL, x, y, r, from, to, pen), title).toEqual([]);
      expect(richestRow(), title).toBeLessThan(4);
    }
  });

  it('is exact far from its centre, along both rays', () => {
    const between = seededBetween(43);
    let edges = 0;
    for (let round = 0; round < 150; round++) {
      const from = between(0, 2) === 0 ? between(0, 65536) : STARTS[between(0, STARTS.length)]!;
      const sweep = [1, 2, 32767, 32768, 32769, 65535, between(1, 65536), between(1, 65536)][between(0, 8)]!;
      const r = 16383 - between(0, 2) * between(0, 16000);
      const ray = from + between(0, 2) * sweep;
      const part = between(0, 1001) / 1000;
      const dx = Math.round((cosine(ray) * r * part) / 65536);
      const dy = Math.round((sine(ray) * r * part) / 65536);
      const x = Math.max(-16384, Math.min(between(0, 16384) - dx, 16383));
      const y = Math.max(-16384, Math.min(between(0, 16384) - dy, 16383));
      const within = clipAround(between, x + dx, y + dy);
      const pen = [1, 2, 255][between(0, 3)]!;
      const title = `seed 43: ${x} ${y} ${r} from ${from} by ${sweep} pen ${pen} ${JSON.stringify(within)}`;
      expect(pied(within, x, y, r, from, from + sweep), title).toEqual([]);
      const area = (within.x1 - within.x0) * (within.y1 - within.y0);
      if (spans.pixels > 0 && spans.pixels < area) edges++;
      expect(arced(within, x, y, r, from, from + sweep, pen), title).toEqual([]);
    }
    expect(edges).toBeGreaterThan(90);
  });

  it('is cut at every edge of the clip', () => {
    for (const within of clipsAt(3, 5, 22, 24)) {
      for (const [from, to] of [
        [5000, 40000],
        [40000, 5000 + 65536],
        [16384, 49152],
      ] as const) {
        expect(pied(within, 12, 14, 9, from, to), JSON.stringify(within)).toEqual([]);
        expect(arced(within, 12, 14, 9, from, to, 2), JSON.stringify(within)).toEqual([]);
      }
    }
  });

  it('looks at the rows that are seen, and at none beside the clip or without a sweep', () => {
    pie(clip(0, 0, 128, 64), 64, 32, 16383, 16384, 49152);
    expect([spans.work, runsOf(spans).length, spans.pixels]).toEqual([64, 64, 32 * 64 + 32 * 65]);
    for (const within of clipsAt(3, 5, 22, 24).slice(9)) {
      sector(spans, within, 12, 14, 9, 0, 65536, 2);
      expect([spans.work, runsOf(spans).length]).toEqual([0, 0]);
    }
    sector(spans, SMALL, 12, 14, 9, 70, 70, 2);
    expect([spans.work, runsOf(spans).length]).toEqual([0, 0]);
  });
});

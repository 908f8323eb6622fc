/** Discs, circles and ellipses against their rules, their own mirror images, and what they may take. */
import { describe, expect, it } from 'vitest';
import { ellipse, ellipseOutline } from '../../../renderer/geometry/ellipse.ts';
import { type Clip, Spans } from '../../../renderer/geometry/spans.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { type Between, clip, clipAround, clipsAt } from './clips.ts';
import { objections, pixelsOf, runsOf } from './compare.ts';
import { discRule, ellipseRule, outlineRule } from './rules.ts';

const spans = new Spans();

function filled(within: Clip, x: number, y: number, rx: number, ry: number): string[] {
  ellipse(spans, within, x, y, rx, ry);
  return objections(spans, within, ellipseRule(x, y, rx, ry));
}

function outlined(within: Clip, x: number, y: number, rx: number, ry: number, pen: number): string[] {
  ellipseOutline(spans, within, x, y, rx, ry, pen);
  return objections(spans, within, outlineRule(x, y, rx, ry, pen));
}

/** A centre, −16384 to 16383, and a window of the canvas on the edge of its ellipse, or `inwards` pixels beside it. */
function aimAtEdge(between: Between, rx: number, ry: number, inwards: number): [number, number, Clip] {
  const dy = between(-ry, ry + 1);
  const dx = Math.round((rx + 0.5) * Math.sqrt(1 - (dy / (ry + 0.5)) ** 2)) - inwards;
  const side = between(0, 2) === 0 ? -1 : 1;
  const [seenX, seenY] = [between(0, 16384), between(0, 16384)];
  const x = Math.max(-16384, Math.min(seenX - side * dx, 16383));
  const y = Math.max(-16384, Math.min(seenY - dy, 16383));
  return [x, y, clipAround(between, x + side * dx, y + dy)];
}

const areaOf = ({ x0, y0, x1, y1 }: Clip): number => (x1 - x0) * (y1 - y0);

const SMALL = clip(0, 0, 27, 27);

describe('a filled ellipse', () => {
  it('is its rule for every pair of radii from 0 to 12', () => {
    for (let rx = 0; rx <= 12; rx++) {
      for (let ry = 0; ry <= 12; ry++) expect(filled(SMALL, 13, 13, rx, ry), `${rx}, ${ry}`).toEqual([]);
    }
  });

  it('of equal radii is the disc', () => {
    for (let r = 0; r <= 12; r++) {
      ellipse(spans, SMALL, 13, 13, r, r);
      expect(objections(spans, SMALL, discRule(13, 13, r)), `${r}`).toEqual([]);
    }
    ellipse(spans, SMALL, 13, 13, 2, 2);
    expect(objections(spans, SMALL, discRule(13, 13, 3))).not.toEqual([]);
  });

  it('is cut at every edge of the clip', () => {
    for (const within of clipsAt(8, 10, 33, 25)) {
      expect(filled(within, 20, 17, 12, 7), JSON.stringify(within)).toEqual([]);
    }
  });

  it('is exact along the edge of the largest, where A · B passes 2⁵³', () => {
    const between = seededBetween(11);
    let edges = 0;
    for (let round = 0; round < 80; round++) {
      const rx = 16383 - between(0, 3) * between(0, 5000);
      const ry = 16383 - between(0, 3) * between(0, 5000);
      const [x, y, within] = aimAtEdge(between, rx, ry, 0);
      const title = `seed 11: ${x} ${y} ${rx} ${ry} ${JSON.stringify(within)}`;
      expect(filled(within, x, y, rx, ry), title).toEqual([]);
      if (spans.pixels > 0 && spans.pixels < areaOf(within)) edges++;
    }
    expect(edges).toBeGreaterThan(60);
  });

  it('leaves out the pixel that misses it by 8 parts in 2⁵⁶', () => {
    // The nearest misses that a search of the radii from 6000 on has found.
    for (const [rx, ry, dx, dy] of [
      [11475, 9118, 9232, 5416],
      [10211, 8674, 548, 8662],
    ] as const) {
      for (const [sx, sy] of [
        [1, 1],
        [-1, -1],
      ] as const) {
        const within = clip(8000 + sx * dx - 2, 8000 + sy * dy - 2, 8000 + sx * dx + 3, 8000 + sy * dy + 3);
        expect(filled(within, 8000, 8000, rx, ry)).toEqual([]);
        expect(filled(within, 8000, 8000, ry, rx)).toEqual([]);
      }
    }
  });
});

describe('an outline', () => {
  it('is its rule for radii from 0 to 12 and pens from 1 to 14, and 255', () => {
    for (let rx = 0; rx <= 12; rx++) {
      for (const ry of [0, 1, 2, 5, rx, 12]) {
        for (const pen of [1, 2, 3, rx, rx + 1, 14, 255]) {
          if (pen > 0) expect(outlined(SMALL, 13, 13, rx, ry, pen), `${rx}, ${ry}, ${pen}`).toEqual([]);
        }
      }
    }
  });

  it('is cut at every edge of the clip, of the shape and of its hole', () => {
    for (const within of [...clipsAt(8, 10, 33, 25), ...clipsAt(11, 13, 30, 22)]) {
      for (const pen of [1, 3]) {
        expect(outlined(within, 20, 17, 12, 7, pen), `${pen} ${JSON.stringify(within)}`).toEqual([]);
      }
    }
  });

  it('is exact for large and far ones, on the outer edge and the inner', () => {
    const between = seededBetween(12);
    let edges = 0;
    for (let round = 0; round < 80; round++) {
      const rx = between(0, 16384);
      const ry = between(0, 2) === 0 ? rx : between(0, 16384);
      const pen = [1, 1, 2, 30, 255][between(0, 5)]!;
      const [x, y, within] = aimAtEdge(between, rx, ry, between(0, 2) * pen);
      const title = `seed 12: ${x} ${y} ${rx} ${ry} ${pen} ${JSON.stringify(within)}`;
      expect(outlined(within, x, y, rx, ry, pen), title).toEqual([]);
      if (spans.pixels > 0 && spans.pixels < areaOf(within)) edges++;
    }
    expect(edges).toBeGreaterThan(50);
  });

  it('of pen 1 closes: from each pixel the next lies beside it or at its corner', () => {
    for (const r of [1, 2, 5, 9, 12]) {
      ellipseOutline(spans, SMALL, 13, 13, r, r, 1);
      const pixels = pixelsOf(spans);
      for (const pixel of pixels) {
        const [x, y] = pixel.split(',').map(Number) as [number, number];
        const near = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => `${x + dx},${y + dy}`));
        expect(near.filter((other) => pixels.has(other)).length, `${r}: ${pixel}`).toBeGreaterThan(2);
      }
    }
  });
});

describe('a round shape', () => {
  it('is its own mirror image, left and right, above and below, and a circle along its diagonals', () => {
    const between = seededBetween(13);
    for (let round = 0; round < 40; round++) {
      const [r, pen] = [between(0, 14), between(1, 6)];
      const ry = between(0, 2) === 0 ? r : between(0, 14);
      ellipseOutline(spans, clip(0, 0, 29, 29), 14, 14, r, ry, pen);
      const pixels = pixelsOf(spans);
      for (const pixel of pixels) {
        const [x, y] = pixel.split(',').map(Number) as [number, number];
        const images = [`${28 - x},${y}`, `${x},${28 - y}`, ...(r === ry ? [`${y},${x}`] : [])];
        for (const image of images) expect(pixels.has(image), `${r} ${ry} ${pen}: ${pixel}`).toBe(true);
      }
    }
  });

  it('looks at the rows that are seen, however large it is', () => {
    ellipse(spans, clip(0, 0, 128, 64), 64, 32, 16383, 16383);
    expect([spans.work, runsOf(spans).length, spans.pixels]).toEqual([64, 64, 8192]);
    ellipseOutline(spans, clip(0, 0, 128, 64), 64, 32, 16383, 16383, 255);
    expect([spans.work, runsOf(spans).length]).toEqual([64, 0]);
    ellipse(spans, clip(0, 0, 128, 64), 64, 32, 2, 3);
    expect([spans.work, runsOf(spans).length]).toEqual([7, 7]);
  });

  it('takes nothing where the clip lies beside it', () => {
    for (const within of clipsAt(8, 10, 33, 25).slice(9)) {
      ellipseOutline(spans, within, 20, 17, 12, 7, 2);
      expect([spans.work, runsOf(spans).length], JSON.stringify(within)).toEqual([0, 0]);
    }
  });
});

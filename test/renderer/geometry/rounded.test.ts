/** Round-cornered rectangles against their rule, and their own mirror images. */
import { describe, expect, it } from 'vitest';
import { roundedRectangle } from '../../../renderer/geometry/rounded.ts';
import { type Clip, Spans } from '../../../renderer/geometry/spans.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { clip, clipAround, clipsAt } from './clips.ts';
import { objections, pixelsOf, runsOf } from './compare.ts';
import { roundedRule } from './rules.ts';

const spans = new Spans();

function drawn(within: Clip, x: number, y: number, w: number, h: number, r: number): string[] {
  roundedRectangle(spans, within, x, y, w, h, r);
  return objections(spans, within, roundedRule(x, y, w, h, r));
}

describe('a rectangle with round corners', () => {
  it('is its rule for every side up to 9 and every radius up to 6', () => {
    const within = clip(0, 0, 12, 12);
    for (let w = 0; w <= 9; w++) {
      for (let h = 0; h <= 9; h++) {
        for (let r = 0; r <= 6; r++) expect(drawn(within, 2, 1, w, h, r), `${w} ${h} ${r}`).toEqual([]);
      }
    }
  });

  it('without a radius is the rectangle, and of radius 1 it is too', () => {
    for (const [r, pixels] of [
      [0, 70],
      [1, 70],
      [2, 66],
    ] as const) {
      roundedRectangle(spans, clip(0, 0, 20, 20), 3, 3, 10, 7, r);
      expect(spans.pixels, `${r}`).toBe(pixels);
    }
  });

  it('of half its shorter side or more has round ends', () => {
    const within = clip(0, 0, 30, 12);
    roundedRectangle(spans, within, 1, 1, 27, 10, 5);
    const pixels = pixelsOf(spans);
    for (const r of [6, 16383]) {
      roundedRectangle(spans, within, 1, 1, 27, 10, r);
      expect(pixelsOf(spans)).toEqual(pixels);
    }
    roundedRectangle(spans, within, 1, 1, 27, 10, 4);
    expect(pixelsOf(spans)).not.toEqual(pixels);
  });

  it('is nothing when a side is below 1', () => {
    for (const [w, h] of [
      [0, 5],
      [5, 0],
      [-5, 5],
      [5, -5],
    ] as const) {
      expect(drawn(clip(0, 0, 20, 20), 8, 8, w, h, 2)).toEqual([]);
      expect([spans.pixels, spans.work]).toEqual([0, 0]);
    }
  });

  it('is cut at every edge of the clip', () => {
    for (const within of clipsAt(4, 6, 33, 19)) {
      expect(drawn(within, 4, 6, 29, 13, 6), JSON.stringify(within)).toEqual([]);
    }
  });

  it('is exact at the corners of large ones', () => {
    const between = seededBetween(51);
    for (let round = 0; round < 80; round++) {
      const r = 16383 - between(0, 2) * between(0, 16383);
      const [w, h] = [2 * r + between(0, 3), 2 * r + between(0, 9999)];
      const [x, y] = [between(-w, 16384), between(-h, 16384)];
      const i = between(0, r + 1);
      const j = Math.floor(Math.sqrt(r * r - i * i));
      const [left, top] = [between(0, 2) === 0, between(0, 2) === 0];
      const within = clipAround(between, left ? x + r - i : x + w - r + i, top ? y + r - j : y + h - r + j);
      expect(drawn(within, x, y, w, h, r), `seed 51: ${x} ${y} ${w} ${h} ${r}`).toEqual([]);
    }
  });

  it('may hang over anything: sides and corners as far as 33 bits reach', () => {
    const far = 2 ** 31;
    for (const [x, y, w, h] of [
      [-2 * far, -2 * far, 2 * far + 9, 2 * far + 9],
      [-far, -far, 2 * far, 2 * far],
      [-far, 3, far + 9, 4],
      [3, 3, far, far],
    ] as const) {
      for (const r of [0, 3, 16383]) {
        expect(drawn(clip(0, 0, 12, 12), x, y, w, h, r), `${x} ${y} ${w} ${h} ${r}`).toEqual([]);
      }
    }
  });

  it('is its own mirror image', () => {
    const between = seededBetween(52);
    for (let round = 0; round < 40; round++) {
      const [w, h, r] = [between(1, 20), between(1, 20), between(0, 11)];
      roundedRectangle(spans, clip(0, 0, 20, 20), 0, 0, w, h, r);
      const pixels = pixelsOf(spans);
      for (const pixel of pixels) {
        const [x, y] = pixel.split(',').map(Number) as [number, number];
        const images = [`${w - 1 - x},${y}`, `${x},${h - 1 - y}`];
        expect(
          images.every((image) => pixels.has(image)),
          `seed 52: ${w} ${h} ${r}: ${pixel}`,
        ).toBe(true);
      }
    }
  });

  it('looks at the rows that are seen', () => {
    roundedRectangle(spans, clip(0, 0, 128, 64), -9000, -9000, 18000, 18000, 9000);
    expect([spans.work, runsOf(spans).length, spans.pixels]).toEqual([64, 64, 8192]);
    roundedRectangle(spans, clip(0, 0, 128, 64), 128, 0, 50, 50, 3);
    expect([spans.work, runsOf(spans).length]).toEqual([0, 0]);
  });
});

import { describe, expect, it } from 'vitest';
import { BLENDS } from '../../../renderer/display/blends.ts';
import { blended, MIX_PIXELS, MIXES, sourceOver } from '../../../renderer/raster/mixing.ts';
import { FORMULAS } from './oracle-painter.ts';

const packed = (r: number, g: number, b: number, a: number) =>
  (a * 2 ** 24 + b * 2 ** 16 + g * 2 ** 8 + r) >>> 0;

describe('sourceOver', () => {
  it('is the source where it is opaque, and the ground where it is not there', () => {
    for (const color of [packed(0, 0, 0, 255), packed(255, 255, 255, 255), packed(1, 2, 3, 255)]) {
      expect(sourceOver(color, packed(9, 8, 7, 255))).toBe(color);
      expect(sourceOver(packed(9, 8, 7, 0), color)).toBe(color);
    }
  });

  it('blends each channel by itself for every alpha, and stays opaque', () => {
    for (let alpha = 0; alpha <= 255; alpha++) {
      const expected = [
        [200, 0],
        [0, 255],
        [255, 1],
      ].map(([source, ground]) => Math.round((source! * alpha + ground! * (255 - alpha)) / 255));
      const found = sourceOver(packed(200, 0, 255, alpha), packed(0, 255, 1, 255));
      expect(found).toBe(packed(expected[0]!, expected[1]!, expected[2]!, 255));
    }
  });
});

describe.each(BLENDS)('the mode $name', ({ number }) => {
  const mix = MIXES[number]!;
  const formula = FORMULAS[number]!;

  it('makes of every pair of channels what its formula says, and nothing of one channel with another', () => {
    const wrong: number[][] = [];
    for (let s = 0; s < 256; s++) {
      for (let d = 0; d < 256; d++) {
        const [other, ground] = [255 - s, (d * 167 + 13) & 255];
        const pair = mix(s * 0x10000 + other, d * 0x10000 + ground);
        if (pair !== formula(s, d) * 0x10000 + formula(other, ground)) wrong.push([s, d, pair]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is the ground at alpha 0, the formula at 255, and weighs them between', () => {
    for (const alpha of [0, 1, 127, 128, 254, 255]) {
      for (const [s, d] of [
        [0, 0],
        [0, 255],
        [255, 0],
        [255, 255],
        [200, 100],
        [77, 178],
      ] as const) {
        const channel = Math.round((formula(s, d) * alpha + d * (255 - alpha)) / 255);
        const found = blended(mix, packed(s, s, s, alpha), packed(d, d, d, 255));
        expect(found, `${alpha} ${s} ${d}`).toBe(packed(channel, channel, channel, 255));
        if (alpha === 0) expect(channel).toBe(d);
        if (alpha === 255) expect(channel).toBe(formula(s, d));
      }
    }
  });

  it('mixes a run of pixels as one by one, of every alpha, and leaves alone what lies around it', () => {
    const words = Uint32Array.from({ length: 600 }, (_, n) => Math.imul(n + 1, 0x9e3779b1));
    for (let n = 0; n < 256; n++) words[n] = ((words[n]! & 0xffffff) | (n << 24)) >>> 0;
    const ground = Uint32Array.from({ length: 620 }, (_, n) => Math.imul(n, 0x85ebca6b) | 0xff000000);
    const expected = ground.map((below, n) =>
      n < 7 || n >= 607 ? below : blended(mix, words[n - 7]!, below),
    );
    const run = ground.slice();
    MIX_PIXELS[number]!(run, 7, 607, words, 0);
    expect(run).toEqual(expected);
    // From the middle of the words, and none.
    const part = ground.slice();
    MIX_PIXELS[number]!(part, 9, 12, words, 2);
    expect([...part.subarray(9, 12)]).toEqual([...expected.subarray(9, 12)]);
    MIX_PIXELS[number]!(part, 20, 20, words, 0);
    expect(part.subarray(12)).toEqual(ground.subarray(12));
    expect(expected).not.toEqual(ground);
  });
});

it('blended in the mode over is sourceOver', () => {
  for (let n = 0; n < 5_000; n++) {
    const [source, ground] = [Math.imul(n, 0x9e3779b1) >>> 0, (Math.imul(n, 0x85ebca6b) | 0xff000000) >>> 0];
    expect(blended(MIXES[0]!, source, ground)).toBe(sourceOver(source, ground));
  }
});

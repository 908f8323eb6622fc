import { describe, expect, it } from 'vitest';
import { sourceOver } from '../../../renderer/raster/fine.ts';

describe('sourceOver', () => {
  const packed = (r: number, g: number, b: number, a: number) =>
    (a * 2 ** 24 + b * 2 ** 16 + g * 2 ** 8 + r) >>> 0;

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
      const blended = sourceOver(packed(200, 0, 255, alpha), packed(0, 255, 1, 255));
      expect(blended).toBe(packed(expected[0]!, expected[1]!, expected[2]!, 255));
    }
  });
});

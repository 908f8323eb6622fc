/** The oracle's painting: a canvas that shapes are mixed into one pixel after the other, by the written formulas. */
import type { BlendName } from '../../../renderer/display/blends.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import type { Ink } from './oracle-marks.ts';

/** v / 255 to the nearest. */
const over255 = (v: number): number => Math.floor((2 * v + 255) / 510);

/** What a source and a destination channel are combined to, before alpha mixes. */
const COMBINED: Readonly<Record<BlendName, (s: number, d: number) => number>> = {
  over: (s) => s,
  add: (s, d) => Math.min(255, s + d),
  multiply: (s, d) => over255(s * d),
  screen: (s, d) => s + d - over255(s * d),
  xor: (s, d) => Number(BigInt(s) ^ BigInt(d)),
};

export class Painting {
  /** RGBA8, row-major. */
  readonly bytes: Uint8Array;

  constructor({ width, height }: Canvas) {
    this.bytes = new Uint8Array(width * height * 4).map((_, index) => (index % 4 === 3 ? 255 : 0));
  }

  /** @param pixels y · width + x of each */
  put(pixels: readonly number[], { color, blend }: Ink): void {
    const [r, g, b, alpha] = [0, 8, 16, 24].map((bits) => Math.floor(color / 2 ** bits) % 256) as [
      number,
      number,
      number,
      number,
    ];
    for (const pixel of pixels) {
      for (const [channel, s] of [r, g, b].entries()) {
        const d = this.bytes[pixel * 4 + channel]!;
        const mixed = COMBINED[blend](s, d);
        this.bytes[pixel * 4 + channel] = over255(mixed * alpha + d * (255 - alpha));
      }
    }
  }
}

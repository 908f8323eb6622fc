/**
 * The oracle: paints an encoded list straight from the rules, one shape after the other and pixel by pixel,
 * with nothing of the product's painters in it. Slow, and obviously right.
 */
import type { EncodedList } from '../../../renderer/display/builder.ts';

/** `v / 255` to the nearest whole number, for 0 ≤ v ≤ 65,025. */
export type Divide = (v: number) => number;

/**
 * RGBA8, row-major.
 *
 * @param divide stands for the rule of blending, in tests of what a wrong one would paint
 */
export function paintByTheRules(
  list: EncodedList,
  divide: Divide = (v: number) => Math.round(v / 255),
): Uint8Array {
  const { width, height } = list.canvas;
  const bytes = new Uint8Array(width * height * 4);
  // The ground is opaque black, later shapes lie over earlier ones, and alpha stays 255.
  for (let at = 3; at < bytes.length; at += 4) bytes[at] = 255;
  for (let shape = 0; shape < list.shapeCount; shape++) {
    // Eight words: tag, color, x0, y0, x1, y1, the bitmap's first row, nothing.
    const word = (index: number): number => list.shapes[8 * shape + index]!;
    const [x0, y0, x1, y1] = [word(2) | 0, word(3) | 0, word(4) | 0, word(5) | 0];
    const isGlyph = word(0) === 2;
    const [red, green, blue, alpha] = [0, 8, 16, 24].map((bits) => Math.floor(word(1) / 2 ** bits) % 256);
    const sources = [red!, green!, blue!];
    for (let y = Math.max(0, y0); y < Math.min(height, y1); y++) {
      for (let x = Math.max(0, x0); x < Math.min(width, x1); x++) {
        if (isGlyph) {
          // A word for each row, in which the rightmost pixel is worth 1.
          const row = list.bitmaps[word(6) + y - y0]!;
          if (Math.floor(row / 2 ** (x1 - 1 - x)) % 2 === 0) continue;
        }
        const at = (y * width + x) * 4;
        for (let channel = 0; channel < 3; channel++) {
          const below = bytes[at + channel]!;
          bytes[at + channel] = divide(sources[channel]! * alpha! + below * (255 - alpha!));
        }
      }
    }
  }
  return bytes;
}

/**
 * The oracle: paints an encoded list straight from the rules, one shape after the other and pixel by pixel,
 * with nothing of the product's painters in it. Slow, and obviously right.
 */
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { shadedBy } from '../shade/oracle.ts';

/** `v / 255` to the nearest whole number, for 0 ≤ v ≤ 65,025. */
export type Divide = (v: number) => number;

/** What a blend mode makes of a source and a destination channel, each from 0 to 255. */
export type Formula = (s: number, d: number) => number;

/** The words of an image, 0 beyond the pool's end. */
export interface Image {
  /** Where its pixels begin in the pool. */
  readonly base: number;
  /** Of its box, pixels. */
  readonly width: number;
  readonly height: number;
  readonly column: (x: number) => number;
  readonly row: (y: number) => number;
  /** Any word of the pool. */
  readonly word: (at: number) => number;
}

/** The packed colour of an image's pixel, column x and row y of its box from 0. */
export type Look = (image: Image, x: number, y: number) => number;

const sum: Look = ({ base, column, row, word }, x, y) => word((base + column(x) + row(y)) % 2 ** 32);

const NEAREST = Uint8Array.from({ length: 255 * 255 + 1 }, (_, v) => Math.round(v / 255));

const nearest: Divide = (v) => NEAREST[v]!;

/** By the mode's number: over, add, multiply, screen, xor. */
export const FORMULAS: readonly Formula[] = [
  (s) => s,
  (s, d) => Math.min(255, s + d),
  (s, d) => nearest(s * d),
  (s, d) => s + d - nearest(s * d),
  (s, d) => s ^ d,
];

/** In tests of what a wrong rule would paint. */
interface Rules {
  /** The division of a blend's last step. */
  readonly divide?: Divide;
  readonly formulas?: readonly Formula[];
  readonly look?: Look;
}

/** RGBA8, row-major. */
export function paintByTheRules(
  list: EncodedList,
  { divide = nearest, formulas = FORMULAS, look = sum }: Rules = {},
): Uint8Array {
  const { width, height } = list.canvas;
  const bytes = new Uint8Array(width * height * 4);
  // The ground is opaque black, later shapes lie over earlier ones, and alpha stays 255.
  for (let at = 3; at < bytes.length; at += 4) bytes[at] = 255;
  for (let shape = 0; shape < list.shapeCount; shape++) {
    // Eight words: tag, color, x0, y0, x1, y1, where its words in the pool begin, blend mode.
    const word = (index: number): number => list.shapes[8 * shape + index]!;
    const [x0, y0, x1, y1] = [word(2) | 0, word(3) | 0, word(4) | 0, word(5) | 0];
    const pooled = (index: number): number => list.pool[word(6) + index] ?? 0;
    const own = channelsOf(word(1));
    const formula = formulas[word(7)];
    const [isRect, isGlyph, isSpans, isImage, isShade] = [1, 2, 3, 4, 5].map((tag) => word(0) === tag);
    if (formula === undefined || !(isRect || isGlyph || isSpans || isImage || isShade)) continue;
    // A word that all pixels share, one for each column, one for each row: their sum says where in the pool a pixel is.
    const image: Image = {
      base: pooled(0),
      width: x1 - x0,
      height: y1 - y0,
      column: (x) => pooled(1 + x),
      row: (y) => pooled(1 + (x1 - x0) + y),
      word: (at) => list.pool[at] ?? 0,
    };
    // A number, the rectangle, whether it is opaque, and what it is given.
    const shade = isShade ? list.shades[pooled(0)] : undefined;
    if (isShade && shade === undefined) continue;
    const uniforms = Array.from({ length: shade?.uniforms ?? 0 }, (_, index) => pooled(6 + index) | 0);
    for (let y = Math.max(0, y0); y < Math.min(height, y1); y++) {
      const row = y - y0;
      // A word for each row, in which the rightmost pixel is worth 1.
      const bits = isGlyph ? pooled(row) : 0;
      // Two words for each row: from the first column on, before the second.
      const [from, before] = isSpans ? [pooled(2 * row) | 0, pooled(2 * row + 1) | 0] : [x0, x1];
      for (let x = Math.max(0, x0); x < Math.min(width, x1); x++) {
        if (isGlyph && Math.floor(bits / 2 ** (x1 - 1 - x)) % 2 === 0) continue;
        if (x < from || x >= before) continue;
        const at = (y * width + x) * 4;
        let source = own;
        if (isImage) source = channelsOf(look(image, x - x0, row));
        if (isShade) {
          const given = { x: x - pooled(1), y: y - pooled(2), w: pooled(3), h: pooled(4), uniforms };
          source = shadedBy(shade!, [...bytes.subarray(at, at + 3)], given);
        }
        const alpha = isShade && pooled(5) === 1 ? 255 : source[3]!;
        for (let channel = 0; channel < 3; channel++) {
          const below = bytes[at + channel]!;
          const mixed = formula(source[channel]!, below);
          bytes[at + channel] = divide(mixed * alpha + below * (255 - alpha));
        }
      }
    }
  }
  return bytes;
}

/** Red, green, blue and alpha. */
function channelsOf(color: number): number[] {
  const of = (bits: number): number => Math.floor(color / 2 ** bits) % 256;
  return [of(0), of(8), of(16), of(24)];
}

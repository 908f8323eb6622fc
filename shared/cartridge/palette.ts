/** Palettes: an opaque picture of at most 256 colours as indices into them, packed into rows as PNG wants them. */
import type { Canvas } from '../canvas.ts';
import { RowComparison } from './row-comparison.ts';

export interface Indexed {
  /** R, G and B of each colour, in the order in which they first come. */
  readonly colors: Uint8Array;
  /** Bits of an index. */
  readonly depth: Depth;
  /** Each row behind its filter byte: 0, unfiltered. */
  readonly rows: Uint8Array;
}

type Depth = 1 | 2 | 4 | 8;

const MOST = 256;
/** At most a quarter of the table is used, so that nearly every colour is found where it is looked for first. */
const TABLE_BITS = 10;
const TABLE = 1 << TABLE_BITS;
/** Pixels looked at before all of them are. */
const PROBES = 1_024;

/**
 * A picture with its palette; undefined when it has more colours, or one that is not opaque.
 *
 * @param words its pixels, row-major, each four bytes R, G, B, A
 */
export function indexed(words: Int32Array, canvas: Canvas): Indexed | undefined {
  return twoColors(words, canvas) ?? manyColors(words, canvas);
}

/** Eight pixels at a time and without a branch: text in one colour on another is where others would be mispredicted. */
function twoColors(words: Int32Array, { width, height }: Canvas): Indexed | undefined {
  const first = words[0]!;
  let differs = 1;
  while (differs < words.length && words[differs] === first) differs++;
  const second = words[differs] ?? first;
  if (!isOpaque(first & second)) return undefined;
  const apart = first ^ second;
  // Any bit in which the two differ tells which one a pixel has.
  const bit = 31 - Math.clz32(apart | 1);
  const comparison = new RowComparison(words, width);
  const stride = 1 + Math.ceil(width / 8);
  const rows = new Uint8Array(stride * height);
  // Of other colours this has a bit left.
  let others = 0;
  for (let y = 0; y < height && others === 0; y++) {
    let at = y * width;
    const end = at + width;
    let out = y * stride + 1;
    if (y > 0 && comparison.isAsAbove(y)) {
      rows.copyWithin(out, out - stride, out - 1);
      continue;
    }
    for (; at + 8 <= end; at += 8) {
      const p0 = words[at]! ^ first;
      const p1 = words[at + 1]! ^ first;
      const p2 = words[at + 2]! ^ first;
      const p3 = words[at + 3]! ^ first;
      const p4 = words[at + 4]! ^ first;
      const p5 = words[at + 5]! ^ first;
      const p6 = words[at + 6]! ^ first;
      const p7 = words[at + 7]! ^ first;
      const b0 = (p0 >>> bit) & 1;
      const b1 = (p1 >>> bit) & 1;
      const b2 = (p2 >>> bit) & 1;
      const b3 = (p3 >>> bit) & 1;
      const b4 = (p4 >>> bit) & 1;
      const b5 = (p5 >>> bit) & 1;
      const b6 = (p6 >>> bit) & 1;
      const b7 = (p7 >>> bit) & 1;
      others |= (p0 ^ (-b0 & apart)) | (p1 ^ (-b1 & apart)) | (p2 ^ (-b2 & apart)) | (p3 ^ (-b3 & apart));
      others |= (p4 ^ (-b4 & apart)) | (p5 ^ (-b5 & apart)) | (p6 ^ (-b6 & apart)) | (p7 ^ (-b7 & apart));
      rows[out++] = (b0 << 7) | (b1 << 6) | (b2 << 5) | (b3 << 4) | (b4 << 3) | (b5 << 2) | (b6 << 1) | b7;
    }
    for (let place = 7; at < end; at++, place--) {
      const pixel = words[at]! ^ first;
      const one = (pixel >>> bit) & 1;
      others |= pixel ^ (-one & apart);
      rows[out]! |= one << place;
    }
  }
  if (others !== 0) return undefined;
  return { colors: colorsOf(first === second ? [first] : [first, second]), depth: 1, rows };
}

function manyColors(words: Int32Array, canvas: Canvas): Indexed | undefined {
  // A look here and there tells nearly always how many bits are enough, and spares pictures of too many colours.
  const probed = probe(words);
  if (probed === undefined) return undefined;
  for (let depth = depthFor(probed.colors.length); ; ) {
    const palette = new Palette();
    const rows = pack(words, canvas, depth, palette);
    if (rows !== undefined) return { colors: colorsOf(palette.colors), depth, rows };
    if (depth === 8) return undefined;
    depth = depth === 4 ? 8 : 4;
  }
}

function depthFor(colors: number): Depth {
  return colors <= 4 ? 2 : colors <= 16 ? 4 : 8;
}

function probe(words: Int32Array): Palette | undefined {
  const palette = new Palette();
  // Odd, so that the places wander through the columns.
  const apart = Math.floor(words.length / PROBES) | 1;
  for (let at = 0; at < words.length; at += apart) {
    if (palette.find(words[at]!, MOST) < 0) return undefined;
  }
  return palette;
}

/** The rows, each a copy of the one above in which what differs is set; undefined when there are too many colours. */
function pack(
  words: Int32Array,
  { width, height }: Canvas,
  depth: Depth,
  palette: Palette,
): Uint8Array | undefined {
  const comparison = new RowComparison(words, width);
  const stride = 1 + Math.ceil((width * depth) / 8);
  const rows = new Uint8Array(stride * height);
  const { keys, indices } = palette;
  const mask = (1 << depth) - 1;
  let all = words[0]!;
  for (let y = 0; y < height; y++) {
    const begin = y * stride + 1;
    if (y > 0) rows.copyWithin(begin, begin - stride, begin - 1);
    if (y > 0 && comparison.isAsAbove(y)) continue;
    const from = y * width;
    const to = from + width;
    for (let at = from; ; ) {
      if (y > 0) at = comparison.change(at, to);
      if (at === to) break;
      const word = words[at]!;
      all &= word;
      let place = placeOf(word);
      if (keys[place] !== word) place = palette.find(word, 1 << depth);
      if (place < 0) return undefined;
      const index = indices[place]!;
      if (depth === 8) {
        do rows[begin + at++ - from] = index;
        while (at < to && words[at] === word);
        continue;
      }
      do {
        const bit = (at - from) * depth;
        const out = begin + (bit >>> 3);
        const shift = 8 - depth - (bit & 7);
        rows[out] = (rows[out]! & ~(mask << shift)) | (index << shift);
        at++;
      } while (at < to && words[at] === word);
    }
  }
  return isOpaque(all) ? rows : undefined;
}

/** Where a colour is looked for first. */
function placeOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

class Palette {
  /** Colours by their places; 0, which is not opaque, where there is none. */
  readonly keys = new Int32Array(TABLE);
  /** The index of the colour at each place. */
  readonly indices = new Uint8Array(TABLE);
  /** The colours, by their indices. */
  readonly colors: number[] = [];

  /** The place of a colour, which gets one if fewer than `most` have; -1 when it has none. That of 0 means nothing. */
  find(word: number, most: number): number {
    let place = placeOf(word);
    while (this.keys[place] !== word) {
      if (this.keys[place] === 0) {
        if (this.colors.length === most) return -1;
        this.keys[place] = word;
        this.indices[place] = this.colors.length;
        this.colors.push(word);
        break;
      }
      place = (place + 1) & (TABLE - 1);
    }
    return place;
  }
}

function colorsOf(words: readonly number[]): Uint8Array {
  const bytes = bytesOf(Int32Array.from(words));
  const colors = new Uint8Array(3 * words.length);
  for (let i = 0; i < colors.length; i++) colors[i] = bytes[4 * Math.floor(i / 3) + (i % 3)]!;
  return colors;
}

function isOpaque(word: number): boolean {
  return bytesOf(Int32Array.of(word))[3] === 255;
}

function bytesOf({ buffer }: Int32Array): Uint8Array {
  return new Uint8Array(buffer);
}

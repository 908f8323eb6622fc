/** Runs of differences: a picture's rows, each as stretches of pixels that differ alike from those above them. */
import type { BitWriter } from './bit-writer.ts';
import { type Counts, matchOf, UP, type Words } from './difference-block.ts';
import { LONGEST_MATCH } from './match-lengths.ts';
import { RowComparison } from './row-comparison.ts';

/** Runs that fill a block, but for those of the row in which it becomes full: half a megabyte, which stays in the cache. */
export const BLOCK_RUNS = 65_536;

/** Where the runs of a picture are gathered, a block at a time. */
export interface Runs {
  /** Runs gathered for the block. */
  readonly size: number;
  /** Gathers the runs of the next row. */
  gather(): RowSums;
  /** What they are written with. */
  count(): Counts;
  /** Writes them, and has none then. */
  write(words: Words, bits: BitWriter): void;
}

/** What the checksum needs to know of a row, its filter byte included. */
export interface RowSums {
  /** The sum of its bytes. */
  readonly bytes: number;
  /** The same sum, each byte times its place in the row, from 0. */
  readonly weighted: number;
}

/** Runs as they are defined: FastRuns, for larger pictures, has to give the same. */
export class PlainRuns implements Runs {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #width: number;
  readonly #comparison: RowComparison;
  /** Two words each: the difference, R in the low byte, and of how many pixels; of none where a row begins. */
  readonly #runs: Uint32Array;
  #used = 0;
  #y = 0;

  /** @param words the pixels, row-major, each four bytes R, G, B, A */
  constructor(words: Int32Array, width: number) {
    this.#words = words;
    this.#bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    this.#width = width;
    this.#comparison = new RowComparison(words, width);
    const most = (words.length / width) * (width + 1);
    this.#runs = new Uint32Array(2 * Math.min(most, BLOCK_RUNS + width + 1));
  }

  get size(): number {
    return this.#used / 2;
  }

  gather(): RowSums {
    const y = this.#y++;
    this.#add(0, 0);
    if (y > 0 && this.#comparison.isAsAbove(y)) {
      this.#add(0, this.#width);
      return { bytes: UP, weighted: 0 };
    }
    let bytes = UP;
    let weighted = 0;
    const from = y * this.#width;
    const to = from + this.#width;
    for (let at = from; at < to; ) {
      const begin = at;
      const difference = this.#difference(at);
      at = difference === 0 && y > 0 ? this.#comparison.change(at, to) : at + 1;
      while (at < to && this.#difference(at) === difference) at++;
      const times = at - begin;
      this.#add(difference, times);
      const g = (difference >>> 8) & 255;
      const b = (difference >>> 16) & 255;
      const a = difference >>> 24;
      const all = (difference & 255) + g + b + a;
      const place = 4 * (begin - from) + 1;
      bytes += times * all;
      weighted += times * (all * (place + 2 * (times - 1)) + g + 2 * b + 3 * a);
    }
    return { bytes, weighted };
  }

  count(): Counts {
    const literals = new Uint32Array(256);
    const lengths = new Uint32Array(LONGEST_MATCH + 1);
    walk(
      this.#runs.subarray(0, this.#used),
      (byte) => literals[byte]!++,
      (length) => lengths[length]!++,
    );
    return { literals, lengths };
  }

  write({ literals, near, far }: Words, bits: BitWriter): void {
    const put = (word: number): void => bits.append(word & 0xffff, word >>> 16);
    walk(
      this.#runs.subarray(0, this.#used),
      (byte) => put(literals[byte]!),
      (length, isFar) => put((isFar ? far : near)[length]!),
    );
    this.#used = 0;
  }

  #add(difference: number, times: number): void {
    this.#runs[this.#used] = difference;
    this.#runs[this.#used + 1] = times;
    this.#used += 2;
  }

  /** Byte by byte: words begin with R on some machines and with A on others. PNG takes what is above the first row as 0. */
  #difference(at: number): number {
    const bytes = this.#bytes;
    const here = 4 * at;
    const above = here - 4 * this.#width;
    if (above < 0) {
      return (
        (bytes[here]! | (bytes[here + 1]! << 8) | (bytes[here + 2]! << 16) | (bytes[here + 3]! << 24)) >>> 0
      );
    }
    if (this.#words[at] === this.#words[at - this.#width]) return 0;
    const r = (bytes[here]! - bytes[above]!) & 255;
    const g = (bytes[here + 1]! - bytes[above + 1]!) & 255;
    const b = (bytes[here + 2]! - bytes[above + 2]!) & 255;
    const a = (bytes[here + 3]! - bytes[above + 3]!) & 255;
    return (r | (g << 8) | (b << 16) | (a << 24)) >>> 0;
  }
}

/** Says the bytes and matches of runs in their order. */
function walk(
  runs: Uint32Array,
  literal: (byte: number) => void,
  match: (length: number, isFar: boolean) => void,
): void {
  let last = 0;
  for (let at = 0; at < runs.length; at += 2) {
    const difference = runs[at]!;
    const times = runs[at + 1]!;
    let left = 4 * times;
    if (times === 0) {
      literal(UP);
      last = UP;
    } else if (difference === 0) {
      // Where there is no zero yet that could be repeated.
      if (last !== 0) {
        literal(0);
        left--;
      }
      last = 0;
    } else {
      for (let shift = 0; shift < 32; shift += 8) literal((difference >>> shift) & 255);
      last = difference >>> 24;
      left -= 4;
    }
    for (; left > 0; left -= matchOf(left)) match(matchOf(left), difference !== 0);
  }
}

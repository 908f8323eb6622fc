/**
 * Blocks of differences: steps through a filtered picture become one deflate block each (RFC 1951, 3.2.7), in which
 * a stretch of zeros is a match at distance 1 and the repetition of a pixel one at distance 4.
 */
import { canonicalCode, type PrefixCode, shortestCode } from './prefix-code.ts';

/** PNG's filter that subtracts the byte above. */
export const UP = 2;

/** Words of a step: pixels that are as above; the difference after them, R in the low byte; how often, 0 at a row's end. */
export const STEP_WORDS = 3;

/** Literals, the block's end, and 29 symbols for lengths of matches. */
const SYMBOLS = 286;
const END = 256;
const LONGEST_MATCH = 258;
/** Code, extra bits and distance of a match fit into 16 bits together: 10, at most 5, and 1. */
const LONGEST_CODE = 10;

/** The shortest length that each symbol from 257 stands for. */
const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
/** The symbol of each length, and how many bits follow it. */
const LENGTH_SYMBOLS = new Uint16Array(LONGEST_MATCH + 1);
const EXTRA_BITS = new Uint8Array(LONGEST_MATCH + 1);
for (const [index, from] of LENGTHS.entries()) {
  const to = LENGTHS[index + 1] ?? LONGEST_MATCH + 1;
  LENGTH_SYMBOLS.fill(257 + index, from, to);
  // 258 has a symbol to itself, and the one before goes no further than 257.
  EXTRA_BITS.fill(from === LONGEST_MATCH ? 0 : Math.max(0, 29 - Math.clz32(from - 3)), from, to);
}

/** In this order a block names the lengths of the codes for lengths; 17 and 18 stand for 3 to 10 and 11 to 138 zeros. */
const NAMING_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1] as const;
/** The same in every block: three of 3 bits and ten of 4 leave no bits unused. */
const NAMING = canonicalCode(Uint8Array.of(4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 3, 0, 0, 0, 0, 0, 0, 4, 4));

/** Writes blocks one after another; a block begins in the middle of a byte where the one before ended there. */
export class DifferenceWriter {
  #pending = 0;
  #pendingBits = 0;
  #out = new Uint8Array(0);
  #at = 0;

  /**
   * The bytes of the next block, but for one that is not full at its end, which the next block or `rest` gives.
   *
   * @param steps STEP_WORDS for each; the first one begins a row
   */
  block(steps: Uint32Array, isLast: boolean): Uint8Array {
    const counts = countSymbols(steps);
    const code = shortestCode(counts, LONGEST_CODE);
    this.#out = new Uint8Array(HEADER_BYTES + (bitsOf(counts, code) >>> 3));
    this.#at = 0;
    this.#head(code, isLast);
    this.#body(steps, code);
    this.#append(code.codes[END] ?? 0, code.lengths[END] ?? 0);
    return this.#out.subarray(0, this.#at);
  }

  /** The last byte, if it is not full. */
  rest(): Uint8Array {
    return this.#pendingBits === 0 ? new Uint8Array(0) : Uint8Array.of(this.#pending);
  }

  /** Names the lengths of all codes, then those of the two distances: one bit each. */
  #head({ lengths }: PrefixCode, isLast: boolean): void {
    this.#append(isLast ? 1 : 0, 1);
    this.#append(2, 2);
    this.#append(SYMBOLS - 257, 5);
    this.#append(DISTANCES.length - 1, 5);
    this.#append(NAMING_ORDER.length - 4, 4);
    for (const symbol of NAMING_ORDER) this.#append(NAMING.lengths[symbol] ?? 0, 3);
    for (let symbol = 0; symbol < SYMBOLS; ) {
      const zeros = zerosFrom(lengths, symbol);
      if (zeros < 3) this.#name(lengths[symbol++] ?? 0);
      else if (zeros < 11) {
        this.#name(17);
        this.#append(zeros - 3, 3);
        symbol += zeros;
      } else {
        this.#name(18);
        this.#append(zeros - 11, 7);
        symbol += zeros;
      }
    }
    for (const length of DISTANCES) this.#name(length);
  }

  #name(symbol: number): void {
    this.#append(NAMING.codes[symbol] ?? 0, NAMING.lengths[symbol] ?? 0);
  }

  #body(steps: Uint32Array, code: PrefixCode): void {
    const { lengths, codes } = code;
    const matches = matchesOf(code);
    let last = UP;
    let begins = true;
    for (let step = 0; step < steps.length; step += STEP_WORDS) {
      if (begins) {
        this.#append(codes[UP]!, lengths[UP]!);
        last = UP;
      }
      let zeros = 4 * steps[step]!;
      const difference = steps[step + 1]!;
      const times = steps[step + 2]!;
      begins = times === 0;
      if (zeros > 0 && last !== 0) {
        // There is no zero yet that could be repeated.
        this.#append(codes[0]!, lengths[0]!);
        zeros--;
      }
      this.#match(zeros, 0, matches);
      if (begins) continue;
      const r = difference & 255;
      const g = (difference >>> 8) & 255;
      const b = (difference >>> 16) & 255;
      last = difference >>> 24;
      this.#append(codes[r]! | (codes[g]! << lengths[r]!), lengths[r]! + lengths[g]!);
      this.#append(codes[b]! | (codes[last]! << lengths[b]!), lengths[b]! + lengths[last]!);
      this.#match(4 * times - 4, 1, matches);
    }
  }

  /**
   * @param length bytes: none, or at least 3
   * @param far 0 for distance 1, 1 for distance 4
   */
  #match(length: number, far: number, { values, bits }: Matches): void {
    for (let left = length; left > 0; ) {
      // What is left over is 3 bytes or more.
      const now = left <= LONGEST_MATCH ? left : Math.min(left - 3, LONGEST_MATCH);
      this.#append(values[now]! | (far << bits[now]!), bits[now]! + 1);
      left -= now;
    }
  }

  /** Always writes three bytes, of which the next call writes some again: a branch would often be mispredicted. */
  #append(value: number, bits: number): void {
    const at = this.#at;
    const pending = this.#pending | (value << this.#pendingBits);
    const size = this.#pendingBits + bits;
    this.#out[at] = pending;
    this.#out[at + 1] = pending >>> 8;
    this.#out[at + 2] = pending >>> 16;
    this.#at = at + (size >>> 3);
    this.#pending = pending >>> (size & 24);
    this.#pendingBits = size & 7;
  }
}

/** Lengths of the codes for deflate's distances 1, 2, 3 and 4. */
const DISTANCES = [1, 0, 0, 1] as const;
/** More than a block's head and end take, bytes. */
const HEADER_BYTES = 512;

function zerosFrom(lengths: Uint8Array, symbol: number): number {
  let zeros = 0;
  while (zeros < 138 && symbol + zeros < SYMBOLS && lengths[symbol + zeros] === 0) zeros++;
  return zeros;
}

/** By its length, what a match is written as before its distance, and in how many bits. */
interface Matches {
  readonly values: Uint16Array;
  readonly bits: Uint8Array;
}

function matchesOf({ codes, lengths }: PrefixCode): Matches {
  const values = new Uint16Array(LONGEST_MATCH + 1);
  const bits = new Uint8Array(LONGEST_MATCH + 1);
  for (let length = 3; length <= LONGEST_MATCH; length++) {
    const symbol = LENGTH_SYMBOLS[length]!;
    const more = length - LENGTHS[symbol - 257]!;
    values[length] = codes[symbol]! | (more << lengths[symbol]!);
    bits[length] = lengths[symbol]! + EXTRA_BITS[length]!;
  }
  return { values, bits };
}

function countSymbols(steps: Uint32Array): Uint32Array {
  const counts = new Uint32Array(SYMBOLS);
  counts[END] = 1;
  let last = UP;
  let begins = true;
  for (let step = 0; step < steps.length; step += STEP_WORDS) {
    if (begins) {
      counts[UP]!++;
      last = UP;
    }
    let zeros = 4 * steps[step]!;
    const difference = steps[step + 1]!;
    const times = steps[step + 2]!;
    begins = times === 0;
    if (zeros > 0 && last !== 0) {
      counts[0]!++;
      zeros--;
    }
    countMatch(counts, zeros);
    if (begins) continue;
    counts[difference & 255]!++;
    counts[(difference >>> 8) & 255]!++;
    counts[(difference >>> 16) & 255]!++;
    last = difference >>> 24;
    counts[last]!++;
    countMatch(counts, 4 * times - 4);
  }
  return counts;
}

/** Counts the symbols of a match as `#match` writes it. */
function countMatch(counts: Uint32Array, length: number): void {
  for (let left = length; left > 0; ) {
    const now = left <= LONGEST_MATCH ? left : Math.min(left - 3, LONGEST_MATCH);
    counts[LENGTH_SYMBOLS[now]!]!++;
    left -= now;
  }
}

/** Bits of all symbols, with the extra bits and the distances of matches. */
function bitsOf(counts: Uint32Array, { lengths }: PrefixCode): number {
  let bits = 0;
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const more = symbol > END ? EXTRA_BITS[LENGTHS[symbol - 257]!]! + 1 : 0;
    bits += counts[symbol]! * (lengths[symbol]! + more);
  }
  return bits;
}

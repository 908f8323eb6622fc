/**
 * Blocks of differences: runs through a filtered picture become one deflate block each (RFC 1951, 3.2.7), in which
 * a run of zeros is a match at distance 1, and the rest of any other run one at distance 4.
 */
import type { BitWriter } from './bit-writer.ts';
import { canonicalCode, type PrefixCode, shortestCode } from './prefix-code.ts';

/** PNG's filter that subtracts the byte above; so every row begins. */
export const UP = 2;

export const LONGEST_MATCH = 258;
/** Literals, the block's end, and 29 symbols for lengths of matches. */
const SYMBOLS = 286;
const END = 256;
/** Code, extra bits and distance of a match fit into 16 bits together: 10, at most 5, and 1. */
const LONGEST_CODE = 10;

/** What a block is made of. */
export interface Counts {
  /** How often each byte comes by itself. */
  readonly literals: Uint32Array;
  /** How often a match has each length, up to LONGEST_MATCH. */
  readonly lengths: Uint32Array;
}

/** How bytes and matches are written: a value in the low 16 bits, and above how many bits it has. */
export interface Words {
  readonly literals: Uint32Array;
  /** Matches at distance 1 by their lengths. */
  readonly near: Uint32Array;
  /** Matches at distance 4. */
  readonly far: Uint32Array;
}

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
/** Lengths of the codes for distances 1, 2, 3 and 4. */
const DISTANCES = [1, 0, 0, 1] as const;
/** More than a block's head and end take, bytes. */
const HEAD_BYTES = 512;

/**
 * Writes a block.
 *
 * @param write writes what was counted
 * @returns its bytes, but for bits that fill none
 */
export function writeBlock(
  bits: BitWriter,
  counts: Counts,
  isLast: boolean,
  write: (words: Words) => void,
): Uint8Array {
  const symbols = symbolsOf(counts);
  const code = shortestCode(symbols, LONGEST_CODE);
  bits.begin(HEAD_BYTES + (sizeOf(symbols, code) >>> 3));
  writeHead(bits, code, isLast);
  write(wordsOf(code));
  bits.append(code.codes[END]!, code.lengths[END]!);
  return bits.full();
}

/** How long the next match of `left` bytes is, at least 3 in all: what is left over is 3 bytes or more, or nothing. */
export function matchOf(left: number): number {
  return left <= LONGEST_MATCH ? left : Math.min(left - 3, LONGEST_MATCH);
}

function symbolsOf({ literals, lengths }: Counts): Uint32Array {
  const symbols = new Uint32Array(SYMBOLS);
  symbols.set(literals);
  symbols[END] = 1;
  for (let length = 3; length <= LONGEST_MATCH; length++)
    symbols[LENGTH_SYMBOLS[length]!]! += lengths[length]!;
  return symbols;
}

/** Bits of all symbols, with the extra bits and the distances of matches. */
function sizeOf(symbols: Uint32Array, { lengths }: PrefixCode): number {
  let bits = 0;
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const more = symbol > END ? EXTRA_BITS[LENGTHS[symbol - 257]!]! + 1 : 0;
    bits += symbols[symbol]! * (lengths[symbol]! + more);
  }
  return bits;
}

/** Names the lengths of all codes, then those of the distances. */
function writeHead(bits: BitWriter, { lengths }: PrefixCode, isLast: boolean): void {
  const name = (symbol: number): void => bits.append(NAMING.codes[symbol]!, NAMING.lengths[symbol]!);
  bits.append(isLast ? 1 : 0, 1);
  bits.append(2, 2);
  bits.append(SYMBOLS - 257, 5);
  bits.append(DISTANCES.length - 1, 5);
  bits.append(NAMING_ORDER.length - 4, 4);
  for (const symbol of NAMING_ORDER) bits.append(NAMING.lengths[symbol]!, 3);
  for (let symbol = 0; symbol < SYMBOLS; ) {
    const zeros = zerosFrom(lengths, symbol);
    if (zeros < 3) name(lengths[symbol]!);
    else {
      name(zeros < 11 ? 17 : 18);
      if (zeros < 11) bits.append(zeros - 3, 3);
      else bits.append(zeros - 11, 7);
    }
    symbol += zeros < 3 ? 1 : zeros;
  }
  for (const length of DISTANCES) name(length);
}

function zerosFrom(lengths: Uint8Array, symbol: number): number {
  let zeros = 0;
  while (zeros < 138 && symbol + zeros < SYMBOLS && lengths[symbol + zeros] === 0) zeros++;
  return zeros;
}

function wordsOf({ codes, lengths }: PrefixCode): Words {
  const literals = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) literals[byte] = codes[byte]! | (lengths[byte]! << 16);
  const near = new Uint32Array(LONGEST_MATCH + 1);
  const far = new Uint32Array(LONGEST_MATCH + 1);
  for (let length = 3; length <= LONGEST_MATCH; length++) {
    const symbol = LENGTH_SYMBOLS[length]!;
    const value = codes[symbol]! | ((length - LENGTHS[symbol - 257]!) << lengths[symbol]!);
    const size = lengths[symbol]! + EXTRA_BITS[length]!;
    near[length] = value | ((size + 1) << 16);
    far[length] = value | (1 << size) | ((size + 1) << 16);
  }
  return { literals, near, far };
}

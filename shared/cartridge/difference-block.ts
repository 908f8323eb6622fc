/**
 * Blocks of differences: runs through a filtered picture become one deflate block each (RFC 1951, 3.2.7), in which
 * a run of zeros is a match at distance 1, and the rest of any other run one at distance 4.
 */
import type { BitWriter } from './bit-writer.ts';
import { writeHead } from './block-head.ts';
import { END, EXTRA_BITS, LENGTH_SYMBOLS, LENGTHS, LONGEST_MATCH, SYMBOLS } from './match-lengths.ts';
import { type PrefixCode, shortestCode } from './prefix-code.ts';

/** PNG's filter that subtracts the byte above; so every row begins. */
export const UP = 2;

/** Code, extra bits and distance of a match fit into 16 bits together: 10, at most 5, and 1. */
const LONGEST_CODE = 10;
/** Distances 1, 2, 3 and 4 have a symbol each, of which two come. */
const DISTANCES = Uint8Array.of(1, 0, 0, 1);
/** More than a block's head and end take, bytes. */
const HEAD_BYTES = 512;

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
  writeHead(bits, code.lengths, DISTANCES, isLast);
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

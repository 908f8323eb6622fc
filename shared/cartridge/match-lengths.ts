/** How deflate writes the lengths of matches (RFC 1951, 3.2.5): a symbol, and bits behind it. */

/** Bytes of the longest match. */
export const LONGEST_MATCH = 258;
/** Literals, the block's end, and 29 symbols for lengths of matches. */
export const SYMBOLS = 286;
/** The symbol of a block's end. */
export const END = 256;

/** The shortest length that each symbol from 257 stands for. */
export const LENGTHS: readonly number[] = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
/** The symbol of each length. */
export const LENGTH_SYMBOLS: Uint16Array = new Uint16Array(LONGEST_MATCH + 1);
/** How many bits follow the symbol of each length. */
export const EXTRA_BITS: Uint8Array = new Uint8Array(LONGEST_MATCH + 1);
for (const [index, from] of LENGTHS.entries()) {
  const to = LENGTHS[index + 1] ?? LONGEST_MATCH + 1;
  LENGTH_SYMBOLS.fill(257 + index, from, to);
  // 258 has a symbol to itself, and the one before goes no further than 257.
  EXTRA_BITS.fill(from === LONGEST_MATCH ? 0 : Math.max(0, 29 - Math.clz32(from - 3)), from, to);
}

/** The head of a deflate block that brings codes of its own (RFC 1951, 3.2.7): how long each symbol's code is. */
import type { BitWriter } from './bit-writer.ts';
import { canonicalCode } from './prefix-code.ts';

/** In this order a block names the lengths of the codes for lengths; 17 and 18 stand for 3 to 10 and 11 to 138 zeros. */
const NAMING_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1] as const;
/** The same in every block: three of 3 bits and ten of 4 leave no bits unused. None is for more than 10. */
const NAMING = canonicalCode(Uint8Array.of(4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 3, 0, 0, 0, 0, 0, 0, 4, 4));

/**
 * Names the lengths of all codes, then those of the distances.
 *
 * @param symbols bits of each symbol's code, up to 10; 257 to 286 of them
 * @param distances likewise for distances; 1 to 30 of them
 */
export function writeHead(
  bits: BitWriter,
  symbols: Uint8Array,
  distances: Uint8Array,
  isLast: boolean,
): void {
  bits.append(isLast ? 1 : 0, 1);
  bits.append(2, 2);
  bits.append(symbols.length - 257, 5);
  bits.append(distances.length - 1, 5);
  bits.append(NAMING_ORDER.length - 4, 4);
  for (const symbol of NAMING_ORDER) bits.append(NAMING.lengths[symbol]!, 3);
  nameAll(bits, symbols);
  nameAll(bits, distances);
}

function nameAll(bits: BitWriter, lengths: Uint8Array): void {
  const name = (symbol: number): void => bits.append(NAMING.codes[symbol]!, NAMING.lengths[symbol]!);
  for (let at = 0; at < lengths.length; ) {
    const zeros = zerosFrom(lengths, at);
    if (zeros < 3) name(lengths[at]!);
    else {
      name(zeros < 11 ? 17 : 18);
      if (zeros < 11) bits.append(zeros - 3, 3);
      else bits.append(zeros - 11, 7);
    }
    at += zeros < 3 ? 1 : zeros;
  }
}

function zerosFrom(lengths: Uint8Array, at: number): number {
  let zeros = 0;
  while (zeros < 138 && at + zeros < lengths.length && lengths[at + zeros] === 0) zeros++;
  return zeros;
}

/**
 * A deflate of our own for any bytes: the same ones on any machine and under any Node, where zlib's differ from build to
 * build. Each stretch becomes a block with the code that needs fewer bits, its own or the fixed one (RFC 1951, 3.2).
 */
import { BitWriter } from './bit-writer.ts';
import { writeHead } from './block-head.ts';
import { END, EXTRA_BITS, LENGTH_SYMBOLS, LENGTHS, SYMBOLS } from './match-lengths.ts';
import { canonicalCode, type PrefixCode, shortestCode } from './prefix-code.ts';
import { Repetitions } from './repetitions.ts';

/** Symbols for distances; those from the fifth on have bits behind them. */
const DISTANCES = 30;
/** What a block's head can name. */
const LONGEST_CODE = 10;
/** More than a block's head and end take, bytes. */
const HEAD_BYTES = 512;

interface Codes {
  readonly symbols: PrefixCode;
  readonly distances: PrefixCode;
}

/** The code that a block need not bring. */
const FIXED: Codes = {
  symbols: canonicalCode(
    Uint8Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8)),
  ),
  distances: canonicalCode(new Uint8Array(32).fill(5)),
};

/**
 * The zlib stream of these bytes in pieces, to be joined.
 *
 * @param bytes at least one
 */
export function deflateBytes(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  const bits = new BitWriter();
  const repetitions = new Repetitions(bytes);
  while (!repetitions.isDone) {
    const tokens = repetitions.next();
    pieces.push(writeTokens(bits, tokens, repetitions.isDone));
  }
  pieces.push(bits.rest(), adler32(bytes));
  return pieces;
}

/** Writes a block. @returns its bytes, but for bits that fill none */
function writeTokens(bits: BitWriter, tokens: Uint32Array, isLast: boolean): Uint8Array {
  const counts = { symbols: new Uint32Array(SYMBOLS), distances: new Uint32Array(DISTANCES) };
  counts.symbols[END] = 1;
  // Two at least have a code, so that it is whole.
  counts.distances.fill(1, 0, 2);
  for (const token of tokens) {
    if (token < 256) counts.symbols[token]!++;
    else {
      counts.symbols[LENGTH_SYMBOLS[token >>> 16]!]!++;
      counts.distances[distanceSymbol(token & 0xffff)]!++;
    }
  }
  const own: Codes = {
    symbols: shortestCode(counts.symbols, LONGEST_CODE),
    distances: shortestCode(counts.distances, LONGEST_CODE),
  };
  const size = sizeOf(counts, own);
  const fixedSize = sizeOf(counts, FIXED);
  const isFixed = fixedSize <= size + headSize(own);
  bits.begin(HEAD_BYTES + ((isFixed ? fixedSize : size) >>> 3));
  if (isFixed) {
    bits.append(isLast ? 1 : 0, 1);
    bits.append(1, 2);
  } else writeHead(bits, own.symbols.lengths, own.distances.lengths, isLast);
  writeBody(bits, tokens, isFixed ? FIXED : own);
  return bits.full();
}

function writeBody(bits: BitWriter, tokens: Uint32Array, { symbols, distances }: Codes): void {
  const put = (code: PrefixCode, symbol: number): void =>
    bits.append(code.codes[symbol]!, code.lengths[symbol]!);
  for (const token of tokens) {
    if (token < 256) {
      put(symbols, token);
      continue;
    }
    const length = token >>> 16;
    const symbol = LENGTH_SYMBOLS[length]!;
    put(symbols, symbol);
    bits.append(length - LENGTHS[symbol - 257]!, EXTRA_BITS[length]!);
    const distance = (token & 0xffff) - 1;
    const place = distanceSymbol(distance + 1);
    put(distances, place);
    const extra = distanceBits(place);
    bits.append(distance & ((1 << extra) - 1), extra);
  }
  put(symbols, END);
}

/** The symbol of a distance, 1 to 32768: 0 to 3, then two for each power of two. */
function distanceSymbol(distance: number): number {
  const from0 = distance - 1;
  if (from0 < 4) return from0;
  const power = 31 - Math.clz32(from0);
  return 2 * power + ((from0 >>> (power - 1)) & 1);
}

/** How many bits follow the symbol of a distance. */
function distanceBits(symbol: number): number {
  return symbol < 4 ? 0 : (symbol >>> 1) - 1;
}

/** Bits of all symbols and distances, with those behind them. */
function sizeOf(
  counts: { readonly symbols: Uint32Array; readonly distances: Uint32Array },
  { symbols, distances }: Codes,
): number {
  let bits = 0;
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const more = symbol > END ? EXTRA_BITS[LENGTHS[symbol - 257]!]! : 0;
    bits += counts.symbols[symbol]! * (symbols.lengths[symbol]! + more);
  }
  for (let symbol = 0; symbol < DISTANCES; symbol++) {
    bits += counts.distances[symbol]! * (distances.lengths[symbol]! + distanceBits(symbol));
  }
  return bits;
}

/** Bits of a head. */
function headSize({ symbols, distances }: Codes): number {
  const bits = new BitWriter();
  bits.begin(HEAD_BYTES);
  writeHead(bits, symbols.lengths, distances.lengths, false);
  return 8 * bits.length + bits.pendingBits;
}

/** Adler-32's. */
const MODULO = 65_521;
/** Bytes that can be summed up before the sums need be reduced, below 2 ** 32. */
const UNREDUCED = 5_552;

/** The checksum that ends a zlib stream. */
function adler32(bytes: Uint8Array): Uint8Array {
  let low = 1;
  let high = 0;
  for (let from = 0; from < bytes.length; from += UNREDUCED) {
    const to = Math.min(bytes.length, from + UNREDUCED);
    for (let at = from; at < to; at++) {
      low += bytes[at]!;
      high += low;
    }
    low %= MODULO;
    high %= MODULO;
  }
  return Uint8Array.of(high >>> 8, high, low >>> 8, low);
}

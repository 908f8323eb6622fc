/** The compressed pixels of a PNG: inflated only where they are exactly as many as its header has. */
import { inflateSync } from 'node:zlib';
import { errorCode } from '../faults.ts';
import { CartridgeFault } from './cartridge-fault.ts';

/** No deflate stream grows by more than this: 258 bytes from two bits. */
const MAX_DEFLATE_RATIO = 1032;

/**
 * The rows behind their filter bytes, in memory of their own.
 *
 * @param compressed the data of the IDAT chunks in order: together one zlib stream
 * @param expected how many bytes the header has that stream inflate to; nothing of that size is allocated before the
 *   stream may have as many
 * @throws {CartridgeFault} E008–E010
 */
export function inflateExactly(compressed: readonly Uint8Array[], expected: number): Uint8Array {
  const stored = compressed.reduce((sum, data) => sum + data.length, 0);
  if (stored * MAX_DEFLATE_RATIO < expected) {
    throw new CartridgeFault(
      'CART-E008',
      `Expected ${expected} bytes of pixels, found ${stored} compressed bytes, which cannot hold as many`,
    );
  }
  const rows = inflate(Buffer.concat(compressed), expected);
  if (rows.length < expected) {
    throw new CartridgeFault('CART-E008', `Expected ${expected} bytes of pixels, found ${rows.length}`);
  }
  return rows;
}

function inflate(compressed: Uint8Array, expected: number): Uint8Array {
  try {
    // One byte of room to spare: the whole output in one buffer, allocated once.
    return inflateSync(compressed, { maxOutputLength: expected, chunkSize: Math.max(64, expected + 1) });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new CartridgeFault('CART-E009', `Expected ${expected} bytes of pixels, found more`);
    }
    if (code === 'Z_BUF_ERROR') {
      throw new CartridgeFault(
        'CART-E008',
        `Expected ${expected} bytes of pixels, found their stream cut short`,
      );
    }
    throw new CartridgeFault('CART-E010', `Expected a zlib stream in IDAT, found ${code ?? String(error)}`);
  }
}

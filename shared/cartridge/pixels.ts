/**
 * The pixels of a PNG whose chunks were checked: pngjs's door. Files come from anyone, so time and memory
 * stay proportional to the file plus the canvas it can really fill.
 */
import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { errorCode } from '../faults.ts';
import { CartridgeFault } from './cartridge-fault.ts';

/** No deflate stream grows by more than this: 258 bytes from two bits. */
const MAX_DEFLATE_RATIO = 1032;

/**
 * RGBA8, row-major.
 *
 * @param bytes the whole file, of one IHDR
 * @param compressed the data of its IDAT chunks in order: together one zlib stream
 * @param expected how many bytes its header has that stream inflate to, filter bytes included
 * @throws {CartridgeFault} E008–E010
 */
export function decodePixels(
  bytes: Uint8Array,
  compressed: readonly Uint8Array[],
  expected: number,
): Uint8Array {
  // pngjs cuts an overlong stream off in silence, or inflates it whole, so the length is proved before it sees the file.
  requireExactLength(compressed, expected);
  try {
    const { data } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    return new Uint8Array(data.buffer, data.byteOffset, data.length);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CartridgeFault('CART-E010', `Expected pixels that can be decoded, found: ${reason}`);
  }
}

function requireExactLength(compressed: readonly Uint8Array[], expected: number): void {
  const stored = compressed.reduce((sum, data) => sum + data.length, 0);
  if (stored * MAX_DEFLATE_RATIO < expected) {
    throw new CartridgeFault(
      'CART-E008',
      `Expected ${expected} bytes of pixels, found ${stored} compressed bytes, which cannot hold as many`,
    );
  }
  const found = inflatedLength(Buffer.concat(compressed), expected);
  if (found < expected) {
    throw new CartridgeFault('CART-E008', `Expected ${expected} bytes of pixels, found ${found}`);
  }
}

function inflatedLength(compressed: Uint8Array, expected: number): number {
  try {
    // One byte of room to spare: the whole output in one buffer, allocated once.
    return inflateSync(compressed, { maxOutputLength: expected, chunkSize: Math.max(64, expected + 1) })
      .length;
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

/**
 * The pixels of a PNG whose chunks were checked: pngjs's door. Files come from anyone, so time and memory
 * stay proportional to the file plus the canvas it can really fill.
 */
import { PNG } from 'pngjs';
import { CartridgeFault } from './cartridge-fault.ts';
import { inflateExactly } from './inflate.ts';

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
  inflateExactly(compressed, expected);
  try {
    const { data } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    return new Uint8Array(data.buffer, data.byteOffset, data.length);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CartridgeFault('CART-E010', `Expected pixels that can be decoded, found: ${reason}`);
  }
}

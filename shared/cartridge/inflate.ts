/** The compressed pixels of a PNG: inflated only where they are exactly as many as its header has. */
import { inflateSync } from 'node:zlib';
import { errorCode } from '../faults.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { type Effort, MAX_DEFLATE_RATIO } from './effort.ts';
import { dataOf, type IdatRun } from './image-frame.ts';

/**
 * The rows behind their filter bytes, in memory that nobody else has unless it is less than a few KiB.
 *
 * @param stream the IDAT chunks
 * @param expected how many bytes the header has that stream inflate to; nothing of that size is allocated before the
 *   stream may have as many
 * @throws {CartridgeFault} E008–E010, E018
 */
export function inflateExactly(stream: IdatRun, expected: number, effort: Effort): Uint8Array {
  const stored = stream.dataBytes;
  if (stored * MAX_DEFLATE_RATIO < expected) {
    throw new CartridgeFault(
      'CART-E008',
      `Expected ${expected} bytes of pixels, found ${stored} compressed bytes, which cannot hold as many`,
    );
  }
  // One byte more than expected is enough to know that there are more.
  effort.spend(stored + expected + 1);
  const rows = inflate(joined(stream, effort), expected);
  if (rows.length < expected) {
    throw new CartridgeFault('CART-E008', `Expected ${expected} bytes of pixels, found ${rows.length}`);
  }
  return rows;
}

/** The stream in one piece: where it lies, when it is in one chunk. */
function joined(stream: IdatRun, effort: Effort): Uint8Array {
  if (stream.chunks > 1) {
    effort.spend(stream.dataBytes);
    const all = Buffer.allocUnsafe(stream.dataBytes);
    let at = 0;
    for (const data of dataOf(stream)) {
      all.set(data, at);
      at += data.length;
    }
    return all;
  }
  const [only] = dataOf(stream);
  return only ?? new Uint8Array(0);
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

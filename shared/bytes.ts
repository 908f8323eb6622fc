/** Bytes: digests and strict text. Pure functions of their input. */
import { createHash, hash } from 'node:crypto';

/** SHA-256 as 64 lower-case hex digits; a string is hashed as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/** What is hashed at a stretch, bytes: a millisecond or two. */
const STRETCH_BYTES = 2 ** 20;

/** As `sha256Hex`, of much data in stretches. @param breathe lets other work have its turn */
export async function sha256InTurns(data: Uint8Array, breathe: () => Promise<void>): Promise<string> {
  if (data.length <= STRETCH_BYTES) return sha256Hex(data);
  const sum = createHash('sha256');
  for (let from = 0; from < data.length; from += STRETCH_BYTES) {
    await breathe();
    sum.update(data.subarray(from, from + STRETCH_BYTES));
  }
  return sum.digest('hex');
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes UTF-8, keeping a BOM if there is one; undefined when the bytes are not UTF-8
 * (overlong forms, lone surrogates, truncated sequences).
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Offset of the byte that begins the first sequence that is not UTF-8, or -1 when all of it is. */
export function firstInvalidUtf8(bytes: Uint8Array): number {
  if (decodeUtf8(bytes) !== undefined) return -1;
  // Bisects for the longest prefix that a streaming decoder takes; it withholds an unfinished sequence,
  // so what comes out ends just before the bad one.
  const decode = (length: number): string =>
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, length), {
      stream: true,
    });
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    try {
      decode(middle);
      low = middle;
    } catch {
      high = middle - 1;
    }
  }
  return Buffer.byteLength(decode(low));
}

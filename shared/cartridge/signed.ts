/** Adding a signature to a cartridge: one chunk more, and every other byte as it was; and what it was before. */
import { sha256Hex } from '../bytes.ts';
import { invariant } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import { readChunks } from './chunk.ts';
import { SIGNATURE_KEYWORD } from './frame.ts';
import { keywordOf, writeInternationalText } from './text-chunk.ts';

/**
 * The file with one more signature, behind its texts: before the palette or the pixels, whichever comes first.
 *
 * @param file a cartridge that opens
 * @param text as `signatureText` gives it
 */
export function withSignature(file: Uint8Array, text: string): Uint8Array {
  const next = readChunks(file).find(({ type }) => type === 'PLTE' || type === 'IDAT');
  invariant(next !== undefined, 'a cartridge has pixels');
  const chunk = writeInternationalText(SIGNATURE_KEYWORD, text);
  return Buffer.concat([file.subarray(0, next.offset), chunk, file.subarray(next.offset)]);
}

/**
 * How many signatures a file has more than the one of that checksum, which is the same to the byte without them; 0 where
 * it is not.
 *
 * @param sha256 of the other file, hex
 * @throws {CartridgeFault} where it is no whole PNG
 */
export function signaturesSince(file: Uint8Array, sha256: string): number {
  const chunks = readChunks(file);
  const next = chunks.findIndex(({ type }) => type === 'PLTE' || type === 'IDAT');
  for (let more = 1; more <= Math.min(next, LIMITS.signatures); more++) {
    const chunk = chunks[next - more]!;
    if (keywordOf(chunk) !== SIGNATURE_KEYWORD) return 0;
    const rest = file.subarray(chunks[next]!.offset);
    if (sha256Hex(Buffer.concat([file.subarray(0, chunk.offset), rest])) === sha256) return more;
  }
  return 0;
}

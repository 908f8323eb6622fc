/** Adding a signature to a cartridge: one chunk more, and every other byte as it was. */
import { invariant } from '../faults.ts';
import { readChunks } from './chunk.ts';
import { SIGNATURE_KEYWORD } from './frame.ts';
import { writeInternationalText } from './text-chunk.ts';

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

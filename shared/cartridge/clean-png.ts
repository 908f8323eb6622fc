/** Clean PNGs: a picture's pixels and nothing else, held to that by reading the file again. */
import { sha256Hex } from '../bytes.ts';
import type { Canvas } from '../canvas.ts';
import { invariant } from '../faults.ts';
import { readChunks } from './chunk.ts';
import { writePng } from './png.ts';
import { openPngImage } from './png-image.ts';

/** The chunks of a picture, in this order: what it says beside its pixels is none. */
const CLEAN = /^IHDR (PLTE )?IDAT IEND$/;

/** @param pixels RGBA8, row-major, width × height × 4 bytes */
export function writeCleanPng(pixels: Uint8Array, canvas: Canvas): Uint8Array {
  return writePng(pixels, canvas, [], 'own');
}

/**
 * Chunks alone prove little: colours that no pixel has, the choice of filters and the way in which a stream is compressed
 * say things, too. A file that is written again from its pixels to the byte says what they say.
 *
 * @param checksum SHA-256 of its pixels, hex
 * @throws {CartridgeFault} where it is no PNG
 * @throws {Error} (an invariant) where it says anything but these pixels
 */
export function requireClean(file: Uint8Array, checksum: string): void {
  const types = readChunks(file).map(({ type }) => type);
  invariant(CLEAN.test(types.join(' ')), 'what is published has chunks of its pixels alone');
  const image = openPngImage(file);
  const pixels = image.pixels();
  invariant(sha256Hex(pixels) === checksum, 'what is published has the pixels');
  const again = writeCleanPng(pixels, image.canvas);
  invariant(Buffer.compare(file, again) === 0, 'what is published follows from its pixels to the byte');
}

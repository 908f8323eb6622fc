/** The pixels of an input, from the bytes of a file: believed only where their size and SHA-256 are what was asked for. */
import { sha256Hex } from '../bytes.ts';
import { canvasBytes } from '../canvas.ts';
import type { Input } from '../inputs.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { PNG_SIGNATURE } from './chunk.ts';
import { openPngImage } from './png-image.ts';

/**
 * One packed word per pixel, red in its lowest eight bits, row-major; or what was found instead, in words.
 *
 * @param bytes a PNG, a cartridge or another, known by its signature; otherwise raw RGBA8, row-major
 */
export function inputPixels(bytes: Uint8Array, { checksum, ...canvas }: Input): Uint32Array | string {
  const pixels = isPng(bytes) ? picturePixels(bytes, canvas) : rawPixels(bytes, canvas);
  if (typeof pixels === 'string') return pixels;
  const found = sha256Hex(pixels);
  return found === checksum ? packed(pixels) : `other pixels, whose checksum is ${found}`;
}

export function isPng(bytes: Uint8Array): boolean {
  return PNG_SIGNATURE.every((byte, at) => bytes[at] === byte);
}

function picturePixels(bytes: Uint8Array, { width, height }: Omit<Input, 'checksum'>): Uint8Array | string {
  try {
    const image = openPngImage(bytes);
    const { canvas } = image;
    // Before anything is inflated: that costs what the program asks for, and not what the file claims.
    if (canvas.width !== width || canvas.height !== height)
      return `a PNG of ${canvas.width}×${canvas.height}`;
    return image.pixels();
  } catch (error) {
    if (error instanceof CartridgeFault) return `a PNG that cannot be read: ${error.message}`;
    throw error;
  }
}

function rawPixels(bytes: Uint8Array, canvas: Omit<Input, 'checksum'>): Uint8Array | string {
  const expected = canvasBytes(canvas);
  if (bytes.length === expected) return bytes;
  return `no PNG, and ${bytes.length} bytes where raw RGBA would be ${expected}`;
}

/** Bytes in RGBA order, whatever the order of this machine's words. */
export function packed(pixels: Uint8Array): Uint32Array {
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const words = new Uint32Array(pixels.length / 4);
  for (let at = 0; at < words.length; at++) words[at] = view.getUint32(at * 4, true);
  return words;
}

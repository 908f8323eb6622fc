/** The pixels of an input, from the bytes of a file: believed only where their size and SHA-256 are what was asked for. */
import { sha256Hex } from '../bytes.ts';
import { type Canvas, canvasBytes } from '../canvas.ts';
import type { Input } from '../inputs.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { isPng } from './chunk.ts';
import { openPngImage } from './png-image.ts';

/**
 * One packed word per pixel, red in its lowest eight bits, row-major; or what was found instead, in words.
 *
 * @param bytes a PNG, a cartridge or another, known by its signature; otherwise raw RGBA8, row-major
 */
export function inputPixels(bytes: Uint8Array, { checksum, ...asked }: Input): Uint32Array | string {
  const held = pixelsIn(bytes, ({ width, height }) =>
    width === asked.width && height === asked.height ? undefined : `a PNG of ${width}×${height}`,
  );
  if (typeof held === 'string') return held;
  const { canvas, pixels } = held;
  const expected = canvasBytes(asked);
  if (canvas === undefined && pixels.length !== expected) {
    return `no PNG, and ${pixels.length} bytes where raw RGBA would be ${expected}`;
  }
  const found = sha256Hex(pixels);
  return found === checksum ? packed(pixels) : `other pixels, whose checksum is ${found}`;
}

/** What the bytes of a file hold. */
export interface Held {
  /** Undefined of raw RGBA, which does not say it. */
  readonly canvas: Canvas | undefined;
  /** RGBA8, row-major. */
  readonly pixels: Uint8Array;
}

/**
 * All that the bytes of a file hold; or what they are instead, in words.
 *
 * @param bytes as `inputPixels` takes them
 * @param objection what a PNG of such a size is, in words, where it is not to be inflated: that costs what it claims
 */
export function pixelsIn(
  bytes: Uint8Array,
  objection: (canvas: Canvas) => string | undefined,
): Held | string {
  if (!isPng(bytes)) return { canvas: undefined, pixels: bytes };
  try {
    const image = openPngImage(bytes);
    const { canvas } = image;
    return objection(canvas) ?? { canvas, pixels: image.pixels() };
  } catch (error) {
    if (error instanceof CartridgeFault) return `a PNG that cannot be read: ${error.message}`;
    throw error;
  }
}

/** Bytes in RGBA order, whatever the order of this machine's words. */
export function packed(pixels: Uint8Array): Uint32Array {
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const words = new Uint32Array(pixels.length / 4);
  for (let at = 0; at < words.length; at++) words[at] = view.getUint32(at * 4, true);
  return words;
}

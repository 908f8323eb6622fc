/** PNG images: any PNG of at most 8 bits a sample as RGBA. A cartridge is one, and so is what an optimiser made of it. */
import { type Canvas, canvasBytes } from '../canvas.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { decodeRows } from './decode-rows.ts';
import { Effort } from './effort.ts';
import { readImageFrame } from './image-frame.ts';
import { inflatedBytes } from './image-header.ts';
import { inflateExactly } from './inflate.ts';

export interface PngImage {
  readonly canvas: Canvas;
  /**
   * RGBA8, row-major, width × height × 4 bytes: the samples as they are stored. What else a file says about its
   * colours, such as gAMA or a profile, changes nothing.
   *
   * @throws {CartridgeFault} E008–E010
   */
  pixels(): Uint8Array;
}

/**
 * Reads the frame of an image, its pixels left alone; every chunk's CRC is checked.
 *
 * @param effort is charged for all of it, the pixels too where they are asked for
 * @throws {CartridgeFault} E001–E007, E010 for a palette or a tRNS, E016–E018
 */
export function openPngImage(bytes: Uint8Array, effort = new Effort(bytes.length)): PngImage {
  const frame = readImageFrame(bytes, effort, {
    header({ depth }) {
      // A picture is known by the digest of its 8-bit samples, and who rounds 16 bits to 8 does it in a way of his own.
      if (depth > 8) {
        throw new CartridgeFault('CART-E006', `Expected a PNG of at most 8 bits per sample, found ${depth}`);
      }
    },
  });
  const { header, stream } = frame;
  const { canvas } = header;
  const pixels = (): Uint8Array => {
    const rows = inflateExactly(stream, inflatedBytes(header), effort);
    effort.spend(canvasBytes(canvas));
    return decodeRows(rows, frame);
  };
  return { canvas, pixels };
}

/** PNG images: any PNG of at most 8 bits a sample as RGBA. A cartridge is one, and so is what an optimiser made of it. */
import { type Canvas, canvasComplaint } from '../canvas.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { type Chunk, readChunks } from './chunk.ts';
import { decodePixels } from './pixels.ts';

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

/** Bits per sample by colour type, of which 16 are more than a pixel of ours has. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8],
  2: [8],
  3: [1, 2, 4, 8],
  4: [8],
  6: [8],
};
/** Samples per pixel by colour type: grey, RGB, index, grey and alpha, RGBA. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Left and top of each pass of Adam7, and how far its pixels lie apart. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const ALL_AT_ONCE = [[0, 0, 1, 1]] as const;

/** 256 colours of three bytes. */
const MAX_PALETTE_BYTES = 768;

/**
 * Reads the frame of an image, its pixels left alone; every chunk's CRC is checked.
 *
 * @throws {CartridgeFault} E001–E007, E016–E018
 */
export function openPngImage(bytes: Uint8Array): PngImage {
  const chunks = readChunks(bytes);
  const [first] = chunks;
  // pngjs takes the last header that it sees, and every palette.
  if (first?.type !== 'IHDR' || countOf(chunks, 'IHDR') > 1) throw misplaced('IHDR first and once');
  const palettes = chunks.filter(({ type }) => type === 'PLTE');
  if (palettes.length > 1) throw misplaced('one PLTE at most');
  if ((palettes[0]?.data.length ?? 0) > MAX_PALETTE_BYTES) throw misplaced('a PLTE of at most 256 colours');
  const { canvas, inflatedBytes } = readHeader(first.data);
  const compressed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const clear = clearColour(first.data, chunks.find(({ type }) => type === 'tRNS')?.data);
  const pixels = (): Uint8Array => {
    const decoded = decodePixels(bytes, compressed, inflatedBytes);
    if (clear !== undefined) restore(decoded, clear);
    return decoded;
  };
  return { canvas, pixels };
}

/** The one colour of a grey or RGB picture that its tRNS makes clear: red, green and blue from 0 to 255. */
function clearColour(header: Uint8Array, tRNS: Uint8Array | undefined): readonly number[] | undefined {
  const [depth = 0, colourType] = header.subarray(8);
  if (tRNS === undefined || (colourType !== 0 && colourType !== 2)) return undefined;
  const sample = (at: number): number => ((tRNS[2 * at + 1] ?? 0) * 255) / (2 ** depth - 1);
  return colourType === 0 ? [sample(0), sample(0), sample(0)] : [sample(0), sample(1), sample(2)];
}

/** pngjs makes a clear pixel black too; the file does not say so. */
function restore(pixels: Uint8Array, clear: readonly number[]): void {
  for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3] === 0) pixels.set(clear, at);
}

function readHeader(data: Uint8Array): { canvas: Canvas; inflatedBytes: number } {
  if (data.length !== 13) {
    throw new CartridgeFault('CART-E006', `Expected an IHDR of 13 bytes, found ${data.length}`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const canvas = { width: view.getUint32(0), height: view.getUint32(4) };
  const complaint = canvasComplaint(canvas.width, canvas.height);
  if (complaint !== undefined) throw new CartridgeFault('CART-E007', complaint);
  const [depth = 0, colourType = 0, compression, filter, interlace = 0] = data.subarray(8);
  if (depth === 16) {
    throw new CartridgeFault('CART-E006', 'Expected a PNG of at most 8 bits per sample, found 16');
  }
  const known = DEPTHS[colourType]?.includes(depth) && compression === 0 && filter === 0 && interlace <= 1;
  if (!known) {
    const form = Buffer.from(data.subarray(8)).toString('hex');
    throw new CartridgeFault('CART-E006', `Expected a form that PNG knows, found an IHDR ending in ${form}`);
  }
  const bits = depth * (SAMPLES[colourType] as number);
  let inflatedBytes = 0;
  for (const [left, top, across, down] of interlace === 1 ? PASSES : ALL_AT_ONCE) {
    const columns = Math.ceil((canvas.width - left) / across);
    const rows = Math.ceil((canvas.height - top) / down);
    // A pass without pixels has no filter bytes either.
    if (columns > 0 && rows > 0) inflatedBytes += rows * (1 + Math.ceil((columns * bits) / 8));
  }
  return { canvas, inflatedBytes };
}

function countOf(chunks: readonly Chunk[], type: string): number {
  return chunks.filter((chunk) => chunk.type === type).length;
}

function misplaced(expected: string): CartridgeFault {
  return new CartridgeFault('CART-E005', `Expected ${expected}, found otherwise`);
}

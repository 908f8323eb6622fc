/** The header of a PNG: how large its picture is, and how the pixels lie in the file, in any form that PNG knows. */
import { type Canvas, canvasComplaint } from '../canvas.ts';
import { CartridgeFault } from './cartridge-fault.ts';

export interface Header {
  readonly canvas: Canvas;
  /** Bits of a sample, or of an index: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** What a pixel is: 0 grey, 2 RGB, 3 an index into a palette, 4 grey and alpha, 6 RGBA. */
  readonly colorType: number;
  readonly interlaced: boolean;
}

/** Bits per sample by colour type. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
/** Samples per pixel by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Pixels that follow each other in a file: from `left` and `top` on, so many columns and rows that lie so far apart. */
export interface Pass {
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
  readonly columns: number;
  readonly rows: number;
}

/** Left and top of each pass of Adam7, and how far its pixels lie apart. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const ALL_AT_ONCE = [[0, 0, 1, 1]] as const;

/**
 * @param data of an IHDR
 * @throws {CartridgeFault} E006 for what PNG does not know, E007
 */
export function readHeader(data: Uint8Array): Header {
  const [depth = 0, colorType = 0, compression, filter, interlace = 0] = data.subarray(8);
  const known = DEPTHS[colorType]?.includes(depth) && compression === 0 && filter === 0 && interlace <= 1;
  if (!known || data.length !== 13) {
    throw new CartridgeFault(
      'CART-E006',
      `Expected an IHDR of 13 bytes and of a form that PNG knows, found ${data.length} ending in ${headerEnding(data)}`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const canvas = { width: view.getUint32(0), height: view.getUint32(4) };
  const complaint = canvasComplaint(canvas.width, canvas.height);
  if (complaint !== undefined) throw new CartridgeFault('CART-E007', complaint);
  return { canvas, depth, colorType, interlaced: interlace === 1 };
}

/** What an IHDR says beside the size, in hex: at most eight bytes of it. */
export function headerEnding(data: Uint8Array): string {
  return Buffer.from(data.subarray(8, 16)).toString('hex');
}

/** Bits of one pixel in the file. */
export function pixelBits({ depth, colorType }: Pick<Header, 'depth' | 'colorType'>): number {
  return depth * (SAMPLES[colorType] as number);
}

/** Those that have pixels, in the order of the file: one, or up to seven where it is interlaced. */
export function passesOf({ canvas, interlaced }: Pick<Header, 'canvas' | 'interlaced'>): Pass[] {
  return (interlaced ? ADAM7 : ALL_AT_ONCE)
    .map(([left, top, across, down]) => {
      const columns = Math.ceil((canvas.width - left) / across);
      return { left, top, across, down, columns, rows: Math.ceil((canvas.height - top) / down) };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Bytes of one row of a pass, without its filter byte. */
export function rowBytes(columns: number, bits: number): number {
  return Math.ceil((columns * bits) / 8);
}

/** Bytes that the pixels inflate to, each row behind its filter byte. */
export function inflatedBytes(header: Header): number {
  const bits = pixelBits(header);
  return passesOf(header).reduce((sum, { columns, rows }) => sum + rows * (1 + rowBytes(columns, bits)), 0);
}

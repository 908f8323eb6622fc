/** The frame of any PNG: which chunks stand where, checked, its palette read, and with no pixel decoded yet. */
import { canvasBytes } from '../canvas.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { type Chunk, FRAME_BYTES, walkChunks } from './chunk.ts';
import type { Effort } from './effort.ts';
import { type Header, readHeader } from './image-header.ts';

/** How the pixels lie in a file, and what they stand for. */
export interface Form {
  readonly header: Header;
  /** R, G and B of each colour, where pixels are indices. */
  readonly colors: Uint8Array | undefined;
  /** What is not opaque, where the file says so: the data of tRNS, of a length that its form allows. */
  readonly clear: Uint8Array | undefined;
}

export interface ImageFrame extends Form {
  /** Where the compressed pixels lie. */
  readonly stream: IdatRun;
}

/** The IDAT chunks of a file, one after the other: as places, since there may be tens of thousands. */
export interface IdatRun {
  /** From the first one's length field up to the last one's CRC, bytes of the file. */
  readonly bytes: Uint8Array;
  /** Of their data together: one zlib stream. */
  readonly dataBytes: number;
  readonly chunks: number;
}

/** What a reader wants beside the picture; each refuses with a fault of its own. */
export interface FrameReader {
  /** Sees the header as soon as it is read, before anything else is. */
  header?(header: Header, chunk: Chunk): void;
  /** Sees each chunk but IHDR, IDAT and IEND, in their order, before it means anything. */
  chunk?(chunk: Chunk, header: Header): void;
}

/** Colours of a palette at most, whatever its indices have room for. */
const MAX_COLORS = 256;

/**
 * The frame of a file. Chunks that PNG lets a reader ignore are ignored.
 *
 * @throws {CartridgeFault} E001–E007, E010 for a palette or a tRNS, E016–E018
 */
export function readImageFrame(bytes: Uint8Array, effort: Effort, reader: FrameReader = {}): ImageFrame {
  let header: Header | undefined;
  let palette: Chunk | undefined;
  let clear: Chunk | undefined;
  let [begin, end, dataBytes, chunks] = [0, 0, 0, 0];
  for (const chunk of walkChunks(bytes, effort)) {
    if ((chunk.type === 'IHDR') !== (header === undefined)) throw misplaced(chunk, 'IHDR first and once');
    if (header === undefined) {
      header = readHeader(chunk.data);
      reader.header?.(header, chunk);
      effort.declare(canvasBytes(header.canvas));
      continue;
    }
    if (chunk.type === 'IEND') continue;
    if (chunk.type === 'IDAT') {
      if (chunks === 0) begin = chunk.offset;
      else if (chunk.offset !== end) throw misplaced(chunk, 'all IDAT chunks in a row');
      end = chunk.offset + FRAME_BYTES + chunk.data.length;
      dataBytes += chunk.data.length;
      chunks++;
      continue;
    }
    reader.chunk?.(chunk, header);
    if (chunk.type === 'PLTE') {
      if (palette !== undefined || clear !== undefined || chunks > 0) {
        throw misplaced(chunk, 'one PLTE, before tRNS and IDAT');
      }
      palette = chunk;
    } else if (chunk.type === 'tRNS' && mayBeClear(header)) {
      if (clear !== undefined || chunks > 0) throw misplaced(chunk, 'one tRNS, before IDAT');
      clear = chunk;
    } else if (/^[A-Z]/.test(chunk.type)) {
      // PNG marks a chunk that a reader must understand by an upper-case first letter.
      throw misplaced(chunk, 'no critical chunks but IHDR, PLTE, IDAT and IEND');
    }
  }
  if (header === undefined) throw new CartridgeFault('CART-E005', 'Expected an IHDR, found none');
  const colors = readPalette(header, palette);
  return {
    header,
    colors,
    clear: clear === undefined ? undefined : readClear(header, clear.data, colors),
    stream: { bytes: bytes.subarray(begin, end), dataBytes, chunks },
  };
}

/** The data of the IDATs in their order. */
export function* dataOf({ bytes, chunks }: IdatRun): Generator<Uint8Array, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let [offset, count] = [0, 0]; count < chunks; count++) {
    const length = view.getUint32(offset);
    yield bytes.subarray(offset + 8, offset + 8 + length);
    offset += FRAME_BYTES + length;
  }
}

/** Where pixels have an alpha of their own, a tRNS means nothing. */
function mayBeClear({ colorType }: Header): boolean {
  return colorType === 0 || colorType === 2 || colorType === 3;
}

/** Where pixels are no indices, a palette is advice to poor screens, and grey has none. */
function readPalette({ colorType, depth }: Header, palette: Chunk | undefined): Uint8Array | undefined {
  const isIndexed = colorType === 3;
  if (palette === undefined && !isIndexed) return undefined;
  const most = isIndexed ? 1 << depth : MAX_COLORS;
  const length = palette?.data.length ?? 0;
  const right = length > 0 && length % 3 === 0 && length <= 3 * most;
  if (isIndexed && !right) {
    const found = palette === undefined ? 'no PLTE' : `${length} bytes in PLTE`;
    throw new CartridgeFault('CART-E010', `Expected a palette of 1 to ${most} colours, found ${found}`);
  }
  if (palette === undefined || isIndexed) return palette?.data;
  if (colorType === 0 || colorType === 4) throw misplaced(palette, 'no palette beside grey');
  if (!right) throw misplaced(palette, `a palette of 1 to ${most} colours`);
  return undefined;
}

function readClear({ colorType }: Header, data: Uint8Array, colors: Uint8Array | undefined): Uint8Array {
  const right =
    colors === undefined
      ? data.length === (colorType === 0 ? 2 : 6)
      : data.length >= 1 && 3 * data.length <= colors.length;
  if (right) return data;
  const expected =
    colors === undefined ? `${colorType === 0 ? 2 : 6} bytes` : `1 to ${colors.length / 3} alphas`;
  throw new CartridgeFault('CART-E010', `Expected a tRNS of ${expected}, found ${data.length} bytes`);
}

/** The fault of a chunk that stands where it may not, or as it may not. */
export function misplaced(chunk: Chunk, expected: string): CartridgeFault {
  return new CartridgeFault(
    'CART-E005',
    `Expected ${expected}, found ${chunk.type} at offset ${chunk.offset}`,
  );
}

/** The frame of a cartridge file: which chunks stand where, checked, with nothing decoded yet. */
import { type Canvas, canvasComplaint } from '../canvas.ts';
import { LIMITS } from '../limits.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { type Chunk, readChunks } from './chunk.ts';
import { keywordOf } from './text-chunk.ts';

/** The cartridge's texts and the one kind of chunk each belongs in. */
const TEXT_CHUNKS = {
  cartridge_type: 'tEXt',
  checksum: 'tEXt',
  created_at: 'tEXt',
  gvpie: 'iTXt',
  gvpie_run: 'iTXt',
} as const;

export type TextKeyword = keyof typeof TEXT_CHUNKS;

export interface Frame {
  readonly canvas: Canvas;
  /** The data of the IDAT chunks in order: together one zlib stream. */
  readonly compressed: readonly Uint8Array[];
  readonly texts: ReadonlyMap<TextKeyword, Chunk>;
}

/**
 * The frame of a file. Chunks that PNG lets a reader ignore are ignored, other texts among them.
 *
 * @throws {CartridgeFault} E001–E007, E012, E016–E018
 */
export function readFrame(bytes: Uint8Array): Frame {
  if (bytes.length > LIMITS.cartridgeBytes) {
    throw new CartridgeFault(
      'CART-E018',
      `Expected a file of at most ${LIMITS.cartridgeBytes} bytes, found ${bytes.length}`,
    );
  }
  const chunks = readChunks(bytes);
  const compressed: Uint8Array[] = [];
  const texts = new Map<TextKeyword, Chunk>();
  for (const [index, chunk] of chunks.entries()) {
    if ((chunk.type === 'IHDR') !== (index === 0)) throw misplaced(chunk, 'IHDR first and once');
    if (chunk.type === 'IDAT') {
      if (compressed.length > 0 && chunks[index - 1]?.type !== 'IDAT') {
        throw misplaced(chunk, 'all IDAT chunks in a row');
      }
      compressed.push(chunk.data);
    } else if (isCritical(chunk) && chunk.type !== 'IHDR' && chunk.type !== 'IEND') {
      throw misplaced(chunk, 'no critical chunks but IHDR, IDAT and IEND');
    } else {
      collectText(chunk, texts);
    }
  }
  return { canvas: readHeader(chunks[0]), compressed, texts };
}

function collectText(chunk: Chunk, texts: Map<TextKeyword, Chunk>): void {
  const keyword = keywordOf(chunk);
  if (keyword === undefined || !isOurs(keyword)) return;
  const place = `text "${keyword}" at offset ${chunk.offset}`;
  if (texts.has(keyword))
    throw new CartridgeFault('CART-E012', `Expected one "${keyword}", found a second ${place}`);
  if (chunk.type !== TEXT_CHUNKS[keyword]) {
    throw new CartridgeFault(
      'CART-E012',
      `Expected ${TEXT_CHUNKS[keyword]} for ${place}, found ${chunk.type}`,
    );
  }
  texts.set(keyword, chunk);
}

function readHeader(chunk: Chunk | undefined): Canvas {
  const data = chunk?.data ?? new Uint8Array(0);
  // Bit depth 8, colour type 6 (RGBA), compression 0, filter method 0, not interlaced.
  const form = Buffer.from(data.subarray(8)).toString('hex');
  if (data.length !== 13 || form !== '0806000000') {
    throw new CartridgeFault(
      'CART-E006',
      `Expected an IHDR of 13 bytes ending in 0806000000 (8-bit RGBA), found ${data.length} ending in ${form}`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const canvas = { width: view.getUint32(0), height: view.getUint32(4) };
  const complaint = canvasComplaint(canvas.width, canvas.height);
  if (complaint !== undefined) throw new CartridgeFault('CART-E007', complaint);
  return canvas;
}

function isOurs(keyword: string): keyword is TextKeyword {
  return Object.hasOwn(TEXT_CHUNKS, keyword);
}

/** PNG marks a chunk that a reader must understand by an upper-case first letter. */
function isCritical(chunk: Chunk): boolean {
  return /^[A-Z]/.test(chunk.type);
}

function misplaced(chunk: Chunk, expected: string): CartridgeFault {
  return new CartridgeFault(
    'CART-E005',
    `Expected ${expected}, found ${chunk.type} at offset ${chunk.offset}`,
  );
}

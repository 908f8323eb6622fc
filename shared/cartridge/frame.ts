/** The frame of a cartridge file: which chunks stand where, checked, with nothing decoded yet. */
import { type Canvas, canvasComplaint } from '../canvas.ts';
import { LIMITS } from '../limits.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { type Chunk, readChunks } from './chunk.ts';
import type { Form } from './decode-rows.ts';
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

/** What an IHDR may say of the pixels: bits, colour type (6: RGBA, 3: a palette), and no interlacing; the bits of a pixel. */
const FORMS = new Map([
  ['0806000000', 32],
  ['0803000000', 8],
  ['0403000000', 4],
  ['0203000000', 2],
  ['0103000000', 1],
]);

export interface Frame {
  readonly canvas: Canvas;
  readonly form: Form;
  /** The data of the IDAT chunks in order: together one zlib stream. */
  readonly compressed: readonly Uint8Array[];
  readonly texts: ReadonlyMap<TextKeyword, Chunk>;
}

/**
 * The frame of a file. Chunks that PNG lets a reader ignore are ignored, other texts among them.
 *
 * @throws {CartridgeFault} E001–E007, E010 for a palette, E012, E016–E018
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
  let palette: Chunk | undefined;
  const isPaletted = chunks[0]?.type === 'IHDR' && chunks[0].data[9] === 3;
  for (const [index, chunk] of chunks.entries()) {
    if ((chunk.type === 'IHDR') !== (index === 0)) throw misplaced(chunk, 'IHDR first and once');
    if (chunk.type === 'IDAT') {
      if (compressed.length > 0 && chunks[index - 1]?.type !== 'IDAT') {
        throw misplaced(chunk, 'all IDAT chunks in a row');
      }
      compressed.push(chunk.data);
    } else if (isPaletted && chunk.type === 'PLTE') {
      if (palette !== undefined || compressed.length > 0) throw misplaced(chunk, 'one PLTE, before IDAT');
      palette = chunk;
    } else if (isPaletted && chunk.type === 'tRNS') {
      // Viewers would show another picture than the one that is checked.
      throw misplaced(chunk, 'colours that are all opaque');
    } else if (isCritical(chunk) && chunk.type !== 'IHDR' && chunk.type !== 'IEND') {
      throw misplaced(chunk, 'no critical chunks but IHDR, IDAT and IEND, and PLTE where pixels are indices');
    } else {
      collectText(chunk, texts);
    }
  }
  return { ...readHeader(chunks[0], palette), compressed, texts };
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

function readHeader(chunk: Chunk | undefined, palette: Chunk | undefined): Pick<Frame, 'canvas' | 'form'> {
  const data = chunk?.data ?? new Uint8Array(0);
  const ending = Buffer.from(data.subarray(8)).toString('hex');
  const bits = data.length === 13 ? FORMS.get(ending) : undefined;
  if (bits === undefined) {
    throw new CartridgeFault(
      'CART-E006',
      `Expected an IHDR of 13 bytes ending in ${[...FORMS.keys()].join(', ')} (8-bit RGBA, or a palette), found ${data.length} ending in ${ending}`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const canvas = { width: view.getUint32(0), height: view.getUint32(4) };
  const complaint = canvasComplaint(canvas.width, canvas.height);
  if (complaint !== undefined) throw new CartridgeFault('CART-E007', complaint);
  return { canvas, form: bits === 32 ? { kind: 'rgba' } : readPalette(bits, palette?.data) };
}

function readPalette(depth: number, colors: Uint8Array | undefined): Form {
  const most = 1 << depth;
  if (colors === undefined || colors.length === 0 || colors.length % 3 !== 0 || colors.length > 3 * most) {
    const found = colors === undefined ? 'no PLTE' : `${colors.length} bytes in PLTE`;
    throw new CartridgeFault('CART-E010', `Expected a palette of 1 to ${most} colours, found ${found}`);
  }
  return { kind: 'palette', depth, colors };
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

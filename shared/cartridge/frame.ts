/** The frame of a cartridge file: which chunks stand where, checked, with nothing decoded yet. */
import { LIMITS } from '../limits.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import type { Chunk } from './chunk.ts';
import type { Effort } from './effort.ts';
import { type ImageFrame, misplaced, readImageFrame } from './image-frame.ts';
import { type Header, headerEnding } from './image-header.ts';
import { keywordOf } from './text-chunk.ts';

/** The cartridge's texts and the one kind of chunk each belongs in. */
const TEXT_CHUNKS = {
  cartridge_type: 'tEXt',
  checksum: 'tEXt',
  created_at: 'tEXt',
  gvpie: 'iTXt',
  gvpie_run: 'iTXt',
} as const;

/** The one text that may stand several times, once for each signature. */
export const SIGNATURE_KEYWORD = 'gvpie_signature';

export type TextKeyword = keyof typeof TEXT_CHUNKS;

/** What an IHDR may say of the pixels: bits, colour type (6: RGBA, 3: a palette), and no interlacing. */
const FORMS = ['0806000000', '0803000000', '0403000000', '0203000000', '0103000000'];

export interface Frame extends ImageFrame {
  readonly texts: ReadonlyMap<TextKeyword, Chunk>;
  /** Chunks of signatures in their order, unread; at most 16. */
  readonly signatures: readonly Chunk[];
}

/**
 * The frame of a file. Chunks that PNG lets a reader ignore are ignored, other texts among them.
 *
 * @throws {CartridgeFault} E001–E007, E010 for a palette, E012, E016–E018
 */
export function readFrame(bytes: Uint8Array, effort: Effort): Frame {
  const texts = new Map<TextKeyword, Chunk>();
  const signatures: Chunk[] = [];
  const image = readImageFrame(bytes, effort, {
    header: (_, { data }) => checkForm(data),
    chunk(chunk, header) {
      checkPlace(chunk, header);
      collectText(chunk, texts, signatures);
    },
  });
  return { ...image, texts, signatures };
}

function checkForm(data: Uint8Array): void {
  const ending = headerEnding(data);
  if (FORMS.includes(ending)) return;
  throw new CartridgeFault(
    'CART-E006',
    `Expected an IHDR ending in ${FORMS.join(', ')} (8-bit RGBA, or a palette), found one ending in ${ending}`,
  );
}

/** What PNG allows, and a cartridge has no place for. */
function checkPlace(chunk: Chunk, { colorType }: Header): void {
  const isIndexed = colorType === 3;
  if (chunk.type === 'PLTE' && !isIndexed) throw misplaced(chunk, 'a PLTE only where pixels are indices');
  // Viewers would show another picture than the one that is checked.
  if (chunk.type === 'tRNS' && isIndexed) throw misplaced(chunk, 'colours that are all opaque');
}

function collectText(chunk: Chunk, texts: Map<TextKeyword, Chunk>, signatures: Chunk[]): void {
  const keyword = keywordOf(chunk);
  if (keyword === SIGNATURE_KEYWORD) collectSignature(chunk, signatures);
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

function collectSignature(chunk: Chunk, signatures: Chunk[]): void {
  if (chunk.type !== 'iTXt') {
    const place = `text "${SIGNATURE_KEYWORD}" at offset ${chunk.offset}`;
    throw new CartridgeFault('CART-E012', `Expected iTXt for ${place}, found ${chunk.type}`);
  }
  if (signatures.length === LIMITS.signatures) {
    throw new CartridgeFault(
      'CART-E018',
      `Expected at most ${LIMITS.signatures} signatures, found another at offset ${chunk.offset}`,
    );
  }
  signatures.push(chunk);
}

function isOurs(keyword: string): keyword is TextKeyword {
  return Object.hasOwn(TEXT_CHUNKS, keyword);
}

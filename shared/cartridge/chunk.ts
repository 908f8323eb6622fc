/** PNG chunks: writing them, and a walk over a file's chunks that believes nothing it has not checked. */
import { crc32 } from 'node:zlib';
import { CartridgeFault } from './cartridge-fault.ts';

/** The eight bytes every PNG begins with. */
export const PNG_SIGNATURE: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The longest chunk PNG allows, bytes of data. */
const MAX_CHUNK_BYTES = 2 ** 31 - 1;
/** Length, type and CRC around a chunk's data. */
const FRAME_BYTES = 12;
/** Most chunks read: the largest cartridge in libpng's usual IDATs of 8 KiB has 49,152; each one kept costs memory. */
const MAX_CHUNKS = 65_536;

export interface Chunk {
  /** Four ASCII letters; the first is lower-case when a reader may ignore the chunk. */
  readonly type: string;
  readonly data: Uint8Array;
  /** Where the chunk's length field lies in the file, bytes. */
  readonly offset: number;
}

/** One chunk as it lies in the file: length, type, data, CRC over type and data. `type` is four ASCII letters. */
export function writeChunk(type: string, data: Uint8Array): Uint8Array {
  // Out of Node's pool, where it is short: an array with a buffer of its own takes several times as long to make.
  const bytes = Buffer.allocUnsafe(FRAME_BYTES + data.length);
  bytes.writeUInt32BE(data.length, 0);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/**
 * The file's chunks in order, IEND included; data are views into `bytes`. Time and memory are
 * proportional to the file, whatever its length fields claim.
 *
 * @throws {CartridgeFault} E001–E004, E016–E018; E005 for a type that is not four letters
 */
export function readChunks(bytes: Uint8Array): Chunk[] {
  for (const [i, byte] of PNG_SIGNATURE.entries()) {
    if (bytes[i] !== byte) {
      throw new CartridgeFault('CART-E001', `Expected a PNG signature, found ${firstBytes(bytes)}`);
    }
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let offset = PNG_SIGNATURE.length;
  while (offset < bytes.length) {
    if (chunks.length === MAX_CHUNKS) {
      throw new CartridgeFault(
        'CART-E018',
        `Expected at most ${MAX_CHUNKS} chunks, found more at offset ${offset}`,
      );
    }
    const chunk = readChunk(bytes, view, offset);
    chunks.push(chunk);
    offset += FRAME_BYTES + chunk.data.length;
    if (chunk.type !== 'IEND') continue;
    if (chunk.data.length > 0) {
      throw new CartridgeFault('CART-E005', `Expected an empty IEND, found ${chunk.data.length} bytes in it`);
    }
    if (offset < bytes.length) {
      throw new CartridgeFault(
        'CART-E016',
        `Expected the file to end with IEND at offset ${offset}, found ${bytes.length - offset} more bytes`,
      );
    }
    return chunks;
  }
  throw new CartridgeFault('CART-E017', `Expected an IEND chunk, found the file's end at offset ${offset}`);
}

function readChunk(bytes: Uint8Array, view: DataView, offset: number): Chunk {
  const left = bytes.length - offset;
  if (left < FRAME_BYTES) {
    throw new CartridgeFault(
      'CART-E002',
      `Expected a chunk of at least ${FRAME_BYTES} bytes at offset ${offset}, found ${left} bytes`,
    );
  }
  const length = view.getUint32(offset);
  const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
  if (!/^[A-Za-z]{4}$/.test(type)) {
    throw new CartridgeFault(
      'CART-E005',
      `Expected four letters as chunk type at offset ${offset}, found ${JSON.stringify(type)}`,
    );
  }
  const place = `${type} at offset ${offset}`;
  if (length > MAX_CHUNK_BYTES) {
    throw new CartridgeFault(
      'CART-E004',
      `Expected at most ${MAX_CHUNK_BYTES} bytes in ${place}, found a claim of ${length}`,
    );
  }
  if (length > left - FRAME_BYTES) {
    throw new CartridgeFault(
      'CART-E002',
      `Expected ${length} bytes in ${place}, found ${left - FRAME_BYTES} before the file's end`,
    );
  }
  const stored = view.getUint32(offset + 8 + length);
  const computed = crc32(bytes.subarray(offset + 4, offset + 8 + length));
  if (stored !== computed) {
    throw new CartridgeFault('CART-E003', `Expected CRC ${hex(computed)} of ${place}, found ${hex(stored)}`);
  }
  return { type, data: bytes.subarray(offset + 8, offset + 8 + length), offset };
}

function firstBytes(bytes: Uint8Array): string {
  return bytes.length === 0 ? 'an empty file' : `bytes ${Buffer.from(bytes.subarray(0, 8)).toString('hex')}`;
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}

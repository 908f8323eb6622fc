/** PNG chunks: writing them, and a walk over a file's chunks that believes nothing it has not checked. */
import { crc32 } from 'node:zlib';
import { LIMITS } from '../limits.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import type { Effort } from './effort.ts';

/** The eight bytes every PNG begins with. */
export const PNG_SIGNATURE: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The longest chunk PNG allows, bytes of data. */
const MAX_CHUNK_BYTES = 2 ** 31 - 1;
/** Length, type and CRC around a chunk's data. */
export const FRAME_BYTES = 12;

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
 * The file's chunks in order, IEND included, each checked before it is given; data are views into `bytes`. Time is
 * proportional to the file, whatever its length fields claim, and nothing is kept: a reader that stops early has checked
 * as much as it has seen.
 *
 * @param effort is charged for each byte
 * @throws {CartridgeFault} E001–E004, E016–E018; E005 for a type that is not four letters, and for an IEND with data
 */
export function* walkChunks(bytes: Uint8Array, effort?: Effort): Generator<Chunk, void, undefined> {
  if (bytes.length > LIMITS.cartridgeBytes) {
    throw overLimits(`a file of at most ${LIMITS.cartridgeBytes} bytes`, `${bytes.length}`);
  }
  if (!isPng(bytes))
    throw new CartridgeFault('CART-E001', `Expected a PNG signature, found ${firstBytes(bytes)}`);
  effort?.spend(PNG_SIGNATURE.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = PNG_SIGNATURE.length;
  for (let count = 0; offset < bytes.length; count++) {
    if (count === LIMITS.chunks) {
      throw overLimits(`at most ${LIMITS.chunks} chunks`, `more at offset ${offset}`);
    }
    const chunk = readChunk(bytes, view, offset, effort);
    offset += FRAME_BYTES + chunk.data.length;
    if (chunk.type === 'IEND') checkEnd(bytes, offset, chunk);
    yield chunk;
    if (chunk.type === 'IEND') return;
  }
  throw new CartridgeFault('CART-E017', `Expected an IEND chunk, found the file's end at offset ${offset}`);
}

/**
 * All chunks of a file, which `walkChunks` gives one at a time.
 *
 * @throws {CartridgeFault} as `walkChunks` does
 */
export function readChunks(bytes: Uint8Array, effort?: Effort): Chunk[] {
  return [...walkChunks(bytes, effort)];
}

/** Whether they begin as every PNG does. */
export function isPng(bytes: Uint8Array): boolean {
  return PNG_SIGNATURE.every((byte, at) => bytes[at] === byte);
}

function checkEnd(bytes: Uint8Array, offset: number, { data }: Chunk): void {
  if (data.length > 0) {
    throw new CartridgeFault('CART-E005', `Expected an empty IEND, found ${data.length} bytes in it`);
  }
  if (offset < bytes.length) {
    throw new CartridgeFault(
      'CART-E016',
      `Expected the file to end with IEND at offset ${offset}, found ${bytes.length - offset} more bytes`,
    );
  }
}

function readChunk(bytes: Uint8Array, view: DataView, offset: number, effort: Effort | undefined): Chunk {
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
  effort?.spend(FRAME_BYTES + length);
  const stored = view.getUint32(offset + 8 + length);
  const computed = crc32(bytes.subarray(offset + 4, offset + 8 + length));
  if (stored !== computed) {
    throw new CartridgeFault('CART-E003', `Expected CRC ${hex(computed)} of ${place}, found ${hex(stored)}`);
  }
  return { type, data: bytes.subarray(offset + 8, offset + 8 + length), offset };
}

function overLimits(expected: string, found: string): CartridgeFault {
  return new CartridgeFault('CART-E018', `Expected ${expected}, found ${found}`);
}

function firstBytes(bytes: Uint8Array): string {
  return bytes.length === 0 ? 'an empty file' : `bytes ${Buffer.from(bytes.subarray(0, 8)).toString('hex')}`;
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}

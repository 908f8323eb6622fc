/** PNG's text chunks: `tEXt` (Latin-1) and `iTXt` (UTF-8, perhaps compressed) to and from strings. */
import { inflateSync } from 'node:zlib';
import { decodeUtf8 } from '../bytes.ts';
import { errorCode } from '../faults.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { type Chunk, writeChunk } from './chunk.ts';
import type { Effort } from './effort.ts';

const TEXT_KINDS = ['tEXt', 'zTXt', 'iTXt'];
const MAX_KEYWORD_BYTES = 79;

/** A `tEXt` chunk; `keyword` (1–79 characters) and `text` are ASCII without NUL. */
export function writeText(keyword: string, text: string): Uint8Array {
  return writeChunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'));
}

/**
 * An `iTXt` chunk, never compressed: the program stays legible to `strings`, and Pillow reads it whole
 * (it refuses compressed texts over 1 MiB).
 */
export function writeInternationalText(keyword: string, text: string): Uint8Array {
  // After the keyword's NUL: not compressed, method 0, no language tag, no translated keyword.
  return writeChunk('iTXt', Buffer.from(`${keyword}\0\0\0\0\0${text}`, 'utf8'));
}

/** The keyword of a text chunk of any kind; undefined for other chunks and for a keyword without an end. */
export function keywordOf(chunk: Chunk): string | undefined {
  if (!TEXT_KINDS.includes(chunk.type)) return undefined;
  const end = chunk.data.subarray(0, MAX_KEYWORD_BYTES + 1).indexOf(0);
  return end === -1 ? undefined : latin1(chunk.data.subarray(0, end));
}

/**
 * The text of a `tEXt` chunk that has a keyword.
 *
 * @param maxBytes longest text accepted, bytes
 * @throws {CartridgeFault} E013, E018
 */
export function readText(chunk: Chunk, maxBytes: number, effort: Effort): string {
  const stored = chunk.data.subarray(chunk.data.indexOf(0) + 1);
  if (stored.length > maxBytes) throw unreadable(chunk, `at most ${maxBytes} bytes`, `${stored.length}`);
  effort.spend(stored.length);
  return latin1(stored);
}

/**
 * The text of an `iTXt` chunk that has a keyword.
 *
 * @param maxBytes longest text accepted, bytes of UTF-8 after inflating
 * @throws {CartridgeFault} E013, E018
 */
export function readInternationalText(chunk: Chunk, maxBytes: number, effort: Effort): string {
  const { data } = chunk;
  const afterKeyword = data.indexOf(0) + 1;
  const languageEnd = data.indexOf(0, afterKeyword + 2);
  const translationEnd = languageEnd === -1 ? -1 : data.indexOf(0, languageEnd + 1);
  if (translationEnd === -1) throw unreadable(chunk, 'four NUL-separated parts', 'fewer');
  const flag = data[afterKeyword];
  const method = data[afterKeyword + 1];
  if ((flag !== 0 && flag !== 1) || method !== 0) {
    throw unreadable(chunk, 'compression flag 0 or 1 and method 0', `flag ${flag} and method ${method}`);
  }
  const stored = data.subarray(translationEnd + 1);
  const bytes = flag === 1 ? inflateText(chunk, stored, maxBytes, effort) : stored;
  if (bytes.length > maxBytes) throw unreadable(chunk, `at most ${maxBytes} bytes`, `${bytes.length}`);
  // To decode it, and to read what it says.
  effort.spend(2 * bytes.length);
  const text = decodeUtf8(bytes);
  if (text === undefined) throw unreadable(chunk, 'UTF-8', 'other bytes');
  return text;
}

function inflateText(chunk: Chunk, stored: Uint8Array, maxBytes: number, effort: Effort): Uint8Array {
  effort.spend(stored.length + effort.declareInflated(stored.length, maxBytes));
  try {
    return inflateSync(stored, { maxOutputLength: maxBytes });
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') {
      throw unreadable(chunk, `at most ${maxBytes} bytes`, 'more once inflated');
    }
    throw unreadable(chunk, 'a whole zlib stream', errorCode(error) ?? 'something else');
  }
}

function unreadable(chunk: Chunk, expected: string, found: string): CartridgeFault {
  const place = `${chunk.type} "${keywordOf(chunk)}" at offset ${chunk.offset}`;
  return new CartridgeFault('CART-E013', `Expected ${expected} in ${place}, found ${found}`);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

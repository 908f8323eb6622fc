/** The source: a program's text, cut into lines, from bytes or from a string. */
import { decodeUtf8, firstInvalidUtf8 } from '../../shared/bytes.ts';
import { AuthorFault } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import { syntaxError, type Wrong } from './syntax-error.ts';

/** A program's text. */
export interface Source {
  /** Without the byte order mark, otherwise as it was given. */
  readonly text: string;
  /**
   * Without their LF or CRLF. A CR elsewhere ends no line. What follows the last line end counts as a line
   * only if it is not empty, so `HALT` and `HALT⏎` are both one line.
   */
  readonly lines: readonly string[];
}

const BOM = '\uFEFF';
const lossy = new TextDecoder('utf-8', { ignoreBOM: true });
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Decodes strict UTF-8; a byte order mark is skipped.
 *
 * @throws {AuthorFault} PXL-E001 at the first byte that is not UTF-8, PXL-E002 over `LIMITS.sourceBytes`
 */
export function decodeSource(bytes: Uint8Array): Source {
  refuseSize(bytes.length);
  const text = decodeUtf8(bytes);
  if (text !== undefined) return cut(text);

  const offset = firstInvalidUtf8(bytes);
  const sound = lossy.decode(bytes.subarray(0, offset));
  const found = `the byte 0x${(bytes[offset] as number).toString(16).toUpperCase().padStart(2, '0')}`;
  throw notUtf8(cut(sound).text, cut(lossy.decode(bytes)), `${found} at offset ${offset}`);
}

/**
 * A source of a string, under the rules of `decodeSource`: it must be UTF-8 once it is encoded.
 *
 * @throws {AuthorFault} PXL-E001 at the first lone surrogate, PXL-E002 over `LIMITS.sourceBytes`
 */
export function sourceOf(text: string): Source {
  // A UTF-16 unit takes at most 3 bytes, so most texts need no counting.
  if (text.length * 3 > LIMITS.sourceBytes) refuseSize(new TextEncoder().encode(text).length);
  const source = cut(text);
  const lone = source.text.search(LONE_SURROGATE);
  if (lone < 0) return source;
  const unit = source.text.charCodeAt(lone).toString(16).toUpperCase();
  throw notUtf8(source.text.slice(0, lone), source, `the lone surrogate U+${unit}`);
}

function cut(text: string): Source {
  const body = text.startsWith(BOM) ? text.slice(1) : text;
  const lines = body.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (!body.includes('\r')) return { text: body, lines };
  return { text: body, lines: lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) };
}

/** `before` is the sound text before the bad character; `shown` is a source that can be printed. */
function notUtf8(before: string, shown: Source, found: string): AuthorFault {
  const line = before.split('\n').length;
  const start = before.length - before.lastIndexOf('\n') - 1;
  const wrong: Wrong = {
    code: 'PXL-E001',
    message: `Expected UTF-8, found ${found}`,
    hint: 'save the program as UTF-8 text',
  };
  return new AuthorFault([syntaxError(shown, line, start, start + 1, wrong)]);
}

function refuseSize(bytes: number): void {
  if (bytes <= LIMITS.sourceBytes) return;
  throw new AuthorFault([
    {
      code: 'PXL-E002',
      message: `Expected at most ${LIMITS.sourceBytes} bytes of source, found ${bytes}`,
      hint: 'split the program',
    },
  ]);
}

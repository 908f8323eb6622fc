/** The one path by which a place in a source becomes a complaint. */
import type { Complaint } from '../../shared/faults.ts';
import { excerpt, type SourceLines } from './caret.ts';
import type { FaultCode } from './codes.ts';

/** What is wrong, and what to write instead. */
export interface Wrong {
  readonly code: FaultCode;
  /** "Expected …, found …" */
  readonly message: string;
  /** Empty where there is nothing to advise. */
  readonly hint: string;
}

/** Part of a line that cannot be read: what the rules of the grammar throw, and the parser makes a complaint of. */
export class Misreading extends Error {
  override readonly name = 'Misreading';
  /** UTF-16 units of the line, from 0; the end is not part of it. */
  readonly start: number;
  readonly end: number;
  readonly wrong: Wrong;

  constructor(start: number, end: number, wrong: Wrong) {
    super(wrong.message);
    this.start = start;
    this.end = end;
    this.wrong = wrong;
  }
}

/**
 * A complaint about the units `start` to `end` of a line.
 *
 * @param line counts from 1
 */
export function syntaxError(
  source: SourceLines,
  line: number,
  start: number,
  end: number,
  { code, message, hint }: Wrong,
): Complaint {
  const text = source.lines[line - 1] ?? '';
  const column = countCodePoints(text.slice(0, start)) + 1;
  const length = countCodePoints(text.slice(start, end));
  const shown = excerpt(source, line, column, length);
  return { code, message, line, column, excerpt: shown, ...(hint === '' ? {} : { hint }) };
}

/** Code points of a text without lone surrogates: its UTF-16 units but for the second of each pair. */
export function countCodePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) count--;
  return count;
}

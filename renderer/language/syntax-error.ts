/** The one path by which a place in a source becomes a complaint. */
import { AuthorFault, type SourcePlace } from '../../shared/faults.ts';
import { excerpt, type SourceLines } from './caret.ts';
import type { Code } from './codes.ts';

/** What is wrong, and what to write instead. */
export interface Wrong {
  readonly code: Code;
  /** "Expected …, found …" */
  readonly message: string;
  readonly hint: string;
}

/** A fault with one complaint about `length` code points at `place`, ready to be thrown. */
export function syntaxError(
  source: SourceLines,
  place: SourcePlace,
  length: number,
  wrong: Wrong,
): AuthorFault {
  const { line, column } = place;
  const { code, message, hint } = wrong;
  return new AuthorFault([
    { code, message, line, column, excerpt: excerpt(source, line, column, length), hint },
  ]);
}

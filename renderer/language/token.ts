/** The token: a piece of one line with its place in it. */

/**
 * A word is a run of anything but blanks, tabs and commas; a text runs to the line's end; `end` is the
 * line's end, empty.
 */
export interface Token {
  readonly kind: 'word' | 'comma' | 'text' | 'end';
  readonly value: string;
  /** Offset into the line, UTF-16 units, from 0. */
  readonly start: number;
}

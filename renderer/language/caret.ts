/** The excerpt of a message: the offending line with carets under the offending part, fit for a terminal. */

/** Code points of a line that an excerpt shows; a longer line is cut on either side with `…`. */
export const EXCERPT_WIDTH = 80;

/** Names of a list that a message gives. */
const FEW = 8;

/** What an excerpt needs of a source. */
export interface SourceLines {
  readonly lines: readonly string[];
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/**
 * Replaces every character that a terminal would obey or hide by one that it shows, one code point for
 * one: controls by their pictures (`␉` for a tab), odd blanks by `␣`, the rest by `�`.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0) as number;
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return '␡';
    return /\p{Zs}/u.test(character) ? '␣' : '�';
  });
}

/** `text` in quotes for a message: visible, and cut to 40 code points. */
export function quoted(text: string): string {
  // 40 code points take at most 80 units, so a long text is never walked whole.
  const points = Array.from(text.slice(0, 82));
  const shown = points.length > 40 ? `${points.slice(0, 39).join('')}…` : points.join('');
  return `"${visible(shown)}"`;
}

/** The first names of a list for a message, which a program may make a megabyte long: `a, b, …`. */
export function few(names: readonly string[], separator: string): string {
  const first = names.slice(0, FEW).join(separator);
  return names.length > FEW ? `${first}${separator}…` : first;
}

/**
 * Two lines: the source line, and carets under `length` code points from `column` on (at least one caret;
 * no more than the excerpt shows).
 *
 * @param line counts from 1
 * @param column counts code points from 1; one past the line's end is allowed
 */
export function excerpt(source: SourceLines, line: number, column: number, length: number): string {
  const points = Array.from(source.lines[line - 1] ?? '');
  const cut = points.length - EXCERPT_WIDTH;
  const start = Math.max(0, Math.min(column - 1 - EXCERPT_WIDTH / 4, cut));
  const shown = points.slice(start, start + EXCERPT_WIDTH);
  if (start > 0) shown[0] = '…';
  if (start < cut) shown[EXCERPT_WIDTH - 1] = '…';
  const before = column - 1 - start;
  const carets = Math.max(1, Math.min(length, shown.length - before));
  return `${visible(shown.join(''))}\n${' '.repeat(before)}${'^'.repeat(carets)}`;
}

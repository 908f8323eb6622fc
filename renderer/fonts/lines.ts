/** Texts in pixels: how wide one is, and how a long one is cut into lines. */
import { invariant } from '../../shared/faults.ts';
import type { Font } from './font.ts';

/** What of a font decides the width of a text. */
export type Metrics = Pick<Font, 'advance' | 'width'>;

const BLANK = ' ';

/**
 * The width of a text: from the left edge of its first cell to the right edge of its last one, without the gap that would
 * follow. An empty text is 0 wide; a code point that the font lacks takes a cell as well.
 *
 * @param size the multiple that the font is drawn at
 */
export function widthOf(text: string, metrics: Metrics, size: number): number {
  let count = 0;
  for (const _ of text) count++;
  return widthOfCells(count, metrics, size);
}

/** As widthOf, of a text of `count` code points. */
export function widthOfCells(count: number, { advance, width }: Metrics, size: number): number {
  return count === 0 ? 0 : ((count - 1) * advance + width) * size;
}

/** A line without the blanks at its end, which hang over the edge: what is seen of it. */
export function withoutEndBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === BLANK) end--;
  return line.slice(0, end);
}

/**
 * Cuts a text into lines of at most `width` pixels. Put together again the lines are the text: no character is lost.
 *
 * A line fits when without the blanks at its end it is at most `width` pixels wide, or one code point. Each line is:
 * 1. all the rest, where that fits;
 * 2. otherwise the longest that fits and ends between a blank and another character, so that a run of blanks is never
 *    parted and stays at the end of its line;
 * 3. otherwise, for a word that is wider than a line, the longest that fits.
 *
 * Only U+0020 is a blank. An empty text is one empty line.
 *
 * @param size the multiple that the font is drawn at, 1 or more
 */
export function wrap(text: string, font: Metrics, size: number, width: number): string[] {
  invariant(size >= 1, `a text at size ${size}`);
  const characters = [...text];
  // How many cells fit beside one another: what widthOf says, solved for the count.
  const most = Math.max(1, Math.floor((Math.floor(width / size) - font.width) / font.advance) + 1);
  const lines: string[] = [];
  let start = 0;
  do {
    const end = endOfLine(characters, start, most);
    lines.push(characters.slice(start, end).join(''));
    start = end;
  } while (start < characters.length);
  return lines;
}

/** @param most how many code points fit, blanks at the end not counted; 1 or more */
function endOfLine(characters: readonly string[], start: number, most: number): number {
  // Past the last code point that fits, blanks go on hanging over the edge.
  let end = Math.min(characters.length, start + most);
  while (end < characters.length && characters[end] === BLANK) end++;
  if (end === characters.length) return end;
  for (let cut = end; cut > start; cut--) if (characters[cut - 1] === BLANK) return cut;
  return end;
}

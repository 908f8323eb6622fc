/** Cells of a terminal: how many a text takes, and texts that are cut or wrapped to a number of them. */

/** Two cells: what Unicode calls wide or full width (EastAsianWidth.txt), and emoji that are shown as such. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d37f}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
/** Most texts, whose characters need no closer look. */
const NARROW = /^[ -~]*$/;
const ZERO = /[\p{Mn}\p{Me}]/u;
/** What makes an emoji of the character before it, which many terminals then show in two cells. */
const AS_EMOJI = '\ufe0f';

/** Cells that a text takes: two for a wide character, none for a mark on another; where terminals differ, the more. */
export function cellWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  let last = 0;
  for (const character of text) {
    if (character === AS_EMOJI && last === 1) {
      last = 2;
      width++;
    }
    if (ZERO.test(character)) continue;
    last = WIDE.test(character) ? 2 : 1;
    width += last;
  }
  return width;
}

/** Characters of a cell that are looked at. */
const MOST_PER_CELL = 16;

/** A plain text, cut with `…` to that many cells. */
export function cut(text: string, columns: number): string {
  // A reason may have thousands of characters: so many are in so few cells only where most of them are marks.
  const head = text.slice(0, MOST_PER_CELL * columns);
  if (head.length === text.length && cellWidth(text) <= columns) return text;
  const [first = ''] = columns === 1 ? [] : wrap(head, columns - 1);
  return cellWidth(first) < columns ? `${first}…` : '…';
}

/** A change of the text's dress, or a character, with what makes an emoji of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what dresses a text.
const PIECE = /\x1b\[[\d;]*m|.\ufe0f?/gsu;

/** A line, dressed or not, in pieces of at most so many cells; a dress goes on from piece to piece. */
export function wrap(line: string, columns: number): string[] {
  const pieces = [''];
  let width = 0;
  for (const [piece] of line.matchAll(PIECE)) {
    const cells = piece.startsWith('\x1b') ? 0 : cellWidth(piece);
    if (width + cells > columns && width > 0) {
      pieces.push('');
      width = 0;
    }
    width += cells;
    pieces[pieces.length - 1] += piece;
  }
  return pieces;
}

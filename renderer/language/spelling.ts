/** Spelling: the name that a misspelt word most likely means. */

/** Letters from which on a word may be two edits away; a shorter one is another word by then. */
const LONG = 5;

/**
 * The first of the `names` nearest to `word`, undefined when none is near: one edit away, or two where one of them has
 * five letters or more, and fewer than either has. An edit puts a letter in, leaves one out, changes one, or swaps two
 * neighbours. Of equals, one as long as the word. Case is ignored. Takes time in proportion to the names' letters.
 */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  /** Edits of the best so far, and a half where it is not as long as the word. */
  let least = 3;
  for (const name of names) {
    const shorter = Math.min(wanted.length, name.length);
    const longer = Math.max(wanted.length, name.length);
    const most = Math.min(longer < LONG ? 1 : 2, shorter - 1);
    const extra = name.length === wanted.length ? 0 : 0.5;
    const enough = Math.ceil(Math.min(least - extra, most + 1));
    if (Math.abs(name.length - wanted.length) >= enough) continue;
    const edits = editDistance(wanted, name.toLowerCase(), enough);
    if (edits >= enough) continue;
    best = name;
    least = edits + extra;
  }
  return best;
}

/**
 * The edits from one word to the other (optimal string alignment), or anything from `enough` on where it is no less.
 * Only cells nearer than `enough` to the diagonal are filled in: those beyond cost as much by their distance alone.
 */
function editDistance(from: string, to: string, enough: number): number {
  const width = to.length + 1;
  let above = new Array<number>(width).fill(enough);
  let row = Array.from({ length: width }, (_, j) => Math.min(j, enough));
  for (let i = 1; i <= from.length; i++) {
    const below = new Array<number>(width).fill(enough);
    if (i < enough) below[0] = i;
    let least = below[0] as number;
    const last = Math.min(to.length, i + enough - 1);
    for (let j = Math.max(1, i - enough + 1); j <= last; j++) {
      const same = from[i - 1] === to[j - 1];
      let edits = Math.min(
        (row[j - 1] as number) + (same ? 0 : 1),
        (row[j] as number) + 1,
        (below[j - 1] as number) + 1,
      );
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        edits = Math.min(edits, (above[j - 2] as number) + 1);
      }
      below[j] = edits;
      least = Math.min(least, edits);
    }
    if (least >= enough && !row.some((edits) => edits + 1 < enough)) return enough;
    [above, row] = [row, below];
  }
  return row[to.length] as number;
}

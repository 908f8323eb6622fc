/** Spelling: the name that a misspelt word most likely means. */

/** Letters from which on a word may be two edits away; a shorter one is another word by then. */
const LONG = 5;

/**
 * The first of the `names` nearest to `word`, undefined when none is near: one edit away, or two where one of them has
 * five letters or more, and fewer than either has. An edit puts a letter in, leaves one out, changes one, or swaps two
 * neighbours. Of equals, one that differs in doubled letters only, then one as long as the word. Case is ignored. Takes time in proportion to the names' letters.
 */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  /** Edits of the best so far; a half more where it is not as long as the word, but a quarter less for doubled letters. */
  let least = 3;
  for (const name of names) {
    const shorter = Math.min(wanted.length, name.length);
    const longer = Math.max(wanted.length, name.length);
    const most = Math.min(longer < LONG ? 1 : 2, shorter - 1);
    if (longer - shorter > most) continue;
    const extra = name.length === wanted.length ? 0 : isDoubled(wanted, name.toLowerCase()) ? -0.25 : 0.5;
    const enough = Math.ceil(Math.min(least - extra, most + 1));
    if (Math.abs(name.length - wanted.length) >= enough) continue;
    const edits = editDistance(wanted, name.toLowerCase(), enough);
    if (edits >= enough) continue;
    best = name;
    least = edits + extra;
  }
  return best;
}

/** Whether two words are the same but for letters that one of them has twice or more in a row. */
function isDoubled(one: string, other: string): boolean {
  let i = 0;
  let j = 0;
  while (i < one.length && j < other.length && one[i] === other[j]) {
    const letter = one[i];
    while (one[i] === letter) i++;
    while (other[j] === letter) j++;
  }
  return i === one.length && j === other.length;
}

/** Three rows of the table of edits, used again and again: among 100,000 names they would be most of the work. */
let above = new Int32Array(0);
let row = new Int32Array(0);
let below = new Int32Array(0);

/**
 * The edits from one word to the other (optimal string alignment), or anything from `enough` on where it is no less;
 * the words' lengths differ by less than that. What both begin with, and what both end with, takes no edit. Of the rest
 * only cells nearer than `enough` to the diagonal are filled in: those beyond cost as much by their distance alone.
 */
function editDistance(from: string, to: string, enough: number): number {
  let first = 0;
  let height = from.length;
  let width = to.length;
  while (first < height && first < width && from.charCodeAt(first) === to.charCodeAt(first)) first++;
  while (height > first && width > first && from.charCodeAt(height - 1) === to.charCodeAt(width - 1)) {
    height--;
    width--;
  }
  height -= first;
  width -= first;
  if (row.length < width + 2) {
    above = new Int32Array(2 * width + 2);
    row = new Int32Array(above);
    below = new Int32Array(above);
  }
  for (let j = 0; j <= Math.min(width, enough); j++) row[j] = j;
  let leastAbove = 0;
  for (let i = 1; i <= height; i++) {
    const begin = Math.max(1, i - enough + 1);
    const end = Math.min(width, i + enough - 1);
    below[begin - 1] = begin === 1 ? Math.min(i, enough) : enough;
    let least = below[begin - 1] as number;
    for (let j = begin; j <= end; j++) {
      const a = from.charCodeAt(first + i - 1);
      const b = to.charCodeAt(first + j - 1);
      let edits = Math.min(
        (row[j - 1] as number) + (a === b ? 0 : 1),
        (row[j] as number) + 1,
        (below[j - 1] as number) + 1,
      );
      const isSwap =
        i > 1 && j > 1 && a === to.charCodeAt(first + j - 2) && b === from.charCodeAt(first + i - 2);
      if (isSwap) edits = Math.min(edits, (above[j - 2] as number) + 1);
      below[j] = edits;
      least = Math.min(least, edits);
    }
    // The next row looks one further to the right.
    below[end + 1] = enough;
    if (least >= enough && leastAbove + 1 >= enough) return enough;
    leastAbove = least;
    [above, row, below] = [row, below, above];
  }
  return row[width] as number;
}

/** Spelling: the name that a misspelt word most likely means. */

/** Edits from which on a name is not near. */
const FAR = 3;

/**
 * The first of the `names` nearest to `word`: at most two letters put in, left out or exchanged, and fewer
 * than either has. Case is ignored; undefined when none is near. Takes time in proportion to the names' letters.
 */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let least = FAR;
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= least) continue;
    const edits = editDistance(wanted, name.toLowerCase(), least);
    if (edits < Math.min(least, word.length, name.length)) {
      best = name;
      least = edits;
    }
  }
  return best;
}

/**
 * Levenshtein's distance, or anything from `enough` on where it is no less. A place of one word is never compared
 * with one of the other that lies `enough` away: the way there alone takes as many edits.
 */
function editDistance(from: string, to: string, enough: number): number {
  let row = new Array<number>(to.length + 1).fill(enough);
  let below = new Array<number>(to.length + 1).fill(enough);
  for (let j = 0; j <= to.length && j < enough; j++) row[j] = j;
  for (let i = 1; i <= from.length; i++) {
    const first = Math.max(1, i - enough + 1);
    const last = Math.min(to.length, i + enough - 1);
    below[first - 1] = first === 1 ? i : enough;
    let least = below[first - 1] as number;
    for (let j = first; j <= last; j++) {
      const exchanged = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const edits = Math.min(exchanged, (row[j] as number) + 1, (below[j - 1] as number) + 1);
      below[j] = edits;
      if (edits < least) least = edits;
    }
    if (least >= enough) return enough;
    if (last < to.length) below[last + 1] = enough;
    [row, below] = [below, row];
  }
  return row[to.length] as number;
}

/** Spelling: the name that a misspelt word most likely means. */

/**
 * The first of the `names` nearest to `word`: at most two letters put in, left out or exchanged, and fewer
 * than either has. Case is ignored; undefined when none is near.
 */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const longest = Math.max(...names.map((name) => name.length));
  if (word.length > longest + 2) return undefined;
  let best: string | undefined;
  let least = 3;
  for (const name of names) {
    const edits = editDistance(word.toLowerCase(), name.toLowerCase());
    if (edits < Math.min(least, word.length, name.length)) {
      best = name;
      least = edits;
    }
  }
  return best;
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 0; i < from.length; i++) {
    const below = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const exchanged = (row[j] as number) + (from[i] === to[j] ? 0 : 1);
      below.push(Math.min(exchanged, (row[j + 1] as number) + 1, (below[j] as number) + 1));
    }
    row = below;
  }
  return row[to.length] as number;
}

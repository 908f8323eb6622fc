/** What changes one list of lines into another: the fewest removed and added, where there are not too many of them. */

export interface LineChange {
  readonly kind: 'removed' | 'added';
  /** Its number in the list that has it, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Changes up to which the fewest are looked for; that takes as many lists of places, 4 MB. */
const MOST_SEARCHED = 1_000;

/**
 * By Myers, An O(ND) Difference Algorithm (1986). Beyond `most` changes all lines between the first and the last that
 * differ are removed and added, which is true as well, and no longer the fewest.
 */
export function diffLines(
  before: readonly string[],
  after: readonly string[],
  most = MOST_SEARCHED,
): LineChange[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const [one, other] = [before, after].map((lines) => lines.slice(head, lines.length - tail)) as [
    string[],
    string[],
  ];
  return (search(one, other, most) ?? everything(one, other)).map((change) => ({
    ...change,
    line: change.line + head,
  }));
}

function everything(before: readonly string[], after: readonly string[]): LineChange[] {
  return [
    ...before.map((text, at) => ({ kind: 'removed' as const, line: at + 1, text })),
    ...after.map((text, at) => ({ kind: 'added' as const, line: at + 1, text })),
  ];
}

/** Undefined where it takes more than `most` changes. */
function search(before: readonly string[], after: readonly string[], most: number): LineChange[] | undefined {
  /** For each number of changes, how far each diagonal leads: lines of `before` that are behind, by the diagonal's place. */
  const reached: Int32Array[] = [];
  for (let changes = 0; changes <= most; changes++) {
    const last = reached.at(-1);
    const places = new Int32Array(2 * changes + 1);
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = last === undefined ? 0 : step(last, changes, diagonal).x;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      places[diagonal + changes] = x;
      if (x >= before.length && x - diagonal >= after.length) {
        return walkBack(before, after, [...reached, places]);
      }
    }
    reached.push(places);
  }
  return undefined;
}

/** Where a diagonal begins with one change more: behind a line removed, or before one added. */
function step(last: Int32Array, changes: number, diagonal: number): { x: number; isAdded: boolean } {
  // `last` has the diagonals from -(changes - 1) on.
  const at = (of: number): number => last[of + changes - 1] ?? -1;
  const isAdded = diagonal === -changes || (diagonal !== changes && at(diagonal - 1) < at(diagonal + 1));
  return { x: isAdded ? at(diagonal + 1) : at(diagonal - 1) + 1, isAdded };
}

function walkBack(
  before: readonly string[],
  after: readonly string[],
  reached: readonly Int32Array[],
): LineChange[] {
  const found: LineChange[] = [];
  let diagonal = before.length - after.length;
  for (let changes = reached.length - 1; changes > 0; changes--) {
    const { x, isAdded } = step(reached[changes - 1] as Int32Array, changes, diagonal);
    const line = isAdded ? x - diagonal : x;
    found.push(
      isAdded
        ? { kind: 'added', line, text: after[line - 1] as string }
        : { kind: 'removed', line, text: before[line - 1] as string },
    );
    diagonal += isAdded ? 1 : -1;
  }
  return found.reverse();
}

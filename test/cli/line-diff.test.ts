/** The changes between two lists of lines: they lead from one to the other, and there are no fewer. */
import { describe, expect, it } from 'vitest';
import { diffLines, type LineChange } from '../../cli/line-diff.ts';
import { seeded } from '../../shared/seeded.ts';

/** `before` without what was removed and with what was added, each at its number. */
function applied(before: readonly string[], changes: readonly LineChange[]): string[] {
  const gone = new Map(
    changes.filter(({ kind }) => kind === 'removed').map(({ line, text }) => [line, text]),
  );
  const kept = before.filter((text, at) => {
    if (gone.has(at + 1)) expect(gone.get(at + 1)).toBe(text);
    return !gone.has(at + 1);
  });
  for (const { kind, line, text } of changes) if (kind === 'added') kept.splice(line - 1, 0, text);
  return kept;
}

/** How many lines the longest common subsequence leaves out, by the table that everybody knows. */
function fewest(before: readonly string[], after: readonly string[]): number {
  let row = new Array<number>(after.length + 1).fill(0);
  for (const text of before) {
    const next = [0];
    for (const [at, other] of after.entries()) {
      next.push(
        text === other ? (row[at] as number) + 1 : Math.max(row[at + 1] as number, next[at] as number),
      );
    }
    row = next;
  }
  return before.length + after.length - 2 * (row.at(-1) as number);
}

describe('the changes between two lists of lines', () => {
  it('lead from one to the other and are the fewest, for 3,000 pairs by chance', () => {
    const next = seeded(8);
    const below = (most: number): number => Math.floor(next() * most);
    const lines = (): string[] => Array.from({ length: below(14) }, () => 'abc'[below(3)] as string);
    for (let n = 0; n < 3_000; n++) {
      const [before, after] = [lines(), lines()];
      const changes = diffLines(before, after);
      expect(applied(before, changes)).toEqual(after);
      expect(changes.length).toBe(fewest(before, after));
    }
  });

  it('are in the order of the text, with numbers of the list that has the line', () => {
    expect(diffLines(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd', 'e'])).toEqual([
      { kind: 'removed', line: 2, text: 'b' },
      { kind: 'added', line: 2, text: 'x' },
      { kind: 'added', line: 5, text: 'e' },
    ]);
    expect(diffLines(['a'], ['a'])).toEqual([]);
    expect(diffLines([], [])).toEqual([]);
  });

  it('lead there beyond the most that are looked for, too, and are the fewest up to it', () => {
    const before = ['same', 'a', 'k', 'b', 'end'];
    const after = ['same', 'c', 'k', 'd', 'end'];
    expect(diffLines(before, after, 4)).toHaveLength(4);
    const more = diffLines(before, after, 3);
    expect(more).toHaveLength(6);
    expect(applied(before, more)).toEqual(after);
  });
});

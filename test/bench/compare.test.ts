/** Comparing two runs: what is a regression, and what is noise. */
import { describe, expect, it } from 'vitest';
import { type Change, compare, type Kept, THRESHOLD } from '../../bench/compare.ts';
import { tellComparison } from '../../bench/comparison.ts';
import type { Line } from '../../bench/report.ts';
import { around, lineOf } from './lines.ts';

const MACHINE = { cpu: 'A', cores: 2, node: 'v20.19.0' };

function runOf(...lines: readonly Line[]): Kept {
  return { machine: MACHINE, lines };
}

/** What became of the one line. */
function changeOf(old: Line, now: Line): Change {
  const { changes } = compare(runOf(old), runOf(now));
  expect(changes).toHaveLength(1);
  return changes[0] as Change;
}

describe('a line without a peer', () => {
  it('is a regression from the threshold on', () => {
    expect(changeOf(lineOf(), lineOf({ ours: around(10 * THRESHOLD) })).kind).toBe('regression');
    expect(changeOf(lineOf(), lineOf({ ours: around(10 * THRESHOLD - 0.01) })).kind).toBe('same');
  });

  it('is the same while the quartiles meet, however far the medians are apart', () => {
    // 10 ± 5 and 20 ± 5 touch at 15.
    expect(changeOf(lineOf({ ours: around(10, 5) }), lineOf({ ours: around(20, 5) })).kind).toBe('same');
    expect(changeOf(lineOf({ ours: around(10, 5) }), lineOf({ ours: around(20.1, 5) })).kind).toBe(
      'regression',
    );
  });

  it('is better by the same rules', () => {
    expect(changeOf(lineOf({ ours: around(20) }), lineOf())).toMatchObject({ kind: 'better', factor: 0.5 });
    expect(changeOf(lineOf({ ours: around(10.9) }), lineOf()).kind).toBe('same');
  });

  it('that is a rate is worse when it falls', () => {
    const rate = (value: number) => lineOf({ unit: '/s', ours: around(value) });
    expect(changeOf(rate(1_000), rate(500))).toMatchObject({ kind: 'regression', factor: 2 });
    expect(changeOf(rate(500), rate(1_000)).kind).toBe('better');
  });
});

describe('a line with a peer', () => {
  const against = (ours: number, peer: number, spread = 0) =>
    lineOf({ ours: around(ours), peer: { ...around(peer, spread), name: 'Skia' } });

  it('is compared by its ratio: a machine that is slower for both is no regression', () => {
    expect(changeOf(against(5, 10), against(50, 100))).toMatchObject({
      of: 'ratio',
      kind: 'same',
      factor: 1,
    });
    expect(changeOf(against(5, 10), against(50, 50))).toMatchObject({
      of: 'ratio',
      kind: 'regression',
      factor: 2,
    });
  });

  it('is the same while the peer’s own quartiles allow it', () => {
    // Ratios of 0.5 and 0.625; a peer between 5 and 11 makes the second anything from 0.45 on.
    expect(changeOf(against(5, 10), against(5, 8)).kind).toBe('regression');
    expect(changeOf(against(5, 10), against(5, 8, 3)).kind).toBe('same');
  });
});

describe('two runs', () => {
  it('on other machines are compared by their ratios alone, and say why', () => {
    const ratio = lineOf({ name: 'ratio', peer: { ...around(10), name: 'Skia' } });
    const elsewhere = { ...runOf(lineOf(), ratio), machine: { ...MACHINE, cores: 8 } };
    const { changes, elsewhere: why } = compare(runOf(lineOf(), ratio), elsewhere);
    expect(changes.map(({ name }) => name)).toEqual(['paint: ratio, against Skia']);
    expect(why).toBe('Expected cores 2, found 8: only ratios are compared');
    expect(compare(runOf(lineOf(), ratio), runOf(lineOf(), ratio)).changes).toHaveLength(2);
  });

  it('say which lines are gone and which are new', () => {
    const { gone, added, changes } = compare(runOf(lineOf({ name: 'old' })), runOf(lineOf({ name: 'new' })));
    expect([gone, added, changes]).toEqual([['paint: old'], ['paint: new'], []]);
  });

  it('miss no line of a part that was not measured again', () => {
    const old = runOf(lineOf(), lineOf({ part: 'png', name: 'a press' }));
    expect(compare(old, runOf(lineOf())).gone).toEqual([]);
  });

  it('say which target was lost, even within the noise', () => {
    const targets = [{ bound: 'at most', value: 10, of: 'median' }] as const;
    const lost = changeOf(lineOf({ targets }), lineOf({ ours: around(10.1), targets }));
    expect(lost).toMatchObject({ kind: 'same', lost: true });
    expect(changeOf(lineOf({ targets }), lineOf({ targets })).lost).toBe(false);
  });

  it('are told with the regressions first and the rule beside them', () => {
    const [a, b] = [lineOf({ name: 'a' }), lineOf({ name: 'b' })];
    const now = runOf({ ...a, ours: around(5) }, { ...b, ours: around(30) });
    const told = tellComparison(compare(runOf(a, b), now), false).split('\n');
    expect(told[0]).toContain(`at least ${THRESHOLD} times worse`);
    expect(told[1]).toMatch(/WORSE +3\.00 × worse +paint: b: median 10\.0 → 30\.0/);
    expect(told[2]).toMatch(/better +2\.00 × better +paint: a/);
    expect(told.at(-1)).toBe('1 worse, 1 better, 0 the same');
  });
});

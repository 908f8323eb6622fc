/** The report: ratios, targets on both sides of their bounds, and the table. */
import { describe, expect, it } from 'vitest';
import { isMet, ratioOf, type Target, tableOf, verdictsOf } from '../../bench/report.ts';
import { figuresOfTimes } from '../../bench/samples.ts';
import { around, lineOf } from './lines.ts';

const atMost = (value: number, of: Target['of'] = 'ratio'): Target => ({ bound: 'at most', value, of });
const atLeast = (value: number, of: Target['of'] = 'ratio'): Target => ({ bound: 'at least', value, of });
const half = lineOf({ ours: around(5), peer: { ...around(10), name: 'Skia' } });

describe('a ratio', () => {
  it('is our median over the peer’s, and is not there without a peer', () => {
    expect(ratioOf(half)).toBe(0.5);
    expect(ratioOf(lineOf())).toBeUndefined();
  });
});

describe('a target', () => {
  it('is met at its bound and missed beyond it, from either side', () => {
    expect(isMet({ ...half, targets: [atMost(0.5)] })).toBe(true);
    expect(isMet({ ...half, targets: [atMost(0.49)] })).toBe(false);
    expect(isMet({ ...half, targets: [atLeast(0.5)] })).toBe(true);
    expect(isMet({ ...half, targets: [atLeast(0.51)] })).toBe(false);
  });

  it('of the median looks at ours alone', () => {
    expect(isMet({ ...half, targets: [atMost(5, 'median')] })).toBe(true);
    expect(isMet({ ...half, targets: [atMost(4.9, 'median')] })).toBe(false);
  });

  it('of the 99th percentile is missed where there are too few samples to tell it', () => {
    const many = (value: number) => figuresOfTimes(new Array<number>(20).fill(value));
    const told = lineOf({
      ours: many(5),
      peer: { ...many(10), name: 'HTTP' },
      targets: [atMost(1, 'p99 ratio')],
    });
    expect(verdictsOf(told)).toMatchObject([{ found: 0.5, met: true }]);
    expect(isMet({ ...told, ours: many(11) })).toBe(false);
    expect(isMet({ ...half, targets: [atMost(1, 'p99 ratio')] })).toBe(false);
  });

  it('of the worst sample is missed where there are too few of them', () => {
    const told = lineOf({ ours: figuresOfTimes([...new Array<number>(19).fill(5), 10]) });
    expect(isMet({ ...told, targets: [atMost(10, 'worst')] })).toBe(true);
    expect(isMet({ ...told, targets: [atMost(9.9, 'worst')] })).toBe(false);
    expect(isMet({ ...half, targets: [atMost(100, 'worst')] })).toBe(false);
  });

  it('is one of several, of which each has to be met', () => {
    expect(isMet({ ...half, targets: [atMost(0.5), atMost(5, 'median')] })).toBe(true);
    expect(isMet({ ...half, targets: [atMost(0.5), atMost(4, 'median')] })).toBe(false);
    expect(isMet(half)).toBeUndefined();
  });
});

describe('the table', () => {
  it('has the ratio first, whether the target is met, and below a line where its time goes', () => {
    const table = tableOf([
      { ...half, targets: [atMost(0.5)] },
      { ...half, name: 'another', targets: [atMost(0.4)], where: ['80 % fill', 'of which half is memory'] },
    ]);
    const [head, met, missed, ...where] = table.split('\n');
    expect(head).toMatch(/^ratio +at best +target +met +what/);
    expect(met).toMatch(/^0\.500 +0\.500 +≤ 0\.5 × +yes +paint: a picture +ms +5\.00/);
    expect(missed).toMatch(/^0\.500 +0\.500 +≤ 0\.4 × +NO +paint: another/);
    expect(where.map((line) => line.trim())).toEqual(['└ 80 % fill', '└ of which half is memory']);
  });

  it('tells what was found of a target that no column shows', () => {
    const twenty = figuresOfTimes(new Array<number>(20).fill(3));
    const line = lineOf({
      ours: twenty,
      peer: { ...twenty, name: 'HTTP' },
      targets: [atMost(1, 'p99 ratio'), atLeast(800, 'median')],
    });
    expect(tableOf([line])).toContain('p99 ≤ 1 × (1.00), ≥ 800 ms');
  });
});

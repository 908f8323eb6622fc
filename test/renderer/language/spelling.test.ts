import { describe, expect, it } from 'vitest';
import { nearest } from '../../../renderer/language/spelling.ts';
import { seeded } from '../../../shared/seeded.ts';
import { complaintsOf } from './reading.ts';

/** The rule as it is written, in time in proportion to the product of the words' lengths. */
function slowly(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = 3;
  for (const name of names) {
    const edits = distance(word.toLowerCase(), name.toLowerCase());
    const shorter = Math.min(word.length, name.length);
    const most = Math.max(word.length, name.length) < 5 ? 1 : 2;
    if (edits > most || edits >= shorter) continue;
    const single = (text: string): string => text.toLowerCase().replace(/(.)\1+/g, '$1');
    const isDoubled = single(word) === single(name);
    const cost = edits + (name.length === word.length ? 0 : isDoubled ? -0.25 : 0.5);
    if (cost >= least) continue;
    best = name;
    least = cost;
  }
  return best;
}

/** By recursion, as the rule of edits is told. */
function distance(from: string, to: string): number {
  const known = new Map<number, number>();
  const edits = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = i * 64 + j;
    const before = known.get(key);
    if (before !== undefined) return before;
    const ways = [
      edits(i - 1, j) + 1,
      edits(i, j - 1) + 1,
      edits(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1),
    ];
    if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
      ways.push(edits(i - 2, j - 2) + 1);
    }
    const least = Math.min(...ways);
    known.set(key, least);
    return least;
  };
  return edits(from.length, to.length);
}

describe('the nearest name', () => {
  it('is the one of the rule, among 20,000 random words and names (seed 20261120)', () => {
    const random = seeded(20_261_120);
    const word = (): string =>
      Array.from({ length: Math.floor(random() * 9) }, () => 'abAB_'[Math.floor(random() * 5)]).join('');
    let found = 0;
    for (let n = 0; n < 20_000; n++) {
      const names = Array.from({ length: Math.floor(random() * 6) }, word);
      const wanted = word();
      const near = slowly(wanted, names);
      expect(nearest(wanted, names), `${wanted} among ${names.join(' ')}`).toBe(near);
      if (near !== undefined) found++;
    }
    expect(found).toBeGreaterThan(1_000);
    expect(found).toBeLessThan(19_000);
  });

  it.each([
    ['RCET', 'RECT'],
    ['HATL', 'HALT'],
    ['HALTED', 'HALT'],
    ['RECTT', 'RECT'],
    ['wdth', 'width'],
    ['tomatoe', 'tomato'],
    ['constt', undefined],
    ['foo', undefined],
    ['true', undefined],
    ['mod', undefined],
    ['x', undefined],
  ])('of %s is %s', (word, near) => {
    const names = ['RET', 'DATA', 'RECT', 'HALT', 'width', 'tomato', 'blue', 'cos', 'min', 'y'];
    expect(nearest(word, names)).toBe(near);
  });

  it('is found among 300,000 names, more than a call takes arguments', () => {
    const names = Array.from({ length: 300_000 }, (_, index) => `name_${index}`);
    expect(nearest('nam_299999', names)).toBe('name_299999');
    expect(nearest('quite another one', names)).toBeUndefined();
  });
});

describe('the hint for a name without a value', () => {
  it.each([
    ['COLOR redd', 'did you mean red?'],
    ['SET sky skyblu', 'did you mean skyblue?'],
    ['CLEAR tomatoe', 'did you mean tomato?'],
    ['SET far wdth', 'did you mean width?'],
    ['SET tin 1\nCOLOR ten', 'did you mean tin?'],
    // No place is a colour.
    ['PIX 1 redd', 'SET redd value gives it one'],
    ['TXT ten 1 A', 'SET ten value gives it one'],
    ['FOR i 1 greed\nEND', 'SET greed value gives it one'],
  ])('of %j is %j', (text, hint) => {
    expect(complaintsOf(text)).toMatchObject([{ code: 'PXL-E016', hint }]);
  });
});

import { describe, expect, it } from 'vitest';
import { Pace, paceWords, rateWords } from '../../cli/pace.ts';

describe('the pace of long work', () => {
  it('counts the rate from the first that is done: what came before was the start', () => {
    let now = 1_000;
    const pace = new Pace(100, () => now);
    expect(pace.words()).toBe('0 of 100');
    now += 60_000;
    pace.step();
    expect(pace.words()).toBe('1 of 100');
    now += 1_000;
    for (let n = 0; n < 20; n++) pace.step();
    expect(pace.words()).toBe('21 of 100, 20/s, 3 s left');
  });

  it.each([
    [1, 10, 0, 5_000, '1 of 10'],
    [6, 10, 5, 499, '6 of 10'],
    [6, 10, 5, 500, '6 of 10, 10/s, 400 ms left'],
    [813, 10_000, 812, 4_060, '813 of 10000, 200/s, 45 s left'],
    [3, 2, 3, 1_000, '3 of 2, 3.0/s, 0 ms left'],
  ])('of %i of %i, %i of them in the last %i ms, is "%s"', (done, total, lately, ms, words) => {
    expect(paceWords(done, total, lately, ms)).toBe(words);
  });

  it('has a rate with a decimal below ten, and none where no time has passed', () => {
    expect([rateWords(19, 2_000), rateWords(20, 2_000), rateWords(5, 0)]).toEqual(['9.5/s', '10/s', '0.0/s']);
  });
});

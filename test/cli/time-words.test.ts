import { describe, expect, it } from 'vitest';
import { ageWords, spanWords } from '../../cli/time-words.ts';

describe('a span of time in words', () => {
  it.each([
    [-5, '0 ms'],
    [999.9, '999 ms'],
    [1_000, '1 s'],
    [1_999, '1 s'],
    [2_000, '2 s'],
    [119_999, '119 s'],
    [120_000, '2 min'],
    [7_199_999, '119 min'],
    [7_200_000, '2 h'],
    [172_799_999, '47 h'],
    [172_800_000, '2 d'],
  ])('of %d ms is %s', (ms, words) => {
    expect(spanWords(ms)).toBe(words);
  });

  it('is an age from a time of the database, and nothing from anything else', () => {
    const nowMs = Date.parse('2026-01-01T00:01:00.000Z');
    expect(ageWords('2026-01-01T00:00:00.000Z', nowMs)).toBe('60 s');
    expect(ageWords('2027-01-01T00:00:00.000Z', nowMs)).toBe('0 ms');
    expect(ageWords('yesterday', nowMs)).toBe('');
  });
});

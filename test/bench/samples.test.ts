/** Samples: medians, quartiles, the best and the 99th percentile. */
import { describe, expect, it } from 'vitest';
import { figuresOfRates, figuresOfTimes } from '../../bench/samples.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('figures', () => {
  it('have the middle sample as their median, or the mean of the two in the middle', () => {
    expect(figuresOfTimes([3, 1, 2]).p50).toBe(2);
    expect(figuresOfTimes([4, 1, 3, 2]).p50).toBe(2.5);
  });

  it('have the quartiles between which half of the samples lie', () => {
    expect(figuresOfTimes(upTo(100))).toMatchObject({ p25: 25, p75: 75, samples: 100 });
  });

  it('take the fastest time and the highest rate for the best', () => {
    expect(figuresOfTimes([3, 1, 2]).best).toBe(1);
    expect(figuresOfRates([3, 1, 2]).best).toBe(3);
  });

  it('tell the 99th percentile of twenty samples, and not of nineteen', () => {
    expect(figuresOfTimes(upTo(20)).p99).toBe(20);
    expect(figuresOfTimes(upTo(19)).p99).toBeUndefined();
  });

  it('take the slow end of times and the low end of rates for the 99th percentile', () => {
    expect(figuresOfTimes(upTo(200)).p99).toBe(198);
    expect(figuresOfRates(upTo(200)).p99).toBe(2);
  });
});

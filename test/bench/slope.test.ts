/** Slopes: straight lines and exponents of points that are known. */
import { describe, expect, it } from 'vitest';
import { exponentOf, fitLine } from '../../bench/slope.ts';

const along = (xs: readonly number[], y: (x: number) => number) => xs.map((x) => ({ x, y: y(x) }));
const DOUBLING = [1, 2, 4, 8, 16, 32, 64, 128];

describe('a fitted line', () => {
  it('is the line that the points lie on', () => {
    const { slope, intercept } = fitLine(along([1, 2, 5, 9], (x) => 3 * x + 7));
    expect(slope).toBeCloseTo(3, 12);
    expect(intercept).toBeCloseTo(7, 12);
  });

  it('has the least squares where they lie on none', () => {
    // By hand: means 2 and 4, covariance 3, variance 2.
    const points = [
      { x: 1, y: 2 },
      { x: 2, y: 5 },
      { x: 3, y: 5 },
    ];
    expect(fitLine(points)).toEqual({ slope: 1.5, intercept: 1 });
  });

  it('is refused for points at one place', () => {
    expect(() => fitLine(along([4, 4, 4], (x) => x))).toThrow(/two places/);
    expect(() => fitLine([])).toThrow(/two places/);
  });
});

describe('an exponent', () => {
  it('is 1 of what grows linearly, 2 of what grows with the square, 0 of what stays', () => {
    expect(exponentOf(along(DOUBLING, (x) => 5 * x))).toBeCloseTo(1, 12);
    expect(exponentOf(along(DOUBLING, (x) => 5 * x * x))).toBeCloseTo(2, 12);
    expect(exponentOf(along(DOUBLING, () => 5))).toBeCloseTo(0, 12);
  });

  it('is told of the upper points, where what each costs anyway counts least', () => {
    const points = along(DOUBLING, (x) => 4 + x);
    const [upper, all] = [exponentOf(points), exponentOf(points, points.length)];
    expect(upper).toBeGreaterThan(all);
    expect(upper).toBeGreaterThan(0.85);
    expect(upper).toBeLessThan(1);
  });

  it('does not mind in which order the points come', () => {
    const points = along(DOUBLING, (x) => 4 + x);
    expect(exponentOf(points.toReversed())).toBeCloseTo(exponentOf(points), 12);
  });
});

/** Fixed-point arithmetic, held against unbounded integers. */
import { describe, expect, it } from 'vitest';
import { qdiv, qmul } from '../../../renderer/machine/fixed.ts';
import { differences, EDGE_PAIRS, INT_MAX, INT_MIN, int32s, wrapped } from '../../support/int32.ts';

const RANDOM = 20_000;
const next = int32s(16);
const PAIRS = [
  ...EDGE_PAIRS,
  ...Array.from({ length: RANDOM }, () => [next(), next()] as const),
  // What programs multiply: numbers near one, and near the edges of a half.
  ...Array.from({ length: RANDOM }, () => [next() >> 12, next() >> 14] as const),
  ...[-65_537, -65_536, -65_535, -1, 0, 1, 65_535, 65_536, 65_537].flatMap((a) =>
    [INT_MIN, INT_MIN + 1, -65_536, -1, 1, 32_768, 65_535, 65_536, INT_MAX].map((b) => [a, b] as const),
  ),
];
const DIVISIONS = PAIRS.filter(([, b]) => b !== 0);

// BigInt's shift rounds toward −∞ and its division toward 0.
const product = (a: number, b: number) => wrapped((BigInt(a) * BigInt(b)) >> 16n);
const quotient = (a: number, b: number) => wrapped((BigInt(a) * 65_536n) / BigInt(b));

describe('qmul', () => {
  it('is the product by 65536, rounded down and wrapped, at every edge and at random', () => {
    expect(differences(PAIRS, qmul, product)).toEqual([]);
  });

  it('would be told from a product that is rounded toward zero, and from one that is not wrapped', () => {
    expect(differences(PAIRS, (a, b) => Math.trunc((a * b) / 65_536) | 0, product)).not.toEqual([]);
    expect(differences(PAIRS, (a, b) => Math.floor((a * b) / 65_536), product)).not.toEqual([]);
  });

  it.each([
    [98_304, 98_304, 147_456],
    [-1, 1, -1],
    [INT_MIN, INT_MIN, 0],
    [INT_MAX, INT_MAX, -65_536],
    [INT_MIN, 65_536, INT_MIN],
  ])('of %i and %i is %i', (a, b, found) => {
    expect(qmul(a, b)).toBe(found);
    expect(qmul(b, a)).toBe(found);
  });
});

describe('qdiv', () => {
  it('is the quotient times 65536, rounded toward zero and wrapped, at every edge and at random', () => {
    expect(differences(DIVISIONS, qdiv, quotient)).toEqual([]);
  });

  it('would be told from a quotient that is rounded down, and from one that is not wrapped', () => {
    expect(differences(DIVISIONS, (a, b) => Math.floor((a * 65_536) / b) | 0, quotient)).not.toEqual([]);
    expect(differences(DIVISIONS, (a, b) => Math.trunc((a * 65_536) / b) + 0, quotient)).not.toEqual([]);
  });

  it.each([
    [1, 3, 21_845],
    [-1, 3, -21_845],
    [INT_MIN, -1, 0],
    [INT_MIN, -65_536, INT_MIN],
    [5, 0, 0],
    [0, 0, 0],
  ])('of %i by %i is %i', (a, b, found) => {
    expect(qdiv(a, b)).toBe(found);
  });
});

/** Chance: a word and a bound → a number below the bound, held against unbounded integers. */
import { describe, expect, it } from 'vitest';
import { below, hash } from '../../../renderer/machine/chance.ts';
import { advance, mulberry32, seeded } from '../../../shared/seeded.ts';
import { differences, EDGES, INT_MAX, INT_MIN, int32s } from '../../support/int32.ts';

const exact = (word: number, n: number) => Number((BigInt(word) * BigInt(n)) >> 32n);

const WORDS = EDGES.map((n) => n >>> 0);
const BOUNDS = [...EDGES, 6, 10, 100, 641, 6_700_417].filter((n) => n > 0);
const next = int32s(10);
const CASES = [
  ...WORDS.flatMap((word) => BOUNDS.map((n) => [word, n] as const)),
  ...Array.from({ length: 50_000 }, () => [next() >>> 0, (next() & INT_MAX) | 1] as const),
];

describe('below', () => {
  it('is the high half of word · n, at every edge and at random', () => {
    expect(differences(CASES, below, exact)).toEqual([]);
  });

  it('is exact on both sides of each step from one number to the next', () => {
    // The smallest word that gives k is the ceiling of k · 2³² / n.
    const steps = BOUNDS.flatMap((n) =>
      [1, 2, n >> 1, n - 1]
        .filter((k) => k > 0 && k < n)
        .map((k) => [Number(((BigInt(k) << 32n) + BigInt(n) - 1n) / BigInt(n)), n, k] as const),
    );
    expect(steps.length).toBeGreaterThan(50);
    expect(
      differences(
        steps,
        (word, n) => below(word, n),
        (_word, _n, k) => k,
      ),
    ).toEqual([]);
    expect(
      differences(
        steps,
        (word, n) => below(word - 1, n),
        (_word, _n, k) => k - 1,
      ),
    ).toEqual([]);
  });

  it('would be told from a product of doubles', () => {
    const rounded = (word: number, n: number) => Math.floor((word * n) / 2 ** 32);
    expect(differences(CASES, rounded, exact)).not.toEqual([]);
    // Their product is 2⁶² − 1: one less than what a double takes it for.
    const near = [2 ** 31 + 1, INT_MAX] as const;
    expect([below(...near), rounded(...near)]).toEqual([2 ** 30 - 1, 2 ** 30]);
  });

  it('reaches 0 and n − 1 and nothing beyond', () => {
    for (const n of BOUNDS) expect([below(0, n), below(2 ** 32 - 1, n)]).toEqual([0, n - 1]);
  });
});

describe('the seeded words', () => {
  const wordsOf = (seed: number, count: number) => {
    const words: number[] = [];
    for (let state = advance(seed); words.length < count; state = advance(state))
      words.push(mulberry32(state));
    return words;
  };

  it.each([
    [0, [1144304738, 1416247, 958946056, 627933444]],
    [1, [2693262067, 11749833, 2265367787, 4213581821]],
    [INT_MIN, [3524353788, 1924613307, 3365584844, 2199219949]],
    [-1, [3850105811, 813802916, 3073704848, 4054706436]],
  ])('of seed %d are pinned', (seed, words) => {
    expect(wordsOf(seed, 4)).toEqual(words);
  });

  it('are those of seeded(), whether the state is signed or not', () => {
    for (const seed of [0, 1, 42, -1, INT_MIN, INT_MAX, 2 ** 32 - 1]) {
      const random = seeded(seed);
      const fractions = Array.from({ length: 100 }, () => random() * 2 ** 32);
      expect(wordsOf(seed, 100)).toEqual(fractions);
      expect(wordsOf(seed >>> 0, 100)).toEqual(fractions);
    }
    expect(wordsOf(1, 2)).not.toEqual(wordsOf(2, 2));
  });
});

describe('hash', () => {
  // As docs/language.md says it.
  const told = (a: number, b: number) => {
    const u32 = (n: bigint) => BigInt.asUintN(32, n);
    let h = u32(BigInt(a) + BigInt(b) * 2_654_435_761n + 1_831_565_813n);
    h = u32((h ^ (h >> 16n)) * 2_146_121_005n);
    h = u32((h ^ (h >> 15n)) * 2_221_713_035n);
    return Number(BigInt.asIntN(32, h ^ (h >> 16n)));
  };
  const pairs = [...EDGES.flatMap((a) => EDGES.map((b) => [a, b] as const)), ...CASES];
  const signed = pairs.map(([a, b]) => [a | 0, b | 0] as const);

  it('is what its formula says in unbounded integers, at every edge and at random', () => {
    expect(differences(signed, hash, told)).toEqual([]);
    expect(differences(signed, (a, b) => hash(b, a), told)).not.toEqual([]);
  });

  it('is pinned', () => {
    expect([hash(0, 0), hash(3, 4), hash(-1, -1), hash(INT_MIN, INT_MAX)]).toEqual([
      420_403_303, -1_489_609_853, -454_868_864, -1_977_390_364,
    ]);
  });

  it('gives no number twice on a large canvas of few columns, and half of all bits change from cell to cell', () => {
    const seen = new Set<number>();
    let changed = 0;
    for (let y = 0; y < 16_384; y += 64) {
      for (let x = 0; x < 256; x++) {
        seen.add(hash(x, y));
        for (let bits = hash(x, y) ^ hash(x + 1, y); bits !== 0; bits &= bits - 1) changed++;
      }
    }
    expect(seen.size).toBe(256 * 256);
    expect(Math.abs(changed / (256 * 256) - 16)).toBeLessThan(0.1);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalCode, shortestCode } from '../../../shared/cartridge/prefix-code.ts';
import { seededBetween } from '../../../shared/seeded.ts';

const SEED = 16_2026;

/** The share of all codes that lengths take up: 1 when every string of bits means something, and one thing only. */
function taken(lengths: Uint8Array): number {
  return lengths.reduce((sum, length) => sum + (length === 0 ? 0 : 2 ** -length), 0);
}

function bitsFor(counts: Uint32Array, lengths: Uint8Array): number {
  return counts.reduce((sum, count, symbol) => sum + count * (lengths[symbol] ?? 0), 0);
}

/** Huffman's algorithm as it is told: the two lightest become one, and all below them lie one bit deeper. */
function fewestBits(counts: Uint32Array): number {
  const weights = [...counts].filter((count) => count > 0);
  let bits = 0;
  while (weights.length > 1) {
    weights.sort((a, b) => b - a);
    const both = (weights.pop() ?? 0) + (weights.pop() ?? 0);
    bits += both;
    weights.push(both);
  }
  return bits;
}

/** Counts by chance, many of them 0, and some much greater than others. */
function chance(random: (low: number, high: number) => number): Uint32Array {
  const steep = random(1, 20);
  const counts = Uint32Array.from({ length: 286 }, () =>
    random(0, 3) === 0 ? 0 : random(0, 2 ** random(1, steep + 1)),
  );
  counts[7] = 1;
  counts[256] = 1;
  return counts;
}

describe('the shortest code', () => {
  it('takes as few bits as Huffman’s where none of these is too long', () => {
    const random = seededBetween(SEED);
    for (let n = 0; n < 200; n++) {
      const counts = chance(random);
      const { lengths } = shortestCode(counts, 32);
      expect(bitsFor(counts, lengths)).toBe(fewestBits(counts));
      expect([...lengths].map((length) => length > 0)).toEqual([...counts].map((count) => count > 0));
      expect(taken(lengths)).toBe(1);
    }
  });

  it('is nowhere longer than allowed, and leaves no bits unused', () => {
    const random = seededBetween(SEED);
    let shortened = 0;
    for (let n = 0; n < 200; n++) {
      const counts = chance(random);
      const { lengths } = shortestCode(counts, 10);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(10);
      expect(taken(lengths)).toBe(1);
      if (Math.max(...shortestCode(counts, 32).lengths) > 10) shortened++;
      expect(bitsFor(counts, lengths)).toBeGreaterThanOrEqual(fewestBits(counts));
    }
    expect(shortened).toBeGreaterThan(50);
  });

  it('is one bit each for two symbols, however rare the one is', () => {
    const counts = new Uint32Array(5);
    counts[1] = 4_000_000_000;
    counts[4] = 1;
    expect([...shortestCode(counts, 10).lengths]).toEqual([0, 1, 0, 0, 1]);
    expect(() => shortestCode(Uint32Array.of(0, 9, 0), 10)).toThrow('invariant');
  });

  it('bounds the depth of counts that grow like Fibonacci’s, the worst there are', () => {
    const counts = new Uint32Array(30);
    counts.set([1, 1]);
    for (let n = 2; n < 30; n++) counts[n] = (counts[n - 1] ?? 0) + (counts[n - 2] ?? 0);
    expect(Math.max(...shortestCode(counts, 32).lengths)).toBe(29);
    for (const longest of [5, 6, 10, 15]) {
      const { lengths } = shortestCode(counts, longest);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(longest);
      expect(taken(lengths)).toBe(1);
    }
  });
});

describe('the codes of given lengths', () => {
  it('are those of RFC 1951, the first bit lowest', () => {
    // The example of section 3.2.2: A to H.
    const { codes } = canonicalCode(Uint8Array.of(3, 3, 3, 3, 3, 2, 4, 4));
    const bits = ['010', '011', '100', '101', '110', '00', '1110', '1111'];
    expect([...codes]).toEqual(bits.map((code) => Number.parseInt([...code].reverse().join(''), 2)));
  });

  it('begin none with another', () => {
    const { lengths, codes } = shortestCode(chance(seededBetween(SEED)), 10);
    const written = [...codes.entries()].flatMap(([symbol, code]) => {
      const length = lengths[symbol] ?? 0;
      return length === 0 ? [] : [[...code.toString(2).padStart(length, '0')].reverse().join('')];
    });
    const sorted = written.sort();
    expect(sorted.length).toBeGreaterThan(100);
    expect(sorted.filter((code, n) => sorted[n + 1]?.startsWith(code))).toEqual([]);
  });
});

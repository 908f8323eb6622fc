/** The machine's arithmetic, held against unbounded integers. */
import { describe, expect, it, vi } from 'vitest';
import {
  clamp,
  divide,
  hypotenuse,
  mix,
  packRgba,
  remainder,
  sign,
  smallSquareRoot,
  squareRoot,
} from '../../../renderer/machine/integer.ts';
import { differences, EDGE_PAIRS, EDGES, INT_MAX, INT_MIN, int32s, wrapped } from '../../support/int32.ts';

const RANDOM = 20_000;

function randomPairs(seed: number): [number, number][] {
  const next = int32s(seed);
  return Array.from({ length: RANDOM }, () => [next(), next()]);
}

const PAIRS = [...EDGE_PAIRS, ...randomPairs(1)];
const DIVISIONS = PAIRS.filter(([, b]) => b !== 0);
const ONES = [...EDGES, ...randomPairs(2).flat()].map((n) => [n] as const);

/** The floor of the root, by bisection. */
function rootOf(n: bigint): bigint {
  let [low, high] = [0n, 1n << 32n];
  while (low + 1n < high) {
    const middle = (low + high) >> 1n;
    if (middle * middle <= n) low = middle;
    else high = middle;
  }
  return low;
}

/** Rounds toward −∞, where BigInt's own division rounds toward 0. */
const floorOfQ16 = (n: bigint) => n >> 16n;

describe('divide and remainder', () => {
  const quotient = (a: number, b: number) => wrapped(BigInt(a) / BigInt(b));

  it('truncate toward zero, at every edge and at random', () => {
    expect(differences(DIVISIONS, divide, quotient)).toEqual([]);
    expect(differences(DIVISIONS, remainder, (a, b) => wrapped(BigInt(a) % BigInt(b)))).toEqual([]);
  });

  it('would be told from a division that rounds down, and from one that gives −0', () => {
    expect(differences(DIVISIONS, (a, b) => Math.floor(a / b) | 0, quotient)).not.toEqual([]);
    expect(
      differences(DIVISIONS, (a, b) => (b === -1 ? divide(a, b) : Math.trunc(a / b)), quotient)[0],
    ).toMatch('found 0');
  });

  it.each([
    [7, 2, 3, 1],
    [-7, 2, -3, -1],
    [7, -2, -3, 1],
    [-7, -2, 3, -1],
    [INT_MIN, -1, INT_MIN, 0],
    [INT_MIN, 1, INT_MIN, 0],
    [INT_MAX, INT_MIN, 0, INT_MAX],
    [INT_MIN, INT_MAX, -1, -1],
  ])('give for %d and %d: %d, and %d is left', (a, b, quotient, left) => {
    expect([divide(a, b), remainder(a, b)]).toEqual([quotient, left]);
  });
});

describe('sign and clamp', () => {
  it('are exact', () => {
    expect(differences(ONES, sign, (n) => (n === 0 ? 0 : n < 0 ? -1 : 1))).toEqual([]);
  });

  it.each([
    [4, 5, 9, 5],
    [5, 5, 9, 5],
    [9, 5, 9, 9],
    [10, 5, 9, 9],
    [7, 9, 5, 5],
    [4, 9, 5, 5],
    [INT_MIN, INT_MIN, INT_MAX, INT_MIN],
    [INT_MAX, INT_MIN, INT_MAX, INT_MAX],
  ])('hold %d between %d and %d: %d', (n, low, high, held) => {
    expect(clamp(n, low, high)).toBe(held);
  });
});

describe('mix', () => {
  const part = (a: number, b: number, t: number) => {
    const held = t < 0 ? 0n : t > 65536 ? 65536n : BigInt(t);
    return wrapped(BigInt(a) + floorOfQ16((BigInt(b) - BigInt(a)) * held));
  };
  const SHARES = [INT_MIN, -1, 0, 1, 2, 32767, 32768, 32769, 65535, 65536, 65537, INT_MAX];
  const next = int32s(3);
  const cases = [
    ...EDGE_PAIRS.flatMap(([a, b]) => SHARES.map((t) => [a, b, t] as const)),
    ...PAIRS.map(([a, b]) => [a, b, next() & 0xffff] as const),
  ];

  it('rounds down and never wraps between, at every edge and at random', () => {
    expect(differences(cases, mix, part)).toEqual([]);
  });

  it('would be told from one that rounds toward zero, and from one whose difference wraps', () => {
    const truncated = (a: number, b: number, t: number) =>
      a + Math.trunc(((b - a) * clamp(t, 0, 65536)) / 65536);
    const wrapping = (a: number, b: number, t: number) =>
      (a + Math.floor((((b - a) | 0) * clamp(t, 0, 65536)) / 65536)) | 0;
    expect(differences(cases, truncated, part)).not.toEqual([]);
    expect(differences(cases, wrapping, part)).not.toEqual([]);
  });

  it('begins at a, ends at b, and stays there beyond', () => {
    expect([-1, 0, 65536, 65537].map((t) => mix(INT_MIN, INT_MAX, t))).toEqual([
      INT_MIN,
      INT_MIN,
      INT_MAX,
      INT_MAX,
    ]);
    expect([mix(0, -1, 1), mix(0, 1, 65535)]).toEqual([-1, 0]);
  });
});

describe.each([
  ['squareRoot', squareRoot],
  ['smallSquareRoot', smallSquareRoot],
])('%s', (_, squareRoot) => {
  const root = (n: number) => Number(rootOf(BigInt(n)));

  it('is the floor on both sides of every square', () => {
    const squares = Array.from({ length: 46340 }, (_, n) => (n + 1) ** 2);
    expect(
      differences(
        squares.map((n) => [n] as const),
        squareRoot,
        Math.sqrt,
      ),
    ).toEqual([]);
    expect(
      differences(
        squares.map((n) => [n - 1] as const),
        (n) => squareRoot(n) + 1,
        (n) => Math.sqrt(n + 1),
      ),
    ).toEqual([]);
  });

  it('agrees with bisection at the edges and at random', () => {
    const cases = ONES.filter(([n]) => n >= 0);
    expect(differences(cases, squareRoot, root)).toEqual([]);
    expect(differences(cases, (n) => Math.round(Math.sqrt(n)), root)).not.toEqual([]);
    expect(squareRoot(INT_MAX)).toBe(46340);
  });
});

describe('hypotenuse', () => {
  const length = (x: number, y: number) => wrapped(rootOf(BigInt(x) ** 2n + BigInt(y) ** 2n));
  /** Whole triangles and their neighbours: exact roots of sums past 2⁵³, which a double rounds. */
  const triangles = [...randomPairs(4)].flatMap(([a, b]) => {
    const [m, n] = [Math.abs(a % 38_000), Math.abs(b % 26_000)];
    const [x, y] = [m * m - n * n, 2 * m * n];
    return [[x, y] as const, [x, y - 1] as const, [x - 1, -y] as const];
  });

  it('is exact at every edge, at random and around whole triangles', () => {
    expect(differences(PAIRS, hypotenuse, length)).toEqual([]);
    expect(triangles.some(([x, y]) => x * x + y * y > 2 ** 60)).toBe(true);
    expect(differences(triangles, hypotenuse, length)).toEqual([]);
  });

  it('would be told from a root of doubles', () => {
    const guess = (x: number, y: number) => Math.floor(Math.sqrt(x * x + y * y)) | 0;
    expect(differences(triangles, guess, length)).not.toEqual([]);
  });

  it.each([
    [0, 0, 0],
    [3, -4, 5],
    [1, 1, 1],
    [INT_MAX, 0, INT_MAX],
    [INT_MIN, 0, INT_MIN],
    [INT_MIN, INT_MIN, 3_037_000_499 - 2 ** 32],
    [INT_MAX, INT_MAX, 3_037_000_498 - 2 ** 32],
  ])('of %d and %d is %d', (x, y, expected) => {
    expect([hypotenuse(x, y), hypotenuse(y, x)]).toEqual([expected, expected]);
  });
});

describe('a Math.sqrt that is off', () => {
  it.each([-1e-9, 1e-9])('by %d of its value changes no root', (slip) => {
    const cases = PAIRS.map(([a, b]) => [a, b, squareRoot(a & INT_MAX), hypotenuse(a, b)] as const);
    const { sqrt } = Math;
    const slipping = vi.spyOn(Math, 'sqrt').mockImplementation((n) => sqrt(n) * (1 + slip));
    try {
      expect(Math.floor(Math.sqrt(INT_MAX ** 2))).toBe(INT_MAX + Math.sign(slip) * (slip < 0 ? 3 : 2));
      expect(
        differences(
          cases,
          (a) => squareRoot(a & INT_MAX),
          (_a, _b, root) => root,
        ),
      ).toEqual([]);
      expect(differences(cases, hypotenuse, (_a, _b, _root, length) => length)).toEqual([]);
    } finally {
      slipping.mockRestore();
    }
  });
});

describe('packRgba', () => {
  it.each([
    [1, 2, 3, 4, 0x04030201],
    [255, 255, 255, 255, -1],
    [0, 0, 0, 255, -0x1000000],
    [0, 0, 0, 127, 0x7f000000],
    [256, -1, INT_MAX, INT_MIN, 0x00ff00ff],
    [-1, 256, INT_MIN, INT_MAX, 0xff00ff00 - 2 ** 32],
  ])('of %d %d %d %d is %d, signed', (r, g, b, a, word) => {
    expect(packRgba(r, g, b, a)).toBe(word);
  });

  it('keeps every channel to itself', () => {
    const next = int32s(5);
    const cases = Array.from({ length: 5000 }, () => [next(), next(), next(), next()] as const);
    const bytes = (...channels: readonly number[]) =>
      Buffer.from(channels.map((n) => Math.min(Math.max(n, 0), 255))).readInt32LE();
    expect(differences(cases, packRgba, bytes)).toEqual([]);
  });
});

/** Sine, cosine and direction, held against 160 binary places and against the rule read word for word. */
import { describe, expect, it, vi } from 'vitest';
import { cosine, direction, sine } from '../../../renderer/machine/trigonometry.ts';
import { sha256Hex } from '../../../shared/bytes.ts';
import { differences, EDGE_PAIRS, EDGES, INT_MIN, int32s } from '../../support/int32.ts';

const TURN = 65536;
const QUARTER = 16384;
const ANGLES = Array.from({ length: TURN }, (_, a) => a);
const ENTRIES = ANGLES.slice(0, QUARTER + 1);

const PLACES = 160n;
const ONE = 1n << PLACES;

/** 2^160 · atan(1 / n), by its series. */
function arctangentOfInverse(n: bigint): bigint {
  let [power, sum] = [ONE / n, 0n];
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += (k % 4n === 1n ? power : -power) / k;
    power /= n * n;
  }
  return sum;
}

/** 2^160 · π, by Machin's formula. */
const PI = 4n * (4n * arctangentOfInverse(5n) - arctangentOfInverse(239n));

/** 2^160 · sin(2πa / 65536), by the series for the whole quarter, a from 0 to 16384. */
function trueSine(a: number): bigint {
  const x = (PI * BigInt(a)) / 32768n;
  const square = (x * x) >> PLACES;
  let [term, sum] = [x, 0n];
  for (let k = 2n; term !== 0n; k += 2n) {
    sum += term;
    term = -(((term * square) >> PLACES) / (k * (k + 1n)));
    if (term === -1n || term === 1n) break;
  }
  return sum;
}

const TRUE_SINES = ENTRIES.map(trueSine);

describe('the table of a quarter', () => {
  it('is the true sine, rounded to 1/65536, in every entry', () => {
    const rounded = TRUE_SINES.map((s) => Number((s * 65536n + ONE / 2n) >> PLACES));
    expect(ENTRIES.map(sine)).toEqual(rounded);
    const floors = TRUE_SINES.map((s) => Number((s * 65536n) >> PLACES));
    expect(ENTRIES.map(sine)).not.toEqual(floors);
  });

  it('lies nowhere nearer to a tie than 5.4 millionths, sixteen times what making it may be off by', () => {
    const fromTie = TRUE_SINES.map((s) => {
      const fraction = (s * 65536n) & (ONE - 1n);
      const distance = fraction - ONE / 2n;
      return Number(((distance < 0n ? -distance : distance) * 10n ** 9n) >> PLACES);
    });
    expect(Math.min(...fromTie)).toBe(5475);
    expect(fromTie.indexOf(5475)).toBe(3679);
  });

  it('is pinned: 16,385 signed 32-bit integers, little-endian', () => {
    const bytes = Buffer.alloc(4 * ENTRIES.length);
    for (const a of ENTRIES) bytes.writeInt32LE(sine(a), 4 * a);
    const digest = 'c003c4e14e54d6f91b90b55e4f6d985e24abc43b49e8434bc1ce9f3c2cb96b5a';
    expect(sha256Hex(bytes)).toBe(digest);
    bytes.writeUInt8(bytes.readUInt8(4 * 3679) ^ 1, 4 * 3679);
    expect(sha256Hex(bytes)).not.toBe(digest);
  });

  it('never falls', () => {
    expect(ENTRIES.filter((a) => a > 0 && sine(a) < sine(a - 1))).toEqual([]);
  });
});

describe('sine and cosine', () => {
  it.each([
    [0, 0, 65536],
    [1, 6, 65536],
    [5461, 32766, 56757],
    [8192, 46341, 46341],
    [16384, 65536, 0],
    [24576, 46341, -46341],
    [32768, 0, -65536],
    [40960, -46341, -46341],
    [49152, -65536, 0],
    [65535, -6, 65536],
  ])('at %d are %d and %d', (a, sin, cos) => {
    expect([sine(a), cosine(a)]).toEqual([sin, cos]);
  });

  it('mirror the first quarter into the other three, and are never −0', () => {
    const mirrored = (a: number) => {
      const size = sine(a % 32768 > QUARTER ? 32768 - (a % 32768) : a % 32768);
      return a > 32768 ? 0 - size : size;
    };
    expect(
      differences(
        ANGLES.map((a) => [a] as const),
        sine,
        mirrored,
      ),
    ).toEqual([]);
    expect(
      differences(
        ANGLES.map((a) => [a] as const),
        cosine,
        (a) => mirrored((a + QUARTER) % TURN),
      ),
    ).toEqual([]);
    expect(differences([[32768] as const], (a) => -sine(a - 32768), sine)).toHaveLength(1);
  });

  it('take any integer modulo a turn', () => {
    const modulo = (a: number) => ((a % TURN) + TURN) % TURN;
    const cases = EDGES.map((a) => [a] as const);
    expect(differences(cases, sine, (a) => sine(modulo(a)))).toEqual([]);
    expect(differences(cases, cosine, (a) => cosine(modulo(a)))).toEqual([]);
    expect([sine(INT_MIN), cosine(INT_MIN), sine(-1)]).toEqual([0, 65536, -6]);
  });

  it('lie on the circle, within what rounding both allows', () => {
    // Each is off by at most a half: 2 · 65536 · (|sin| + |cos|) / 2 + 1/2 is at most 65536 · √2 + 1/2.
    const off = ANGLES.map((a) => Math.abs(sine(a) ** 2 + cosine(a) ** 2 - 2 ** 32));
    expect(Math.max(...ANGLES.slice(0, QUARTER).map((a) => off[a] as number))).toBeLessThan(92_682);
    expect(Math.max(...off.slice(QUARTER))).toBeLessThan(92_682);
    expect(Math.max(...off.slice(0, QUARTER))).toBeGreaterThan(40_000);
  });
});

/** (u, v): the vector turned back into the quarter u > 0, v ≥ 0, and how many quarters that took. */
function turnedBack(y: number, x: number): readonly [u: number, v: number, quarters: number] {
  if (x > 0 && y >= 0) return [x, y, 0];
  if (x <= 0 && y > 0) return [y, -x, 1];
  if (x < 0 && y <= 0) return [-x, -y, 2];
  return [-y, x, 3];
}

/** cosine(a) · v − sine(a) · u, unbounded. */
function difference(a: number, u: number, v: number): bigint {
  return BigInt(cosine(a)) * BigInt(v) - BigInt(sine(a)) * BigInt(u);
}

/** The rule word for word: tries every angle of the quarter from the largest down. */
function directionByTrial(y: number, x: number): number {
  if (x === 0 && y === 0) return 0;
  const [u, v, quarters] = turnedBack(y, x);
  for (let a = QUARTER - 1; ; a--) if (difference(a, u, v) >= 0n) return a + quarters * QUARTER;
}

/** Whether `found` keeps the rule, given that the table never falls: its angle does, the next one does not. */
function keepsTheRule(y: number, x: number, found: number): boolean {
  if (x === 0 && y === 0) return found === 0;
  const [u, v, quarters] = turnedBack(y, x);
  const a = found - quarters * QUARTER;
  if (!Number.isInteger(a) || a < 0 || a >= QUARTER || difference(a, u, v) < 0n) return false;
  return a === QUARTER - 1 || difference(a + 1, u, v) < 0n;
}

function randomVectors(seed: number, count: number): (readonly [number, number])[] {
  const next = int32s(seed);
  return Array.from({ length: count }, () => [next(), next()] as const);
}

describe('direction', () => {
  it.each([
    [0, 0, 0],
    [0, 1, 0],
    [1, 1, 8192],
    [1, 0, 16384],
    [1, -1, 24576],
    [0, -1, 32768],
    [-1, -1, 40960],
    [-1, 0, 49152],
    [-1, 1, 57344],
    [1, INT_MIN, 32767],
    [-1, INT_MIN, 32768],
    [INT_MIN, -1, 49151],
    [INT_MIN, 1, 49152],
    [-1, 2 ** 31 - 1, 65535],
    [1, 2 ** 31 - 1, 0],
    [INT_MIN, INT_MIN, 40960],
  ])('of y %d and x %d is %d', (y, x, expected) => {
    expect(direction(y, x)).toBe(expected);
  });

  it('is the last angle that does not lie beyond, at every edge and at random', () => {
    const vectors = [...EDGE_PAIRS, ...randomVectors(6, 20_000)];
    expect(vectors.filter(([y, x]) => !keepsTheRule(y, x, direction(y, x)))).toEqual([]);
    expect(vectors.filter(([y, x]) => keepsTheRule(y, x, direction(y, x) + 1))).toEqual([]);
  });

  it('is what trying every angle finds', () => {
    const small = [-7, -3, -1, 0, 1, 2, 5].flatMap((y) => [-7, -2, -1, 0, 1, 3].map((x) => [y, x] as const));
    expect(differences([...small, ...randomVectors(7, 40)], direction, directionByTrial)).toEqual([]);
    expect(differences(small, (y, x) => direction(x, y), directionByTrial)).not.toEqual([]);
  });

  it('lies within one unit of the true angle', () => {
    const vectors = [...EDGE_PAIRS, ...randomVectors(8, 50_000)].filter(([y, x]) => x !== 0 || y !== 0);
    const off = vectors.map(([y, x]) => {
      const units = (Math.atan2(y, x) / (2 * Math.PI)) * TURN;
      const apart = Math.abs(direction(y, x) - units) % TURN;
      return Math.min(apart, TURN - apart);
    });
    expect(off.filter((apart) => apart > 1.12)).toEqual([]);
    expect(off.some((apart) => apart > 0.9)).toBe(true);
  });

  it.each([-3, 3])('is the same where Math.atan2 is off by %d units', (units) => {
    const vectors = [...EDGE_PAIRS, ...randomVectors(10, 1000)];
    const cases = vectors.map(([y, x]) => [y, x, direction(y, x)] as const);
    const { atan2 } = Math;
    const slipping = vi
      .spyOn(Math, 'atan2')
      .mockImplementation((y, x) => atan2(y, x) + (units / TURN) * 2 * Math.PI);
    try {
      expect(differences(cases, direction, (_y, _x, angle) => angle)).toEqual([]);
      expect(slipping).toHaveBeenCalled();
    } finally {
      slipping.mockRestore();
    }
  });

  it('grows by at most a step at a time along a circle, once around', () => {
    const around = ANGLES.map((a) => direction(sine(a), cosine(a)));
    expect(around.filter((angle, a) => a > 0 && angle < (around[a - 1] as number)).slice(0, 5)).toEqual([]);
    expect(around.filter((angle, a) => Math.abs(angle - a) > 1)).toEqual([]);
    expect([around[0], around.at(-1)]).toEqual([0, 65535]);
  });

  it('is the same for a vector and its multiples', () => {
    const vectors = [...EDGE_PAIRS, ...randomVectors(9, 5000)].map(([y, x]) => [y >> 8, x >> 8] as const);
    expect(differences(vectors, (y, x) => direction(y * 255, x * 255), direction)).toEqual([]);
  });
});

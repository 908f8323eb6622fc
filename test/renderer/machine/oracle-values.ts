/** The oracle's values: operators and functions in unbounded integers, from the words of the language's page. */

/** What the oracle throws for what is not defined. */
export class Undefined extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export const wrap = (n: bigint): bigint => BigInt.asIntN(32, n);
const truth = (said: boolean): bigint => (said ? 1n : 0n);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

function nonzero(n: bigint): bigint {
  if (n === 0n) throw new Undefined('PXL-E024');
  return n;
}

/** All but `&&` and `||`, which may leave their right side alone. */
export const BINARY: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '&': (a, b) => a & b,
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(a <= b),
  '>': (a, b) => truth(a > b),
  '>=': (a, b) => truth(a >= b),
  '<<': (a, b) => wrap(a << (b & 31n)),
  '>>': (a, b) => a >> (b & 31n),
  '+': (a, b) => wrap(a + b),
  '-': (a, b) => wrap(a - b),
  '*': (a, b) => wrap(a * b),
  // BigInt's division truncates, and its remainder has the dividend's sign.
  '/': (a, b) => wrap(a / nonzero(b)),
  '%': (a, b) => a % nonzero(b),
};

export const UNARY: Readonly<Record<string, (n: bigint) => bigint>> = {
  '-': (n) => wrap(-n),
  '~': (n) => ~n,
  '!': (n) => truth(n === 0n),
};

/** The floor of the root of n ≥ 0, by halving. */
function root(n: bigint): bigint {
  let [low, high] = [0n, 1n << 33n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= n) low = middle;
    else high = middle;
  }
  return low;
}

function floorDivided(a: bigint, b: bigint): bigint {
  return a / b - truth(a % b !== 0n && a < 0n !== b < 0n);
}

/** round(65536 · f(2πa / 65536)), half away from zero. No entry lies near a half: doubles are enough. */
function wave(f: (radians: number) => number, angle: bigint): bigint {
  const value = 65536 * f((2 * Math.PI * Number(angle & 65535n)) / 65536);
  return BigInt(Math.sign(value) * Math.floor(Math.abs(value) + 0.5 + 1e-9) || 0);
}

const sine = (a: bigint): bigint => wave(Math.sin, a);
const cosine = (a: bigint): bigint => wave(Math.cos, a);

/** The largest a in 0..16383 with cos(a)·v − sin(a)·u ≥ 0, which falls as a grows. */
function inQuadrant(u: bigint, v: bigint): bigint {
  let [low, high] = [0n, 16384n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (cosine(middle) * v - sine(middle) * u >= 0n) low = middle;
    else high = middle;
  }
  return low;
}

function direction(y: bigint, x: bigint): bigint {
  if (x > 0n && y >= 0n) return inQuadrant(x, y);
  if (x <= 0n && y > 0n) return 16384n + inQuadrant(y, -x);
  if (x < 0n) return 32768n + inQuadrant(-x, -y);
  return y < 0n ? 49152n + inQuadrant(-y, x) : 0n;
}

export function pack(...channels: readonly bigint[]): bigint {
  const [r, g, b, a] = [...channels, 255n].map((n) => smaller(larger(n, 0n), 255n)) as bigint[];
  return wrap((r as bigint) | ((g as bigint) << 8n) | ((b as bigint) << 16n) | ((a as bigint) << 24n));
}

/** The page's formula of hash, whose letters are words of 32 bits. */
function hashed(a: bigint, b: bigint): bigint {
  const word = (n: bigint): bigint => BigInt.asUintN(32, n);
  const h0 = word(a + b * 2654435761n + 1831565813n);
  const h1 = word((h0 ^ (h0 / 65536n)) * 2146121005n);
  const h2 = word((h1 ^ (h1 / 32768n)) * 2221713035n);
  return wrap(h2 ^ (h2 / 65536n));
}

/** Numbers by chance: mulberry32, in unbounded integers. */
export class Chance {
  #state = 0n;

  seed(n: bigint): void {
    this.#state = BigInt.asUintN(32, n);
  }

  below(n: bigint): bigint {
    const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);
    this.#state = u32(this.#state + 0x6d2b79f5n);
    const s = this.#state;
    let word = u32((s ^ (s >> 15n)) * (s | 1n));
    word = u32(word ^ u32(word + u32((word ^ (word >> 7n)) * (word | 61n))));
    word ^= word >> 14n;
    return (word * n) >> 32n;
  }
}

type Function = (...values: bigint[]) => bigint;

/** The functions of one run. */
export function functionsWith(chance: Chance): Readonly<Record<string, Function>> {
  const table: Record<string, Function> = {
    min: (a, b) => smaller(a as bigint, b as bigint),
    max: (a, b) => larger(a as bigint, b as bigint),
    abs: (n) => wrap((n as bigint) < 0n ? -(n as bigint) : (n as bigint)),
    sign: (n) => truth((n as bigint) > 0n) - truth((n as bigint) < 0n),
    clamp: (n, low, high) => smaller(larger(n as bigint, low as bigint), high as bigint),
    mix: (a, b, t) => {
      const part = smaller(larger(t as bigint, 0n), 65536n);
      return (a as bigint) + floorDivided(((b as bigint) - (a as bigint)) * part, 65536n);
    },
    isqrt: (n) => {
      if ((n as bigint) < 0n) throw new Undefined('PXL-E026');
      return root(n as bigint);
    },
    hypot: (x, y) => wrap(root((x as bigint) ** 2n + (y as bigint) ** 2n)),
    sin: (a) => sine(a as bigint),
    cos: (a) => cosine(a as bigint),
    atan2: (y, x) => direction(y as bigint, x as bigint),
    qmul: (a, b) => wrap(((a as bigint) * (b as bigint)) >> 16n),
    qdiv: (a, b) => wrap(((a as bigint) * 65536n) / nonzero(b as bigint)),
    hash: (a, b) => hashed(a as bigint, b as bigint),
    rgb: pack,
    rgba: pack,
    rnd: (n) => {
      if ((n as bigint) < 1n) throw new Undefined('PXL-E026');
      return chance.below(n as bigint);
    },
  };
  return table;
}

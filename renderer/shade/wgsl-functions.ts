/**
 * The operations of shades that WGSL lacks, or has with other values at the edges, as its functions: each for all operands,
 * of 32-bit integers alone. Numbers of 64 bits are pairs of words, made of products of 16-bit halves.
 */
import { QUARTER } from '../machine/trigonometry.ts';
import type { ShadeFunction } from './shade.ts';

export type WgslFunction = ShadeFunction | 'quotient' | 'remainder' | 'size' | 'square' | 'wave' | 'within';

interface Written {
  /** What it calls, itself left out. */
  readonly calls?: readonly WgslFunction[];
  readonly text: string;
}

/** How a function is named: none of those of fine.wgsl or of WGSL itself. */
export function wgslName(name: WgslFunction): string {
  return `shade_${name}`;
}

/** The text of these functions and of all that they call, each once, whatever the order. */
export function wgslFunctions(names: Iterable<WgslFunction>): string {
  const found = new Set<WgslFunction>();
  const add = (name: WgslFunction): void => {
    if (found.has(name)) return;
    found.add(name);
    WRITTEN[name].calls?.forEach(add);
  };
  for (const name of names) add(name);
  return [...found]
    .sort()
    .map((name) => `fn ${wgslName(name)}${WRITTEN[name].text}\n`)
    .join('');
}

const WRITTEN: Readonly<Record<WgslFunction, Written>> = {
  // |n|, of which -2^31 has one too.
  size: { text: '(n: i32) -> u32 { return select(u32(n), 0u - u32(n), n < 0); }' },
  quotient: {
    calls: ['size'],
    text: `(a: i32, b: i32) -> i32 {
  let found = shade_size(a) / max(1u, shade_size(b));
  return select(bitcast<i32>(select(found, 0u - found, (a ^ b) < 0)), 0, b == 0);
}`,
  },
  remainder: {
    calls: ['size'],
    text: `(a: i32, b: i32) -> i32 {
  // What 1 leaves of anything is 0, as it is to be for 0.
  let found = shade_size(a) % max(1u, shade_size(b));
  return bitcast<i32>(select(found, 0u - found, a < 0));
}`,
  },
  min: { text: '(a: i32, b: i32) -> i32 { return select(a, b, b < a); }' },
  max: { text: '(a: i32, b: i32) -> i32 { return select(a, b, a < b); }' },
  abs: { text: '(n: i32) -> i32 { return select(n, 0 - n, n < 0); }' },
  sign: { text: '(n: i32) -> i32 { return select(n >> 31u, 1, n > 0); }' },
  clamp: {
    calls: ['min', 'max'],
    text: '(n: i32, low: i32, high: i32) -> i32 { return shade_min(shade_max(n, low), high); }',
  },
  mix: {
    calls: ['clamp'],
    text: `(a: i32, b: i32, t: i32) -> i32 {
  let part = shade_clamp(t, 0, 65536);
  // b - a is high * 65536 + low, where high has 17 bits and its sign.
  let low = u32(b - a) & 65535u;
  let high = (b >> 16u) - (a >> 16u) - select(0, 1, (b & 65535) < (a & 65535));
  return a + high * part + bitcast<i32>((low * u32(part)) >> 16u);
}`,
  },
  qmul: {
    text: `(a: i32, b: i32) -> i32 {
  let low = b & 65535;
  let lowest = (u32(a & 65535) * u32(low)) >> 16u;
  return a * (b >> 16u) + (a >> 16u) * low + bitcast<i32>(lowest);
}`,
  },
  qdiv: {
    calls: ['size'],
    text: `(a: i32, b: i32) -> i32 {
  let by = max(1u, shade_size(b));
  var found = shade_size(a) / by;
  // Less than 2^31, so that twice as much fits.
  var left = shade_size(a) % by;
  for (var i = 0; i < 16; i++) {
    left <<= 1u;
    let fits = left >= by;
    left -= select(0u, by, fits);
    found = (found << 1u) | select(0u, 1u, fits);
  }
  return select(bitcast<i32>(select(found, 0u - found, (a ^ b) < 0)), 0, b == 0);
}`,
  },
  isqrt: {
    text: `(n: i32) -> i32 {
  let square = u32(shade_max(n, 0));
  var root = 0u;
  for (var bit = 32768u; bit > 0u; bit >>= 1u) {
    let tried = root | bit;
    root = select(root, tried, tried * tried <= square);
  }
  return bitcast<i32>(root);
}`,
    calls: ['max'],
  },
  // n * n: the high word, then the low one.
  square: {
    text: `(n: u32) -> vec2<u32> {
  let high = n >> 16u;
  let low = n & 65535u;
  let cross = high * low;
  let lowest = low * low;
  let sum = lowest + (cross << 17u);
  return vec2(high * high + (cross >> 15u) + select(0u, 1u, sum < lowest), sum);
}`,
  },
  hypot: {
    calls: ['size', 'square'],
    text: `(x: i32, y: i32) -> i32 {
  let one = shade_square(shade_size(x));
  let other = shade_square(shade_size(y));
  let low = one.y + other.y;
  let high = one.x + other.x + select(0u, 1u, low < one.y);
  var root = 0u;
  for (var bit = 2147483648u; bit > 0u; bit >>= 1u) {
    let tried = root | bit;
    let square = shade_square(tried);
    root = select(root, tried, (square.x < high) | ((square.x == high) & (square.y <= low)));
  }
  return bitcast<i32>(root);
}`,
  },
  // The table's number for an angle from 0 to a quarter turn.
  wave: { text: '(a: i32) -> i32 { return bitcast<i32>(scene[param(PARAM_WAVE) + u32(a)]); }' },
  sin: {
    calls: ['wave'],
    text: `(a: i32) -> i32 {
  let within = a & ${QUARTER - 1};
  let size = shade_wave(select(within, ${QUARTER} - within, (a & ${QUARTER}) != 0));
  return select(size, 0 - size, (a & ${2 * QUARTER}) != 0);
}`,
  },
  cos: { calls: ['sin'], text: `(a: i32) -> i32 { return shade_sin(a + ${QUARTER}); }` },
  // The last angle of the quarter that does not lie beyond (u, v), by its bits from the highest.
  within: {
    calls: ['wave'],
    text: `(u: u32, v: u32) -> i32 {
  var angle = 0;
  for (var bit = ${QUARTER / 2}; bit > 0; bit >>= 1u) {
    let tried = angle | bit;
    let cos = u32(shade_wave(${QUARTER} - tried));
    let sin = u32(shade_wave(tried));
    // cos * v and sin * u, each its words above the lowest 16 bits and those.
    let up = cos * (v & 65535u);
    let along = sin * (u & 65535u);
    let up_high = cos * (v >> 16u) + (up >> 16u);
    let along_high = sin * (u >> 16u) + (along >> 16u);
    let lies = (up_high == along_high) & ((up & 65535u) >= (along & 65535u));
    angle = select(angle, tried, (up_high > along_high) | lies);
  }
  return angle;
}`,
  },
  atan2: {
    calls: ['size', 'within'],
    text: `(y: i32, x: i32) -> i32 {
  // In the second quarter and the fourth the sides change places.
  let changed = ((x <= 0) & (y > 0)) | ((x >= 0) & (y < 0));
  let u = select(shade_size(x), shade_size(y), changed);
  let v = select(shade_size(y), shade_size(x), changed);
  let quarter = select(select(0, 2, x < 0), select(3, 1, y > 0), changed);
  return select(quarter * ${QUARTER} + shade_within(u, v), 0, (x == 0) & (y == 0));
}`,
  },
  rgb: {
    calls: ['rgba'],
    text: '(r: i32, g: i32, b: i32) -> i32 { return shade_rgba(r, g, b, 255); }',
  },
  rgba: {
    calls: ['clamp'],
    text: `(r: i32, g: i32, b: i32, a: i32) -> i32 {
  let low = shade_clamp(r, 0, 255) | (shade_clamp(g, 0, 255) << 8u);
  return low | (shade_clamp(b, 0, 255) << 16u) | (shade_clamp(a, 0, 255) << 24u);
}`,
  },
  hash: {
    text: `(a: i32, b: i32) -> i32 {
  let mixed = u32(a) + u32(b) * 0x9e3779b1u + 0x6d2b79f5u;
  let once = (mixed ^ (mixed >> 16u)) * 0x7feb352du;
  let twice = (once ^ (once >> 15u)) * 0x846ca68bu;
  return bitcast<i32>(twice ^ (twice >> 16u));
}`,
  },
};

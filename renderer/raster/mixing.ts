/**
 * Mixing: the blend modes' formulas (display/blends.ts) as painters compute them, on the CPU and, beside it, in WGSL.
 * Integers only. Two channels at once: a *pair* has one in its low half and one in its high half, each from 0 to 255.
 */
import { BLENDS, type BlendName } from '../display/blends.ts';
import { GROUND } from './layout.ts';

/** B of a pair of source channels `s` and a pair of destination channels `d`, as a pair. */
export type Mix = (s: number, d: number) => number;

interface Rule {
  readonly cpu: Mix;
  /** The same of `s`, `d` and their `product`, each a `vec4<u32>` of pairs; functions stand in fine.wgsl. */
  readonly wgsl: string;
}

const RULES: Readonly<Record<BlendName, Rule>> = {
  over: { cpu: (s) => s, wgsl: 's' },
  add: { cpu: (s, d) => saturated(s + d), wgsl: 'saturated(s + d)' },
  multiply: { cpu: (s, d) => multiplied(s, d), wgsl: 'product' },
  screen: { cpu: (s, d) => s + d - multiplied(s, d), wgsl: 's + d - product' },
  xor: { cpu: (s, d) => s ^ d, wgsl: 's ^ d' },
};

/** The rule of each mode that the encoding knows, at the mode's number. */
export const MIXES: readonly Mix[] = BLENDS.map(({ name }) => RULES[name].cpu);

/** `mixed(mode, s, d)`, which is B; `d`, which shows nothing, for a mode that the encoding does not know. */
export function wgslMixed(): string {
  const cases = BLENDS.map(({ name, number }) => `    case ${number}u: { return ${RULES[name].wgsl}; }\n`);
  const type = 'vec4<u32>';
  return `fn mixed(mode: u32, s: ${type}, d: ${type}) -> ${type} {
  let product = multiplied(s, d);
  switch mode {
${cases.join('')}    default: { return d; }
  }
}
`;
}

/** Packed RGBA blended on an opaque packed RGBA by a mode's rule; the result is opaque. */
export function blended(mix: Mix, source: number, destination: number): number {
  const a = source >>> 24;
  const [s, d] = [source & 0xff00ff, destination & 0xff00ff];
  const [sGreen, dGreen] = [(source >>> 8) & 255, (destination >>> 8) & 255];
  const green = weighted(mix(sGreen, dGreen), a, dGreen);
  return (GROUND | (green << 8) | weighted(mix(s, d), a, d)) >>> 0;
}

/** `blended` of the mode `over`. */
export function sourceOver(source: number, destination: number): number {
  const a = source >>> 24;
  const redAndBlue = weighted(source & 0xff00ff, a, destination & 0xff00ff);
  const green = weighted((source >>> 8) & 255, a, (destination >>> 8) & 255);
  return (GROUND | (green << 8) | redAndBlue) >>> 0;
}

/** Each of a pair `round((b * a + d * (255 - a)) / 255)`. */
function weighted(b: number, a: number, d: number): number {
  // A half holds at most 65,025 + 128 + 254, so nothing is carried into the other one.
  return divided((Math.imul(b, a) + Math.imul(d, 255 - a) + 0x800080) | 0);
}

/** Each half of `t`, which has 128 too many, divided by 255. */
function divided(t: number): number {
  return ((t + ((t >>> 8) & 0xff00ff)) >>> 8) & 0xff00ff;
}

/** Each of a pair `round(s * d / 255)`. */
function multiplied(s: number, d: number): number {
  const high = Math.imul(s >>> 16, d >>> 16) << 16;
  return divided((Math.imul(s & 255, d & 255) + high + 0x800080) | 0);
}

/** Each half of a sum of two pairs, 255 at most. */
function saturated(sum: number): number {
  const over = sum & 0x1000100;
  return (sum | (over - (over >>> 8))) & 0xff00ff;
}

/**
 * Mixing: the blend modes' formulas (display/blends.ts) as painters compute them, on the CPU and, beside it, in WGSL.
 * Integers only. Two channels at once: a *pair* has one in its low half and one in its high half, each from 0 to 255.
 */
import { BLENDS, type BlendName } from '../display/blends.ts';
import { GROUND } from './layout.ts';

/** B of a pair of source channels `s` and a pair of destination channels `d`, as a pair. */
export type Mix = (s: number, d: number) => number;

/**
 * Mixes pixels into those of `out` from `start` to before `end`, which are opaque, each by its own alpha.
 *
 * @param words packed RGBA, the first of them at `at`
 */
export type MixPixels = (
  out: Uint32Array,
  start: number,
  end: number,
  words: Uint32Array,
  at: number,
) => void;

/** Where the channels of a pair stand; in a colour, red and blue. */
const PAIR = 0xff00ff;

/** The ground's bits as a small integer: another module's number beyond 31 bits is unpacked each time, 2 ns a pixel. */
const OPAQUE = GROUND | 0;

interface Rule {
  readonly cpu: Mix;
  /** Each mode has a loop of its own: one that is given its mix calls it for every pixel, which took 26 ns instead of 7. */
  readonly pixels: MixPixels;
  /** The same as `cpu` of `s`, `d` and their `product`, each a `vec4<u32>` of pairs; functions stand in fine.wgsl. */
  readonly wgsl: string;
}

const screened: Mix = (s, d) => s + d - multiplied(s, d);

const RULES: Readonly<Record<BlendName, Rule>> = {
  over: {
    cpu: (s) => s,
    pixels: (out, start, end, words, at) => {
      for (let i = start; i < end; i++) {
        const s = words[at + i - start]!;
        out[i] = s >>> 24 === 255 ? s : sourceOver(s, out[i]!);
      }
    },
    wgsl: 's',
  },
  add: {
    cpu: (s, d) => saturated(s + d),
    pixels: (out, start, end, words, at) => {
      for (let i = start; i < end; i++) {
        const s = words[at + i - start]!;
        const d = out[i]!;
        out[i] = weighed(saturated((s & PAIR) + (d & PAIR)), saturated(greenOf(s) + greenOf(d)), s, d);
      }
    },
    wgsl: 'saturated(s + d)',
  },
  multiply: {
    cpu: multiplied,
    pixels: (out, start, end, words, at) => {
      for (let i = start; i < end; i++) {
        const s = words[at + i - start]!;
        const d = out[i]!;
        out[i] = weighed(multiplied(s & PAIR, d & PAIR), multiplied(greenOf(s), greenOf(d)), s, d);
      }
    },
    wgsl: 'product',
  },
  screen: {
    cpu: screened,
    pixels: (out, start, end, words, at) => {
      for (let i = start; i < end; i++) {
        const s = words[at + i - start]!;
        const d = out[i]!;
        out[i] = weighed(screened(s & PAIR, d & PAIR), screened(greenOf(s), greenOf(d)), s, d);
      }
    },
    wgsl: 's + d - product',
  },
  xor: {
    cpu: (s, d) => s ^ d,
    pixels: (out, start, end, words, at) => {
      for (let i = start; i < end; i++) {
        const s = words[at + i - start]!;
        const d = out[i]!;
        out[i] = weighed((s ^ d) & PAIR, greenOf(s ^ d), s, d);
      }
    },
    wgsl: 's ^ d',
  },
};

/** The rule of each mode that the encoding knows, at the mode's number. */
export const MIXES: readonly Mix[] = BLENDS.map(({ name }) => RULES[name].cpu);

/** Likewise the loop over many pixels. */
export const MIX_PIXELS: readonly MixPixels[] = BLENDS.map(({ name }) => RULES[name].pixels);

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
  const redAndBlue = mix(source & PAIR, destination & PAIR);
  return weighed(redAndBlue, mix(greenOf(source), greenOf(destination)), source, destination);
}

/** `blended` of the mode `over`. */
export function sourceOver(source: number, destination: number): number {
  return weighed(source & PAIR, greenOf(source), source, destination);
}

function greenOf(color: number): number {
  return (color >>> 8) & 255;
}

/**
 * What a mode has made of two colours, by the source's alpha between it and the destination: each channel
 * `round((b * a + d * (255 - a)) / 255)`.
 */
function weighed(redAndBlue: number, green: number, source: number, destination: number): number {
  const a = source >>> 24;
  const rest = 255 - a;
  // A half holds at most 65,025 + 128 + 254, so nothing is carried into the other one.
  const pair = divided((Math.imul(redAndBlue, a) + Math.imul(destination & PAIR, rest) + 0x800080) | 0);
  const sum = (Math.imul(green, a) + Math.imul(greenOf(destination), rest) + 128) | 0;
  // As `divided`, but it stays where green stands.
  return (OPAQUE | ((sum + (sum >>> 8)) & 0xff00) | pair) >>> 0;
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

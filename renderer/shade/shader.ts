/** The shader of the CPU: scripts of shades made into functions, and kept while they are asked for. */
import { hash } from '../machine/chance.ts';
import { hypotenuse, mix, packRgba, squareRoot } from '../machine/integer.ts';
import { cosine, direction, sine } from '../machine/trigonometry.ts';
import { HELPERS, type Helper, PARAMETERS, scriptOf } from './script.ts';
import type { Shade } from './shade.ts';

/** What is blended on a pixel, and gives another; packed, signed or unsigned. */
export type Blend = (source: number, destination: number) => number;

/** Makes pixels anew; the parameters are those of PARAMETERS. */
export type PixelShader = (
  out: Int32Array,
  start: number,
  end: number,
  left: number,
  y: number,
  w: number,
  h: number,
  pool: Uint32Array,
  at: number,
  isOpaque: boolean,
  isOver: boolean,
  blend: Blend,
) => void;

const CALLED: Readonly<Record<Helper, (...values: number[]) => number>> = {
  mix: mix,
  isqrt: (n: number) => (n < 0 ? 0 : squareRoot(n)),
  hypot: hypotenuse,
  sin: sine,
  cos: cosine,
  atan2: direction,
  rgba: packRgba,
  hash: hash,
};

/** Twice as many as one program may have: two programs that are drawn by turns keep theirs. */
const KEPT = 64;

const kept = new Map<string, PixelShader>();

/** The function of a shade: the same one again while fewer than `KEPT` others are asked for. */
export function shaderOf(shade: Shade): PixelShader {
  const known = kept.get(shade.key);
  const shader = known ?? compile(shade);
  // The one that was asked for last stands last.
  if (known !== undefined) kept.delete(shade.key);
  else if (kept.size === KEPT) kept.delete(kept.keys().next().value as string);
  kept.set(shade.key, shader);
  return shader;
}

/** A function of its own for each: so an engine specialises it. */
function compile(shade: Shade): PixelShader {
  const text = `return function shade(${PARAMETERS.join(', ')}) {\n${scriptOf(shade)}};`;
  return new Function(...HELPERS, text)(...HELPERS.map((name) => CALLED[name]));
}

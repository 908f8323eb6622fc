/**
 * A shade: the body of a SHADE as painters take it, a small program of whole numbers that makes one pixel of another.
 *
 * - All values are signed 32-bit integers. Nothing here fails: each operation below has a value for all operands.
 * - Variables 0 to 3 are the channels r, g, b and a: at first what the pixel is, from 0 to 255, and 255. All others are 0
 *   at first. What the channels hold at the end, each brought into 0 to 255, is the colour that is blended.
 * - Pixels know nothing of one another, and expressions change nothing: they may be computed in any order, or not at all
 *   where nobody asks for their value.
 * - A `break` stands in a `loop`, maybe in an `if` in it, and leaves the innermost one. Loops end by themselves: `turns`
 *   is a number, and no more than `price` operations come to be done for a pixel.
 * - Blocks nest at most LIMITS.nesting deep. An expression may nest LIMITS.lineOperators deep, as a long sum does to the
 *   left, and all of a shade has at most LIMITS.shadeSize steps, operations and calls.
 * - It is data without names: equal bodies have equal keys, whatever their variables were called.
 */

/** Variables that every shade has: r, g, b, a. */
export const CHANNEL_COUNT = 4;

export interface Shade {
  /** Its variables, the channels included: at most LIMITS.shadeNames and these. */
  readonly variables: number;
  /** Values that each run of it is given, the same for all pixels: at most LIMITS.shadeNames. */
  readonly uniforms: number;
  readonly steps: readonly Step[];
  /** Operations that one pixel counts for in the price of a run, from 0 to LIMITS.shadePixel. */
  readonly price: number;
  /** Whether what the pixel was may show in what r, g and b become. */
  readonly readsPixel: boolean;
  /** The same of shades that are alike, and of no others. */
  readonly key: string;
}

export type Step =
  | { readonly kind: 'set'; readonly variable: number; readonly value: Value }
  /** `yes` where test is not 0, `no` where it is. */
  | { readonly kind: 'if'; readonly test: Value; readonly yes: readonly Step[]; readonly no: readonly Step[] }
  /** Its steps so many times, from 0 to LIMITS.loopTurns. */
  | { readonly kind: 'loop'; readonly turns: number; readonly steps: readonly Step[] }
  /** Leaves the innermost loop where test is not 0. */
  | { readonly kind: 'break'; readonly test: Value };

export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'variable'; readonly index: number }
  | { readonly kind: 'uniform'; readonly index: number }
  /** Column and row of the pixel in the rectangle, from 0, and the size of that, which may lie outside the canvas. */
  | { readonly kind: 'place'; readonly of: 'x' | 'y' | 'w' | 'h' }
  | Operation
  /** `yes` where test is not 0, `no` where it is. */
  | { readonly kind: 'choice'; readonly test: Value; readonly yes: Value; readonly no: Value }
  | { readonly kind: 'call'; readonly name: ShadeFunction; readonly values: readonly Value[] };

export interface Operation {
  readonly kind: 'operation';
  readonly operator: Operator;
  readonly left: Value;
  readonly right: Value;
}

/**
 * `+ - *` wrap at 32 bits. `/` truncates toward zero, −2³¹ / −1 is −2³¹, and n / 0 is 0; `%` has the sign of its left side,
 * −2³¹ % −1 is 0, and n % 0 is 0. `<< >>` shift by the lowest five bits of their right side, `>>` keeps the sign.
 * Comparisons, `&&` and `||` give 1 or 0; whatever is not 0 is true.
 */
export type Operator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '<<'
  | '>>'
  | '&'
  | '|'
  | '^'
  | '=='
  | '!='
  | '<'
  | '<='
  | '&&'
  | '||';

/**
 * As in renderer/machine/: integer.ts, fixed.ts, trigonometry.ts, and `hash` of chance.ts. `isqrt` of what is below 0, and
 * `qdiv` by 0, are 0.
 */
export type ShadeFunction =
  | 'min'
  | 'max'
  | 'abs'
  | 'sign'
  | 'clamp'
  | 'mix'
  | 'isqrt'
  | 'hypot'
  | 'sin'
  | 'cos'
  | 'atan2'
  | 'rgb'
  | 'rgba'
  | 'qmul'
  | 'qdiv'
  | 'hash';

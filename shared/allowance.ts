/** The allowance: the most that one run may cost. The language sets it; a renderer or a command may lower it. */
import { LIMITS } from './limits.ts';

/** Each is compared with the same field of the price. Whole numbers from 0. */
export interface Allowance {
  readonly steps: number;
  readonly shapes: number;
  readonly pixels_written: number;
  /** Of the canvas. */
  readonly bytes: number;
}

/** What the language allows. */
export const FULL_ALLOWANCE: Allowance = {
  steps: LIMITS.steps,
  shapes: LIMITS.shapes,
  pixels_written: LIMITS.pixelsWritten,
  bytes: LIMITS.canvasPixels * 4,
};

/** The lowest of each; what is not said does not count. */
export function lowest(...allowances: readonly Partial<Allowance>[]): Allowance {
  const of = (name: keyof Allowance): number =>
    Math.min(
      FULL_ALLOWANCE[name],
      ...allowances.map((allowance) => allowance[name] ?? Number.POSITIVE_INFINITY),
    );
  return {
    steps: of('steps'),
    shapes: of('shapes'),
    pixels_written: of('pixels_written'),
    bytes: of('bytes'),
  };
}

/** The allowance: the most that one run may cost. The language sets it; a renderer or a command may lower it. */
import { LIMITS } from './limits.ts';
import { show } from './show.ts';

/** Each is compared with the same field of the price. Whole numbers from 0. */
export interface Allowance {
  readonly steps: number;
  readonly shapes: number;
  readonly pixels_written: number;
  /** Of the canvas. */
  readonly bytes: number;
  /** Operations of SHADEs. */
  readonly shade: number;
}

/** What the language allows. */
export const FULL_ALLOWANCE: Allowance = {
  steps: LIMITS.steps,
  shapes: LIMITS.shapes,
  pixels_written: LIMITS.pixelsWritten,
  bytes: LIMITS.canvasPixels * 4,
  shade: LIMITS.shadeOperations,
};

/**
 * The limits that somebody wrote as a JSON object, any of them left out; or what is wrong with them, in words.
 *
 * @param where what messages call the object
 */
export function readLimits(value: unknown, where: string): Partial<Allowance> | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `Expected ${where} to be an object such as {"steps":1000}, found ${show(value)}`;
  }
  for (const [name, limit] of Object.entries(value)) {
    // One that is not known may be meant for one that is: to ignore it would be to run without it.
    if (!Object.hasOwn(FULL_ALLOWANCE, name)) {
      const known = Object.keys(FULL_ALLOWANCE).join(', ');
      return `Expected ${where} to have no names but ${known}, found ${show(name)}`;
    }
    if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0) {
      return `Expected ${show(name)} of ${where} to be a whole number from 0, found ${show(limit)}`;
    }
  }
  return { ...value };
}

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
    shade: of('shade'),
  };
}

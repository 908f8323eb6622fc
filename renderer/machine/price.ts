/** The price of a run: exact before anything is painted. */
import { FULL_ALLOWANCE } from '../../shared/allowance.ts';
import type { Bitmap } from '../display/list.ts';
import { Refused } from './refused.ts';

/** What a run costs. All are whole numbers from 0, exact. */
export interface Price {
  /** Lines executed, heavy ones counted more than once (`stepsOf`); a HALT that the source leaves out is executed too. */
  readonly steps: number;
  /** Lines executed that draw, whether what they draw touches the canvas or not. */
  readonly shapes: number;
  /** Pixels that a painter without occlusion would write: a pixel counts once for each shape that sets it. */
  readonly pixels_written: number;
  /** Of the canvas as RGBA8. */
  readonly bytes: number;
  /** Operations of SHADEs: for each the pixels of its rectangle in the clip, times what one pixel counts; absent where none ran. */
  readonly shade?: number;
}

/** Operators, calls, indexings and arguments that one step holds. */
const STEP_WEIGHT = 8;

/** Steps of a line by its weight: one, and one more for every 8 begun beyond the first 8. */
export function stepsOf(weight: number): number {
  return weight <= STEP_WEIGHT ? 1 : Math.ceil(weight / STEP_WEIGHT);
}

/** How often a pixel of the canvas is written, on average. */
export function overdraw(price: Price): number {
  return (price.pixels_written * 4) / price.bytes;
}

/** Set bits of a bitmap. */
export function inkOf({ rows }: Bitmap): number {
  return rows.reduce((ink, row) => ink + countBits(row), 0);
}

function countBits(word: number): number {
  let bits = 0;
  // Each turn clears the lowest set bit.
  for (let rest = word | 0; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

/** What a run costs more of than it may, and what the language would allow. */
const COSTS = {
  'PXL-E012': ['steps', FULL_ALLOWANCE.steps],
  'PXL-E013': ['shapes', FULL_ALLOWANCE.shapes],
  'PXL-E014': ['pixels written', FULL_ALLOWANCE.pixels_written],
  'PXL-E042': ['operations of SHADEs', FULL_ALLOWANCE.shade],
} as const;

/** Whether a code says that a run costs too much, whatever part of a line it was at. */
export function isOfCost(code: string): boolean {
  return code in COSTS;
}

/** The fault of a run that costs more than it may. */
export function exhausted(code: Exclude<keyof typeof COSTS, 'PXL-E042'>, limit: number): Refused {
  const hint = lowered(code, limit) ?? 'does a loop here never end? Otherwise, split the program';
  return new Refused(code, `Expected at most ${limit} ${COSTS[code][0]}, found one more`, hint);
}

/** That of one whose SHADEs cost more, `found` together. */
export function tooDear(limit: number, found: number): Refused {
  const code = 'PXL-E042';
  const hint = lowered(code, limit) ?? 'fewer pixels, or LOOPs of fewer turns, take fewer';
  return new Refused(code, `Expected at most ${limit} ${COSTS[code][0]}, found ${found}`, hint);
}

function lowered(code: keyof typeof COSTS, limit: number): string | undefined {
  const [, most] = COSTS[code];
  return limit < most ? `the limit was lowered for this run: the language allows ${most}` : undefined;
}

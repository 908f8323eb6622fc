/** The price of a run: exact before anything is painted. */
import type { Bitmap } from '../display/list.ts';

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
}

/** Operators, calls, indexings and arguments that one step holds. */
const STEP_WEIGHT = 8;

/** Steps of a line by its weight: one, and one more for every 8 begun beyond the first 8. */
export function stepsOf(weight: number): number {
  return Math.max(1, Math.ceil(weight / STEP_WEIGHT));
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

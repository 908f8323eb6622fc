/** Chance that can be had again: the same seed, the same pictures and the same pauses. */

/** Printed with the results. */
export const SEED = 20_251_120;

/** Whole numbers from `low` up to and without `high`, by mulberry32. */
export function randomFrom(seed: number): (low: number, high: number) => number {
  let state = seed >>> 0;
  return (low, high) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return low + (((word ^ (word >>> 14)) >>> 0) % (high - low));
  };
}

/** Seeded chance: mulberry32, the same numbers on every machine. */

/** The state after `state`. Both are 32 bits, signed or not: they mean the same. */
export function advance(state: number): number {
  return (state + 0x6d2b79f5) | 0;
}

/** The unsigned 32-bit word that `state` stands for. A seed is advanced once before its first word. */
export function mulberry32(state: number): number {
  let word = Math.imul(state ^ (state >>> 15), state | 1);
  word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
  return (word ^ (word >>> 14)) >>> 0;
}

/** Gives unsigned 32-bit words. */
function wordsFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = advance(state);
    return mulberry32(state);
  };
}

/** Gives numbers from 0 up to and without 1. */
export function seeded(seed: number): () => number {
  const next = wordsFrom(seed);
  return () => next() / 2 ** 32;
}

/** Gives whole numbers from `low` up to and without `high`, which is more than `low`. */
export function seededBetween(seed: number): (low: number, high: number) => number {
  const next = wordsFrom(seed);
  return (low, high) => low + (next() % (high - low));
}

/** Chance in the machine: a random word → a whole number below a bound. */

/**
 * The high 32 bits of `word` · `n`: a whole number from 0 to n − 1.
 *
 * @param word unsigned 32-bit, as `mulberry32` of shared/seeded.ts gives it
 * @param n 1 to 2³¹ − 1
 */
export function below(word: number, n: number): number {
  // The product may take 63 bits, so the word goes in halves: each product and the sum stay under 2⁴⁸,
  // and dividing by 2¹⁶ is exact. A floor within a floor is the floor of the whole.
  const high = (word >>> 16) * n;
  const low = (word & 0xffff) * n;
  return Math.floor((high + Math.floor(low / 65536)) / 65536);
}

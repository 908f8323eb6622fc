/** Chance in the machine: a random word → a whole number below a bound, and numbers that only look like chance. */

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

/**
 * A number that looks like chance and depends on two others alone. No two cells of a canvas begin alike: two rows apart
 * by 16,384 or less are alike only in columns more than 82,000 apart.
 */
export function hash(a: number, b: number): number {
  // What each step gives is told by what it takes, so of one b no two a have the same number.
  const h = (a + Math.imul(b, 0x9e3779b1) + 0x6d2b79f5) | 0;
  const once = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b);
  return twice ^ (twice >>> 16);
}

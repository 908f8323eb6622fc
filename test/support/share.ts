/** A fixed share of many cases: the short tests try it, and `npm run test:long` tries all. */

/** A word by which numbers that follow one another are spread evenly: 2³² over the golden ratio. */
const SPREAD = 0x9e3779b1;

/**
 * Whether the so-many-eth case, from 0, is of the share that is one case in `of`. The first one is. Of any 2 · `of` neighbours
 * at least one is, and no period of the cases keeps a kind of them out.
 */
export function isInShare(index: number, of: number): boolean {
  return Math.imul(index, SPREAD) >>> 0 < 2 ** 32 / of;
}

/** The share of one in `of`, from the first on. */
export function* shareOf<T>(cases: Iterable<T>, of: number): Generator<T> {
  let index = 0;
  for (const each of cases) if (isInShare(index++, of)) yield each;
}

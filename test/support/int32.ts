/** Signed 32-bit integers for tests: the ones where arithmetic goes wrong first, and seeded ones of every size. */
import { seededBetween } from '../../shared/seeded.ts';

export const INT_MIN = -(2 ** 31);
export const INT_MAX = 2 ** 31 - 1;

const SIZES = [
  0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 32767, 32768, 46340, 46341, 65535, 65536, 65537, 0x1000001,
  0x3fffffff, 0x40000000, 0x7ffffffe, 0x7fffffff,
];

/** Both signs of what stands beside powers of two and roots. */
export const EDGES: readonly number[] = [...new Set([INT_MIN, ...SIZES.map((n) => 0 - n), ...SIZES])];

export const EDGE_PAIRS: readonly (readonly [number, number])[] = EDGES.flatMap((a) =>
  EDGES.map((b) => [a, b] as const),
);

/** Gives signed 32-bit integers; short and long ones come about equally often. */
export function int32s(seed: number): () => number {
  const between = seededBetween(seed);
  return () => between(INT_MIN, INT_MAX + 1) >> between(0, 32);
}

/** As BigInt, wrapped to 32 bits: what the machine's arithmetic is held against. */
export function wrapped(n: bigint): number {
  return Number(BigInt.asIntN(32, n));
}

/** A function of as many numbers as a case has. */
type FunctionOf<Case extends readonly number[]> = (...args: [...Case]) => number;

/** The first ten of `cases` for which `found` and `expected` differ; 0 and −0 do. */
export function differences<Case extends readonly number[]>(
  cases: readonly Case[],
  found: NoInfer<FunctionOf<Case>>,
  expected: NoInfer<FunctionOf<Case>>,
): string[] {
  const objections: string[] = [];
  for (const args of cases) {
    const [is, ought] = [found(...args), expected(...args)];
    if (!Object.is(is, ought)) objections.push(`(${args.join(', ')}): expected ${ought}, found ${is}`);
  }
  return objections.slice(0, 10);
}

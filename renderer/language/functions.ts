/** The one table of functions: it drives the checker, the price, the messages, the help and the reference page. */

/** One function of expressions. `version` rises when the same arguments begin to mean another value. */
export interface FunctionRow {
  readonly name: string;
  readonly version: number;
  readonly parameters: readonly string[];
  /** What a call weighs in the price of its line, in operators. */
  readonly weight: number;
  readonly summary: string;
  /** An expression and its value. */
  readonly example: readonly [expression: string, value: number];
}

export const FUNCTIONS = [
  {
    name: 'min',
    version: 1,
    parameters: ['a', 'b'],
    weight: 1,
    summary: 'The smaller of two.',
    example: ['min(3, -5)', -5],
  },
  {
    name: 'max',
    version: 1,
    parameters: ['a', 'b'],
    weight: 1,
    summary: 'The larger of two.',
    example: ['max(3, -5)', 3],
  },
  {
    name: 'abs',
    version: 1,
    parameters: ['n'],
    weight: 1,
    summary: 'n without its sign; of -2147483648, which has no counterpart, itself.',
    example: ['abs(-5)', 5],
  },
  {
    name: 'sign',
    version: 1,
    parameters: ['n'],
    weight: 1,
    summary: '-1, 0 or 1.',
    example: ['sign(-5)', -1],
  },
  {
    name: 'clamp',
    version: 1,
    parameters: ['n', 'low', 'high'],
    weight: 1,
    summary: 'n, but not below low, and then not above high.',
    example: ['clamp(300, 0, 255)', 255],
  },
  {
    name: 'mix',
    version: 1,
    parameters: ['a', 'b', 't'],
    weight: 2,
    summary:
      'The way from a to b: a where t is 0 or less, b where it is 65536 or more, rounded down between. Of numbers: a colour is mixed by rgb and a mix for each of its channels.',
    example: ['mix(10, 20, 32768)', 15],
  },
  {
    name: 'isqrt',
    version: 1,
    parameters: ['n'],
    weight: 2,
    summary: 'The square root of n, rounded down; n is 0 or more.',
    example: ['isqrt(99)', 9],
  },
  {
    name: 'hypot',
    version: 1,
    parameters: ['x', 'y'],
    weight: 8,
    summary: 'The distance of (x, y) from (0, 0), rounded down.',
    example: ['hypot(30, 40)', 50],
  },
  {
    name: 'sin',
    version: 1,
    parameters: ['angle'],
    weight: 1,
    summary: 'The sine, times 65536. A full turn is 65536.',
    example: ['sin(16384)', 65_536],
  },
  {
    name: 'cos',
    version: 1,
    parameters: ['angle'],
    weight: 1,
    summary: 'The cosine, times 65536. A full turn is 65536.',
    example: ['cos(32768)', -65_536],
  },
  {
    name: 'atan2',
    version: 1,
    parameters: ['y', 'x'],
    weight: 8,
    summary:
      'The angle of (x, y) from 0 to 65535, rounded down: 0 to the right, a quarter downwards; 0 of (0, 0).',
    example: ['atan2(5, 5)', 8_192],
  },
  {
    name: 'rgb',
    version: 1,
    parameters: ['r', 'g', 'b'],
    weight: 1,
    summary: 'The opaque colour of these channels, each brought into 0 to 255.',
    example: ['rgb(255, 0, 0) == red', 1],
  },
  {
    name: 'rgba',
    version: 1,
    parameters: ['r', 'g', 'b', 'a'],
    weight: 1,
    summary: 'The colour of these channels, each brought into 0 to 255; alpha 255 is opaque.',
    example: ['rgba(1, 2, 3, 0)', 197_121],
  },
  {
    name: 'qmul',
    version: 1,
    parameters: ['a', 'b'],
    weight: 1,
    summary:
      'a·b / 65536, rounded down and wrapped to 32 bits: the product of two numbers of which 65536 is one.',
    example: ['qmul(98304, -65536)', -98_304],
  },
  {
    name: 'qdiv',
    version: 1,
    parameters: ['a', 'b'],
    weight: 2,
    summary:
      'a·65536 / b, rounded toward zero and wrapped to 32 bits: how often b is in a, where 65536 is once; b is not 0.',
    example: ['qdiv(1, 3)', 21_845],
  },
  {
    name: 'hash',
    version: 1,
    parameters: ['a', 'b'],
    weight: 2,
    summary:
      'A number that looks like chance, of all 32 bits, and is the same for the same a and b: for patterns, by column and row.',
    example: ['hash(3, 4)&255', 131],
  },
  {
    name: 'rnd',
    version: 1,
    parameters: ['n'],
    weight: 2,
    summary: 'The next number by chance, from 0 to n - 1, of mulberry32; n is 1 or more.',
    example: ['rnd(1)', 0],
  },
  {
    name: 'tw',
    version: 1,
    parameters: ['text'],
    weight: 1,
    summary:
      'How wide TXT would draw a text with this FONT and SIZE, in pixels; the text runs as it stands to the next closing bracket.',
    example: ['tw(Hello)', 29],
  },
] as const satisfies readonly FunctionRow[];

export type FunctionName = (typeof FUNCTIONS)[number]['name'];

const BY_NAME: ReadonlyMap<string, FunctionRow & { readonly name: FunctionName }> = new Map(
  FUNCTIONS.map((row) => [row.name, row]),
);

/** The function of this lower-case name. */
export function functionNamed(name: string): (FunctionRow & { readonly name: FunctionName }) | undefined {
  return BY_NAME.get(name);
}

/** How a function is written: `clamp(n, low, high)`. */
export function functionUsage({ name, parameters }: FunctionRow): string {
  return `${name}(${parameters.join(', ')})`;
}

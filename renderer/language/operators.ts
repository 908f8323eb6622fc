/** The one table of operators: how they are written, how tightly they bind, and what they give. */
import type { BinaryOperator, UnaryOperator } from './ast.ts';

/** One sign of expressions, or two that belong together. */
export interface OperatorRow {
  readonly sign: BinaryOperator | UnaryOperator | '?:';
  /** How tightly it binds between two values: equal ones are read from the left. None where it stands elsewhere. */
  readonly precedence?: number;
  /** Each way of writing it. */
  readonly usages: readonly string[];
  readonly summary: string;
  /** An expression and its value. */
  readonly example: readonly [expression: string, value: number];
}

/** The loosest first. */
export const OPERATORS: readonly OperatorRow[] = [
  {
    sign: '?:',
    usages: ['test?yes:no'],
    summary: 'yes where test is not 0, otherwise no; the other one is not computed.',
    example: ['2>1?10:20', 10],
  },
  {
    sign: '||',
    precedence: 1,
    usages: ['a||b'],
    summary: '1 where one of them is not 0, otherwise 0; b is not computed where a decides.',
    example: ['0||7', 1],
  },
  {
    sign: '&&',
    precedence: 2,
    usages: ['a&&b'],
    summary: '1 where neither is 0, otherwise 0; b is not computed where a decides.',
    example: ['2&&7', 1],
  },
  {
    sign: '|',
    precedence: 3,
    usages: ['a|b'],
    summary: 'The bits that one of them has, or both.',
    example: ['6|3', 7],
  },
  {
    sign: '^',
    precedence: 4,
    usages: ['a^b'],
    summary: 'The bits that one of them has, and not both.',
    example: ['6^3', 5],
  },
  {
    sign: '&',
    precedence: 5,
    usages: ['a&b'],
    summary: 'The bits that both have.',
    example: ['6&3', 2],
  },
  {
    sign: '==',
    precedence: 6,
    usages: ['a==b'],
    summary: '1 where they are equal, otherwise 0.',
    example: ['2==3', 0],
  },
  {
    sign: '!=',
    precedence: 6,
    usages: ['a!=b'],
    summary: '1 where they are not equal, otherwise 0.',
    example: ['2!=3', 1],
  },
  {
    sign: '<',
    precedence: 7,
    usages: ['a<b'],
    summary: '1 where a is smaller, otherwise 0.',
    example: ['2<3', 1],
  },
  {
    sign: '<=',
    precedence: 7,
    usages: ['a<=b'],
    summary: '1 where a is smaller or equal, otherwise 0.',
    example: ['3<=3', 1],
  },
  {
    sign: '>',
    precedence: 7,
    usages: ['a>b'],
    summary: '1 where a is larger, otherwise 0.',
    example: ['2>3', 0],
  },
  {
    sign: '>=',
    precedence: 7,
    usages: ['a>=b'],
    summary: '1 where a is larger or equal, otherwise 0.',
    example: ['3>=3', 1],
  },
  {
    sign: '<<',
    precedence: 8,
    usages: ['a<<b'],
    summary: 'a with its bits moved to the left, by the lowest five bits of b.',
    example: ['3<<4', 48],
  },
  {
    sign: '>>',
    precedence: 8,
    usages: ['a>>b'],
    summary: 'a with its bits moved to the right, by the lowest five bits of b, and its sign kept.',
    example: ['-7>>1', -4],
  },
  {
    sign: '+',
    precedence: 9,
    usages: ['a+b', '+a'],
    summary: 'The sum, which wraps around at 32 bits; before a value, the value itself.',
    example: ['2147483647+1', -2147483648],
  },
  {
    sign: '-',
    precedence: 9,
    usages: ['a-b', '-a'],
    summary: 'The difference, which wraps around at 32 bits; before a value, its opposite.',
    example: ['5-7', -2],
  },
  {
    sign: '*',
    precedence: 10,
    usages: ['a*b'],
    summary: 'The product, which wraps around at 32 bits.',
    example: ['6*7', 42],
  },
  {
    sign: '/',
    precedence: 10,
    usages: ['a/b'],
    summary: 'The quotient, rounded toward zero; a b of 0 refuses the run.',
    example: ['-7/2', -3],
  },
  {
    sign: '%',
    precedence: 10,
    usages: ['a%b'],
    summary: 'What the division of a by b leaves, with the sign of a; a b of 0 refuses the run.',
    example: ['-7%2', -1],
  },
  {
    sign: '~',
    usages: ['~a'],
    summary: 'The bits that a has not, which is -1 - a.',
    example: ['~5', -6],
  },
  {
    sign: '!',
    usages: ['!a'],
    summary: '1 where a is 0, otherwise 0.',
    example: ['!5', 0],
  },
];

/** How tightly each operator of two values binds; equal ones are read from the left. */
export const PRECEDENCE = Object.fromEntries(
  OPERATORS.flatMap(({ sign, precedence }) => (precedence === undefined ? [] : [[sign, precedence]])),
) as Readonly<Record<BinaryOperator, number>>;

/** The signs of each precedence, the loosest first. */
export function operatorLevels(): string[][] {
  const levels: string[][] = [];
  for (const { sign, precedence } of OPERATORS) {
    if (precedence !== undefined) levels[precedence - 1] = [...(levels[precedence - 1] ?? []), sign];
  }
  return levels;
}

/** The signs that stand before a value. */
export function prefixes(): string[] {
  return OPERATORS.filter(({ sign, usages }) => usages.includes(`${sign}a`)).map(({ sign }) => sign);
}

/** The operator that begins at `at`; of two that do, the longer one. */
export function operatorAt(line: string, at: number, end: number): BinaryOperator | undefined {
  if (at >= end) return undefined;
  const next = at + 1 < end ? line.charCodeAt(at + 1) : 0;
  switch (line.charCodeAt(at)) {
    case 0x2b:
      return '+';
    case 0x2d:
      return '-';
    case 0x2a:
      return '*';
    case 0x2f:
      return '/';
    case 0x25:
      return '%';
    case 0x5e:
      return '^';
    case 0x7c:
      return next === 0x7c ? '||' : '|';
    case 0x26:
      return next === 0x26 ? '&&' : '&';
    case 0x3d:
      return next === 0x3d ? '==' : undefined;
    case 0x21:
      return next === 0x3d ? '!=' : undefined;
    case 0x3c:
      return next === 0x3c ? '<<' : next === 0x3d ? '<=' : '<';
    case 0x3e:
      return next === 0x3e ? '>>' : next === 0x3d ? '>=' : '>';
    default:
      return undefined;
  }
}

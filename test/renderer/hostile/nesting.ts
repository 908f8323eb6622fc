/** Programs that nest: blocks, brackets, signs, choices, calls, at their limits and far beyond. */
import { LIMITS } from '../../../shared/limits.ts';
import { cost, fill, finishes, type Hostile, lines, ROOM, unread } from './hostile.ts';

const DEEP = LIMITS.nesting;
const LONG = LIMITS.lineOperators;

const blocks = (depth: number) => `${lines(depth, 'IF 1')}PIX 0 0\n${lines(depth, 'END')}`;
const around = (open: string, inner: string, close: string, depth: number) =>
  `PIX ${open.repeat(depth)}${inner}${close.repeat(depth)} 0`;

/** An expression that is nested once in each of its units, at the limit and one deeper. */
function both(what: string, at: (depth: number) => string, steps: number): Hostile[] {
  return [
    { name: `${what}, ${DEEP} deep`, source: () => at(DEEP), end: finishes(steps) },
    { name: `${what}, one deeper`, source: () => at(DEEP + 1), end: unread('PXL-E022') },
  ];
}

const chain = (count: number) => `PIX 1${'+1'.repeat(count)} 0`;
/** Every precedence once, the loosest first: each operator's right side holds the rest. */
const CLIMB = '1||1&&1|1^1&1==1<1<<1+1*';

export const NESTING: readonly Hostile[] = [
  { name: 'blocks, one below the limit', source: () => blocks(DEEP - 1), end: finishes(DEEP + 1) },
  { name: 'blocks at the limit', source: () => blocks(DEEP), end: finishes(DEEP + 2) },
  { name: 'blocks, one too deep', source: () => blocks(DEEP + 1), end: unread('PXL-E022', DEEP + 1) },
  { name: 'blocks, 100,000 deep', source: () => blocks(100_000), end: unread('PXL-E022', DEEP + 1) },
  {
    name: 'open blocks, 200,000 of them',
    dear: true,
    source: () => lines(200_000, 'IF 1'),
    end: unread('PXL-E018'),
  },
  {
    name: 'ENDs of nothing, 200,000 of them',
    source: () => lines(200_000, 'END'),
    end: unread('PXL-E018'),
  },
  {
    name: 'ELSEs of nothing, 200,000 of them',
    source: () => lines(200_000, 'ELSE'),
    end: unread('PXL-E018'),
  },
  {
    name: 'ELSEs after the last ELSE, 150,000 of them',
    source: () => `IF 1\n${lines(150_000, 'ELSE')}END`,
    end: unread('PXL-E018', 3),
  },
  {
    name: 'JMPs out of 50,000 blocks, 80,000 of them',
    source: () => `${lines(50_000, 'IF 1')}${lines(80_000, 'JMP a')}${lines(50_000, 'END')}a:`,
    end: unread('PXL-E022', DEEP + 1),
  },
  {
    name: 'JMPs into blocks, 100,000 of them',
    source: () => `IF 1\na:\nEND\n${lines(100_000, 'JMP a')}`,
    end: unread('PXL-E019', 4),
  },
  {
    name: 'FORs, 64 deep, of one turn each',
    source: () => `${lines(DEEP, (n) => `FOR i${n} 1 1`)}PIX 0 0\n${lines(DEEP, 'END')}`,
    end: finishes(2 * DEEP + 2),
  },
  {
    name: 'an ELSE IF chain of 90,000 tests',
    dear: true,
    source: () => `IF 0\n${lines(90_000, 'ELSE IF 0')}END`,
    end: finishes(90_002),
  },
  {
    name: 'IFs side by side, 100,000 of them',
    source: () => lines(100_000, 'IF 0\nEND'),
    end: finishes(100_001),
  },
  ...both('brackets', (depth) => around('(', '1', ')', depth), 2),
  ...both('signs', (depth) => around('~', '1', '', depth), cost(DEEP) + 1),
  ...both('dropped signs', (depth) => around('+', '1', '', depth), 2),
  ...both('choices to the right', (depth) => around('1?1:', '1', '', depth), cost(DEEP) + 1),
  ...both('choices in the middle', (depth) => around('1?', '1', ':1', depth), cost(DEEP) + 1),
  ...both('calls', (depth) => around('abs(', '1', ')', depth), cost(2 * DEEP) + 1),
  ...both('indices', (depth) => `DIM a 1\n${around('a[', '0', ']', depth)}`, cost(DEEP) + 2).map((hostile) =>
    'steps' in hostile.end ? hostile : { ...hostile, end: unread('PXL-E022', 2) },
  ),
  ...both('sums to the right', (depth) => around('1+(', '1', ')', depth), cost(DEEP) + 1),
  { name: 'a sum to the left at the limit', source: () => chain(LONG), end: finishes(cost(LONG) + 1) },
  { name: 'a sum to the left, one too long', source: () => chain(LONG + 1), end: unread('PXL-E023') },
  {
    name: 'a sum to the left of 1 MiB',
    source: () => `PIX ${fill('1+', ROOM - 9)}1 0`,
    end: unread('PXL-E023'),
  },
  {
    name: 'a sum to the right of 1 MiB',
    source: () => `PIX ${fill('1+(', ROOM - 9)}`,
    end: unread('PXL-E022'),
  },
  { name: 'brackets of 1 MiB', source: () => `PIX ${fill('(', ROOM - 4)}`, end: unread('PXL-E022') },
  { name: 'closing brackets of 1 MiB', source: () => `PIX ${fill(')', ROOM - 4)}`, end: unread('PXL-E015') },
  { name: 'square brackets of 1 MiB', source: () => `PIX ${fill('a[', ROOM - 4)}`, end: unread('PXL-E022') },
  { name: 'minus signs of 1 MiB', source: () => `PIX ${fill('-', ROOM - 4)}`, end: unread('PXL-E022') },
  { name: 'question marks of 1 MiB', source: () => `PIX ${fill('1?', ROOM - 4)}`, end: unread('PXL-E022') },
  { name: 'calls of 1 MiB', source: () => `PIX ${fill('abs(', ROOM - 4)}`, end: unread('PXL-E022') },
  {
    name: 'sums to the left, 510 lines of 1,024 operators',
    dear: true,
    source: () => lines(510, `SET a 1${'+1'.repeat(LONG)}`),
    end: finishes(510 * cost(LONG) + 1),
  },
  {
    name: 'every precedence in turn, 400 lines of 1,020 operators',
    source: () => lines(400, `SET a ${CLIMB.repeat(102)}1`),
    end: finishes(400 * cost(102 * 10) + 1),
  },
  {
    name: 'signs, 14,000 lines of 64',
    dear: true,
    source: () => lines(14_000, `SET a ${'~'.repeat(DEEP)}1`),
    end: finishes(14_000 * cost(DEEP) + 1),
  },
  {
    name: 'choices, 3,900 lines of 64',
    source: () => lines(3_900, `SET a ${'1?1:'.repeat(DEEP)}1`),
    end: finishes(3_900 * cost(DEEP) + 1),
  },
];

/** Programs that count: dear functions for ten million steps, wraps, divisions, chance, arrays. */
import { FUNCTIONS } from '../../../renderer/language/functions.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { cost, dear, exhausts, finishes, type Hostile, lines, stopped, unread } from './hostile.ts';

const CELLS = LIMITS.arrayCells;
const MAX = '2147483647';
const MIN = '(-2147483648)';

/** Lines before and after a line that is run until the steps end. */
function storm(what: string, line: string, weight: number, before: readonly string[] = []): Hostile {
  const at = before.length + 1;
  return {
    name: `${what} until it ends`,
    source: () => [...before, 'WHILE 1', line, 'END'].join('\n'),
    end: exhausts(before.length, [at, 1], [at + 1, cost(weight)]),
  };
}

/** `call` as often as a line holds, added up; a call weighs itself and its arguments. */
function calls(what: string, call: string, weight: number, before: readonly string[] = []): Hostile {
  const count = Math.floor(LIMITS.lineOperators / (weight + 1));
  return storm(
    `${what}, ${count} a line,`,
    `SET a ${`${call}+`.repeat(count)}1`,
    count * (weight + 1),
    before,
  );
}

const weightOf = (name: string): number => {
  const row = FUNCTIONS.find((one) => one.name === name);
  if (row === undefined) throw new Error(`Expected a function, found ${name}`);
  return row.weight + row.parameters.length;
};

/** Refused unless `test` holds. */
const holds = (...tests: readonly string[]) => tests.map((test) => `SET ok 1/((${test})!=0)`).join('\n');

export const ARITHMETIC: readonly Hostile[] = [
  calls('hypot of the largest', `hypot(${MAX},${MIN})`, weightOf('hypot')),
  dear(calls('hypot of what changes', `hypot(a,b)`, weightOf('hypot'), ['SET b 3'])),
  dear(calls('atan2 of the largest', `atan2(${MIN},${MAX})`, weightOf('atan2'))),
  dear(calls('atan2 of what changes', 'atan2(a,b)', weightOf('atan2'), ['SET b 3'])),
  dear(calls('isqrt of the largest', `isqrt(${MAX})`, weightOf('isqrt'))),
  calls('mix from end to end', `mix(${MIN},${MAX},a)`, weightOf('mix')),
  dear(calls('sin', 'sin(a)', weightOf('sin'))),
  dear(calls('rgba', 'rgba(a,-1,256,a)', weightOf('rgba'))),
  dear(calls('rnd of the largest', `rnd(${MAX})`, weightOf('rnd'))),
  storm('SEED and rnd', 'SEED rnd(1+rnd(9))', 6),
  dear(storm('divisions', `SET a ${'a/3%7+'.repeat(341)}1`, 1_023)),
  dear(storm('divisions of the smallest', `SET a ${`${MIN}/-1+`.repeat(512)}1`, 1_024)),
  dear(storm('products that wrap', `SET a ${'a*a+'.repeat(512)}1`, 1_024, ['SET a 3'])),
  dear(storm('shifts', `SET a ${'(a<<a>>31)^'.repeat(341)}1`, 1_023, ['SET a 77'])),
  dear(storm('choices', `SET a ${'(a&1?a+1:a)+'.repeat(256)}1`, 1_024)),
  dear(storm('tests that skip', `SET a ${'(0&&1/0||1)+'.repeat(256)}1`, 1_024)),
  {
    name: 'a WHILE of 1,024 operators until it ends',
    dear: true,
    source: () => `WHILE 1${'+0'.repeat(1_024)}\nEND`,
    end: exhausts(0, [1, 128]),
  },
  storm('cells read and written', 'SET a[a[i]&65535] a[i]+1', 4, [`DIM a ${CELLS}`, 'SET i 9']),
  dear(storm('cells one after the other', `SET s ${'a[s&65535]+'.repeat(341)}1`, 1_023, [`DIM a ${CELLS}`])),
  {
    name: 'the ends of 32 bits',
    source: () =>
      holds(
        `${MIN}/-1==${MIN}`,
        `${MIN}%-1==0`,
        `${MAX}+1==${MIN}`,
        `${MIN}-1==${MAX}`,
        `-${MIN}==${MIN}`,
        `abs(${MIN})==${MIN}`,
        `${MAX}*${MAX}==1`,
        `${MIN}*${MIN}==0`,
        `1<<32==1&&1<<-1==${MIN}`,
        `${MIN}>>31==-1`,
        `hypot(${MIN},${MIN})==-1257966797`,
        `mix(${MIN},${MAX},32768)==-1`,
        `mix(${MIN},${MAX},${MAX})==${MAX}`,
      ),
    // One step each but for the line of hypot, which weighs 13.
    end: finishes(15),
  },
  { name: 'a division by zero', source: () => 'SET a 0\nPIX 1/a 0', end: stopped('PXL-E024', 2, 2) },
  { name: 'a remainder by zero', source: () => 'SET a 0\nPIX 1%a 0', end: stopped('PXL-E024', 2, 2) },
  { name: 'a division by zero in ADD', source: () => 'ADD a 1/a', end: stopped('PXL-E024', 1, 1) },
  {
    name: 'a division by zero 256 calls deep',
    source: () => 'DEF f n\nIF n==0\nRET 1/n\nEND\nRET f(n-1)\nEND\nPIX f(255) 0',
    end: stopped('PXL-E024', 3, 1 + 2 * 256),
  },
  { name: 'the root of -1', source: () => 'PIX isqrt(-1) 0', end: stopped('PXL-E026', 1, 1) },
  { name: 'chance below 0', source: () => `PIX rnd(${MIN}) 0`, end: stopped('PXL-E026', 1, 1) },
  {
    name: 'an array of all the cells',
    source: () => `DIM a ${CELLS}\nSET a[${CELLS - 1}] 1`,
    end: finishes(3),
  },
  { name: 'an array of one cell more', source: () => `DIM a ${CELLS + 1}`, end: stopped('PXL-E028', 1, 1) },
  { name: 'an array of 2147483647 cells', source: () => `DIM a ${MAX}`, end: stopped('PXL-E028', 1, 1) },
  { name: 'an array of none', source: () => 'DIM a 0', end: unread('PXL-E005') },
  { name: 'an array of less than none', source: () => `DIM a 0-width`, end: stopped('PXL-E005', 1, 1) },
  { name: 'an array of 1/0 cells', source: () => 'DIM a 1/0', end: stopped('PXL-E024', 1, 1) },
  {
    name: 'an array as large as the canvas',
    source: () => 'DIM a width*height\nFOR i 0 width*height-1\nSET a[i] i\nEND',
    canvas: { width: 256, height: 256 },
    end: finishes(2 + 2 * CELLS + 1),
  },
  {
    name: 'arrays after a HALT, one cell too many',
    source: () => `HALT\nDIM a ${CELLS}\nDATA b 1`,
    end: stopped('PXL-E028', 3, 2),
  },
  {
    name: 'arrays, 65,536 of one cell',
    dear: true,
    source: () => lines(CELLS, (n) => `DIM _${n.toString(36)} 1`),
    end: finishes(CELLS + 1),
  },
  {
    name: 'arrays, 90,000 of one cell',
    dear: true,
    source: () => lines(90_000, (n) => `DIM _${n.toString(36)} 1`),
    end: stopped('PXL-E028', CELLS + 1, CELLS + 1),
  },
  {
    name: 'arrays, 30,000 of one cell, each set',
    source: () => lines(30_000, (n) => `DIM _${n.toString(36)} 1\nSET _${n.toString(36)}[0] 1`),
    end: finishes(60_001),
  },
  {
    name: 'the cell before the first',
    source: () => 'DIM a 9\nSET i -1\nPIX a[i] 0',
    end: stopped('PXL-E025', 3, 3),
  },
  { name: 'the cell after the last', source: () => 'DIM a 9\nADD a[9] 1', end: stopped('PXL-E025', 2, 2) },
  {
    name: 'the cell that is farthest',
    source: () => `DATA a 9\nPIX a[${MIN}] 0`,
    end: stopped('PXL-E025', 2, 2),
  },
];

/** SHADEs that would take for ever, that are too large to compile, or too many, and those that are just not. */
import { LIMITS } from '../../../shared/limits.ts';
import { exhausts, finishes, type Hostile, lines, name, stopped, unread } from './hostile.ts';

const DEEP = LIMITS.nesting;
const TURNS = LIMITS.loopTurns;
const LARGEST = { width: 16_384, height: 4_096 };
const MILLION = LIMITS.shapes;

const shade = (body: string, box = '0 0 width height') => `SHADE ${box}\n${body}\nEND\n`;
const many = (count: number, body: (index: number) => string, box = '0 0 1 1') =>
  Array.from({ length: count }, (_, index) => shade(body(index), box)).join('');
const loops = (depth: number, turns: number | string, inner: string) =>
  `${lines(depth, `LOOP ${turns}`)}${inner}\n${lines(depth, 'END')}`;
/** 15 lines and a turn: with all turns of a LOOP the most that a pixel may take. */
const FULL = loops(1, TURNS, lines(15, 'ADD r x'));
const sets = (count: number, of: (index: number) => string) =>
  lines(count, (index) => `SET ${name(index % 250)} ${of(index)}`);
/** A million SHADEs that read so many names of the program. */
const reading = (count: number) => {
  const body = lines(count, (index) => `ADD r ${name(index)}`).trimEnd();
  return `${lines(count, (index) => `SET ${name(index)} 1`)}FOR i 1 ${MILLION}\n${shade(body, '0 0 1 1')}END`;
};
/** As many lines of two operators or lines each as a SHADE may have. */
const ROOM = LIMITS.shadeSize / 2;

export const SHADE_PROGRAMS: readonly Hostile[] = [
  {
    name: 'a SHADE of all turns on the largest canvas',
    source: () => shade(FULL),
    canvas: LARGEST,
    end: stopped('PXL-E042', 1, 1),
  },
  {
    name: 'SHADEs of all turns, until the operations end',
    source: () => `FOR i 1 ${MILLION}\n${shade(FULL, '0 0 1024 1024')}END`,
    canvas: { width: 1_024, height: 1_024 },
    end: stopped('PXL-E042', 2, 1 + 2 + 1),
  },
  {
    name: 'SHADEs of a cheap body on the largest canvas, until the pixels end',
    source: () => `FOR i 1 ${MILLION}\n${shade('SET r x')}END`,
    canvas: LARGEST,
    end: stopped('PXL-E014', 2, 1 + 8 * 2 + 1),
  },
  {
    name: 'LOOPs in a SHADE, as deep as may be',
    source: () => shade(loops(DEEP - 1, 1, '')),
    end: finishes(2),
  },
  {
    name: 'LOOPs in a SHADE, one too deep',
    source: () => shade(loops(DEEP, 1, '')),
    end: unread('PXL-E022', DEEP + 1),
  },
  {
    name: 'LOOPs in one another, 65,536 of them',
    source: () => shade(loops(65_536, 2, 'ADD r 1')),
    end: unread('PXL-E040'),
  },
  {
    name: 'LOOPs whose turns multiply beyond all numbers',
    source: () => shade(loops(DEEP - 1, TURNS, 'ADD r 1')),
    end: unread('PXL-E041'),
  },
  {
    name: 'LOOPs of turns that cannot be worked out, 70,000 of them',
    source: () => `SHADE 0 0 1 1\n${lines(70_000, 'LOOP 1/0')}`,
    end: unread('PXL-E018'),
  },
  { name: 'a LOOP of 1/0 turns', source: () => shade('LOOP 1/0\nEND'), end: unread('PXL-E024', 2) },
  ...[60_000, 1_000].map((count) => ({
    name: `an ELSE IF chain of ${count} tests in a SHADE`,
    source: () => shade(`IF 0\n${lines(count, 'ELSE IF x')}END`),
    end: count > LIMITS.shadeSize ? unread('PXL-E040') : unread('PXL-E022', DEEP + 1),
  })),
  {
    name: '10,000 SHADEs of the same lines',
    source: () => many(10_000, () => 'SET r x'),
    end: finishes(10_001),
  },
  {
    name: '10,000 SHADEs that differ',
    source: () => many(10_000, (index) => `SET r ${index}`),
    end: unread('PXL-E040', 1 + 3 * LIMITS.shades),
  },
  {
    name: 'as many SHADEs as may differ, each as large as may be',
    source: () => many(LIMITS.shades, (index) => sets(ROOM, () => `x+${index}`)),
    end: finishes(LIMITS.shades + 1),
    painted: true,
  },
  {
    name: 'a SHADE, run a million times',
    source: () => `FOR i 1 ${MILLION}\n${shade('SET r 1', '0 0 1 1')}END`,
    end: finishes(2 * MILLION + 2),
  },
  {
    name: 'a SHADE that reads four names of the program, until the list is full',
    dear: true,
    source: () => reading(4),
    end: stopped('PXL-E035', 6, LIMITS.steps),
  },
  {
    name: 'a SHADE that reads all names of the program that it may, until the steps end',
    source: () => reading(256),
    end: exhausts(257, [258, 257], [258 + 256 + 2, 1]),
  },
  {
    name: 'SHADEs beside the clip, a million of them',
    dear: true,
    source: () => `CLIP 0 0 1 1\nFOR i 1 ${MILLION}\n${shade(FULL, '9 9 9 9')}END`,
    end: finishes(2 * MILLION + 3),
  },
  {
    name: 'a SHADE as large as may be',
    source: () => shade(sets(ROOM, () => 'x+1')),
    end: finishes(2),
    painted: true,
  },
  {
    name: 'a SHADE, one line too large',
    source: () => shade(sets(ROOM + 1, () => 'x+1')),
    end: unread('PXL-E040'),
  },
  { name: 'a SHADE of 80,000 lines', source: () => shade(lines(80_000, 'SET r x')), end: unread('PXL-E040') },
  {
    name: 'sums to the left in a SHADE',
    source: () => shade(`SET r x${'+1'.repeat(LIMITS.shadeSize - 1)}`),
    end: finishes(2),
    painted: true,
  },
  {
    name: 'every precedence in turn in a SHADE',
    source: () => shade(`SET r ${'1||1&&1|1^1&1==1<1<<1+1*'.repeat(102)}x`),
    end: finishes(2),
    painted: true,
  },
  {
    name: 'qmuls in one another in a SHADE',
    source: () => shade(lines(5, `SET r ${'qmul(x, '.repeat(DEEP)}y${')'.repeat(DEEP)}`)),
    end: finishes(2),
    painted: true,
  },
  {
    name: 'choices in one another in a SHADE',
    source: () => shade(lines(15, `SET r ${'x?'.repeat(DEEP)}y${':1'.repeat(DEEP)}`)),
    end: finishes(2),
    painted: true,
  },
  {
    name: 'names that a SHADE sets, 50,000 of them',
    dear: true,
    source: () => shade(lines(50_000, (index) => `SET ${name(index)} 1`)),
    end: unread('PXL-E040'),
  },
  {
    name: 'names that nothing sets, 30,000 in a SHADE that sets as many',
    source: () => shade(lines(30_000, (index) => `SET nearly${name(index)} nearby${name(index)}`)),
    end: unread('PXL-E040'),
  },
  {
    name: 'a SHADE in a SHADE, 70,000 of them',
    source: () => lines(70_000, 'SHADE 0 0 1 1'),
    end: unread('PXL-E018', 2),
  },
  {
    name: 'blocks in a SHADE that a RECT ends, 100,000 of them',
    source: () => `SHADE 0 0 1 1\n${lines(100_000, 'IF x')}RECT 0 0 1 1\n${lines(100_000, 'END')}`,
    end: unread('PXL-E040'),
  },
  {
    name: 'BREAKs of nothing in a SHADE, 1,000 of them',
    source: () => shade(lines(1_000, 'BREAK')),
    end: unread('PXL-E018', 2),
  },
  {
    name: 'the dearest functions in all pixels of a small canvas',
    source: () => shade(loops(1, 45_000, 'ADD r atan2(r, x)\nADD g hypot(r, y)')),
    canvas: { width: 16, height: 16 },
    end: finishes(2),
    painted: true,
  },
];

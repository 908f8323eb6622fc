/** Programs that run long: loops, jumps, calls of calls, frames on frames. */
import { LIMITS } from '../../../shared/limits.ts';
import { cost, exhausts, finishes, type Hostile, lines, name, names, stopped } from './hostile.ts';

const DEPTH = LIMITS.callDepth;
const MOST = LIMITS.steps;
const MAX = '2147483647';
const MIN = '-2147483648';

/** DEFs that each call the next one twice; the last does nothing. */
const doubling = (count: number) =>
  `${lines(count, (n) => `DEF f${n}\nCALL f${n + 1}\nCALL f${n + 1}\nEND`)}DEF f${count}\nEND\nCALL f0`;
const fib = (n: number) => `DEF fib n\nIF n<2\nRET n\nEND\nRET fib(n-1)+fib(n-2)\nEND\nSET a fib(${n})`;
const down = (from: number) => `DEF f n\nIF n>0\nCALL f n-1\nEND\nEND\nCALL f ${from}`;
/** A DEF of 256 variables, of which all but n are set each time. */
const wide = (last: string) => `DEF f n\n${lines(255, (n) => `SET ${name(n)} n`)}${last}\nEND\n`;
/** A DEF of 256 variables that sets none of them. */
const IDLE = `DEF f\nRET\n${lines(256, (n) => `SET ${name(n)} 1`)}END\n`;
/** A loop that tries 1,000 labels one after the other, and comes to each of them once. */
const ladder = `SET i 0\nagain:\n${lines(1_000, (n) => `IF i==${n} JMP l${n}`)}HALT\n${lines(1_000, (n) => `l${n}:\nADD i 1\nJMP again`)}`;

export const CONTROL: readonly Hostile[] = [
  { name: 'WHILE 1', source: () => 'WHILE 1\nEND', end: exhausts(0, [1, 1]) },
  { name: 'a JMP to itself', source: () => 'a:\nJMP a', end: exhausts(0, [2, 1]) },
  { name: 'an IF that jumps to itself', source: () => 'SET n 1\na:\nIF n JMP a', end: exhausts(1, [3, 1]) },
  {
    name: 'a ring of 1,000 JMPs',
    source: () => `a0:\n${lines(999, (n) => `JMP a${n + 1}\na${n + 1}:`)}JMP a0`,
    end: exhausts(0, ...Array.from({ length: 1_000 }, (_, n) => [2 * n + 2, 1] as const)),
  },
  {
    name: 'a chain of 60,000 JMPs',
    dear: true,
    source: () => lines(60_000, (n) => `JMP ${name(n)}\n${name(n)}:`),
    end: finishes(60_001),
  },
  {
    name: 'a ladder of 1,000 tests and labels',
    source: () => ladder,
    end: finishes(1 + (1_000 * 1_001) / 2 + 2_000 + 1_000 + 1),
  },
  {
    name: 'a ladder of 60,000 labels, from the last to the first',
    source: () => `JMP l0\n${lines(60_000, (n) => `l${60_000 - n}:\nHALT`)}l0:`,
    end: finishes(2),
  },
  {
    name: 'a FOR to the last number, by ones',
    source: () => `FOR i 0 ${MAX}\nEND`,
    end: exhausts(1, [2, 1]),
  },
  {
    name: 'a FOR over all numbers in three steps',
    source: () => `FOR i ${MIN} ${MAX} ${MAX}\nEND`,
    end: finishes(5),
  },
  { name: 'a FOR of one turn at the top', source: () => `FOR i ${MAX} ${MAX}\nEND`, end: finishes(3) },
  {
    name: 'a FOR of one turn at the bottom',
    source: () => `FOR i ${MIN} ${MIN} ${MIN}\nEND`,
    end: finishes(3),
  },
  { name: 'a FOR down to the bottom', source: () => `FOR i -2147483640 ${MIN} -1\nEND`, end: finishes(11) },
  { name: 'a FOR that never turns', source: () => `FOR i ${MAX} ${MIN}\nEND`, end: finishes(2) },
  { name: 'a FOR by nothing', source: () => 'SET s 0\nFOR i 0 9 s\nEND', end: stopped('PXL-E026', 2, 2) },
  {
    name: 'a FOR whose variable is set back',
    source: () => 'FOR i 0 9\nSET i 0\nEND',
    end: exhausts(1, [2, 1], [3, 1]),
  },
  {
    name: 'FORs, 64 deep, of two turns each',
    source: () => `${lines(64, (n) => `FOR i${n} 0 1`)}${lines(64, 'END')}`,
    end: stopped('PXL-E012', 63, MOST),
  },
  {
    name: 'WHILEs, 64 deep, left by a JMP and begun again',
    source: () => `a:\n${lines(64, 'WHILE 1')}JMP a\n${lines(64, 'END')}`,
    end: exhausts(0, ...Array.from({ length: 65 }, (_, n) => [n + 2, 1] as const)),
  },
  {
    name: 'FORs left by a JMP and begun again',
    source: () => 'a:\nFOR i 0 9\nFOR k 0 9\nJMP a\nEND\nEND',
    end: exhausts(0, [2, 1], [3, 1], [4, 1]),
  },
  { name: 'calls at the limit', source: () => down(DEPTH - 1), end: finishes(1 + (DEPTH - 1) * 3 + 2 + 1) },
  {
    name: 'calls, one below the limit',
    source: () => down(DEPTH - 2),
    end: finishes(1 + (DEPTH - 2) * 3 + 2 + 1),
  },
  { name: 'calls, one too deep', source: () => down(DEPTH), end: stopped('PXL-E027', 3, 1 + 2 * DEPTH) },
  {
    name: 'a DEF that calls itself for ever',
    source: () => 'DEF f\nCALL f\nEND\nCALL f',
    end: stopped('PXL-E027', 2, DEPTH + 1),
  },
  {
    name: 'a DEF that is its own value',
    source: () => 'DEF f n\nRET f(f(n))+f(n)\nEND\nPIX f(1) 0',
    end: stopped('PXL-E027', 2, DEPTH + 1),
  },
  {
    name: 'two DEFs that call each other for ever',
    source: () => 'DEF f\nCALL g\nEND\nDEF g\nCALL f\nEND\nCALL f',
    end: stopped('PXL-E027', 5, DEPTH + 1),
  },
  { name: 'DEFs that double 20 times', source: () => doubling(20), end: finishes(2 ** 22 - 3 + 2) },
  { name: 'DEFs that double 200 times', source: () => doubling(200), end: stopped('PXL-E012', 800, MOST) },
  { name: 'fib(25) by its rule', source: () => fib(25), end: finishes(2 * 242_785 + 2) },
  { name: 'fib(60) by its rule', source: () => fib(60), end: stopped('PXL-E012', 5, MOST) },
  {
    name: 'frames of 256 variables, 256 deep, until it ends',
    source: () => `${wide('IF n<255\nCALL f n+1\nEND')}WHILE 1\nCALL f 0\nEND`,
    end: stopped('PXL-E012', 130, MOST),
  },
  {
    name: 'CALLs of a DEF of 256 variables until it ends',
    dear: true,
    source: () => `${IDLE}WHILE 1\nCALL f\nEND`,
    end: exhausts(0, [260, 1], [261, 1], [2, 1]),
  },
  {
    name: 'calls of a DEF of 256 variables, 512 a line, until it ends',
    dear: true,
    source: () => `${IDLE}WHILE 1\nSET a f()${'+f()'.repeat(511)}\nEND`,
    end: exhausts(0, [260, 1], [261, cost(1_023)], [2, 512]),
  },
  {
    name: 'calls with 255 arguments, four a line, until it ends',
    dear: true,
    source: () => `DEF f ${names(254)}\nEND\nWHILE 1\nSET a ${`f(${'1,'.repeat(253)}1)+`.repeat(4)}1\nEND`,
    end: exhausts(0, [3, 1], [4, cost(4 * 256)], [2, 4]),
  },
  {
    name: 'DEFs, 45,000 of them, each called',
    source: () => `${lines(45_000, (n) => `DEF ${name(n)}\nEND`)}${lines(30_000, (n) => `CALL ${name(n)}`)}`,
    end: finishes(60_001),
  },
];

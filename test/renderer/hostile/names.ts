/** Programs of names: hundreds of thousands of them, long, twice, misspelt, and those that objects have by birth. */
import { FUNCTIONS } from '../../../renderer/language/functions.ts';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import { LIMITS } from '../../../shared/limits.ts';
import {
  fill,
  finishes,
  type Hostile,
  lines,
  name,
  names,
  ROOM,
  stopped,
  unplaced,
  unread,
} from './hostile.ts';

const LONGEST = 'n'.repeat(LIMITS.nameLength);
const BORN = ['__proto__', 'constructor', 'hasownproperty', 'tostring', 'valueof', '__definegetter__'];

/** 170,000 variables of one DEF's GLOBAL, before what may be misspelt. */
const crowd = () => `DEF f\nGLOBAL ${names(170_000)}\nEND\n`;
/** As long as names get, alike but for their ends. */
const alike = (index: number) => `${'n'.repeat(58)}${String(index).padStart(6, '0')}`;

export const NAMES: readonly Hostile[] = [
  {
    name: 'a name at the limit',
    source: () => `SET ${LONGEST} 1\nPIX ${LONGEST} 0`,
    end: finishes(3),
  },
  { name: 'a name, one too long', source: () => `SET ${LONGEST}n 1`, end: unread('PXL-E023') },
  { name: 'a name of 1 MiB', source: () => `PIX ${fill('n', ROOM - 6)} 0`, end: unread('PXL-E023') },
  { name: 'a label of 1 MiB', source: () => `${fill('n', ROOM - 1)}:`, end: unread('PXL-E023') },
  { name: 'an opcode of 1 MiB', source: () => fill('n'), end: unread('PXL-E006') },
  {
    name: 'an array’s name of 1 MiB',
    source: () => `PIX ${fill('n', ROOM - 10)}[0] 0`,
    end: unread('PXL-E023'),
  },
  { name: 'a JMP to 1 MiB', source: () => `JMP ${fill('n', ROOM - 4)}`, end: unread('PXL-E023') },
  {
    name: 'variables, 80,000 of them, each SET',
    source: () => lines(80_000, (n) => `SET ${name(n)} 1`),
    end: finishes(80_001),
  },
  { name: 'variables, 170,000 of one GLOBAL', dear: true, source: crowd, end: finishes(1) },
  {
    name: 'a variable misspelt among 80,000',
    source: () => `${lines(80_000, (n) => `SET ${name(n)} 1`)}PIX _zzzzzz 0`,
    end: unread('PXL-E016', 80_001),
  },
  {
    name: 'variables misspelt 20 times among 170,000',
    dear: true,
    source: () => `${crowd()}${lines(20, (n) => `PIX _zzz${n} 0`)}`,
    end: unread('PXL-E016', 4),
  },
  {
    name: 'variables of 64 letters, misspelt 20 times among 14,000',
    source: () =>
      `${lines(14_000, (n) => `SET ${alike(n)} 1`)}${lines(20, (n) => `PIX ${alike(n).replaceAll('0', 'x')} 0`)}`,
    end: unread('PXL-E016', 14_001),
  },
  {
    name: 'names that nothing sets, 30,000 among as many that are set',
    source: () => lines(30_000, (n) => `SET ${name(n)} q${name(n)}q`),
    end: unread('PXL-E016'),
  },
  {
    name: 'names that are no colours, 300,000 on one line',
    source: () => `DATA t ${fill('zq ', ROOM - 8)}`,
    end: unread('PXL-E016'),
  },
  {
    name: 'labels, 120,000 of them',
    source: () => lines(120_000, (n) => `${name(n)}:`),
    end: finishes(1),
  },
  {
    name: 'a label misspelt among 120,000',
    source: () => `${lines(120_000, (n) => `${name(n)}:`)}JMP _zzzzzz`,
    end: unread('PXL-E019', 120_001),
  },
  {
    name: 'labels misspelt 60,000 times among 60,000',
    dear: true,
    source: () => `${lines(60_000, (n) => `${name(n)}:`)}${lines(50_000, 'JMP _zzzzz')}`,
    end: unread('PXL-E019', 60_001),
  },
  { name: 'one label, 300,000 times', source: () => lines(300_000, 'a:'), end: unread('PXL-E017', 2) },
  {
    name: 'DEFs, 75,000 of them',
    dear: true,
    source: () => lines(75_000, (n) => `DEF ${name(n)}\nEND`),
    end: finishes(1),
  },
  {
    name: 'a DEF misspelt 20 times among 70,000',
    dear: true,
    source: () => `${lines(70_000, (n) => `DEF ${name(n)}\nEND`)}${lines(20, 'CALL _zzzzz')}`,
    end: unread('PXL-E016', 140_001),
  },
  { name: 'one DEF, 90,000 times', source: () => lines(90_000, 'DEF f\nEND'), end: unread('PXL-E017', 3) },
  {
    name: 'DEFs inside DEFs, 150,000 deep',
    dear: true,
    source: () => lines(150_000, 'DEF f'),
    end: unread('PXL-E018'),
  },
  {
    name: 'a DEF of 256 variables',
    source: () => `DEF f ${names(255)}\nSET a 1\nEND\nCALL f${' 1'.repeat(255)}`,
    end: finishes(Math.ceil(255 / 8) + 3),
  },
  {
    name: 'a DEF of 257 variables',
    source: () => `DEF f ${names(256)}\nSET a 1\nEND`,
    end: unread('PXL-E023'),
  },
  {
    name: 'a DEF of 170,000 arguments',
    dear: true,
    source: () => `DEF f ${names(170_000)}\nEND`,
    end: unread('PXL-E023'),
  },
  {
    name: 'a DEF of one argument, 500,000 times',
    dear: true,
    source: () => `DEF f ${fill('a ', ROOM - 12)}\nEND`,
    end: unread('PXL-E017'),
  },
  {
    name: 'a DEF of 60,000 arguments that looks up 60,000 names',
    dear: true,
    source: () => `DEF f ${names(60_000)}\n${lines(60_000, 'SET a a')}END`,
    end: unread('PXL-E023'),
  },
  {
    name: 'a DEF of 256 arguments that looks up 250,000 names',
    source: () => `DEF f ${names(256)}\n${lines(500, `PIX ${fill('_73+', 2_000)}1 _0`)}END`,
    end: finishes(1),
  },
  {
    name: 'CALLs of a DEF of 100,000 arguments, 60,000 of them without any',
    source: () => `DEF f ${names(100_000)}\nEND\n${lines(60_000, 'CALL f')}`,
    end: unread('PXL-E023'),
  },
  {
    name: 'a CALL of 500,000 arguments',
    source: () => `DEF f\nEND\nCALL f ${fill('1 ', ROOM - 20)}`,
    end: unread('PXL-E023', 3),
  },
  {
    name: 'a function of 500,000 arguments',
    source: () => `PIX min(${fill('1,', ROOM - 12)}1) 0`,
    end: unread('PXL-E023'),
  },
  {
    name: 'PARAMs, 50,000 of them',
    dear: true,
    source: () => lines(50_000, (n) => `PARAM ${name(n)} 1 1 1`),
    end: finishes(50_001),
  },
  {
    name: 'PARAMs, 50,000 of them, each of them given',
    source: () => lines(50_000, (n) => `PARAM ${name(n)} 1 1 2`),
    params: () => Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [name(n), 2])),
    end: finishes(50_001),
  },
  {
    name: 'PARAMs, 50,000 of them, and another is given',
    source: () => lines(50_000, (n) => `PARAM ${name(n)} 1 1 1`),
    params: () => ({ _zzzzzz: 1 }),
    end: unplaced('PXL-E033'),
  },
  {
    name: 'a PARAM given one below its range',
    source: () => 'PARAM n -2147483648 -2147483648 2147483647\nPARAM m 0 0 2147483647',
    params: () => ({ n: 2_147_483_647, m: -1 }),
    end: unread('PXL-E033', 2),
  },
  {
    name: 'PARAMs given the ends of their ranges',
    source: () =>
      'PARAM n 0 -2147483648 2147483647\nPARAM m 0 -2147483648 2147483647\nSET a 1/(n+1==m&&m-1==n)\nRECT n n m m',
    params: () => ({ n: 2_147_483_647, m: -2_147_483_648 }),
    end: stopped('PXL-E005', 4, 4),
  },
  {
    name: 'PARAMs whose default is out of range, 40,000 of them',
    source: () => lines(40_000, (n) => `PARAM ${name(n)} 3 1 2`),
    end: unread('PXL-E026'),
  },
  {
    name: 'names that every object has',
    source: () =>
      `${lines(BORN.length, (n) => `SET ${BORN[n]} ${n + 1}\n${BORN[n]}:`)}` +
      `${lines(BORN.length, (n) => `SET check 1/(${BORN[n]}==${n + 1})`)}`,
    end: finishes(2 * BORN.length + 1),
  },
  {
    name: 'names that every object has, of arrays, PARAMs and DEFs',
    source: () =>
      'DIM constructor 2\nPARAM __proto__ 5 0 9\nDEF tostring valueof\nRET valueof\nEND\nSET a 1/(tostring(__proto__)==5)',
    end: finishes(5),
  },
  {
    name: 'words of the language as variables',
    source: () => [...OPCODES, ...FUNCTIONS].map((row) => `SET ${row.name} 1`).join('\n'),
    end: finishes(OPCODES.length + FUNCTIONS.length + 1),
  },
];

/** Opcodes that make and change values. */
import type { Opcode } from '../opcode.ts';
import { name, value } from './slots.ts';

export const VALUES = [
  {
    name: 'SET',
    version: 1,
    chapter: 'values',
    forms: [[{ name: 'place', kind: 'place' }, value]],
    summary: 'Gives a variable or a cell a value.',
    example: 'SET n width/2\nRECT 0 0 n height',
  },
  {
    name: 'ADD',
    version: 1,
    chapter: 'values',
    forms: [[{ name: 'place', kind: 'place' }, value]],
    summary: 'Adds a value to a variable or a cell.',
    example: 'SET x 4\nWHILE x<width\n  RECT x 10 2 20\n  ADD x 5\nEND',
  },
  {
    name: 'DIM',
    version: 1,
    chapter: 'values',
    forms: [[name, { name: 'cells', kind: 'integer', min: 1 }]],
    summary:
      'Declares an array of cells, each 0, counted from 0. Its size may hold numbers, PARAMs, width and height.',
    example: 'DIM a 8\nFOR i 0 7\n  SET a[i] i*i\nEND\nFOR i 0 7\n  RECT i*16 60-a[i] 14 a[i]\nEND',
  },
  {
    name: 'DATA',
    version: 1,
    chapter: 'values',
    forms: [[name, { name: 'values', kind: 'literal', repeated: 1 }]],
    summary: 'Declares a table of numbers and colours, counted from 0, which nothing changes.',
    example: 'DATA sales 12 30 25 48 40\nFOR i 0 4\n  RECT 10+i*20 60-sales[i] 16 sales[i]\nEND',
  },
  {
    name: 'PARAM',
    version: 1,
    chapter: 'values',
    forms: [
      [
        name,
        { name: 'default', kind: 'literal' },
        { name: 'min', kind: 'literal' },
        { name: 'max', kind: 'literal' },
      ],
    ],
    summary:
      'Declares a value that whoever renders the program may set, from min to max; nothing else changes it.',
    example: 'PARAM percent 40 0 100\nRECT 10 28 percent 8',
  },
  {
    name: 'SEED',
    version: 1,
    chapter: 'values',
    forms: [[value]],
    summary:
      'Starts the numbers that rnd gives anew: the same seed, the same numbers. Every run starts at SEED 0.',
    example: 'SEED 7\nFOR i 1 200\n  PIX rnd(width) rnd(height)\nEND',
  },
  {
    name: 'GLOBAL',
    version: 1,
    chapter: 'values',
    forms: [[{ name: 'names', kind: 'name', repeated: 1 }]],
    summary: 'Says in a DEF that it sets these variables of the program, and not variables of its own.',
    example: 'DEF next\n  GLOBAL x\n  ADD x 12\nEND\nSET x 0\nCALL next\nCALL next\nRECT x 10 10 10',
  },
] as const satisfies readonly Opcode[];

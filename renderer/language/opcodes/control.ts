/** Opcodes that choose what runs. */
import { LIMITS } from '../../../shared/limits.ts';
import type { Opcode } from '../opcode.ts';
import { label, name, test } from './slots.ts';

export const CONTROL = [
  {
    name: 'IF',
    version: 1,
    chapter: 'control',
    forms: [[test], [test, { name: 'JMP', kind: 'word', words: ['JMP'] }, label]],
    summary: 'Runs the lines up to its ELSE or END where test is not 0; with JMP, goes to a label then.',
    example:
      'FOR i 0 9\n  IF i%3==0\n    COLOR tomato\n  ELSE\n    COLOR white\n  END\n  RECT i*12 10 10 40\nEND',
  },
  {
    name: 'ELSE',
    version: 1,
    chapter: 'control',
    forms: [[], [{ name: 'IF', kind: 'word', words: ['IF'] }, test]],
    summary:
      'Begins the lines that run where the test of its IF was 0; with IF, where one more test is not 0.',
    example: 'SET n 5\nIF n<3\n  TXT 9 9 few\nELSE IF n<9\n  TXT 9 9 some\nELSE\n  TXT 9 9 many\nEND',
  },
  {
    name: 'FOR',
    version: 1,
    chapter: 'control',
    forms: [
      [
        { name: 'variable', kind: 'name' },
        { name: 'first', kind: 'integer' },
        { name: 'last', kind: 'integer' },
        { name: 'step', kind: 'integer', optional: true },
      ],
    ],
    summary:
      'Runs the lines up to its END with a variable from first to last, both included, by steps of 1 or of step.',
    example: 'FOR x 0 width-1 8\n  RECT x 0 4 height\nEND',
  },
  {
    name: 'WHILE',
    version: 1,
    chapter: 'control',
    forms: [[test]],
    summary: 'Runs the lines up to its END again and again, as long as test is not 0.',
    example: 'SET s 60\nWHILE s>2\n  PIX s s\n  SET s s*7/8\nEND',
  },
  {
    name: 'LOOP',
    version: 1,
    chapter: 'control',
    forms: [[{ name: 'n', kind: 'integer', min: 0, max: LIMITS.loopTurns }]],
    summary:
      'Runs the lines of a SHADE up to its END n times; n may hold numbers, PARAMs, width and height, and is at most 65536.',
    example:
      'SHADE 0 0 width height\n  LOOP 5\n    ADD k 1\n    SET d hypot(x-k*22, y-32-(10*sin(k*13000)>>16))\n    ADD v 255*4/(d+1)\n  END\n  SET r v\n  SET g v*2/3\n  SET b v/4\nEND',
  },
  {
    name: 'BREAK',
    version: 1,
    chapter: 'control',
    forms: [[], [test]],
    summary: 'Leaves the innermost LOOP of a SHADE; with a test, where that is not 0.',
    example:
      'SHADE 0 0 width height\n  SET re qdiv(x-90, 40)\n  SET im qdiv(y-32, 40)\n  LOOP 32\n    SET t qmul(zr, zr)-qmul(zi, zi)+re\n    SET zi 2*qmul(zr, zi)+im\n    SET zr t\n    BREAK qmul(zr, zr)+qmul(zi, zi)>262144\n    ADD n 1\n  END\n  SET r n*8&255\n  SET g n*16&255\n  SET b 255-n*8\nEND',
  },
  {
    name: 'END',
    version: 1,
    chapter: 'control',
    forms: [[]],
    summary: 'Ends an IF, a FOR, a WHILE, a DEF, a SPRITE, a SHADE or a LOOP.',
    example: 'IF width>100\n  TXT 4 4 wide\nEND',
  },
  {
    name: 'JMP',
    version: 1,
    chapter: 'control',
    forms: [[label]],
    summary: 'Goes on at a label, which is a line of its own: a name and a colon.',
    example: 'SET i 0\nagain:\nRECT i*10 i*5 8 4\nADD i 1\nIF i==10 JMP done\nJMP again\ndone:',
  },
  {
    name: 'DEF',
    version: 1,
    chapter: 'control',
    forms: [[name, { name: 'arguments', kind: 'name', optional: true, repeated: 1 }]],
    summary:
      'Defines the lines up to its END as something to CALL. Its arguments, and the variables that it sets, are its own.',
    example:
      'DEF box x y s\n  RECT x y s 1\n  RECT x y+s-1 s 1\n  RECT x y 1 s\n  RECT x+s-1 y 1 s\nEND\nCALL box 10 10 30\nCALL box 50 20 16',
  },
  {
    name: 'CALL',
    version: 1,
    chapter: 'control',
    forms: [[name, { name: 'arguments', kind: 'integer', optional: true, repeated: 1 }]],
    summary: 'Runs a DEF with these arguments, then goes on.',
    example: 'DEF bar i n\n  RECT 10+i*12 60-n 10 n\nEND\nCALL bar 0 20\nCALL bar 1 35',
  },
  {
    name: 'RET',
    version: 1,
    chapter: 'control',
    forms: [[{ name: 'value', kind: 'integer', optional: true }]],
    summary:
      'Returns from a DEF. In an expression, name(arguments) stands for the value; 0 where there is none.',
    example: 'DEF double n\n  RET n*2\nEND\nRECT 10 10 double(20) double(8)',
  },
  {
    name: 'HALT',
    version: 1,
    chapter: 'control',
    forms: [[]],
    summary: 'Stops. The lines after it must be right but are not run.',
    example: 'RECT 10 10 40 40\nHALT\nRECT 70 10 40 40',
  },
] as const satisfies readonly Opcode[];

/** The one table of opcodes: it drives the parser, the printer, the price, the messages, the help and the reference page. */
import type { Opcode, Operand } from './opcode.ts';

const x = { name: 'x', kind: 'integer' } as const;
const y = { name: 'y', kind: 'integer' } as const;
const w = { name: 'w', kind: 'integer', min: 0 } as const;
const h = { name: 'h', kind: 'integer', min: 0 } as const;
const test = { name: 'test', kind: 'integer' } as const;
const value = { name: 'value', kind: 'integer' } as const;
const label = { name: 'label', kind: 'label' } as const;
const name = { name: 'name', kind: 'name' } as const;

export const OPCODES = [
  {
    name: 'TXT',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, { name: 'text', kind: 'text' }]],
    summary: 'Draws text in the 5×7 font, 6 pixels a character, its top left at (x, y).',
    example: 'TXT 10 10 Hello GPU',
  },
  {
    name: 'RECT',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, w, h]],
    summary: 'Fills the rectangle of w × h pixels whose top left is (x, y); zero draws nothing.',
    example: 'RECT 5 15 100 2',
  },
  {
    name: 'PIX',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y]],
    summary: 'Sets the pixel at (x, y).',
    example: 'FOR i 0 63\n  PIX i*2 i\nEND',
  },
  {
    name: 'NUM',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, value]],
    summary: 'Draws a number in decimal as TXT draws text, with a minus sign where it is negative.',
    example: 'SET n 6*7\nNUM 10 10 n',
  },
  {
    name: 'CLEAR',
    version: 1,
    chapter: 'drawing',
    forms: [[{ name: 'colour', kind: 'colour', optional: true }]],
    summary: 'Fills the clip with a colour, black where none is given; the blend mode does not matter.',
    example: 'CLEAR #204060\nTXT 10 10 Hello GPU',
  },
  {
    name: 'COLOR',
    version: 1,
    chapter: 'state',
    forms: [
      [{ name: 'colour', kind: 'colour' }],
      [
        { name: 'r', kind: 'colour' },
        { name: 'g', kind: 'integer' },
        { name: 'b', kind: 'integer' },
        { name: 'a', kind: 'integer', optional: true },
      ],
    ],
    summary:
      'Sets the colour that shapes are drawn in: #rgb, #rgba, #rrggbb, #rrggbbaa, a CSS name, channels from 0 to 255, or an expression.',
    example: 'COLOR tomato\nRECT 8 8 24 48\nCOLOR 90 160 255 128\nRECT 20 20 60 20',
  },
  {
    name: 'BLEND',
    version: 1,
    chapter: 'state',
    forms: [[{ name: 'mode', kind: 'word', words: ['OVER', 'SRC'] }]],
    summary:
      'Sets how a shape meets what lies under it: OVER mixes by alpha, SRC replaces whatever the alpha.',
    example: 'COLOR #ff000080\nRECT 8 8 40 40\nBLEND SRC\nRECT 60 8 40 40',
  },
  {
    name: 'CLIP',
    version: 1,
    chapter: 'state',
    forms: [[], [x, y, w, h]],
    summary:
      'Narrows the clip to what it has in common with a rectangle; alone, makes it the whole canvas again.',
    example: 'CLIP 10 10 40 20\nCLEAR steelblue\nTXT 12 16 cut to the pixel',
  },
  {
    name: 'ORIGIN',
    version: 1,
    chapter: 'state',
    forms: [[x, y]],
    summary: 'Moves the origin: what is (x, y) now becomes (0, 0).',
    example: 'ORIGIN 20 20\nRECT 0 0 10 10\nORIGIN 20 0\nRECT 0 0 10 10',
  },
  {
    name: 'PUSH',
    version: 1,
    chapter: 'state',
    forms: [[]],
    summary: 'Saves colour, blend mode, clip and origin.',
    example: 'PUSH\nCOLOR gold\nRECT 10 10 20 20\nPOP\nRECT 40 10 20 20',
  },
  {
    name: 'POP',
    version: 1,
    chapter: 'state',
    forms: [[]],
    summary: 'Brings back what the latest PUSH saved.',
    example: 'PUSH\nORIGIN 50 0\nRECT 0 10 20 20\nPOP\nRECT 0 10 20 20',
  },
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
    forms: [[name, { name: 'values', kind: 'literal', repeated: true }]],
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
    forms: [[{ name: 'names', kind: 'name', repeated: true }]],
    summary: 'Says in a DEF that it sets these variables of the program, and not variables of its own.',
    example: 'DEF next\n  GLOBAL x\n  ADD x 12\nEND\nSET x 0\nCALL next\nCALL next\nRECT x 10 10 10',
  },
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
    name: 'END',
    version: 1,
    chapter: 'control',
    forms: [[]],
    summary: 'Ends an IF, a FOR, a WHILE or a DEF.',
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
    forms: [[name, { name: 'arguments', kind: 'name', optional: true, repeated: true }]],
    summary:
      'Defines the lines up to its END as something to CALL. Its arguments, and the variables that it sets, are its own.',
    example:
      'DEF box x y s\n  RECT x y s 1\n  RECT x y+s-1 s 1\n  RECT x y 1 s\n  RECT x+s-1 y 1 s\nEND\nCALL box 10 10 30\nCALL box 50 20 16',
  },
  {
    name: 'CALL',
    version: 1,
    chapter: 'control',
    forms: [[name, { name: 'arguments', kind: 'integer', optional: true, repeated: true }]],
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

/** The name of an opcode. */
export type OpcodeName = (typeof OPCODES)[number]['name'];
/** One row of the table. */
export type OpcodeRow = Opcode & { readonly name: OpcodeName };

const BY_NAME: ReadonlyMap<string, OpcodeRow> = new Map(OPCODES.map((opcode) => [opcode.name, opcode]));
const ASCII_LETTERS = /^[A-Za-z]+$/;

/** The opcode that `word` names, in any mixture of cases; only ASCII letters fold (`ſ` is no S). */
export function opcodeNamed(word: string): OpcodeRow | undefined {
  return BY_NAME.get(word) ?? (ASCII_LETTERS.test(word) ? BY_NAME.get(word.toUpperCase()) : undefined);
}

/** How an opcode is written: `RECT x y w h`; `COLOR colour or COLOR r g b [a]`. */
export function usage(opcode: Opcode): string {
  return opcode.forms.map((form) => [opcode.name, ...form.map(operandUsage)].join(' ')).join(' or ');
}

function operandUsage({ name, words, optional, repeated }: Operand): string {
  const many = `${words?.join('|') ?? name}${repeated ? '…' : ''}`;
  return optional ? `[${many}]` : many;
}

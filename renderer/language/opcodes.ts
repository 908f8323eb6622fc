/** The one table of opcodes: it drives the parser, the printer, the messages and the reference page. */

/** One operand: an integer is signed 32-bit and no smaller than `min`; a text runs to the line's end and comes last. */
export interface Operand {
  readonly name: string;
  readonly kind: 'integer' | 'text';
  readonly min?: number;
}

/** One opcode. `version` rises when the same operands begin to mean other pixels. */
export interface Opcode {
  readonly name: string;
  readonly version: number;
  readonly operands: readonly Operand[];
  readonly summary: string;
  readonly example: string;
}

export const OPCODES = [
  {
    name: 'TXT',
    version: 1,
    operands: [
      { name: 'x', kind: 'integer' },
      { name: 'y', kind: 'integer' },
      { name: 'text', kind: 'text' },
    ],
    summary: 'Draws text in the 5×7 font, 6 pixels a character, its top left at (x, y).',
    example: 'TXT 10 10 Hello GPU',
  },
  {
    name: 'RECT',
    version: 1,
    operands: [
      { name: 'x', kind: 'integer' },
      { name: 'y', kind: 'integer' },
      { name: 'w', kind: 'integer', min: 0 },
      { name: 'h', kind: 'integer', min: 0 },
    ],
    summary: 'Fills the rectangle of w × h pixels whose top left is (x, y); zero draws nothing.',
    example: 'RECT 5 15 100 2',
  },
  {
    name: 'HALT',
    version: 1,
    operands: [],
    summary: 'Stops. The lines after it must be right but are not run.',
    example: 'HALT',
  },
] as const satisfies readonly Opcode[];

/** The type of one row of the table; `OpcodeName` is the type of its name. */
export type OpcodeRow = (typeof OPCODES)[number];
export type OpcodeName = OpcodeRow['name'];

const BY_NAME: ReadonlyMap<string, OpcodeRow> = new Map(OPCODES.map((opcode) => [opcode.name, opcode]));
const ASCII_LETTERS = /^[A-Za-z]+$/;

/** The opcode that `word` names, in any mixture of cases; only ASCII letters fold (`ſ` is no S). */
export function opcodeNamed(word: string): OpcodeRow | undefined {
  return ASCII_LETTERS.test(word) ? BY_NAME.get(word.toUpperCase()) : undefined;
}

/** How an opcode is written: `RECT x y w h`. */
export function usage(opcode: Opcode): string {
  return [opcode.name, ...opcode.operands.map((operand) => operand.name)].join(' ');
}

/** The one table of opcodes: it drives the parser, the printer, the price, the messages, the help and the reference page. */
import type { Opcode, Slot } from './opcode.ts';
import { CONTROL } from './opcodes/control.ts';
import { DRAWING } from './opcodes/drawing.ts';
import { SPRITES } from './opcodes/sprites.ts';
import { STATE } from './opcodes/state.ts';
import { VALUES } from './opcodes/values.ts';

export const OPCODES = [...DRAWING, ...STATE, ...SPRITES, ...VALUES, ...CONTROL] as const;

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

function operandUsage({ name, words, optional, repeated }: Slot): string {
  const many = `${words?.join('|') ?? name}${repeated ? '…' : ''}`;
  return optional ? `[${many}]` : many;
}

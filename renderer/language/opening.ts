/** The opcodes that open blocks, and those that have nothing to do with any. */
import { OPCODES } from './opcodes.ts';

/** Opcodes that open a block, whatever follows them. */
const OPENING = ['FOR', 'WHILE', 'DEF', 'SPRITE', 'SHADE', 'LOOP'] as const;
export type Opening = (typeof OPENING)[number];

/** Whether an opcode opens a block, whatever follows it. */
export function isOpening(opcode: string): opcode is Opening {
  return (OPENING as readonly string[]).includes(opcode);
}

const ORDINARY: ReadonlySet<string> = new Set(
  OPCODES.filter(({ chapter }) => chapter === 'drawing' || chapter === 'state')
    .map(({ name }) => name)
    .filter((name) => !isOpening(name)),
);

/**
 * Whether an opcode opens no block and may stand in all of them but SPRITE and SHADE, as those that draw do: nearly every
 * line of a long program.
 */
export function isOrdinary(opcode: string): boolean {
  return ORDINARY.has(opcode);
}

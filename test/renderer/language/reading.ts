/** Reading programs for tests: what their lines say, or what is wrong with them. */
import { expect } from 'vitest';
import type { Line, Operand } from '../../../renderer/language/ast.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { AuthorFault } from '../../../shared/faults.ts';

export const linesOf = (text: string): readonly Line[] => parse(sourceOf(text)).lines;

/** The opcode of a program of one statement, and its operands: numbers and texts by themselves, others as nodes. */
export function only(text: string): unknown[] {
  const [line, ...others] = linesOf(text);
  expect(others).toEqual([]);
  if (line?.kind !== 'statement') throw new Error(`expected a statement, found ${JSON.stringify(line)}`);
  return [line.opcode, ...line.operands.map(plain)];
}

function plain(operand: Operand): unknown {
  if (operand.kind === 'number') return operand.value;
  return operand.kind === 'text' ? operand.text : operand;
}

export function complaintsOf(text: string): AuthorFault['complaints'] {
  try {
    parse(sourceOf(text));
  } catch (fault) {
    if (fault instanceof AuthorFault) return fault.complaints;
    throw fault;
  }
  throw new Error(`expected a refusal of ${JSON.stringify(text)}`);
}

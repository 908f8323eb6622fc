/** The printer: program → its canonical text. */
import type { Line, Program } from './ast.ts';
import { type Opcode, opcodeNamed } from './opcodes.ts';

/**
 * One line each, ended by LF: opcodes in upper case, one blank between operands, nothing indented, no blanks
 * at a line's end. What is printed parses to the same program, places within a line apart.
 */
export function print(program: Program): string {
  return program.lines.map((line) => `${printLine(line)}\n`).join('');
}

function printLine(line: Line): string {
  if (line.kind === 'blank') return '';
  if (line.kind === 'comment') return `#${line.text}`;
  const opcode = opcodeNamed(line.opcode) as Opcode;
  const values: Readonly<Record<string, number | string>> = line.operands;
  // The one blank before a text is its one separator, so the text's own leading blanks and commas survive.
  return [opcode.name, ...opcode.operands.map((operand) => values[operand.name])].join(' ');
}

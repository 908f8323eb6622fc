/** The parser: source → program, by one rule per function, driven by the table of opcodes. */
import { AuthorFault, type Complaint } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { Line, Program, Statement } from './ast.ts';
import { quoted } from './caret.ts';
import { Lexer } from './lexer.ts';
import { readNumber, WHOLE_LINES } from './number.ts';
import { OPCODES, type Opcode, type Operand, opcodeNamed, usage } from './opcodes.ts';
import type { Source } from './source.ts';
import { nearest } from './spelling.ts';
import { syntaxError, type Wrong } from './syntax-error.ts';
import type { Token } from './token.ts';

const BLANK_LINE: Line = { kind: 'blank' };

/**
 * Program := { Line }
 *
 * Every line is read, those after HALT too. A bad line gives one complaint and refuses the program.
 *
 * @throws {AuthorFault} with the first `LIMITS.errors` bad lines
 */
export function parse(source: Source): Program {
  const lines: Line[] = [];
  const complaints: Complaint[] = [];
  for (let line = 1; line <= source.lines.length && complaints.length < LIMITS.errors; line++) {
    try {
      lines.push(parseLine(source, line));
    } catch (fault) {
      if (!(fault instanceof AuthorFault)) throw fault;
      complaints.push(...fault.complaints);
    }
  }
  const [first, ...others] = complaints;
  if (first !== undefined) throw new AuthorFault([first, ...others]);
  return { lines };
}

/** Line := Blank* [ `#` anything | Opcode Operands ] (Blank | CR)* ; Blank := ` ` | TAB */
function parseLine(source: Source, line: number): Line {
  const text = source.lines[line - 1] as string;
  const lexer = new Lexer(text);
  const head = lexer.next();
  if (head.kind === 'end') return BLANK_LINE;
  if (head.value.startsWith('#')) {
    return { kind: 'comment', text: lexer.rest(head.start + 1).value };
  }
  const refuse = (token: Token, wrong: Wrong): AuthorFault => {
    const column = countCodePoints(text.slice(0, token.start)) + 1;
    return syntaxError(source, { line, column }, countCodePoints(token.value), wrong);
  };
  const opcode = opcodeNamed(head.value);
  if (opcode === undefined) throw refuse(head, unknownOpcode(head));
  const operands = parseOperands(lexer, opcode, refuse);
  // The table makes the operands and the type of Statement alike.
  return { kind: 'statement', line, opcode: opcode.name, operands } as Statement;
}

type Refuse = (token: Token, wrong: Wrong) => AuthorFault;

/**
 * Operands := [ Blank+ Integer { Separator Integer } ] [ (Blank | `,`) Text ]
 * Separator := Blank+ | Blank* `,` Blank*
 */
function parseOperands(lexer: Lexer, opcode: Opcode, refuse: Refuse): Record<string, number | string> {
  const operands: Record<string, number | string> = {};
  for (const [index, operand] of opcode.operands.entries()) {
    operands[operand.name] =
      operand.kind === 'text'
        ? parseText(lexer, opcode, refuse)
        : parseInteger(lexer, opcode, operand, index === 0, refuse);
  }
  const extra = lexer.next();
  if (extra.kind !== 'end') throw refuse(extra, surplus(extra, opcode));
  return operands;
}

/** One integer, past the comma that may come before any but the first. */
function parseInteger(
  lexer: Lexer,
  opcode: Opcode,
  operand: Operand,
  first: boolean,
  refuse: Refuse,
): number {
  const separator = lexer.next();
  const comma = separator.kind === 'comma' && !first;
  const token = comma ? lexer.next() : separator;
  if (token.kind === 'word') {
    const value = readNumber(token.value, operand);
    if (typeof value === 'number') return value;
    throw refuse(token, { ...value, hint: withUsage(opcode, value.hint) });
  }
  const expected = `Expected ${operand.name}, found`;
  if (token.kind === 'end') {
    throw refuse(token, {
      code: 'PXL-E007',
      message: `${expected} the end of the line`,
      hint: usage(opcode),
    });
  }
  throw refuse(token, {
    code: 'PXL-E009',
    message: `${expected} a ${comma ? 'second ' : ''}comma`,
    hint: withUsage(opcode, first ? 'a blank follows the opcode' : 'one comma separates two operands'),
  });
}

/** Text := one code point or more, up to `LIMITS.textCodePoints`, the last of them no Blank and no CR */
function parseText(lexer: Lexer, opcode: Opcode, refuse: Refuse): string {
  const token = lexer.text();
  if (token.kind === 'end') {
    throw refuse(token, {
      code: 'PXL-E010',
      message: 'Expected text, found the end of the line',
      hint: usage(opcode),
    });
  }
  const length = countCodePoints(token.value);
  if (length <= LIMITS.textCodePoints) return token.value;
  throw refuse(token, {
    code: 'PXL-E011',
    message: `Expected at most ${LIMITS.textCodePoints} characters of text, found ${length}`,
    hint: withUsage(opcode, 'split the text over several lines'),
  });
}

function unknownOpcode(head: Token): Wrong {
  const found = head.kind === 'comma' ? 'a comma' : quoted(head.value);
  const names = OPCODES.map((opcode) => opcode.name);
  const meant = opcodeNamed(nearest(head.value, names) ?? '');
  let hint = `the opcodes are ${names.join(', ')}`;
  if (meant !== undefined) hint = `did you mean ${meant.name}? ${usage(meant)}`;
  if (head.value.includes('#')) hint = WHOLE_LINES;
  return { code: 'PXL-E006', message: `Expected an opcode, found ${found}`, hint };
}

function surplus(extra: Token, opcode: Opcode): Wrong {
  const found = extra.kind === 'comma' ? 'a comma' : quoted(extra.value);
  return {
    code: 'PXL-E008',
    message: `Expected the end of the line, found ${found}`,
    hint: withUsage(opcode, extra.value.startsWith('#') ? WHOLE_LINES : ''),
  };
}

function withUsage(opcode: Opcode, advice: string): string {
  return advice === '' ? usage(opcode) : `${usage(opcode)}: ${advice}`;
}

/** Code points of a text without lone surrogates: its UTF-16 units but for the second of each pair. */
function countCodePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) count--;
  return count;
}

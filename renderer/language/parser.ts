/** The parser: source → program, by one rule per function, driven by the table of opcodes. */

import { AuthorFault, type FewComplaints } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { BadLine, Label, Line, NameNode, Program, Statement } from './ast.ts';
import { quoted } from './caret.ts';
import { check } from './check.ts';
import { Complaints } from './complaints.ts';
import { ExpressionReader } from './expression.ts';
import { functionNamed } from './functions.ts';
import { Lexer } from './lexer.ts';
import { opcodeNamed } from './opcodes.ts';
import { readOperands } from './operands.ts';
import { plainStatement } from './plain-line.ts';
import type { Source } from './source.ts';
import { Misreading } from './syntax-error.ts';
import type { Token } from './token.ts';
import { unknownOpcode } from './unknown-opcode.ts';

const NO_NAMES: ReadonlySet<string> = new Set();
const BLANK_LINE: Line = { kind: 'blank' };
const DEFINITION = /^[ \t]*DEF[ \t]+([A-Za-z_][A-Za-z0-9_]*)/i;
const LABEL = /^([A-Za-z_][A-Za-z0-9_]*):$/;

/**
 * Program := { Line }
 *
 * Every line is read, those after HALT too, and every name is looked up. A bad line refuses the program.
 *
 * @throws {AuthorFault} with the first `LIMITS.errors` complaints, in order of lines; names are looked up only where
 *   fewer lines than that cannot be read
 */
export function parse(source: Source): Program {
  let complaints = new Complaints(source);
  let lines = readLines(source, complaints, NO_NAMES);
  const taken = functionsTaken(lines);
  if (taken.size > 0) {
    // What was weighed as a call of the function is the call of a DEF: read again, knowing that.
    complaints = new Complaints(source);
    lines = readLines(source, complaints, taken);
  }
  const checked = check(lines, source.lines, (line, start, end, wrong) => {
    complaints.add(line, start, end, wrong);
  });
  if (!complaints.empty) throw refusal(complaints);
  return { lines: lines as Line[], ...checked, source };
}

/** @param taken names of functions that are DEFs in this program */
function readLines(source: Source, complaints: Complaints, taken: ReadonlySet<string>): (Line | BadLine)[] {
  const lines: (Line | BadLine)[] = [];
  const lexer = new Lexer();
  const reader = new ExpressionReader(lexer, taken);
  let definitions: ReadonlySet<string> | undefined;
  const hasDefinition = (name: string): boolean => {
    definitions ??= definitionsIn(source);
    return definitions.has(name);
  };
  for (let line = 1; line <= source.lines.length; line++) {
    const text = source.lines[line - 1] as string;
    const plain = plainStatement(text, line);
    if (plain !== undefined) {
      lines.push(plain);
      continue;
    }
    try {
      lexer.start(text);
      lines.push(parseLine(lexer, reader, line, hasDefinition));
    } catch (error) {
      if (!(error instanceof Misreading)) throw error;
      const { start, end, wrong } = error;
      complaints.add(line, start, end, () => wrong);
      // Half a program has names whose other half was not read: nothing can be said about them.
      if (complaints.full) throw refusal(complaints);
      lines.push({ kind: 'bad', line, text });
    }
  }
  return lines;
}

/** Names of DEFs, whether or not their lines can be read. */
function definitionsIn({ lines }: Source): ReadonlySet<string> {
  const names = new Set<string>();
  for (const line of lines) {
    const name = DEFINITION.exec(line)?.[1];
    if (name !== undefined) names.add(name.toLowerCase());
  }
  return names;
}

/** The names of functions that DEFs have taken. */
function functionsTaken(lines: readonly (Line | BadLine)[]): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const line of lines) {
    if (line.kind !== 'statement' || line.opcode !== 'DEF') continue;
    const { name } = line.operands[0] as NameNode;
    if (functionNamed(name) !== undefined) taken.add(name);
  }
  return taken;
}

function refusal(complaints: Complaints): AuthorFault {
  return new AuthorFault(complaints.list() as unknown as FewComplaints);
}

/** Line := Blank* [ `#` anything | Name `:` | Opcode Operands ] (Blank | CR)* ; Blank := ` ` | TAB */
function parseLine(
  lexer: Lexer,
  reader: ExpressionReader,
  line: number,
  hasDefinition: (name: string) => boolean,
): Line {
  const head = lexer.next();
  if (head.kind === 'end') return BLANK_LINE;
  const opcode = opcodeNamed(head.value);
  if (opcode !== undefined) {
    reader.start();
    const operands = readOperands(lexer, reader, opcode);
    return {
      kind: 'statement',
      line,
      opcode: opcode.name,
      operands,
      weight: reader.weight,
    } satisfies Statement;
  }
  if (head.value.startsWith('#')) {
    return { kind: 'comment', text: lexer.rest(head.start + 1).value };
  }
  if (LABEL.test(head.value)) return parseLabel(lexer, line, head);
  const wrong = unknownOpcode(head, lexer.peek().value, hasDefinition);
  throw new Misreading(head.start, head.start + head.value.length, wrong);
}

function parseLabel(lexer: Lexer, line: number, { value, start }: Token): Label {
  const extra = lexer.next();
  const name = value.slice(0, -1);
  if (extra.kind === 'end' && name.length <= LIMITS.nameLength) {
    return { kind: 'label', line, name: name.toLowerCase() };
  }
  if (extra.kind === 'end') {
    const message = `Expected a name of at most ${LIMITS.nameLength} characters, found ${name.length}`;
    throw new Misreading(start, start + name.length, { code: 'PXL-E023', message, hint: 'shorten the name' });
  }
  throw new Misreading(extra.start, extra.start + extra.value.length, {
    code: 'PXL-E008',
    message: `Expected the end of the line, found ${extra.kind === 'comma' ? 'a comma' : quoted(extra.value)}`,
    hint: 'a label is a line of its own',
  });
}

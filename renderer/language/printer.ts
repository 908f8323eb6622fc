/** The printer: program → its canonical text. */
import type { Expression, Line, Operand, Program } from './ast.ts';
import { PRECEDENCE } from './operators.ts';

/** How far the lines of a block stand in. */
const INDENT = '  ';

/**
 * One line each, ended by LF: opcodes in upper case, names in lower case, one blank between operands, each block
 * indented, no blanks at a line's end, no brackets that change nothing. What is printed parses to the same
 * program, places within a line apart.
 */
export function print(program: Pick<Program, 'lines'>): string {
  let depth = 0;
  let text = '';
  for (const line of program.lines) {
    const opcode = line.kind === 'statement' ? line.opcode : undefined;
    if (opcode === 'END' || opcode === 'ELSE') depth--;
    const printed = printLine(line);
    text += printed === '' ? '\n' : `${INDENT.repeat(depth)}${printed}\n`;
    if (opensBlock(line) || opcode === 'ELSE') depth++;
  }
  return text;
}

function opensBlock(line: Line): boolean {
  if (line.kind !== 'statement') return false;
  const { opcode, operands } = line;
  return (
    opcode === 'FOR' || opcode === 'WHILE' || opcode === 'DEF' || (opcode === 'IF' && operands.length === 1)
  );
}

function printLine(line: Line): string {
  switch (line.kind) {
    case 'blank':
      return '';
    case 'comment':
      return `#${line.text}`;
    case 'label':
      return `${line.name}:`;
    case 'statement':
      // The one blank before a text is its one separator, so the text's own leading blanks and commas survive.
      return [line.opcode, ...line.operands.map(printOperand)].join(' ');
  }
}

function printOperand(operand: Operand): string {
  if (operand.kind === 'text') return operand.text;
  if (operand.kind === 'word') return operand.word;
  return printExpression(operand, false);
}

/**
 * An expression as people write it, with as few brackets as keep its meaning.
 *
 * @param inside brackets: blanks are free there, and stand around operators
 */
export function printExpression(expression: Expression, inside: boolean): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'colour':
      return `#${expression.digits}`;
    case 'name':
      return expression.name;
    case 'cell':
      return `${expression.name}[${printExpression(expression.index, true)}]`;
    case 'call':
      return `${expression.name}(${expression.values.map((value) => printExpression(value, true)).join(', ')})`;
    case 'unary': {
      const { operator, operand } = expression;
      // "-5" is a number; the sign of one is written -(5).
      const bare =
        precedenceOf(operand) === TIGHTEST &&
        !(operator === '-' && operand.kind === 'number' && operand.value >= 0);
      return operator + (bare ? printExpression(operand, inside) : bracketed(operand));
    }
    case 'binary': {
      const { operator, left, right } = expression;
      const gap = inside ? ' ' : '';
      const precedence = PRECEDENCE[operator];
      const before = precedenceOf(left) >= precedence ? printExpression(left, inside) : bracketed(left);
      const after = precedenceOf(right) > precedence ? printExpression(right, inside) : bracketed(right);
      return before + gap + operator + gap + after;
    }
    case 'choice': {
      const { test, yes, no } = expression;
      const gap = inside ? ' ' : '';
      const first = precedenceOf(test) > 0 ? printExpression(test, inside) : bracketed(test);
      return `${first}${gap}?${gap}${printExpression(yes, inside)}${gap}:${gap}${printExpression(no, inside)}`;
    }
  }
}

const TIGHTEST = 11;

function precedenceOf(expression: Expression): number {
  if (expression.kind === 'choice') return 0;
  return expression.kind === 'binary' ? PRECEDENCE[expression.operator] : TIGHTEST;
}

function bracketed(expression: Expression): string {
  return `(${printExpression(expression, true)})`;
}

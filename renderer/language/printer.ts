/** The printer: program → its canonical text. */
import type { BinaryOperator, Expression, Line, Operand, Program } from './ast.ts';
import { PRECEDENCE } from './operators.ts';

/** How far the lines of a block stand in. */
const INDENT = '  ';

/**
 * One line each, ended by LF: opcodes in upper case, names in lower case, one blank between operands, each block
 * indented, no blanks at a line's end, brackets where they mean or help something. What is printed parses to the same
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
  return printExpression(operand);
}

/** An expression with brackets where its meaning or its reader needs them, and no blanks but after the commas of arguments. */
function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'colour':
      return `#${expression.digits}`;
    case 'name':
      return expression.name;
    case 'cell':
      return `${expression.name}[${printExpression(expression.index)}]`;
    case 'call':
      return `${expression.name}(${expression.values.map(printExpression).join(', ')})`;
    case 'unary': {
      const { operator, operand } = expression;
      // "-5" is a number; the sign of one is written -(5).
      const number = operator === '-' && operand.kind === 'number' && operand.value >= 0;
      return operator + printAtLeast(number ? TIGHTEST + 1 : TIGHTEST, operand);
    }
    case 'binary': {
      const { operator, left, right } = expression;
      const precedence = PRECEDENCE[operator];
      const before = printAtLeast(isConfusing(operator, left) ? TIGHTEST : precedence, left);
      return (
        before + operator + printAtLeast(isConfusing(operator, right) ? TIGHTEST : precedence + 1, right)
      );
    }
    case 'choice': {
      const { test, yes, no } = expression;
      return `${printAtLeast(1, test)}?${printExpression(yes)}:${printExpression(no)}`;
    }
  }
}

const BITWISE: ReadonlySet<BinaryOperator> = new Set(['|', '^', '&', '<<', '>>']);

/** Whether people misread an operator beside another, so that brackets stand that need not: `(x+1)&3`, `a||(b&&c)`. */
function isConfusing(operator: BinaryOperator, operand: Expression): boolean {
  if (operand.kind !== 'binary' || operand.operator === operator) return false;
  if (operator === '||' && operand.operator === '&&') return true;
  if (BITWISE.has(operator)) return PRECEDENCE[operand.operator] < PRECEDENCE['*'];
  return BITWISE.has(operand.operator);
}

/** Of a number, a name, a call, brackets and a sign. */
const TIGHTEST = 11;

/** An expression, in brackets where it binds less tightly than `least`. */
function printAtLeast(least: number, expression: Expression): string {
  const printed = printExpression(expression);
  return precedenceOf(expression) < least ? `(${printed})` : printed;
}

function precedenceOf(expression: Expression): number {
  if (expression.kind === 'choice') return 0;
  return expression.kind === 'binary' ? PRECEDENCE[expression.operator] : TIGHTEST;
}

/** The printer: program → its canonical text. */
import { LIMITS } from '../../shared/limits.ts';
import type { BinaryOperator, Expression, Line, Operand, Program } from './ast.ts';
import { isOpening } from './opening.ts';
import { PRECEDENCE } from './operators.ts';

/** How far the lines of a block stand in. */
const INDENT = '  ';

/**
 * One line each, ended by LF: opcodes in upper case, names in lower case, one blank between operands, each block
 * indented, no blanks at a line's end, brackets where they mean or help something. What is printed parses to the same
 * program, places within a line apart; but it may be longer than a source may be.
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
  return isOpening(opcode) || (opcode === 'IF' && operands.length === 1);
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
  if (operand.kind === 'checksum') return operand.digits;
  const helpful = new Draft(true);
  const text = helpful.print(operand);
  return helpful.deepest <= LIMITS.nesting ? text : new Draft(false).print(operand);
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

/**
 * One way to write an expression: no blanks but after the commas of arguments, and brackets where its meaning needs
 * them or, in the helpful way, its reader does. What means something stood in the source and nests there no less
 * deeply; what helps may nest deeper than can be read again, and is then left out of the whole operand.
 */
class Draft {
  readonly #helpful: boolean;
  #nesting = 0;
  /** How many brackets, signs and choices stand inside one another, as the parser counts them. */
  deepest = 0;

  constructor(helpful: boolean) {
    this.#helpful = helpful;
  }

  print(expression: Expression): string {
    switch (expression.kind) {
      case 'number':
        return String(expression.value);
      case 'colour':
        return `#${expression.digits}`;
      case 'name':
        return expression.name;
      case 'cell':
        return `${expression.name}[${this.#inside(() => this.print(expression.index))}]`;
      case 'measure':
        return `tw(${expression.text})`;
      case 'call': {
        const values = this.#inside(() => expression.values.map((value) => this.print(value)));
        return `${expression.name}(${values.join(', ')})`;
      }
      case 'unary': {
        const { operator, operand } = expression;
        // "-5" is a number; the sign of one is written -(5).
        const number = operator === '-' && operand.kind === 'number' && operand.value >= 0;
        return operator + this.#inside(() => this.#atLeast(number ? TIGHTEST + 1 : TIGHTEST, operand));
      }
      case 'binary': {
        const { operator, left, right } = expression;
        const precedence = PRECEDENCE[operator];
        return (
          this.#atLeast(this.#helps(operator, left) ? TIGHTEST : precedence, left) +
          operator +
          this.#atLeast(this.#helps(operator, right) ? TIGHTEST : precedence + 1, right)
        );
      }
      case 'choice': {
        const { test, yes, no } = expression;
        const before = this.#atLeast(1, test);
        return this.#inside(() => `${before}?${this.print(yes)}:${this.print(no)}`);
      }
    }
  }

  #helps(operator: BinaryOperator, operand: Expression): boolean {
    return this.#helpful && isConfusing(operator, operand);
  }

  /** An expression, in brackets where it binds less tightly than `least`. */
  #atLeast(least: number, expression: Expression): string {
    if (precedenceOf(expression) >= least) return this.print(expression);
    return `(${this.#inside(() => this.print(expression))})`;
  }

  #inside<Value>(print: () => Value): Value {
    this.deepest = Math.max(this.deepest, ++this.#nesting);
    const printed = print();
    this.#nesting--;
    return printed;
  }
}

function precedenceOf(expression: Expression): number {
  if (expression.kind === 'choice') return 0;
  return expression.kind === 'binary' ? PRECEDENCE[expression.operator] : TIGHTEST;
}

/** The expression: what stands in an operand's place, read by precedence, without a blank outside brackets. */
import { LIMITS } from '../../shared/limits.ts';
import { WHOLE_LINES } from './advice.ts';
import type { Expression, Operand, UnaryOperator } from './ast.ts';
import { quoted } from './caret.ts';
import { colourOfDigits } from './colours.ts';
import { functionNamed } from './functions.ts';
import { isDigit, isNamePart, isNameStart, isSeparator, type Lexer } from './lexer.ts';
import { tooLong, unexpected, wrongWord } from './misread.ts';
import { INT_MAX, INT_MIN, notANumber, numberNode, outOfRange } from './number.ts';
import { operatorAt, PRECEDENCE } from './operators.ts';
import { Pile } from './pile.ts';
import { Spellings } from './spellings.ts';
import { countCodePoints, Misreading } from './syntax-error.ts';

const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const QUESTION = 0x3f;
const OPEN_CELL = 0x5b;
const CLOSE_CELL = 0x5d;
/** What may stand right after a number, besides a separator. */
const AFTER_NUMBER = /^[()[\]+\-*/%<>=!&|^?:~]$/;

/** The function whose argument is a text as it stands. */
const MEASURE = 'tw';

/** Reads the expressions of a line, and weighs them. */
export class ExpressionReader {
  readonly #lexer: Lexer;
  readonly #taken: ReadonlySet<string>;
  /** Brackets that are open: inside them, blanks say nothing. */
  #open = 0;
  #nesting = 0;
  #expected = 'a value';
  readonly #names = new Spellings();
  /** Operators, calls, indexings and arguments read on this line. */
  weight = 0;
  /** The operands of this line, and the arguments of the calls that are open. */
  readonly pile = new Pile<Operand>();

  /** @param taken names of functions that are DEFs in this program */
  constructor(lexer: Lexer, taken: ReadonlySet<string>) {
    this.#lexer = lexer;
    this.#taken = taken;
  }

  /** Before another line. */
  start(): void {
    this.weight = 0;
    this.pile.clear();
  }

  /**
   * Expression := Choice, ended by a separator or the line's end
   *
   * @param expected what messages call it
   * @throws {Misreading}
   */
  read(expected: string): Expression {
    this.#open = 0;
    this.#nesting = 0;
    this.#expected = expected;
    const expression = this.#choice();
    const lexer = this.#lexer;
    if (lexer.at < lexer.end && !isSeparator(lexer.unit()))
      throw unexpected(this.#lexer, 'an operator or a blank');
    return expression;
  }

  /** Name := ( letter | `_` ) { letter | digit | `_` } ; undefined where none begins */
  name(): string | undefined {
    const lexer = this.#lexer;
    const start = lexer.at;
    if (!isNameStart(lexer.unit())) return undefined;
    let at = start + 1;
    while (at < lexer.end && isNamePart(lexer.line.charCodeAt(at))) at++;
    lexer.at = at;
    if (at - start <= LIMITS.nameLength) return this.#names.of(lexer.line.slice(start, at));
    throw new Misreading(start, at, {
      code: 'PXL-E023',
      message: `Expected a name of at most ${LIMITS.nameLength} characters, found ${at - start}`,
      hint: 'shorten the name',
    });
  }

  /** Adds to the line's weight; @throws {Misreading} when that is too much. */
  weigh(weight: number): void {
    this.weight += weight;
    if (this.weight <= LIMITS.lineOperators) return;
    throw wrongWord(this.#lexer, this.#lexer.at - 1, () => ({
      code: 'PXL-E023',
      message: `Expected at most ${LIMITS.lineOperators} operators and arguments on a line, found more`,
      hint: 'split the line',
    }));
  }

  /** Choice := Binary [ `?` Choice `:` Choice ] */
  #choice(): Expression {
    const test = this.#binary(1);
    if (this.#peek() !== QUESTION) return test;
    this.#lexer.at++;
    this.weigh(1);
    this.#enter();
    this.#expected = 'a value after ?';
    const yes = this.#choice();
    this.#expect(COLON, '":"');
    this.#expected = 'a value after :';
    const no = this.#choice();
    this.#nesting--;
    return { kind: 'choice', test, yes, no };
  }

  /** Binary := Unary { operator Unary }, by precedence, each operator at least `least` */
  #binary(least: number): Expression {
    let left = this.#unary();
    for (;;) {
      this.#peek();
      const operator = operatorAt(this.#lexer.line, this.#lexer.at, this.#lexer.end);
      if (operator === undefined || PRECEDENCE[operator] < least) return left;
      const at = this.#lexer.at;
      this.#lexer.at += operator.length;
      this.weigh(1);
      this.#expected = `a value after ${operator}`;
      const right = this.#binary(PRECEDENCE[operator] + 1);
      left = { kind: 'binary', operator, left, right, at };
    }
  }

  /** Unary := { `+` } ( `-` digits | ( `-` | `~` | `!` ) Unary | Primary ) */
  #unary(): Expression {
    const unit = this.#peek();
    // The commonest first: neither a sign nor a bracket.
    if (isDigit(unit)) return this.#number(this.#lexer.at, false);
    if (isNameStart(unit)) return this.#named();
    const sign = String.fromCharCode(unit);
    if (sign !== '+' && sign !== '-' && sign !== '~' && sign !== '!') return this.#primary();
    const start = this.#lexer.at++;
    if (unit === MINUS && isDigit(this.#lexer.unit())) return this.#number(start, true);
    this.#enter();
    if (sign !== '+') {
      this.#expected = `a value after ${sign}`;
      this.weigh(1);
    }
    const operand = this.#unary();
    this.#nesting--;
    return sign === '+' ? operand : { kind: 'unary', operator: sign satisfies UnaryOperator, operand };
  }

  /** Primary := Number | Colour | Name [ Cell | Arguments ] | `(` Choice `)` */
  #primary(): Expression {
    const unit = this.#lexer.unit();
    if (unit === 0x23) return this.#colour();
    if (unit !== OPEN) throw unexpected(this.#lexer, this.#expected);
    this.#lexer.at++;
    this.#enter();
    this.#open++;
    this.#expected = 'a value after (';
    const inner = this.#choice();
    this.#close(CLOSE, '")"');
    return inner;
  }

  /** Name | Measure | Name `[` Choice `]` | Name `(` [ Choice { `,` Choice } ] `)` */
  #named(): Expression {
    const lexer = this.#lexer;
    const at = lexer.at;
    const name = this.name() as string;
    const next = lexer.unit();
    if (next === OPEN_CELL) {
      lexer.at++;
      this.weigh(1);
      this.#enter();
      this.#open++;
      this.#expected = 'an index';
      const index = this.#choice();
      this.#close(CLOSE_CELL, '"]"');
      return { kind: 'cell', name, index, at };
    }
    if (next !== OPEN) return { kind: 'name', name, at };
    if (name === MEASURE && !this.#taken.has(name)) return this.#measure(at);
    lexer.at++;
    this.weigh(this.#taken.has(name) ? 1 : (functionNamed(name)?.weight ?? 1));
    this.#enter();
    this.#open++;
    const first = this.pile.height;
    this.#expected = 'an argument';
    if (this.#peek() !== CLOSE) {
      do {
        this.weigh(1);
        this.#expected = 'an argument';
        this.pile.put(this.#choice());
      } while (this.#skip(COMMA));
    }
    const values = this.pile.takeFrom(first) as Expression[];
    this.#close(CLOSE, values.length === 0 ? '")"' : '"," or ")"');
    return { kind: 'call', name, values, at };
  }

  /** Measure := `tw(` anything but `)` `)` */
  #measure(at: number): Expression {
    const lexer = this.#lexer;
    const start = lexer.at + 1;
    const close = lexer.line.indexOf(')', start);
    if (close < 0) {
      lexer.at = lexer.end;
      throw unexpected(lexer, '")"');
    }
    lexer.at = close + 1;
    const text = lexer.line.slice(start, close);
    if (countCodePoints(text) > LIMITS.textCodePoints) throw tooLong(start, text);
    this.weigh(functionNamed(MEASURE)?.weight ?? 1);
    return { kind: 'measure', text, at };
  }

  /** Number := digit { digit } ; the lexer stands at its first digit */
  #number(start: number, negative: boolean): Expression {
    const lexer = this.#lexer;
    let magnitude = 0;
    let unit = lexer.unit();
    // More digits than a double holds make only numbers that are far out of range.
    for (; isDigit(unit); unit = lexer.unit()) {
      magnitude = magnitude * 10 + (unit - 0x30);
      lexer.at++;
    }
    if (lexer.at < lexer.end && !isSeparator(unit) && !AFTER_NUMBER.test(String.fromCharCode(unit))) {
      throw wrongWord(this.#lexer, start, notANumber);
    }
    const value = negative ? 0 - magnitude : magnitude;
    if (value >= INT_MIN && value <= INT_MAX) return numberNode(value);
    const word = lexer.line.slice(start, lexer.at);
    throw new Misreading(start, lexer.at, outOfRange(word, value, this.#expected, INT_MIN));
  }

  /** Colour := `#` and 3, 4, 6 or 8 hex digits */
  #colour(): Expression {
    const lexer = this.#lexer;
    const start = lexer.at++;
    while (isNamePart(lexer.unit())) lexer.at++;
    const digits = lexer.line.slice(start + 1, lexer.at);
    if (colourOfDigits(digits) !== undefined) {
      return { kind: 'colour', digits: digits.toLowerCase() };
    }
    throw wrongWord(this.#lexer, start, (word) => ({
      code: 'PXL-E021',
      message: `Expected ${this.#expected}, found ${quoted(word)}`,
      hint: digits === '' ? WHOLE_LINES : 'a colour is #rgb, #rgba, #rrggbb or #rrggbbaa',
    }));
  }

  /** The next unit that says something; NaN at the line's end. */
  #peek(): number {
    if (this.#open > 0) this.#lexer.skipBlanks();
    return this.#lexer.unit();
  }

  #skip(unit: number): boolean {
    if (this.#peek() !== unit) return false;
    this.#lexer.at++;
    return true;
  }

  #expect(unit: number, shown: string): void {
    if (!this.#skip(unit)) throw unexpected(this.#lexer, shown);
  }

  #close(unit: number, shown: string): void {
    this.#expect(unit, shown);
    this.#open--;
    this.#nesting--;
  }

  #enter(): void {
    if (++this.#nesting <= LIMITS.nesting) return;
    throw wrongWord(this.#lexer, this.#lexer.at - 1, () => ({
      code: 'PXL-E022',
      message: `Expected brackets, signs and choices at most ${LIMITS.nesting} deep, found one deeper`,
      hint: 'split the expression with SET',
    }));
  }
}

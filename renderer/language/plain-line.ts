/**
 * Plain lines: an opcode in capitals, whole numbers with one blank before each, a colour in hex digits, a text. Long
 * programs, which other programs write, have hardly any other. They are read in one go, in 0.4 of the time;
 * of every other line, right or wrong, nothing is said here.
 */
import { LIMITS } from '../../shared/limits.ts';
import type { Operand, Statement } from './ast.ts';
import { colourOfDigits } from './colours.ts';
import { endOf, isBlank, isDigit, isNamePart } from './lexer.ts';
import { INT_MAX, INT_MIN, numberNode } from './number.ts';
import type { Slot } from './opcode.ts';
import { OPCODES, type OpcodeName } from './opcodes.ts';
import { SLOTS } from './operands.ts';

const BLANK = 0x20;
const HASH = 0x23;
const MINUS = 0x2d;
const ZERO = 0x30;
const BEFORE_A = 0x40;
const LETTERS = 26;

/** Letters of the longest opcode that is looked up: five bits each make one small number. */
const MOST_LETTERS = 6;
/** Digits that are no number beyond 32 bits. */
const MOST_DIGITS = 9;

interface PlainOpcode {
  readonly name: OpcodeName;
  readonly slots: readonly Slot[];
  /** Whether a line may end after so many operands. */
  readonly mayEnd: readonly boolean[];
}

const PLAIN: ReadonlyMap<number, PlainOpcode> = new Map(
  OPCODES.flatMap(({ name }) => {
    const { slots, mayEnd, repeated } = SLOTS[name];
    const isPlain = slots.every(({ kind }) => kind === 'integer' || kind === 'colour' || kind === 'text');
    if (!isPlain || repeated > 0 || name.length > MOST_LETTERS) return [];
    const key = [...name].reduce((sum, letter) => sum * 32 + letter.charCodeAt(0) - BEFORE_A, 0);
    return [[key, { name, slots, mayEnd: slots.map((_, index) => mayEnd[index] === true).concat(true) }]];
  }),
);

/** The operands of the line that is read. */
const read: Operand[] = [];

/**
 * The statement of a plain line, as the parser would read it; undefined for any other line.
 *
 * @param line from 1
 */
export function plainStatement(text: string, line: number): Statement | undefined {
  const end = endOf(text);
  let at = 0;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  const first = at;
  let key = 0;
  for (; at < end; at++) {
    const letter = text.charCodeAt(at) - BEFORE_A;
    if (letter < 1 || letter > LETTERS) break;
    if (at - first === MOST_LETTERS) return undefined;
    key = key * 32 + letter;
  }
  const opcode = PLAIN.get(key);
  if (opcode === undefined) return undefined;
  const { name, slots, mayEnd } = opcode;
  let count = 0;
  for (; at < end; count++) {
    if (count === slots.length || text.charCodeAt(at) !== BLANK) return undefined;
    const { kind, min = INT_MIN, max = INT_MAX } = slots[count] as Slot;
    const start = at + 1;
    if (kind === 'text') {
      if (end - start > LIMITS.textCodePoints || start === end) return undefined;
      read[count] = { kind: 'text', text: text.slice(start, end) };
      at = end;
    } else if (kind === 'colour' && text.charCodeAt(start) === HASH) {
      for (at = start + 1; at < end && isNamePart(text.charCodeAt(at)); ) at++;
      const digits = text.slice(start + 1, at);
      if (colourOfDigits(digits) === undefined) return undefined;
      read[count] = { kind: 'colour', digits: digits.toLowerCase() };
    } else {
      const isNegative = text.charCodeAt(start) === MINUS;
      const digit = isNegative ? start + 1 : start;
      let magnitude = 0;
      for (at = digit; at < end; at++) {
        const unit = text.charCodeAt(at);
        if (!isDigit(unit)) break;
        magnitude = magnitude * 10 + unit - ZERO;
      }
      if (at === digit || at - digit > MOST_DIGITS) return undefined;
      const value = isNegative ? 0 - magnitude : magnitude;
      if (value < min || value > max) return undefined;
      read[count] = numberNode(value);
    }
  }
  if (!mayEnd[count]) return undefined;
  return { kind: 'statement', line, opcode: name, operands: read.slice(0, count), weight: 0 };
}

/** The number: a word → a signed 32-bit integer, or what is wrong with it. */
import { quoted } from './caret.ts';
import type { Operand } from './opcodes.ts';
import type { Wrong } from './syntax-error.ts';

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

/** The advice for a `#` that begins no line. */
export const WHOLE_LINES = 'comments are whole lines: move the # to a line of its own';

/** Number := [ `+` | `-` ] digit { digit } */
const NUMBER = /^[+-]?[0-9]+$/;

/** The value of `word` (never −0), or what is wrong with it as `operand`. */
export function readNumber(word: string, operand: Operand): number | Wrong {
  if (!NUMBER.test(word)) {
    return {
      code: 'PXL-E003',
      message: `Expected a number, found ${quoted(word)}`,
      hint: advice(word.slice(0, 40)),
    };
  }
  // Adding 0 turns −0 into 0. More digits than a double holds only round numbers that are far out of range.
  const value = Number(word) + 0;
  const min = operand.min ?? INT_MIN;
  if (value >= min && value <= INT_MAX) return value;
  return {
    code: value < INT_MIN || value > INT_MAX ? 'PXL-E004' : 'PXL-E005',
    message: `Expected ${operand.name} from ${min} to ${INT_MAX}, found ${quoted(word)}`,
    hint: '',
  };
}

/** What the author of a short `word` may have meant; empty when there is no telling. */
function advice(word: string): string {
  if (word.includes('#')) return WHOLE_LINES;
  if (/^[−–—]/u.test(word)) return 'the minus sign is the ASCII hyphen -';
  if (/^[+-]?0[xob]/i.test(word)) return 'numbers are decimal';
  if (/^[+-]?[0-9._]*[0-9][0-9._]*(e[+-]?[0-9]+)?$/i.test(word)) return 'numbers are whole, digits only';
  const digits = /^[+-]?[0-9]+/.exec(word)?.[0];
  return digits === undefined ? '' : `put a blank or a comma after ${digits.slice(0, 12)}`;
}

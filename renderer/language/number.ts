/** The number: digits → a signed 32-bit integer, or what is wrong with them. */

import { LINE_FEEDS, NO_SEMICOLON, WHOLE_LINES } from './advice.ts';
import type { NumberNode } from './ast.ts';
import { quoted } from './caret.ts';
import type { Wrong } from './syntax-error.ts';

export const INT_MIN = -(2 ** 31);
export const INT_MAX = 2 ** 31 - 1;

/** Literals that programs are full of, numbers up to the side of a large canvas: one node each, for all places. */
const MANY = 4_096;
const SMALL = new Array<NumberNode | undefined>(MANY).fill(undefined);

/** @param value signed 32-bit, never −0 */
export function numberNode(value: number): NumberNode {
  // An array that is asked for what it has not is searched by name.
  if (value < 0 || value >= MANY) return { kind: 'number', value };
  const known = SMALL[value];
  if (known !== undefined) return known;
  const node: NumberNode = { kind: 'number', value };
  SMALL[value] = node;
  return node;
}

/** A number that is not one, as a person meant it. */
export function notANumber(word: string): Wrong {
  return {
    code: 'PXL-E003',
    message: `Expected a number, found ${quoted(word)}`,
    hint: advice(word.slice(0, 40)),
  };
}

/** A number outside `min` to `max`; `name` is what the operand is called. */
export function outOfRange(word: string, value: number, name: string, min: number, max = INT_MAX): Wrong {
  return {
    code: value < INT_MIN || value > INT_MAX ? 'PXL-E004' : 'PXL-E005',
    message: `Expected ${name} from ${min} to ${max}, found ${quoted(word)}`,
    hint: '',
  };
}

/** What the author of a short `word` may have meant; empty when there is no telling. */
function advice(word: string): string {
  if (word.includes('\\n')) return LINE_FEEDS;
  if (word.includes('#')) return WHOLE_LINES;
  if (/^[−–—]/u.test(word)) return 'the minus sign is the ASCII hyphen -';
  if (/^[+-]?0[xob]/i.test(word)) return 'numbers are decimal';
  if (/^[+-]?[0-9._]*[0-9][0-9._]*(e[+-]?[0-9]+)?$/i.test(word)) return 'numbers are whole, digits only';
  if (/^[+-]?[0-9]+;$/.test(word)) return NO_SEMICOLON;
  const digits = /^[+-]?[0-9]+/.exec(word)?.[0];
  return digits === undefined ? '' : `put a blank or a comma after ${digits.slice(0, 12)}`;
}

/** The operands of a line: read by the forms that the table of opcodes gives its opcode. */

import { LIMITS } from '../../shared/limits.ts';
import { quoteAdvice, wordAdvice } from './advice.ts';
import type { Operand } from './ast.ts';
import { quoted } from './caret.ts';
import { alphaAdvice, wayAdvice } from './colour-advice.ts';
import type { ExpressionReader } from './expression.ts';
import { functionNamed, functionUsage } from './functions.ts';
import { isSeparator, type Lexer } from './lexer.ts';
import { tooLong } from './misread.ts';
import { INT_MAX, INT_MIN, outOfRange } from './number.ts';
import type { Opcode, Slot } from './opcode.ts';
import { OPCODES, type OpcodeName, type OpcodeRow, usage } from './opcodes.ts';
import { emptyAdvice, inkAdvice } from './sprite-advice.ts';
import { countCodePoints, Misreading, type Wrong } from './syntax-error.ts';
import type { Token } from './token.ts';

const COMMA = 0x2c;

/** The forms of one opcode, as the reader goes through them. */
interface Slots {
  /** Those of the longest form. */
  readonly slots: readonly Slot[];
  /** Whether a line may end after so many operands. */
  readonly mayEnd: readonly boolean[];
  /** So many of the last slots may be filled again and again, together; 0 for none. */
  readonly repeated: number;
}

export const SLOTS = Object.fromEntries(OPCODES.map((opcode) => [opcode.name, slotsOf(opcode)])) as Record<
  OpcodeName,
  Slots
>;

function slotsOf({ forms }: Opcode): Slots {
  const longest = forms.reduce((one, other) => (other.length > one.length ? other : one));
  // Where the forms differ, messages name both: `colour or r`.
  const slots = longest.map((slot, index) => {
    const names = forms.flatMap((form) => form.slice(index, index + 1)).map(({ name }) => name);
    return { ...slot, name: [...new Set(names)].join(' or ') };
  });
  const mayEnd: boolean[] = slots.map(() => false);
  for (const form of forms) {
    mayEnd[form.length] = true;
    for (let count = form.length; form[count - 1]?.optional; count--) mayEnd[count - 1] = true;
  }
  return { slots, mayEnd, repeated: slots.at(-1)?.repeated ?? 0 };
}

/**
 * Operands := [ Blank+ Operand { Separator Operand } ] [ (Blank | `,`) Text ]
 * Separator := Blank+ | Blank* `,` Blank*
 *
 * @throws {Misreading}
 */
export function readOperands(lexer: Lexer, reader: ExpressionReader, opcode: OpcodeRow): Operand[] {
  const { slots, mayEnd, repeated } = SLOTS[opcode.name];
  const { pile } = reader;
  try {
    for (;;) {
      const index = pile.height;
      // Beyond the last slot, the last ones come again.
      const beyond = repeated === 0 || index < slots.length ? 0 : (index - slots.length) % repeated;
      const slot = index < slots.length ? slots[index] : slots[slots.length - repeated + beyond];
      if (slot === undefined) break;
      if (slot.kind === 'text') {
        if (index === 0 && lexer.unit() === COMMA) throw strayComma(lexer, slot.name, false);
        pile.put({ kind: 'text', text: readText(lexer, opcode, slot) });
        continue;
      }
      const ended = lexer.skipBlanks();
      if (ended && mayEnd[Math.min(index, slots.length)] && beyond === 0) break;
      pile.put(readOperand(lexer, reader, slot, pile.latest(0), mayEnd[index] === true));
      // What may come again and again is work that the line's length does not bound.
      if (index >= slots.length - repeated && slot.kind === 'integer') reader.weigh(1);
    }
    const extra = lexer.next();
    if (extra.kind !== 'end') throw misread(extra, surplus(extra, pile.latest(0)));
  } catch (error) {
    if (!(error instanceof Misreading) || error.wrong.code === 'PXL-E010') throw error;
    const { code, message, hint } = error.wrong;
    const line = lexer.line.slice(0, 100);
    const advice =
      inkAdvice(opcode.name, lexer.line) ||
      alphaAdvice(opcode.name, line) ||
      quoteAdvice(opcode.name, slots[0]?.words ?? [], line) ||
      hint;
    throw new Misreading(error.start, error.end, { code, message, hint: withUsage(opcode, advice) });
  }
  return pile.takeFrom(0);
}

function readOperand(
  lexer: Lexer,
  reader: ExpressionReader,
  slot: Slot,
  before: Operand | undefined,
  mayEnd: boolean,
): Operand {
  const first = before === undefined;
  const expected = slot.words?.join(' or ') ?? slot.name;
  if (lexer.unit() === COMMA) {
    const comma = !first;
    if (comma) {
      lexer.at++;
      lexer.skipBlanks();
    }
    if (lexer.unit() === COMMA) throw strayComma(lexer, expected, comma);
  }
  if (lexer.at === lexer.end) {
    const message = `Expected ${expected}, found the end of the line`;
    throw new Misreading(lexer.end, lexer.end, { code: 'PXL-E007', message, hint: '' });
  }
  switch (slot.kind) {
    case 'integer':
    case 'colour':
      return readInteger(lexer, reader, slot);
    case 'literal':
      return readLiteral(lexer, reader, slot);
    case 'number':
      return readNumber(lexer, reader, slot);
    case 'checksum':
      return readChecksum(lexer);
    case 'place':
      return readPlace(lexer, reader, slot);
    case 'word':
      return readWord(lexer, slot, mayEnd, before);
    case 'name':
    case 'label':
    // A text is read by itself.
    case 'text':
      return readName(lexer, reader, slot);
  }
}

function readInteger(lexer: Lexer, reader: ExpressionReader, slot: Slot): Operand {
  const start = lexer.at;
  const expression = reader.read(slot.name);
  const { name, min = INT_MIN, max = INT_MAX } = slot;
  if (expression.kind === 'number' && (expression.value < min || expression.value > max)) {
    const word = lexer.line.slice(start, lexer.at);
    throw new Misreading(start, lexer.at, outOfRange(word, expression.value, name, min, max));
  }
  return expression;
}

/** Literal := Number | Colour | Name */
function readLiteral(lexer: Lexer, reader: ExpressionReader, slot: Slot): Operand {
  const start = lexer.at;
  const expression = reader.read(slot.name);
  const { kind } = expression;
  if (kind === 'number' || kind === 'colour' || kind === 'name') return expression;
  throw new Misreading(start, lexer.at, {
    code: 'PXL-E015',
    message: `Expected ${slot.name} as a number or a colour, found the expression ${quoted(lexer.line.slice(start, lexer.at))}`,
    hint: 'declarations take no expressions',
  });
}

/** Number := [ `-` ] digit { digit }: no brackets and no + before it, so that whoever scans for it needs no parser. */
function readNumber(lexer: Lexer, reader: ExpressionReader, slot: Slot): Operand {
  const start = lexer.at;
  const expression = readInteger(lexer, reader, slot);
  const isNumber = expression.kind === 'number';
  if (isNumber && /^-?\d+$/.test(lexer.line.slice(start, lexer.at))) return expression;
  throw new Misreading(start, lexer.at, {
    code: 'PXL-E015',
    message: `Expected ${slot.name} as a number, found ${quoted(lexer.line.slice(start, lexer.at))}`,
    hint: isNumber ? 'digits alone: no brackets, no +' : 'declarations take no expressions',
  });
}

/** Checksum := 64 hex digits */
function readChecksum(lexer: Lexer): Operand {
  const token = lexer.next();
  if (/^[0-9a-f]{64}$/i.test(token.value)) return { kind: 'checksum', digits: token.value.toLowerCase() };
  const isHex = /^[0-9a-f]+$/i.test(token.value);
  throw misread(token, {
    code: 'PXL-E038',
    message: `Expected checksum as 64 hex digits, found ${isHex ? token.value.length : quoted(token.value)}`,
    hint: 'gvpie inspect FILE prints that of a cartridge',
  });
}

/** Place := Name [ `[` Choice `]` ] */
function readPlace(lexer: Lexer, reader: ExpressionReader, slot: Slot): Operand {
  const start = lexer.at;
  const expression = reader.read('a variable');
  if (expression.kind === 'name' || expression.kind === 'cell') return expression;
  throw new Misreading(start, lexer.at, {
    code: 'PXL-E015',
    message: `Expected ${slot.name} as a variable or a cell, found ${quoted(lexer.line.slice(start, lexer.at))}`,
    hint: 'what is given a value is a name or name[index]',
  });
}

function readName(lexer: Lexer, reader: ExpressionReader, slot: Slot): Operand {
  const at = lexer.at;
  const name = reader.name();
  if (name !== undefined && (lexer.at === lexer.end || isSeparator(lexer.unit())))
    return { kind: 'name', name, at };
  lexer.at = at;
  const token = lexer.next();
  throw misread(token, {
    code: 'PXL-E015',
    message: `Expected ${slot.kind === 'label' ? 'the name of a label' : slot.name}, found ${quoted(token.value)}`,
    hint: /^\w+[([]/.test(token.value)
      ? 'the name stands alone, without brackets'
      : 'a name is letters, digits and _, and begins with no digit',
  });
}

function readWord(lexer: Lexer, slot: Slot, mayEnd: boolean, before: Operand | undefined): Operand {
  const token = lexer.next();
  const word = token.value.toUpperCase();
  if (slot.words?.includes(word) && /^[A-Za-z0-9]+$/.test(token.value)) return { kind: 'word', word };
  const choices = slot.words ?? [];
  const words = choices.join(' or ');
  // What stands before a choice of words is a value, of which nothing is asked.
  const after = choices.length === 1 ? afterName(before) : '';
  throw misread(token, {
    code: mayEnd ? 'PXL-E008' : 'PXL-E015',
    message: `Expected ${words}${mayEnd ? ' or the end of the line' : ''}, found ${quoted(token.value)}`,
    hint: mayEnd ? wayAdvice(choices, token.value) || wordAdvice(token.value) || after : '',
  });
}

/** Text := one code point or more, up to `LIMITS.textCodePoints`, the last of them no Blank and no CR */
function readText(lexer: Lexer, opcode: Opcode, slot: Slot): string {
  const token = lexer.text();
  if (token.kind === 'end') {
    throw misread(token, {
      code: 'PXL-E010',
      message: `Expected ${slot.name}, found the end of the line`,
      hint: withUsage(opcode, emptyAdvice(opcode.name)),
    });
  }
  const length = countCodePoints(token.value);
  if (length <= LIMITS.textCodePoints) return token.value;
  throw tooLong(token.start, token.value);
}

/** Advice where something follows a name that another language would have it follow. */
function afterName(before: Operand | undefined): string {
  if (before?.kind !== 'name') return '';
  const row = functionNamed(before.name);
  return row === undefined ? wordAdvice(before.name) : functionUsage(row);
}

/** @param before the operand that it follows */
function surplus(extra: Token, before: Operand | undefined): Wrong {
  const found = extra.kind === 'comma' ? 'a comma' : quoted(extra.value);
  const hint = wordAdvice(extra.value) || afterName(before);
  return { code: 'PXL-E008', message: `Expected the end of the line, found ${found}`, hint };
}

function misread({ start, value }: Token, wrong: Wrong): Misreading {
  return new Misreading(start, start + value.length, wrong);
}

/** @param isSecond whether it follows another one */
function strayComma(lexer: Lexer, expected: string, isSecond: boolean): Misreading {
  return new Misreading(lexer.at, lexer.at + 1, {
    code: 'PXL-E009',
    message: `Expected ${expected}, found a ${isSecond ? 'second ' : ''}comma`,
    hint: isSecond ? 'one comma separates two operands' : 'a blank follows the opcode',
  });
}

function withUsage(opcode: Opcode, advice: string): string {
  return advice === '' ? usage(opcode) : `${usage(opcode)}: ${advice}`;
}

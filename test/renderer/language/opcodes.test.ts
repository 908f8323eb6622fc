import { describe, expect, it } from 'vitest';
import { CODES } from '../../../renderer/language/codes.ts';
import { OPCODES, opcodeNamed, usage } from '../../../renderer/language/opcodes.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { nearest } from '../../../renderer/language/spelling.ts';

describe('the table of opcodes', () => {
  it('holds the pinned core', () => {
    expect(OPCODES.map(usage)).toEqual(['TXT x y text', 'RECT x y w h', 'HALT']);
    expect(OPCODES.map((opcode) => opcode.version)).toEqual([1, 1, 1]);
  });

  it.each(OPCODES)('gives $name an example that parses', (opcode) => {
    expect(parse(sourceOf(opcode.example)).lines).toMatchObject([{ opcode: opcode.name }]);
  });

  it.each(OPCODES)('puts a text of $name last', (opcode) => {
    const kinds: string[] = opcode.operands.map((operand) => operand.kind);
    expect(kinds.indexOf('text')).toBe(kinds.includes('text') ? kinds.length - 1 : -1);
  });
});

describe('the name of an opcode', () => {
  it.each(['RECT', 'rect', 'Rect', 'rEcT'])('is found as %s', (word) => {
    expect(opcodeNamed(word)?.name).toBe('RECT');
  });

  it.each(['', 'REC', 'RECTS', 'R\u0415CT', '\uFF32\uFF25\uFF23\uFF34', 'constructor'])(
    'is not %j',
    (word) => {
      expect(opcodeNamed(word)).toBeUndefined();
    },
  );
});

describe('the nearest name', () => {
  const names = OPCODES.map((opcode) => opcode.name);

  it.each([
    ['TEXT', 'TXT'],
    ['tx', 'TXT'],
    ['RCET', 'RECT'],
    ['RECTS', 'RECT'],
    ['HLT', 'HALT'],
    ['HALTED', 'HALT'],
  ])('to %s is %s', (word, name) => {
    expect(nearest(word, names)).toBe(name);
  });

  it.each(['', 'X', 'CIRCLE', 'LINE', 'RECTANGLE', 'TXT'.repeat(100_000)])('to %.10s is none', (word) => {
    expect(nearest(word, names)).toBeUndefined();
  });
});

describe('the table of codes', () => {
  it('numbers errors and warnings from 001 without a gap', () => {
    const number = (prefix: string) => Object.keys(CODES).filter((code) => code.startsWith(prefix));
    for (const prefix of ['PXL-E', 'PXL-W']) {
      expect(number(prefix)).toEqual(
        number(prefix).map((_, index) => prefix + String(index + 1).padStart(3, '0')),
      );
    }
  });
});

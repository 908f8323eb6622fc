import { describe, expect, it } from 'vitest';
import { CODES } from '../../../renderer/language/codes.ts';
import { OPCODES, type OpcodeRow, opcodeNamed, usage } from '../../../renderer/language/opcodes.ts';
import { nearest } from '../../../renderer/language/spelling.ts';

describe('the table of opcodes', () => {
  it('holds the pinned core', () => {
    const core = ['TXT', 'RECT', 'HALT'].map(opcodeNamed) as OpcodeRow[];
    expect(core.map(usage)).toEqual(['TXT x y text', 'RECT x y w h', 'HALT']);
    expect(core.map((opcode) => opcode.version)).toEqual([1, 1, 1]);
    expect(OPCODES.filter((opcode) => (core as readonly unknown[]).includes(opcode))).toHaveLength(3);
  });

  it.each<OpcodeRow>(OPCODES)(
    'puts a text of $name last, and what may be left out or repeated',
    ({ forms }) => {
      for (const form of forms) {
        const kinds = form.map((operand) => operand.kind);
        expect(kinds.indexOf('text')).toBe(kinds.includes('text') ? kinds.length - 1 : -1);
        const first = form.findIndex((operand) => operand.optional);
        if (first >= 0) expect(form.slice(first).every((operand) => operand.optional)).toBe(true);
        expect(form.slice(0, -1).some((operand) => operand.repeated)).toBe(false);
      }
    },
  );

  it.each<OpcodeRow>(OPCODES)(
    'gives an operand of $name one kind in all forms, from the shortest on',
    (opcode) => {
      const lengths = opcode.forms.map((form) => form.length);
      expect(lengths).toEqual([...lengths].sort((one, other) => one - other));
      for (const form of opcode.forms) {
        for (const [index, { kind }] of form.entries()) expect(opcode.forms.at(-1)?.[index]?.kind).toBe(kind);
      }
    },
  );
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
  const names = ['TXT', 'RECT', 'HALT'];

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

  it.each([
    ['RETC', 'RECT'],
    ['FRO', 'FOR'],
    ['colour', 'COLOR'],
    ['GLOBL', 'GLOBAL'],
    ['else:', 'ELSE'],
  ])('to %s of all opcodes is %s', (word, name) => {
    expect(
      nearest(
        word,
        OPCODES.map((opcode) => opcode.name),
      ),
    ).toBe(name);
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

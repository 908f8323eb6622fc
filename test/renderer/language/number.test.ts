import { describe, expect, it } from 'vitest';
import { complaintsOf, only } from './reading.ts';

describe('a number', () => {
  it.each([
    ['0', 0],
    ['+0', 0],
    ['-0', 0],
    ['-000', 0],
    ['+-0', 0],
    ['+-1', -1],
    ['007', 7],
    ['+5', 5],
    ['-5', -5],
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
    [`${'0'.repeat(1000)}2147483647`, 2147483647],
  ])('%.20s is %i', (word, value) => {
    expect(only(`TXT ${word} 1 a`)).toStrictEqual(['TXT', value, 1, 'a']);
  });

  it.each(['2147483648', '-2147483649', '+99999999999', '9'.repeat(1000), '2147483648000000000000000000000'])(
    'lies within 32 bits, unlike %.20s',
    (word) => {
      const [complaint] = complaintsOf(`TXT 1 ${word} a`);
      // A plus sign says nothing, and is not part of the number.
      const column = word.startsWith('+') ? 8 : 7;
      expect(complaint).toMatchObject({ code: 'PXL-E004', line: 1, column });
      expect(complaint.message).toMatch(/^Expected y from -2147483648 to 2147483647, found "/);
    },
  );

  it.each([
    ['.', 'TXT x y text'],
    ['12abc', 'TXT x y text: put a blank or a comma after 12'],
    ['1;2', 'TXT x y text: put a blank or a comma after 1'],
    ['1.5', 'TXT x y text: numbers are whole, digits only'],
    ['.5', 'TXT x y text: numbers are whole, digits only'],
    ['-1.', 'TXT x y text: numbers are whole, digits only'],
    ['1e3', 'TXT x y text: numbers are whole, digits only'],
    ['1_000', 'TXT x y text: numbers are whole, digits only'],
    ['0x10', 'TXT x y text: numbers are decimal'],
    ['0b1', 'TXT x y text: numbers are decimal'],
    ['−5', 'TXT x y text: the minus sign is the ASCII hyphen -'],
    ['5#', 'TXT x y text: comments are whole lines: move the # to a line of its own'],
  ])('is decimal digits with or without a sign, unlike %s', (word, hint) => {
    expect(complaintsOf(`TXT ${word} 1 a`)).toEqual([
      {
        code: 'PXL-E003',
        message: `Expected a number, found "${word}"`,
        line: 1,
        column: 5,
        excerpt: `TXT ${word} 1 a\n    ${'^'.repeat(word.length)}`,
        hint,
      },
    ]);
  });

  it.each([
    ['-', 6, 'PXL-E015', 'Expected a value after -, found a blank'],
    ['٣', 5, 'PXL-E015', 'Expected x, found "٣"'],
    ['ten', 5, 'PXL-E016', 'Expected a name that has a value, found "ten"'],
    ['¼', 5, 'PXL-E015', 'Expected x, found "¼"'],
  ])('is never guessed: %s', (word, column, code, message) => {
    const [complaint, ...others] = complaintsOf(`TXT ${word} 1 a`);
    expect(others).toEqual([]);
    expect(complaint).toMatchObject({ code, message, line: 1, column });
    expect(complaint.hint).not.toBe('');
  });

  it('takes one minus sign; another before it is an operator', () => {
    const operand = { kind: 'unary', operator: '-', operand: { kind: 'number', value: -1 } };
    expect(only('TXT --1 1 a')).toEqual(['TXT', operand, 1, 'a']);
    expect(only('TXT -1 1 a')).toEqual(['TXT', -1, 1, 'a']);
  });
});

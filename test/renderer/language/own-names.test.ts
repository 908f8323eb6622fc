import { describe, expect, it } from 'vitest';
import { complaintsOf, linesOf } from './reading.ts';

describe('a variable of a DEF', () => {
  it.each([
    ['a variable outside', 'SET v 1\n'],
    ['a colour', '', 'red'],
    ['a label', 'v:\n'],
  ])('may have the name of %s', (_, before, name = 'v') => {
    for (const line of [`SET ${name} 1`, `ADD ${name} 1`, `FOR ${name} 1 2\nEND`]) {
      expect(linesOf(`${before}DEF f\n${line}\nEND`).length).toBeGreaterThan(2);
    }
    expect(linesOf(`${before}DEF f ${name}\nEND`).length).toBeGreaterThan(1);
  });

  it.each([
    ['an array', 'DIM v 3\n', 'v', 'which line 1 declares with DIM'],
    ['a table', 'DATA v 3\n', 'v', 'which line 1 declares with DATA'],
    ['a PARAM', 'PARAM v 1 0 2\n', 'v', 'which line 1 declares with PARAM'],
    ['a DEF', 'DEF v\nEND\n', 'v', 'which line 1 declares with DEF'],
    ['the canvas’s width', '\n', 'width', "which is the canvas's"],
    ['an opcode', '\n', 'rect', 'which is an opcode'],
    ['a function', '\n', 'min', 'which is a function'],
  ])('may not have the name of %s', (_, before, name, found) => {
    const head = before.split('\n').length - 1;
    for (const line of [`SET ${name} 1`, `ADD ${name} 1`, `FOR ${name} 1 2\nEND`]) {
      const [complaint, ...others] = complaintsOf(`${before}DEF f\n${line}\nEND`);
      expect(others).toEqual([]);
      expect(complaint).toMatchObject({ code: 'PXL-E017', line: head + 2, column: 5 });
      expect(complaint.message).toContain(`found "${name}", ${found}`);
    }
    expect(complaintsOf(`${before}DEF f ${name}\nEND`)).toMatchObject([{ code: 'PXL-E017', line: head + 1 }]);
  });
});

import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../../renderer/language/functions.ts';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
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

/** A program that prints as it stands, and draws one pixel for each of its names that means what it should. */
function drawnBy(text: string): { readonly pixels: number; readonly steps: number; readonly used: unknown } {
  const program = parse(sourceOf(text));
  expect(print(program)).toBe(text);
  const { price, used } = run(program, { width: 8, height: 8 });
  return { pixels: price.pixels_written, steps: price.steps, used: used.functions };
}

// A name that a later version gives to an opcode or a function is in no program's way.
describe.each([...OPCODES, ...FUNCTIONS].map(({ name }) => name.toLowerCase()))('the name %s', (name) => {
  it.each([
    ['a variable', `SET ${name} 1\nIF ${name}\n  PIX ${name} ${name}\nEND\n`],
    ['a FOR’s variable', `FOR ${name} 2 2\n  PIX ${name} ${name}\nEND\n`],
    ['an array', `DIM ${name} 2\nSET ${name}[1] 5\nPIX ${name}[1] 0\n`],
    ['a table', `DATA ${name} 1 2\nPIX ${name}[1] 0\n`],
    ['a PARAM', `PARAM ${name} 1 0 2\nPIX ${name} 0\n`],
    ['an argument', `DEF f ${name}\n  PIX ${name} 0\nEND\nCALL f 3\n`],
    ['a global of a DEF', `DEF f\n  GLOBAL ${name}\n  SET ${name} 3\nEND\nCALL f\nPIX ${name} 0\n`],
    ['a label', `JMP ${name}\nRECT 0 0 8 8\n${name}:\nPIX 0 0\n`],
    ['a label after an IF', `IF 1 JMP ${name}\nRECT 0 0 8 8\n${name}:\nPIX 0 0\n`],
    ['a DEF', `DEF ${name} a\n  RET a+1\nEND\nCALL ${name} 1\nIF ${name}(2)==3\n  PIX 0 0\nEND\n`],
  ])('may be that of %s', (_, text) => {
    expect(drawnBy(text)).toMatchObject({ pixels: 1, used: undefined });
  });

  it('stands for nothing where a value is read and none was given', () => {
    const hint = OPCODES.some((opcode) => opcode.name.toLowerCase() === name)
      ? 'an opcode begins a line'
      : expect.stringContaining(`${name}(`);
    expect(complaintsOf(`PIX 0 ${name}`)).toMatchObject([{ code: 'PXL-E016', column: 7, hint }]);
  });
});

describe('a DEF with the name of a function', () => {
  const call = (calls: number) => `PIX 0 ${Array(calls).fill('hypot(1, 1)').join('+')}\n`;

  it('weighs as a DEF of any other name does, wherever it stands', () => {
    const steps = (text: string) => run(parse(sourceOf(text)), { width: 1, height: 1 }).price.steps;
    const definition = 'DEF hypot a b\nRET 0\nEND\n';
    // 27 operators, calls and arguments are 4 steps, each RET is one, and the last is the HALT that is left out.
    expect(steps(`${definition}${call(7)}`.replaceAll('hypot', 'own'))).toBe(4 + 7 + 1);
    expect(steps(`${definition}${call(7)}`)).toBe(4 + 7 + 1);
    expect(steps(`${call(7)}${definition}`)).toBe(4 + 7 + 1);
    // The function weighs 8 operators: 76 are 10 steps.
    expect(steps(call(7))).toBe(10 + 1);
  });

  it('takes the arguments that it says', () => {
    expect(complaintsOf('DEF hypot a\nEND\nPIX 0 hypot(1, 1)')).toMatchObject([
      { code: 'PXL-E020', line: 3, hint: 'DEF hypot a' },
    ]);
  });

  it('may stand often on a line on which the function is too heavy', () => {
    expect(complaintsOf(call(200))).toMatchObject([{ code: 'PXL-E023' }]);
    expect(linesOf(`${call(200)}DEF hypot a b\nRET 0\nEND`)).toHaveLength(4);
  });
});

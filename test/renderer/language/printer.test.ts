import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line, Operand } from '../../../renderer/language/ast.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { sourceOf } from '../../../renderer/language/source.ts';

const canonical = (text: string) => print(parse(sourceOf(text)));

describe('the canonical text', () => {
  it.each([
    ['', ''],
    ['halt', 'HALT\n'],
    ['  rect\t+1 , -0,003   4 \r\n', 'RECT 1 0 3 4\n'],
    ['\t# a,  b \r', '# a,  b\n'],
    ['#', '#\n'],
    ['\n \n', '\n\n'],
    ['\uFEFFHALT\r\n', 'HALT\n'],
    ['Txt 1,2,Hi \t\r', 'TXT 1 2 Hi\n'],
    ['TXT 1 2  Hi', 'TXT 1 2  Hi\n'],
    ['TXT 1 2, Hi', 'TXT 1 2  Hi\n'],
    ['TXT 1 2 ,Hi', 'TXT 1 2 ,Hi\n'],
    ['TXT 1 2\t\tHi', 'TXT 1 2 \tHi\n'],
    ['TXT 1 2 a\rb', 'TXT 1 2 a\rb\n'],
    ['TXT -2147483648 2147483647 #', 'TXT -2147483648 2147483647 #\n'],
    ['set X ( 1+2 )*3', 'SET x (1+2)*3\n'],
    ['SET x (1*2)+3', 'SET x 1*2+3\n'],
    ['SET x ((1))', 'SET x 1\n'],
    ['SET x 1-(2-3)', 'SET x 1-(2-3)\n'],
    ['SET x (1-2)-3', 'SET x 1-2-3\n'],
    ['SET x +1', 'SET x 1\n'],
    ['SET x -(1)', 'SET x -(1)\n'],
    ['SET x -(-1)', 'SET x --1\n'],
    ['COLOR #AbC', 'COLOR #abc\n'],
    ['if 1 jmp A\nA:', 'IF 1 JMP a\na:\n'],
    [
      'if 1\nfor I 1,2\nend\nelse if 0\nelse\nhalt\nend',
      `IF 1\n  FOR i 1 2\n  END\nELSE IF 0\nELSE\n  HALT\nEND\n`,
    ],
    ['SET x MIN( 1,2 )', 'SET x min(1, 2)\n'],
    ['SET x (1?2:3)?4:5?6:7', 'SET x (1?2:3)?4:5?6:7\n'],
    ['blend  src', 'BLEND SRC\n'],
  ])('of %j is %j, and of that itself', (text, printed) => {
    expect(canonical(text)).toBe(printed);
    expect(canonical(printed)).toBe(printed);
  });

  it('puts operands in their order, one blank between', () => {
    const operands = [1, 2, 3, 4].map((value) => ({ kind: 'number' as const, value }));
    expect(print({ lines: [{ kind: 'statement', line: 1, opcode: 'RECT', operands, weight: 0 }] })).toBe(
      'RECT 1 2 3 4\n',
    );
  });
});

/** The lines of any program of the core that the parser could have made. */
const programs: fc.Arbitrary<Line[]> = (() => {
  const number = (value: number): Operand => ({ kind: 'number', value });
  const integer = fc.oneof(fc.integer(), fc.integer({ min: -9, max: 9 })).map(number);
  const size = fc.oneof(fc.nat(), fc.nat(9)).map(number);
  const unit = fc.oneof(
    fc.constantFrom(' ', '\t', ',', '#', '\r', 'a', '\u00a0'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  const rest = fc.array(unit, { maxLength: 8 }).map((units) =>
    units
      .join('')
      .replaceAll('\n', '')
      .replace(/[ \t\r]+$/, ''),
  );
  const text = rest.filter((value) => value !== '').map((value): Operand => ({ kind: 'text', text: value }));
  const line = fc.oneof(
    fc.constant({ kind: 'blank' }),
    fc.record({ kind: fc.constant('comment'), text: rest }),
    fc.record({
      kind: fc.constant('statement'),
      opcode: fc.constant('TXT'),
      operands: fc.tuple(integer, integer, text),
    }),
    fc.record({
      kind: fc.constant('statement'),
      opcode: fc.constant('RECT'),
      operands: fc.tuple(integer, integer, size, size),
    }),
    fc.constant({ kind: 'statement', opcode: 'HALT', operands: [] }),
  );
  return fc.array(line, { maxLength: 6 }).map((lines) =>
    lines.map((each, index) => {
      const place = each.kind === 'statement' ? { line: index + 1, weight: 0 } : {};
      return { ...each, ...place } as Line;
    }),
  );
})();

describe('printing', () => {
  it('is undone by parsing', () => {
    fc.assert(
      fc.property(programs, (lines) => {
        expect(parse(sourceOf(print({ lines }))).lines).toEqual(lines);
      }),
      { seed: 20261120, numRuns: 3_000 },
    );
  });

  it('is told apart by one blank or one sign (the comparison can fail)', () => {
    const lines = (text: string) => parse(sourceOf(text)).lines;
    expect(lines('TXT 1 2  a')).not.toEqual(lines('TXT 1 2 a'));
    expect(lines('TXT 1 2 a')).not.toEqual(lines('TXT -1 2 a'));
    expect(lines('# a')).not.toEqual(lines('#a'));
  });
});

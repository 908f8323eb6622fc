import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line, Program } from '../../../renderer/language/ast.ts';
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
  ])('of %j is %j, and of that itself', (text, printed) => {
    expect(canonical(text)).toBe(printed);
    expect(canonical(printed)).toBe(printed);
  });

  it('follows the table, not the order in which operands were put', () => {
    const operands = { h: 4, w: 3, y: 2, x: 1 };
    expect(print({ lines: [{ kind: 'statement', line: 1, opcode: 'RECT', operands }] })).toBe(
      'RECT 1 2 3 4\n',
    );
  });
});

/** Any program the parser could have made. */
const programs: fc.Arbitrary<Program> = (() => {
  const integer = fc.oneof(fc.integer(), fc.integer({ min: -9, max: 9 }));
  const size = fc.oneof(fc.nat(), fc.nat(9));
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
  const text = rest.filter((value) => value !== '');
  const line = fc.oneof(
    fc.constant({ kind: 'blank' }),
    fc.record({ kind: fc.constant('comment'), text: rest }),
    fc.record({
      kind: fc.constant('statement'),
      opcode: fc.constant('TXT'),
      operands: fc.record({ x: integer, y: integer, text }),
    }),
    fc.record({
      kind: fc.constant('statement'),
      opcode: fc.constant('RECT'),
      operands: fc.record({ x: integer, y: integer, w: size, h: size }),
    }),
    fc.constant({ kind: 'statement', opcode: 'HALT', operands: {} }),
  );
  return fc.array(line, { maxLength: 6 }).map((lines) => ({
    lines: lines.map((each, index) => {
      const place = each.kind === 'statement' ? { line: index + 1 } : {};
      return { ...each, ...place } as Line;
    }),
  }));
})();

describe('printing', () => {
  it('is undone by parsing', () => {
    fc.assert(
      fc.property(programs, (program) => {
        expect(parse(sourceOf(print(program)))).toEqual(program);
      }),
      { seed: 20261120, numRuns: 3_000 },
    );
  });

  it('is told apart by one blank or one sign (the comparison can fail)', () => {
    expect(parse(sourceOf('TXT 1 2  a'))).not.toEqual(parse(sourceOf('TXT 1 2 a')));
    expect(parse(sourceOf('TXT 1 2 a'))).not.toEqual(parse(sourceOf('TXT -1 2 a')));
    expect(parse(sourceOf('# a'))).not.toEqual(parse(sourceOf('#a')));
  });
});

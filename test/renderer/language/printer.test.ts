import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line, Operand } from '../../../renderer/language/ast.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { placeless } from './places.ts';

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
    [
      'sprite A\nink #F00,o x,\n# b\n\nrow  .o#\t\nrow\to ,x \r\nend\nblit A , 1,2  3',
      'SPRITE a\n  INK #f00 o x,\n  # b\n\n  ROW  .o#\n  ROW o ,x\nEND\nBLIT a 1 2 3\n',
    ],
    [`image A 01,2 ${'aF'.repeat(32)}`, `IMAGE a 1 2 ${'af'.repeat(32)}\n`],
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

/** That a program's canonical text says the same, and is that of itself. */
function expectKept(text: string): void {
  const program = parse(sourceOf(text));
  const printed = print(program);
  const again = parse(sourceOf(printed));
  expect(placeless(again.lines)).toEqual(placeless(program.lines));
  expect(print(again)).toBe(printed);
}

describe('brackets that only help', () => {
  const most = LIMITS.nesting;

  it.each([
    ['choices', '1?2:', ''],
    ['signs', '-', ''],
    ['cells', 'a[', ']'],
    ['calls', 'abs(', ')'],
  ])('stand inside as many %s as leave them room, and inside one more do not', (_, open, close) => {
    // A sign binds more tightly than an operator: the last bracket is a call's, which stays.
    const within = (depth: number, inner: string): string =>
      `DIM a 2\nSET x ${open.repeat(depth - 1)}abs(${inner})${close.repeat(depth - 1)}\n`;
    const [helped, bare] = ['1|(2+3)', '1|2+3'];
    expect(canonical(within(most - 1, bare))).toBe(within(most - 1, helped));
    expect(canonical(within(most, bare))).toBe(within(most, bare));
    for (const depth of [most - 1, most]) expectKept(within(depth, bare));
  });

  it('are left out of the whole operand, where they would nest too deep, and of no other', () => {
    const each = (count: number): string[] =>
      Array.from({ length: count }, (_, at) => (at % 2 ? '>>1' : '<<1'));
    const shifts = (count: number): string => `1${each(count).join('')}`;
    const helped = (count: number): string =>
      each(count).reduce((text, shift, at) => (at === 0 ? text + shift : `(${text})${shift}`), '1');
    expect(canonical(`PIX ${shifts(most + 1)} 1|2+3`)).toBe(`PIX ${helped(most + 1)} 1|(2+3)\n`);
    expect(canonical(`PIX ${shifts(most + 2)} 1|2+3`)).toBe(`PIX ${shifts(most + 2)} 1|(2+3)\n`);
    expectKept(`PIX ${shifts(LIMITS.lineOperators)} 1`);
  });

  it('never keep a program from being read again', () => {
    const operator = fc.constantFrom('||', '&&', '|', '^', '&', '==', '<', '<<', '>>', '+', '-', '*', '%');
    const flat = fc
      .array(fc.tuple(operator, fc.constantFrom('1', '-1', 'x', '#fff')), { maxLength: 70 })
      .map((rest) => `1${rest.map(([sign, value]) => sign + value).join('')}`);
    const wrap = fc.constantFrom(['1?2:', ''], ['1?', ':2'], ['abs(', ')'], ['1-(', '?1:2)']);
    const deep = fc
      .tuple(fc.array(wrap, { minLength: most - 4, maxLength: most - 1 }), flat)
      .map(([wraps, inner]) => wraps.reduceRight((text, [open, close]) => `${open}${text}${close}`, inner));
    fc.assert(
      fc.property(deep, (text) => expectKept(`SET x ${text}`)),
      { seed: 20261121, numRuns: 300 },
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

/** The rules of whole numbers, driven through the language: every pair of edge values, in every operator. */
import { describe, expect, it } from 'vitest';
import { decode } from '../../../renderer/display/encode.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { glyphFor } from '../../../renderer/raster/font.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { EDGES, INT_MAX, INT_MIN, int32s } from '../../support/int32.ts';

const CANVAS = { width: 128, height: 8 };

/** The values of the expressions, read from the variables after the last line. */
function valuesOf(expressions: readonly string[], before = ''): number[] {
  const lines = expressions.map((expression, index) => `SET v${index} ${expression}\n`);
  const program = parse(sourceOf(`${before}${lines.join('')}HALT`));
  let found = new Map<string, number>();
  const last = program.lines.length;
  run(program, CANVAS, {
    watch: (moment) => {
      if (moment.line !== last) return;
      const values = moment.values(0);
      found = new Map(moment.names(0).map((name, index) => [name, values[index] as number]));
    },
  });
  return expressions.map((_, index) => found.get(`v${index}`) as number);
}

/** The first ten expressions whose value is not what BigInt says, wrapped to 32 bits. */
function objections(
  cases: readonly (readonly [expression: string, expected: bigint])[],
  before = '',
): string[] {
  const found = valuesOf(
    cases.map(([expression]) => expression),
    before,
  );
  const wrong = cases.flatMap(([expression, value], index) => {
    const expected = Number(BigInt.asIntN(32, value));
    const is = found[index];
    return Object.is(is, expected) ? [] : [`${expression}: expected ${expected}, found ${is}`];
  });
  return wrong.slice(0, 10);
}

const truth = (said: boolean): bigint => (said ? 1n : 0n);
const absolute = (n: bigint): bigint => (n < 0n ? -n : n);

const BINARY: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << (b & 31n),
  '>>': (a, b) => a >> (b & 31n),
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(a <= b),
  '>': (a, b) => truth(a > b),
  '>=': (a, b) => truth(a >= b),
  '&&': (a, b) => truth(a !== 0n && b !== 0n),
  '||': (a, b) => truth(a !== 0n || b !== 0n),
};

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));

/** Toward zero, by the size of both and then the sign. */
const DIVIDING: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '/': (a, b) => (absolute(a) / absolute(b)) * (a < 0n === b < 0n ? 1n : -1n),
  '%': (a, b) => (absolute(a) % absolute(b)) * (a < 0n ? -1n : 1n),
};

const UNARY: Readonly<Record<string, (n: bigint) => bigint>> = {
  '-': (n) => -n,
  '~': (n) => -n - 1n,
  '!': (n) => truth(n === 0n),
  '+': (n) => n,
};

const FUNCTIONS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  min: (a, b) => [a, b].sort(ascending)[0] as bigint,
  max: (a, b) => [a, b].sort(ascending)[1] as bigint,
};

/** Every pair of edges, and as many seeded ones. */
const PAIRS: readonly (readonly [number, number])[] = (() => {
  const next = int32s(20261120);
  const edges = EDGES.flatMap((a) => EDGES.map((b) => [a, b] as const));
  return [...edges, ...edges.map(() => [next(), next()] as const)];
})();

describe('an operator', () => {
  it.each(Object.keys(BINARY))(
    '%s of literals, of variables and of a cell is that of unbounded integers, wrapped',
    (operator) => {
      const expected = BINARY[operator] as (a: bigint, b: bigint) => bigint;
      const literals = PAIRS.map(
        ([a, b]) => [`${a}${operator}${b}`, expected(BigInt(a), BigInt(b))] as const,
      );
      expect(objections(literals)).toEqual([]);
      // One long loop over a table: the same instruction, given all pairs at run time.
      const cells = EDGES.map((_, index) => `e[${index}]`);
      const table = `DATA e ${EDGES.join(' ')}\nDIM d ${EDGES.length}\nFOR i 0 ${EDGES.length - 1}\nSET d[i] e[i]\nEND\n`;
      const variables = EDGES.flatMap((a, i) =>
        EDGES.map((b, j) => [`${cells[i]}${operator}d[${j}]`, expected(BigInt(a), BigInt(b))] as const),
      );
      expect(objections(variables, table)).toEqual([]);
    },
  );

  it.each(Object.keys(DIVIDING))('%s goes toward zero, with the sign of what is divided', (operator) => {
    const expected = DIVIDING[operator] as (a: bigint, b: bigint) => bigint;
    const whole = PAIRS.filter(([, b]) => b !== 0);
    expect(whole.length).toBeLessThan(PAIRS.length);
    const cases = whole.map(([a, b]) => [`${a}${operator}${b}`, expected(BigInt(a), BigInt(b))] as const);
    expect(objections(cases)).toEqual([]);
    expect(cases).toContainEqual([`${INT_MIN}${operator}-1`, operator === '/' ? 2n ** 31n : 0n]);
  });

  it.each(Object.keys(DIVIDING))('%s by zero is refused, whatever is divided', (operator) => {
    for (const a of EDGES) {
      const program = parse(sourceOf(`SET zero 0\nSET a ${a}${operator}zero`));
      expect(() => run(program, CANVAS)).toThrow(AuthorFault);
      expect(() => run(program, CANVAS)).toThrow(`found ${a} ${operator} 0 on line 2`);
    }
  });

  it.each(Object.keys(UNARY))('%s before a number, a variable or brackets', (operator) => {
    const expected = UNARY[operator] as (n: bigint) => bigint;
    const cases = EDGES.flatMap((n, index) => {
      const value = expected(BigInt(n));
      return [
        [`${operator}(${n})`, value] as const,
        [`${operator}e[${index}]`, value] as const,
        [`${operator}(${n} + 0)`, value] as const,
      ];
    });
    expect(objections(cases, `DATA e ${EDGES.join(' ')}\n`)).toEqual([]);
  });

  it('shifts by its last five bits', () => {
    const counts = [-33, -32, -31, -1, 0, 1, 30, 31, 32, 33, 63, 64, 65, INT_MAX, INT_MIN];
    const cases = [1, -1, INT_MIN, INT_MAX, 0x12345678].flatMap((n) =>
      counts.flatMap((count) => {
        const bits = BigInt(((count % 32) + 32) % 32);
        return [
          [`${n}<<${count}`, BigInt(n) * 2n ** bits] as const,
          // Arithmetic: the floor of a division by a power of two.
          [
            `${n}>>${count}`,
            (BigInt(n) - (((BigInt(n) % 2n ** bits) + 2n ** bits) % 2n ** bits)) / 2n ** bits,
          ] as const,
        ];
      }),
    );
    expect(objections(cases)).toEqual([]);
  });

  it('of a sum that leaves 32 bits wraps at once, not at the end', () => {
    const half = 2n ** 31n;
    expect(
      objections([
        [`(${INT_MAX} + 1)/2`, -half / 2n],
        [`(${INT_MIN} - 1)/2`, (half - 1n) / 2n],
        [`${INT_MAX}*2/2`, -1n],
        [`65536*65536/65536`, 0n],
        [`(${INT_MIN} / -1)>>1`, -half / 2n],
        [`-(${INT_MIN})<0`, 1n],
        [`46341*46341<0`, 1n],
      ]),
    ).toEqual([]);
  });
});

describe('a function', () => {
  it.each(Object.keys(FUNCTIONS))('%s of every pair', (name) => {
    const expected = FUNCTIONS[name] as (a: bigint, b: bigint) => bigint;
    const cases = PAIRS.map(([a, b]) => [`${name}(${a}, ${b})`, expected(BigInt(a), BigInt(b))] as const);
    expect(objections(cases)).toEqual([]);
  });

  it('abs leaves -2147483648 alone, and sign and clamp hold at the ends', () => {
    const single = EDGES.flatMap((n) => [
      [`abs(${n})`, absolute(BigInt(n))] as const,
      [`sign(${n})`, truth(n > 0) - truth(n < 0)] as const,
      [`clamp(${n}, ${INT_MIN}, ${INT_MAX})`, BigInt(n)] as const,
      [`clamp(${n}, 5, -5)`, -5n] as const,
    ]);
    expect(objections(single)).toEqual([]);
    expect(valuesOf([`abs(${INT_MIN})`, `abs(${INT_MIN + 1})`])).toEqual([INT_MIN, INT_MAX]);
  });
});

describe('a variable', () => {
  it('wraps with ADD as with +', () => {
    const cases = PAIRS.slice(0, 400).map(([a, b]) => [a, b] as const);
    const lines = cases.map(([a, b], index) => `SET s${index} ${a}\nADD s${index} ${b}\n`).join('');
    const expected = cases.map(([a, b], index) => [`s${index}`, BigInt(a) + BigInt(b)] as const);
    expect(objections(expected, lines)).toEqual([]);
  });

  it('of a FOR ends at the end of 32 bits, in either direction', () => {
    const turns = (bounds: string) => `SET n 0\nFOR i ${bounds}\nADD n 1\nEND\n`;
    expect(valuesOf(['n', 'i'], turns(`${INT_MAX - 2} ${INT_MAX}`))).toEqual([3, INT_MAX]);
    expect(valuesOf(['n', 'i'], turns(`${INT_MIN + 2} ${INT_MIN} -1`))).toEqual([3, INT_MIN]);
    expect(valuesOf(['n', 'i'], turns(`0 ${INT_MAX} ${INT_MAX}`))).toEqual([2, INT_MAX]);
    expect(valuesOf(['n', 'i'], turns(`${INT_MIN} ${INT_MAX} ${INT_MAX}`))).toEqual([3, INT_MAX - 1]);
    expect(valuesOf(['n', 'i'], turns(`5 4`))).toEqual([0, 5]);
    expect(valuesOf(['n', 'i'], turns(`5 5 ${INT_MIN}`))).toEqual([1, 5]);
  });

  it('is drawn by NUM in decimal, digit by digit', () => {
    for (const n of EDGES) {
      const { list } = run(parse(sourceOf(`NUM 0 0 ${n}`)), CANVAS);
      const digits = [...String(n)].map((digit) => glyphFor(digit.codePointAt(0) as number));
      expect(decode(list)).toMatchObject(digits.map((bitmap, index) => ({ x: index * 6, y: 0, bitmap })));
    }
  });
});

describe('the comparison with unbounded integers', () => {
  it('can object', () => {
    expect(objections([['2+2', 5n]])).toEqual(['2+2: expected 5, found 4']);
    expect(objections([['x', 1n]], 'SET x 2\n')).toHaveLength(1);
    expect(objections([['0', 0n]])).toEqual([]);
  });
});

/** Scripts of shades: every operation at every edge, against unbounded integers, and what a run of a row does with pixels. */
import { describe, expect, it } from 'vitest';
import { PARAMETERS, scriptOf } from '../../../renderer/shade/script.ts';
import type { Operator, Shade, ShadeFunction, Step, Value } from '../../../renderer/shade/shade.ts';
import { shaderOf } from '../../../renderer/shade/shader.ts';
import { EDGE_PAIRS, EDGES, int32s } from '../../support/int32.ts';
import { call, choice, number, operation, place, set, shadeOf, shown, uniform, variable } from './made.ts';
import { shadedBy } from './oracle.ts';

const BLACK = 0xff000000 | 0;

/** What one pixel comes to before it is blended, packed and signed. */
function packed(shade: Shade, uniforms: readonly number[], was = BLACK, x = 0, y = 0): number {
  const out = Int32Array.of(was);
  const pool = Uint32Array.from(uniforms);
  shaderOf(shade)(out, 0, 1, x, y, 5, 7, pool, 0, false, false, (source) => source);
  return out[0] as number;
}

/** The same by the oracle. */
function told(shade: Shade, uniforms: readonly number[], was = BLACK, x = 0, y = 0): number {
  const pixel = [was & 255, (was >> 8) & 255, (was >> 16) & 255];
  const [r, g, b, a] = shadedBy(shade, pixel, { x, y, w: 5, h: 7, uniforms }) as [
    number,
    number,
    number,
    number,
  ];
  return r | (g << 8) | (b << 16) | (a << 24);
}

const OPERATORS: readonly Operator[] = [
  ...(['+', '-', '*', '/', '%', '<<', '>>', '&', '|', '^', '==', '!=', '<', '<=', '&&', '||'] as const),
];
const FUNCTIONS: Readonly<Record<ShadeFunction, number>> = {
  ...{ abs: 1, sign: 1, isqrt: 1, sin: 1, cos: 1 },
  ...{ min: 2, max: 2, hypot: 2, atan2: 2, qmul: 2, qdiv: 2, hash: 2 },
  ...{ clamp: 3, mix: 3, rgb: 3, rgba: 4 },
};

const next = int32s(5);
const RANDOM = Array.from({ length: 300 }, () => [next(), next(), next(), next()]);
const PAIRS = [...EDGE_PAIRS.map(([a, b]) => [a, b, 3, 4]), ...RANDOM];
/** Fours of which each is an edge in some. */
const FOURS = [
  ...EDGES.flatMap((a) =>
    [-1, 0, 32_768, 65_536, 70_000].flatMap((t) => [
      [a, 9, t, 300],
      [9, a, t, -4],
      [7, t, a, 255],
    ]),
  ),
  ...RANDOM,
];

function differences(value: Value, cases: readonly (readonly number[])[]): string[] {
  const shade = shadeOf(shown(value));
  return cases
    .filter((uniforms) => packed(shade, uniforms) !== told(shade, uniforms))
    .map((uniforms) => `${uniforms}: expected ${told(shade, uniforms)}, found ${packed(shade, uniforms)}`)
    .slice(0, 5);
}

describe('an operation of a shade', () => {
  it.each(OPERATORS)('%s is what unbounded integers say, at every edge and at random', (operator) => {
    expect(differences(operation(operator, uniform(0), uniform(1)), PAIRS)).toEqual([]);
    // As a test, and with an operand that is computed.
    const test = operation(operator, operation('-', uniform(0), number(1)), uniform(1));
    expect(differences(choice(test, number(5), uniform(1)), PAIRS)).toEqual([]);
  });

  it.each(Object.entries(FUNCTIONS))(
    '%s of %i is what unbounded integers say, and never fails',
    (name, count) => {
      const values = [0, 1, 2, 3].slice(0, count).map(uniform);
      const value = call(name as ShadeFunction, ...values);
      expect(differences(value, count <= 2 ? PAIRS : FOURS)).toEqual([]);
      // Of operands that are computed, each once.
      const computed = values.map((each) => operation('+', each, call('qmul', each, number(40_000))));
      expect(differences(call(name as ShadeFunction, ...computed), RANDOM)).toEqual([]);
    },
  );

  it('would be told from one that is wrong', () => {
    const right = shadeOf(shown(operation('/', uniform(0), uniform(1))));
    const wrong = shadeOf(shown(operation('%', uniform(0), uniform(1))));
    const found = PAIRS.filter((uniforms) => packed(right, uniforms) !== told(wrong, uniforms));
    expect(found.length).toBeGreaterThan(100);
  });

  it('has a value where the machine refuses: 0', () => {
    const zero = (value: Value) => packed(shadeOf(shown(value)), [-9, 0]);
    for (const operator of ['/', '%'] as const)
      expect(zero(operation(operator, uniform(0), uniform(1)))).toBe(0);
    expect(zero(call('qdiv', uniform(0), uniform(1)))).toBe(0);
    expect(zero(call('isqrt', uniform(0)))).toBe(0);
    expect(zero(operation('/', uniform(1), uniform(1)))).toBe(0);
  });

  it('may nest as deep as a line may be long', () => {
    let sum: Value = uniform(0);
    for (let index = 0; index < 1_024; index++) sum = operation('+', sum, number(index));
    let product: Value = uniform(1);
    for (let index = 0; index < 64; index++) product = call('qmul', number(65_537 + index), product);
    expect(differences(operation('^', sum, product), RANDOM)).toEqual([]);
  });
});

describe('the steps of a shade', () => {
  const count = (index: number): Step => set(index, operation('+', variable(index), number(1)));

  it('begin with the pixel, an alpha of 255, and nothing in all other variables', () => {
    const was = 0xff30c005 | 0;
    expect(packed(shadeOf([]), [], was)).toBe(was);
    expect(packed(shadeOf([set(0, variable(4)), set(2, variable(7))]), [], was)).toBe(0xff00c000 | 0);
    expect(packed(shadeOf([set(0, variable(3)), set(3, number(0))]), [], was)).toBe(0x0030c0ff);
  });

  it('bring each channel into 0 to 255 at the end, and not before', () => {
    const steps = [set(0, number(300)), set(1, number(-1)), set(2, number(256)), set(3, number(-(2 ** 31)))];
    expect(packed(shadeOf(steps), [])).toBe(0x00ff00ff);
    expect(packed(shadeOf([...steps, set(2, operation('-', variable(0), number(299)))]), [])).toBe(
      0x000100ff,
    );
  });

  it('know their place and size, and what they are given', () => {
    const of = (value: Value) => packed(shadeOf(shown(value)), [11, -22, 33], BLACK, 3, -4);
    expect((['x', 'y', 'w', 'h'] as const).map((each) => of(place(each)))).toEqual([3, -4, 5, 7]);
    expect([0, 1, 2, 3].map((index) => of(uniform(index)))).toEqual([11, -22, 33, 0]);
  });

  it('choose, repeat and leave: the innermost loop alone', () => {
    const twice = { kind: 'break', test: operation('<=', number(2), variable(5)) } as const;
    const inner: Step = { kind: 'loop', turns: 9, steps: [count(5), twice, count(6)] };
    const body = [set(5, number(0)), inner, count(4)];
    const leave: Step = { kind: 'if', test: variable(4), yes: [], no: [{ kind: 'break', test: number(1) }] };
    const steps: Step[] = [
      { kind: 'loop', turns: 3, steps: body },
      { kind: 'loop', turns: 5, steps: [leave, count(4)] },
    ];
    const shade = shadeOf([...steps, set(0, variable(4)), set(1, variable(5)), set(2, variable(6))]);
    // Three turns of one whole turn and a second one that is left; then five more.
    expect(packed(shade, [])).toBe(8 | (2 << 8) | (3 << 16) | BLACK);
    expect(told(shade, [])).toBe(packed(shade, []));
    const never = shadeOf([{ kind: 'loop', turns: 0, steps: [set(0, number(9))] }]);
    expect(packed(never, [])).toBe(BLACK);
  });
});

describe('a run of a row', () => {
  const columns = shadeOf([set(0, place('x')), set(1, variable(4)), set(4, number(99)), set(3, uniform(0))]);

  it('makes the pixels from its start up to its end anew, each by itself', () => {
    const out = new Int32Array(6).fill(BLACK);
    shaderOf(columns)(out, 1, 5, -1, 0, 9, 9, Uint32Array.of(255), 0, false, true, () => 0);
    expect([...out]).toEqual([BLACK, BLACK, BLACK, BLACK | 1, BLACK | 2, BLACK]);
  });

  it('puts what is opaque where that replaces, and blends all else on what was there', () => {
    const blended: [number, number][] = [];
    const run = (alpha: number, isOpaque: boolean, isOver: boolean): number => {
      const out = Int32Array.of(0xff0000aa | 0);
      shaderOf(columns)(
        out,
        0,
        1,
        7,
        0,
        9,
        9,
        Uint32Array.of(0, alpha),
        1,
        isOpaque,
        isOver,
        (source, was) => {
          blended.push([source >>> 0, was >>> 0]);
          return 42;
        },
      );
      return out[0] as number;
    };
    expect(run(255, false, true)).toBe(BLACK | 7);
    expect(run(99, true, true)).toBe(BLACK | 7);
    expect(blended).toEqual([]);
    expect([run(254, false, true), run(255, false, false), run(1, true, false)]).toEqual([42, 42, 42]);
    expect(blended).toEqual([
      [0xfe000007, 0xff0000aa],
      [0xff000007, 0xff0000aa],
      [0xff000007, 0xff0000aa],
    ]);
  });
});

describe('a script', () => {
  it('has numbers, operators and names of its own alone, whatever stood in the program', () => {
    const steps: Step[] = [
      ...Object.entries(FUNCTIONS).map(([name, length]) =>
        set(5, call(name as ShadeFunction, ...[0, 1, 2, 3].slice(0, length).map(uniform))),
      ),
      ...OPERATORS.map((operator) => set(6, operation(operator, variable(5), number(-3)))),
      { kind: 'if', test: place('x'), yes: [{ kind: 'loop', turns: 3, steps: [] }], no: [set(1, number(2))] },
    ];
    const known = new Set([
      ...['use', 'strict', 'const', 'let', 'for', 'if', 'else', 'break', 'Math', 'imul', 'min', 'max', 'abs'],
      ...[
        'mix',
        'isqrt',
        'hypot',
        'sin',
        'cos',
        'atan2',
        'rgba',
        'hash',
        'i',
        'x',
        'was',
        'color',
        'r',
        'g',
        'b',
        'a',
      ],
      ...PARAMETERS,
    ]);
    const words = scriptOf(shadeOf(steps)).match(/[A-Za-z_$][\w$]*/g) ?? [];
    expect(words.filter((word) => !known.has(word) && !/^[vuti]\d+$/.test(word))).toEqual([]);
    expect(words.length).toBeGreaterThan(100);
  });
});

describe('the shader', () => {
  it('keeps 64 functions, and makes one anew that was not asked for longest', () => {
    const shades = Array.from({ length: 65 }, (_, index) => shadeOf([set(0, number(1_000 + index))]));
    const functions = shades.slice(0, 64).map(shaderOf);
    expect(new Set(functions).size).toBe(64);
    // An equal one is the same.
    expect(shaderOf({ ...(shades[0] as Shade) })).toBe(functions[0]);
    shaderOf(shades[64] as Shade);
    expect(shaderOf(shades[0] as Shade)).toBe(functions[0]);
    expect(shaderOf(shades[1] as Shade)).not.toBe(functions[1]);
    expect(packed(shades[1] as Shade, [])).toBe(BLACK | 255);
  });
});

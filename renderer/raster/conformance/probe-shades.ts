/** The probe's shades: one body that every operation, function and kind of step takes a part in, between other shapes. */
import { BLENDS } from '../../display/blends.ts';
import type { EncodedList } from '../../display/builder.ts';
import { encode } from '../../display/encode.ts';
import type { ShadeShape, Shape } from '../../display/list.ts';
import type { Operator, Shade, ShadeFunction, Step, Value } from '../../shade/shade.ts';
import { inMode, rect, rgba, spans } from './case.ts';

/** More than a tile across, and no multiple of four. */
const CANVAS = { width: 41, height: 27 };

const OPERATORS: readonly Operator[] = [
  ...(['+', '-', '*', '/', '%', '<<', '>>', '&', '|', '^', '==', '!=', '<', '<=', '&&', '||'] as const),
];
/** Each with the numbers that it takes. */
const FUNCTIONS: readonly (readonly [name: ShadeFunction, takes: number])[] = [
  ...([['abs', 1] as const, ['sign', 1], ['isqrt', 1], ['sin', 1], ['cos', 1], ['min', 2]] as const),
  ...([['max', 2] as const, ['hypot', 2], ['atan2', 2], ['qmul', 2], ['qdiv', 2], ['hash', 2]] as const),
  ...([['clamp', 3] as const, ['mix', 3], ['rgb', 3], ['rgba', 4]] as const),
];

/** What is given: numbers at which arithmetic goes wrong first. */
const EDGES = [0, 1, -1, -(2 ** 31), 2 ** 31 - 1, 65_536, -65_536, 46_341] as const;

const [A, B, FOUND] = [4, 5, 6] as const;

const number = (value: number): Value => ({ kind: 'number', value });
const variable = (index: number): Value => ({ kind: 'variable', index });
const place = (of: 'x' | 'y' | 'w' | 'h'): Value => ({ kind: 'place', of });
const set = (index: number, value: Value): Step => ({ kind: 'set', variable: index, value });
const call = (name: ShadeFunction, ...values: Value[]): Value => ({ kind: 'call', name, values });
const operation = (left: Value, operator: Operator, right: Value | number): Value => ({
  ...{ kind: 'operation', operator, left },
  right: typeof right === 'number' ? number(right) : right,
});

/** Whatever one operation gives otherwise, the pixel becomes another. */
export const PROBE_SHADE: Shade = shadeOf([
  set(A, operand('x', 'y', 0)),
  set(B, operand('y', 'x', 1)),
  ...OPERATORS.map((operator) => stir(operation(variable(A), operator, variable(B)))),
  ...FUNCTIONS.map(([name, takes]) => stir(call(name, ...operands().slice(0, takes)))),
  ...turns(),
  ...channels(),
]);

/** The picture: on a ground of other shapes, in every mode, opaque and not, hanging over every edge, under other shapes. */
export function shadedProbe(): EncodedList {
  const { width, height } = CANVAS;
  const shapes: Shape[] = [];
  for (let x = 0; x < width; x++) shapes.push(rect(x, 0, x + 1, height, rgba(x * 6, 255 - x * 5, x * 37)));
  shapes.push(shaded(0, 0, width, height));
  shapes.push(rect(3, 3, 12, 20, rgba(90, 120, 30, 0x90)));
  for (const { name, number: column } of BLENDS) {
    const left = column * 8 - 2;
    shapes.push(inMode(name, shaded(left, 2 + column, left + 7, 16 - column)));
    shapes.push(inMode(name, { ...shaded(left, 14 + column, left + 9, height + 3), isOpaque: true }));
    shapes.push(spans(9 + column, [[left + 1, left + 5]], rgba(250, 250, 10, 0xa0)));
  }
  return encode(shapes, CANVAS);
}

function shaded(x0: number, y0: number, x1: number, y1: number): ShadeShape {
  const rectangle = { left: x0 - 3, top: y0 - 5, width: x1 - x0 + 70, height: y1 - y0 + 90 };
  const uniforms = [...EDGES];
  return { kind: 'shade', x0, y0, x1, y1, ...rectangle, shade: PROBE_SHADE, uniforms, isOpaque: false };
}

/** An edge in every fourth column or row, and else a number of any size. */
function operand(of: 'x' | 'y', other: 'x' | 'y', seed: number): Value {
  const which = operation(operation(place(of), '>>', 2), '&', EDGES.length - 1);
  let edge: Value = number(0);
  for (let index = 0; index < EDGES.length; index++) {
    const yes: Value = { kind: 'uniform', index };
    edge = { kind: 'choice', test: operation(which, '==', index), yes, no: edge };
  }
  const hashed = call('hash', place(of), operation(place(other), '+', seed));
  const any = operation(hashed, '>>', operation(operation(place(other), '&', 7), '*', 4));
  const isEdge = operation(operation(place(of), '&', 3), '==', seed);
  return { kind: 'choice', test: isEdge, yes: edge, no: any };
}

function operands(): readonly Value[] {
  const part = (bits: number): Value => operation(variable(FOUND), '>>', bits);
  return [variable(A), variable(B), part(14), part(22)];
}

function stir(value: Value): Step {
  return set(FOUND, call('hash', variable(FOUND), value));
}

function turns(): readonly Step[] {
  const found = variable(FOUND);
  const inner: Step = {
    kind: 'loop',
    turns: 3,
    steps: [set(FOUND, operation(found, '+', place('h'))), { kind: 'break', test: operation(found, '&', 4) }],
  };
  const steps: Step[] = [
    set(FOUND, operation(operation(found, '*', 5), '+', place('w'))),
    {
      kind: 'if',
      test: operation(found, '&', 1),
      yes: [inner],
      no: [{ kind: 'break', test: operation(found, '&', 8) }],
    },
  ];
  return [{ kind: 'loop', turns: 6, steps }];
}

/** Of what the pixel was too; each also beyond what a channel holds. */
function channels(): readonly Step[] {
  const byte = (bits: number): Value => operation(operation(variable(FOUND), '>>', bits), '&', 255);
  return [
    ...[0, 1, 2].map((index) => set(index, operation(variable(index), '^', byte(8 * index)))),
    set(1, operation(operation(variable(1), '*', 2), '-', 128)),
    set(3, operation(operation(byte(24), '*', 2), '-', 128)),
  ];
}

function shadeOf(steps: readonly Step[]): Shade {
  const parts = { variables: 7, uniforms: EDGES.length, steps, price: 200, readsPixel: true };
  return { ...parts, key: JSON.stringify(parts) };
}

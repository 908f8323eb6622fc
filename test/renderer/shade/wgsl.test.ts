/** The WGSL of shades: its text, and on a GPU every operation at every edge and random programs, against the CPU. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EncodedList, ListBuilder } from '../../../renderer/display/builder.ts';
import type { TrustedGpu } from '../../../renderer/host/gpu/trust.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { comparePictures } from '../../../renderer/raster/conformance/comparer.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { plan } from '../../../renderer/raster/plan.ts';
import type { Operator, ShadeFunction, Step, Value } from '../../../renderer/shade/shade.ts';
import { wgslOf } from '../../../renderer/shade/wgsl.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { EDGES } from '../../support/int32.ts';
import { describeWithGpu } from '../../support/software-gpu.ts';
import { IMAGES } from '../machine/program-pictures.ts';
import { cases } from '../machine/programs.ts';
import { openProgramGpu } from '../raster/random-programs.ts';
import { call, choice, number, operation, place, set, shadeOf, shown, uniform, variable } from './made.ts';

const OPERATORS: readonly Operator[] = [
  ...(['+', '-', '*', '/', '%', '<<', '>>', '&', '|', '^', '==', '!=', '<', '<=', '&&', '||'] as const),
];
const FUNCTIONS: Readonly<Record<ShadeFunction, number>> = {
  ...{ abs: 1, sign: 1, isqrt: 1, sin: 1, cos: 1 },
  ...{ min: 2, max: 2, hypot: 2, atan2: 2, qmul: 2, qdiv: 2, hash: 2 },
  ...{ clamp: 3, mix: 3, rgb: 3, rgba: 4 },
};

/** Each is compiled anew, which takes a GPU in software the most of its time. */
const PROGRAMS = 30;

const SIDE = EDGES.length;
const CANVAS = { width: SIDE, height: SIDE };

/**
 * A picture of all of the values, in which variable 4 is the edge of each column and variable 5 that of each row. Edges take
 * longer to compile than values, so what is alike shares them.
 */
function everyPair(...values: readonly Value[]): EncodedList {
  const edge = (of: 'x' | 'y'): Value =>
    EDGES.reduce<Value>(
      (other, _, index) => choice(operation('==', place(of), number(index)), uniform(index), other),
      number(0),
    );
  const all = values
    .map((value, index) => call('hash', value, number(3 + index)))
    .reduce((one, other) => operation('^', one, other));
  const steps: Step[] = [set(4, edge('x')), set(5, edge('y')), ...shown(all)];
  const shade = { ...shadeOf(steps), uniforms: SIDE, key: JSON.stringify(steps) };
  const builder = new ListBuilder();
  const box = { x0: 0, y0: 0, x1: SIDE, y1: SIDE, left: 0, top: 0, width: SIDE, height: SIDE };
  builder.shade({ ...box, shade, uniforms: EDGES, isOpaque: true });
  return builder.finish(CANVAS);
}

describe('the text of a shade', () => {
  it('has the functions that it uses, and those that they call, alone', () => {
    const named = (value: Value) =>
      [...wgslOf(shadeOf([set(0, value)])).matchAll(/^fn shade_(\w+)/gm)].map(([, name]) => name);
    const always = ['clamp', 'max', 'min', 'rgba'];
    expect(named(number(1))).toEqual(always);
    expect(named(call('cos', number(1)))).toEqual([...always, 'cos', 'sin', 'wave'].sort());
    expect(named(operation('/', number(1), number(0)))).toEqual([...always, 'quotient', 'size'].sort());
  });

  it('computes with names alone, where WGSL would refuse literals that wrap', () => {
    const text = wgslOf(shadeOf([set(0, operation('+', number(2 ** 31 - 1), number(-(2 ** 31))))]));
    expect(text).toContain('let n2147483647 = i32(2147483647);');
    expect(text).toContain('let m2147483648 = i32(-2147483648);');
    expect(text).toContain('let t0 = n2147483647 + m2147483648;\nv0 = t0;');
  });
});

describeWithGpu('shades on a GPU', () => {
  let gpu: TrustedGpu;
  beforeAll(async () => {
    gpu = await openProgramGpu();
  });
  afterAll(() => gpu?.device.destroy());

  /** How the GPU's picture differs from the CPU's, whole and in pieces. */
  async function complaints(list: EncodedList, pieces = { bandBytes: 1_500, dispatchWork: 2 ** 14 }) {
    const expected = paintOnCpu(list);
    const found: string[] = [];
    for (const cut of [{}, pieces]) {
      const { pixels } = await gpu.engine.play(plan(list, { ...gpu.engine.limits, ...cut }));
      found.push(...[comparePictures(expected, pixels, list.canvas) ?? []].flat());
    }
    return found;
  }

  const whole = { bandBytes: 2 ** 20, dispatchWork: 2 ** 18 };

  it.each(OPERATORS)(
    'compute %s of every pair of edges as the CPU does',
    { timeout: 60_000 },
    async (each) => {
      expect(await complaints(everyPair(operation(each, variable(4), variable(5))), whole)).toEqual([]);
    },
  );

  it.each(Object.entries(FUNCTIONS))(
    'compute %s of %i as the CPU does',
    { timeout: 60_000 },
    async (name, takes) => {
      const further = [operation('-', number(70_000), variable(4)), number(9)];
      const values = [
        [variable(4), variable(5), ...further],
        [number(-7), variable(4), variable(5), variable(4)],
      ].map((given) => call(name as ShadeFunction, ...given.slice(0, takes)));
      expect(await complaints(everyPair(...values), whole)).toEqual([]);
    },
  );

  it('would be told from those that are wrong', async () => {
    const [right, wrong] = (['/', '%'] as const).map((each) =>
      everyPair(operation(each, variable(4), variable(5))),
    ) as [EncodedList, EncodedList];
    const { pixels } = await gpu.engine.play(plan(wrong, gpu.engine.limits));
    expect(comparePictures(paintOnCpu(right), pixels, CANVAS)).toMatch(/pixels differ$/);
  });

  it('nest as deep as a line may be long, and blocks as deep as they may', { timeout: 120_000 }, async () => {
    let sum: Value = variable(4);
    for (let index = 0; index < 900; index++) sum = operation('+', sum, number(index));
    expect(await complaints(everyPair(sum), whole)).toEqual([]);
    const depth = 62;
    const lines = Array.from({ length: depth }, (_, index) => `IF x>${index - 1}\nADD r 3`);
    const text = ['SHADE 0 0 70 2', ...lines, ...Array(depth).fill('END'), 'END'].join('\n');
    expect(await complaints(run(parse(sourceOf(text)), { width: 70, height: 2 }).list)).toEqual([]);
  });

  it(`of ${PROGRAMS} random programs give the bytes of the CPU, whole and in pieces`, {
    timeout: 240_000,
  }, async () => {
    let [programs, several] = [0, 0];
    for (const each of fc.sample(cases, { seed: 20_261_121, numRuns: 30 * PROGRAMS })) {
      if (programs === PROGRAMS) break;
      const text = print(each);
      const list = listOf(text, each);
      if (list === undefined || list.shades.length === 0) continue;
      programs++;
      if (list.shades.length > 1) several++;
      expect([text, await complaints(list)]).toEqual([text, []]);
    }
    expect(programs).toBe(PROGRAMS);
    expect(several).toBeGreaterThan(1);
  });
});

/** Undefined where it is refused, or asks more of a GPU than a test should. */
function listOf(text: string, { canvas, params }: { canvas: EncodedList['canvas']; params: object }) {
  try {
    const allowance = { steps: 20_000, shapes: 60, pixels_written: 100_000, shade: 500_000, bytes: 20_000 };
    return run(parse(sourceOf(text)), canvas, {
      params: params as Record<string, number>,
      allowance,
      images: IMAGES,
    }).list;
  } catch (error) {
    if (error instanceof AuthorFault) return undefined;
    throw error;
  }
}

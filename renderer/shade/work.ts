/** The work of a shade on a GPU, where a function counts for what it is made of there; a price counts it once. */
import type { Shade, ShadeFunction, Step, Value } from './shade.ts';

/** What a pixel takes besides: finding, reading, blending and writing it. */
const PIXEL = 64;
const DIVISION = 8;

const CALLS: Readonly<Record<ShadeFunction, number>> = {
  ...{ min: 1, max: 1, abs: 2, sign: 2, clamp: 2, mix: 12, rgb: 12, rgba: 12, qmul: 8, hash: 10 },
  ...{ sin: 12, cos: 12, qdiv: 100, isqrt: 80, atan2: 250, hypot: 700 },
};

/** Operations for one pixel, at most. */
export function workOf({ steps }: Shade): number {
  return PIXEL + ofSteps(steps, (turns) => turns);
}

/** Operations that its text comes to where compilers put functions in place of their calls. */
export function sizeOf({ steps }: Shade): number {
  return ofSteps(steps, () => 1);
}

/** Whether a part of it reads the table of a quarter wave. */
export function readsWave({ steps }: Shade): boolean {
  return steps.some(stepReadsWave);
}

type Turns = (turns: number) => number;

function ofSteps(steps: readonly Step[], counted: Turns): number {
  return steps.reduce((sum, step) => sum + ofStep(step, counted), 0);
}

function ofStep(step: Step, counted: Turns): number {
  switch (step.kind) {
    case 'set':
      return 1 + ofValue(step.value);
    case 'if':
      return 1 + ofValue(step.test) + ofSteps(step.yes, counted) + ofSteps(step.no, counted);
    case 'loop':
      return 1 + counted(step.turns) * (1 + ofSteps(step.steps, counted));
    case 'break':
      return 1 + ofValue(step.test);
  }
}

function ofValue(value: Value): number {
  const own =
    value.kind === 'call'
      ? CALLS[value.name]
      : value.kind === 'operation' && (value.operator === '/' || value.operator === '%')
        ? DIVISION
        : 1;
  return partsOf(value).reduce((sum, part) => sum + ofValue(part), own);
}

function stepReadsWave(step: Step): boolean {
  switch (step.kind) {
    case 'set':
      return valueReadsWave(step.value);
    case 'if':
      return valueReadsWave(step.test) || [...step.yes, ...step.no].some(stepReadsWave);
    case 'loop':
      return step.steps.some(stepReadsWave);
    case 'break':
      return valueReadsWave(step.test);
  }
}

function valueReadsWave(value: Value): boolean {
  if (value.kind === 'call' && ['sin', 'cos', 'atan2'].includes(value.name)) return true;
  return partsOf(value).some(valueReadsWave);
}

function partsOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'operation':
      return [value.left, value.right];
    case 'choice':
      return [value.test, value.yes, value.no];
    case 'call':
      return value.values;
    default:
      return [];
  }
}

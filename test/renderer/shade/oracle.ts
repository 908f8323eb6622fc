/** A second reading of what a shade is, in unbounded integers, step by step: slow, and obviously right. */
import type { Operation, Shade, Step, Value } from '../../../renderer/shade/shade.ts';
import { Chance, functionsWith } from '../machine/oracle-values.ts';

const FUNCTIONS = functionsWith(new Chance());
const wrap = (n: bigint): bigint => BigInt.asIntN(32, n);

/** Where a pixel is, and what the shade is given. */
export interface Given {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly uniforms: ArrayLike<number>;
}

class Broken extends Error {}

/** What a pixel becomes: red, green, blue and alpha, from 0 to 255. */
export function shadedBy(shade: Shade, pixel: readonly number[], given: Given): number[] {
  const variables = Array<bigint>(shade.variables).fill(0n);
  for (const [channel, value] of [...pixel.slice(0, 3), 255].entries()) variables[channel] = BigInt(value);
  run(shade.steps, variables, given);
  return variables.slice(0, 4).map((value) => Math.min(255, Math.max(0, Number(value))));
}

function run(steps: readonly Step[], variables: bigint[], given: Given): void {
  const of = (value: Value): bigint => valueFrom(value, variables, given);
  for (const step of steps) {
    if (step.kind === 'set') variables[step.variable] = of(step.value);
    else if (step.kind === 'if') run(of(step.test) === 0n ? step.no : step.yes, variables, given);
    else if (step.kind === 'break') {
      if (of(step.test) !== 0n) throw new Broken();
    } else {
      try {
        for (let turn = 0; turn < step.turns; turn++) run(step.steps, variables, given);
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
      }
    }
  }
}

function valueFrom(value: Value, variables: readonly bigint[], given: Given): bigint {
  const of = (part: Value): bigint => valueFrom(part, variables, given);
  switch (value.kind) {
    case 'number':
      return BigInt(value.value);
    case 'variable':
      return variables[value.index] as bigint;
    case 'uniform':
      return BigInt(given.uniforms[value.index] ?? 0);
    case 'place':
      return wrap(BigInt(given[value.of]));
    case 'choice':
      return of(of(value.test) === 0n ? value.no : value.yes);
    case 'operation':
      return operated(value, of(value.left), of(value.right));
    case 'call': {
      const values = value.values.map(of);
      if (value.name === 'isqrt' && (values[0] as bigint) < 0n) return 0n;
      if (value.name === 'qdiv' && values[1] === 0n) return 0n;
      return (FUNCTIONS[value.name] as (...values: bigint[]) => bigint)(...values);
    }
  }
}

function operated({ operator }: Operation, a: bigint, b: bigint): bigint {
  const truth = (said: boolean): bigint => (said ? 1n : 0n);
  switch (operator) {
    case '+':
      return wrap(a + b);
    case '-':
      return wrap(a - b);
    case '*':
      return wrap(a * b);
    case '/':
      return b === 0n ? 0n : wrap(a / b);
    case '%':
      return b === 0n ? 0n : a % b;
    case '<<':
      return wrap(a << (b & 31n));
    case '>>':
      return a >> (b & 31n);
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '&&':
      return truth(a !== 0n && b !== 0n);
    case '||':
      return truth(a !== 0n || b !== 0n);
  }
}

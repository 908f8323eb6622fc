/** Constants of a run: what expressions of numbers, PARAMs, `width` and `height` come to before it begins. */
import type { Canvas } from '../../shared/canvas.ts';
import { invariant } from '../../shared/faults.ts';
import type { Params } from '../../shared/params.ts';
import type { BinaryOperator, Expression } from '../language/ast.ts';
import { literalValue } from '../language/literal.ts';
import { divide, remainder } from './integer.ts';
import { byZero } from './refused.ts';

/** What a constant may depend on. */
export interface Given {
  readonly canvas: Canvas;
  readonly params: Params;
}

/** What an operator of two values gives, but for those that may leave their right side alone. */
const OPERATIONS: Readonly<Partial<Record<BinaryOperator, (a: number, b: number) => number>>> = {
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '&': (a, b) => a & b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '+': (a, b) => (a + b) | 0,
  '-': (a, b) => (a - b) | 0,
  '*': Math.imul,
  '/': (a, b) => divide(a, nonzero(a, b, '/')),
  '%': (a, b) => remainder(a, nonzero(a, b, '%')),
};

/**
 * The value of an expression that the checker has found constant.
 *
 * @throws {Refused} for a division by 0
 */
export function constantOf(expression: Expression, given: Given): number {
  const of = (part: Expression): number => constantOf(part, given);
  switch (expression.kind) {
    case 'number':
    case 'colour':
      return literalValue(expression) as number;
    case 'name':
      return named(expression.name, given);
    case 'unary': {
      const value = of(expression.operand);
      if (expression.operator === '-') return (0 - value) | 0;
      return expression.operator === '~' ? ~value : Number(value === 0);
    }
    case 'binary': {
      const { operator, left, right } = expression;
      const a = of(left);
      if (operator === '&&') return Number(a !== 0 && of(right) !== 0);
      if (operator === '||') return Number(a !== 0 || of(right) !== 0);
      return (OPERATIONS[operator] as (a: number, b: number) => number)(a, of(right));
    }
    case 'choice':
      return of(of(expression.test) !== 0 ? expression.yes : expression.no);
    default:
      invariant(false, 'a constant holds no cells and no calls');
  }
}

function named(name: string, { canvas, params }: Given): number {
  // Not as a property that an object has from elsewhere: a PARAM may be called __proto__.
  if (Object.hasOwn(params, name)) return params[name] as number;
  if (name === 'width' || name === 'height') return canvas[name];
  return literalValue({ kind: 'name', name, at: 0 }) as number;
}

function nonzero(a: number, b: number, operator: string): number {
  if (b === 0) throw byZero(`${a} ${operator} 0`);
  return b;
}

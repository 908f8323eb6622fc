/** The operators of two values: how they are written, and how tightly they bind. */
import type { BinaryOperator } from './ast.ts';

/** How tightly each operator binds; equal ones are read from the left. */
export const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

/** The operator that begins at `at`; of two that do, the longer one. */
export function operatorAt(line: string, at: number, end: number): BinaryOperator | undefined {
  if (at >= end) return undefined;
  const next = at + 1 < end ? line.charCodeAt(at + 1) : 0;
  switch (line.charCodeAt(at)) {
    case 0x2b:
      return '+';
    case 0x2d:
      return '-';
    case 0x2a:
      return '*';
    case 0x2f:
      return '/';
    case 0x25:
      return '%';
    case 0x5e:
      return '^';
    case 0x7c:
      return next === 0x7c ? '||' : '|';
    case 0x26:
      return next === 0x26 ? '&&' : '&';
    case 0x3d:
      return next === 0x3d ? '==' : undefined;
    case 0x21:
      return next === 0x3d ? '!=' : undefined;
    case 0x3c:
      return next === 0x3c ? '<<' : next === 0x3d ? '<=' : '<';
    case 0x3e:
      return next === 0x3e ? '>>' : next === 0x3d ? '>=' : '>';
    default:
      return undefined;
  }
}

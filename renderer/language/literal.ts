/** Literals: what numbers, colours and the names of colours stand for. */
import type { Expression } from './ast.ts';
import { colourNamed, colourOfDigits } from './colours.ts';

/** The value of a literal, signed 32-bit; undefined for an expression, and for a name that is no colour's. */
export function literalValue(node: Expression): number | undefined {
  if (node.kind === 'number') return node.value;
  if (node.kind === 'colour') return colourOfDigits(node.digits);
  return node.kind === 'name' ? colourNamed(node.name) : undefined;
}

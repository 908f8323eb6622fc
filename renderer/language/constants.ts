/** Constants: expressions that are known before the program runs, such as the size of a DIM. */
import type { Expression, NameNode } from './ast.ts';
import type { NameFaults } from './name-faults.ts';
import type { Meaning } from './vocabulary.ts';

/** What names mean there, and what is said of one that means nothing. */
export interface Known {
  meaning(name: string): Meaning | undefined;
  unknown(node: NameNode): void;
}

/**
 * Refuses what an expression holds besides numbers, PARAMs, `width` and `height`.
 *
 * @param whose what messages call it: `the size of a DIM`
 */
export function requireConstant(
  expression: Expression,
  whose: string,
  known: Known,
  faults: NameFaults,
): void {
  const refuse = (node: { readonly name: string; readonly at: number }) => {
    faults.refuse(node, 'PXL-E017', 'Expected a PARAM, width or height', 'which is neither', holds(whose));
  };
  const look = (part: Expression): void => requireConstant(part, whose, known, faults);
  switch (expression.kind) {
    case 'name': {
      const meaning = known.meaning(expression.name);
      if (meaning === undefined) known.unknown(expression);
      else if (meaning !== 'param' && meaning !== 'constant') refuse(expression);
      break;
    }
    case 'cell':
    case 'call':
      refuse(expression);
      break;
    case 'unary':
      look(expression.operand);
      break;
    case 'binary':
      look(expression.left);
      look(expression.right);
      break;
    case 'choice':
      for (const part of [expression.test, expression.yes, expression.no]) look(part);
      break;
    default:
  }
}

/** The advice for what it may not hold. */
export function holds(whose: string): string {
  return `${whose} holds numbers, PARAMs, width and height`;
}

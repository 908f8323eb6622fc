/** The oracle's scales: what a line weighs in the price. */
import type { Expression, Operand, Statement } from '../../../renderer/language/ast.ts';
import { FUNCTIONS } from '../../../renderer/language/functions.ts';

/** Operators, calls, indexings and arguments. */
export function weightOf({ opcode, operands }: Pick<Statement, 'opcode' | 'operands'>): number {
  const weights = operands.map((operand) => weigh(operand)).reduce((sum, weight) => sum + weight, 0);
  return weights + (opcode === 'CALL' ? operands.length - 1 : 0);
}

function weigh(node: Operand): number {
  const all = (...nodes: readonly Expression[]): number => nodes.reduce((sum, each) => sum + weigh(each), 0);
  switch (node.kind) {
    case 'cell':
      return 1 + weigh(node.index);
    case 'call':
      return (
        (FUNCTIONS.find(({ name }) => name === node.name)?.weight ?? 1) +
        node.values.length +
        all(...node.values)
      );
    case 'unary':
      return 1 + weigh(node.operand);
    case 'binary':
      return 1 + all(node.left, node.right);
    case 'choice':
      return 1 + all(node.test, node.yes, node.no);
    default:
      return 0;
  }
}

/** The oracle's scales: what a line weighs in the price. */
import type { Expression, Operand, Statement } from '../../../renderer/language/ast.ts';
import { FUNCTIONS } from '../../../renderer/language/functions.ts';
import type { OpcodeName } from '../../../renderer/language/opcodes.ts';

/** Operands before those that may come as often as one likes, of which each weighs 1. */
const FEW: Readonly<Partial<Record<OpcodeName, number>>> = { CALL: 1, POLYLINE: 2, POLY: 4 };

/** Operators, calls, indexings and arguments. */
export function weightOf({ opcode, operands }: Pick<Statement, 'opcode' | 'operands'>): number {
  const weights = operands.map((operand) => weigh(operand)).reduce((sum, weight) => sum + weight, 0);
  return weights + operands.length - (FEW[opcode] ?? operands.length);
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
    case 'measure':
      return FUNCTIONS.find(({ name }) => name === 'tw')?.weight as number;
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

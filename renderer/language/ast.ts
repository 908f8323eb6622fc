/** The program as the parser leaves it: a record per line, so that comments and blank lines survive printing. */
import type { OpcodeName, OpcodeRow } from './opcodes.ts';

interface Blank {
  readonly kind: 'blank';
}

interface Comment {
  readonly kind: 'comment';
  /** What follows the `#`, without the blanks, tabs and CRs that end the line. */
  readonly text: string;
}

type OperandsOf<Row extends OpcodeRow> = {
  readonly [O in Row['operands'][number] as O['name']]: O['kind'] extends 'integer' ? number : string;
};

interface StatementOf<Row extends OpcodeRow> {
  readonly kind: 'statement';
  /** Counts from 1. */
  readonly line: number;
  readonly opcode: Row['name'];
  /** Integers are signed 32-bit and never −0. */
  readonly operands: OperandsOf<Row>;
}

/** One opcode with its operands: the table of opcodes, row by row, as a union. */
export type Statement = { [Row in OpcodeRow as Row['name']]: StatementOf<Row> }[OpcodeName];

export type Line = Blank | Comment | Statement;

/** `lines[n]` is what line n + 1 of the source says. */
export interface Program {
  readonly lines: readonly Line[];
}

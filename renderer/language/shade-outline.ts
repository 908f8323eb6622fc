/** The outline of SHADEs: which lines stand in each, and what may stand there. */
import type { Statement } from './ast.ts';
import type { Scope } from './scope.ts';

/** The lines of one SHADE. */
export interface ShadeLines {
  /** Its first line; undefined where that could not be read. */
  readonly head: Statement | undefined;
  /** The scope that it stands in. */
  readonly scope: Scope;
  /** Those in it, from the top, its END included. */
  readonly statements: Statement[];
  /** Whether a line that may not stand in it ended it before its END: names of its own may be looked for behind that. */
  isTorn: boolean;
}

const INSIDE: ReadonlySet<string> = new Set(['SET', 'ADD', 'IF', 'ELSE', 'LOOP', 'BREAK', 'END']);

/** Whether a statement may stand in a SHADE; of an IF, whether it has no JMP. */
export function mayShade({ opcode, operands }: Pick<Statement, 'opcode' | 'operands'>): boolean {
  return INSIDE.has(opcode) && (opcode !== 'IF' || operands.length === 1);
}

/** Collects the SHADEs of a program while its lines are walked. */
export class ShadeOutline {
  readonly all: ShadeLines[] = [];
  /** The SHADE that is open. */
  current: ShadeLines | undefined;
  /** LOOPs that are open in it. */
  loops = 0;
  /** Whether a line ended a SHADE before its END: what of it still comes is not complained of. */
  isTorn = false;

  open(head: Statement | undefined, scope: Scope): void {
    this.isTorn = false;
    this.loops = 0;
    this.current = { head, scope, statements: [], isTorn: false };
    this.all.push(this.current);
  }

  /** Its END, or one that ends nothing. */
  close(): void {
    this.current = undefined;
    this.isTorn = false;
  }

  /** A line that may not stand in the SHADE that is open, or the program's end. */
  tear(): void {
    if (this.current !== undefined) this.current.isTorn = true;
    this.current = undefined;
    this.isTorn = true;
  }
}

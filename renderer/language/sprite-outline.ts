/** The outline of SPRITEs: which INKs and ROWs stand in each, and what may stand there. */
import type { Statement } from './ast.ts';

/** The lines of one SPRITE. */
export interface SpriteLines {
  /** Its first line; undefined where that could not be read. */
  readonly head: Statement | undefined;
  readonly inks: Statement[];
  readonly rows: Statement[];
  /** Whether a line of it could not be read, or is not there: what it lacks may stand in that. */
  isDoubtful: boolean;
}

const INSIDE: ReadonlySet<string> = new Set(['INK', 'ROW', 'END']);

/** Whether an opcode may stand in a SPRITE. */
export function isOfSprites(opcode: string): boolean {
  return INSIDE.has(opcode);
}

/** Collects the SPRITEs of a program while its lines are walked. */
export class SpriteOutline {
  readonly all: SpriteLines[] = [];
  #current: SpriteLines | undefined;
  /** Whether a line ended a SPRITE before its END: what of it still comes is not complained of. */
  #isTorn = false;

  open(head: Statement | undefined): void {
    this.#isTorn = false;
    this.#current = { head, inks: [], rows: [], isDoubtful: false };
    this.all.push(this.#current);
  }

  /** Takes an INK or a ROW; false where it stands in no SPRITE. */
  take(statement: Statement): boolean {
    this.#current?.[statement.opcode === 'INK' ? 'inks' : 'rows'].push(statement);
    return this.#current !== undefined || this.#isTorn;
  }

  /** A line of the SPRITE that is open could not be read. */
  doubt(): void {
    if (this.#current !== undefined) this.#current.isDoubtful = true;
  }

  /** Its END, or one that ends nothing. */
  close(): void {
    this.#current = undefined;
    this.#isTorn = false;
  }

  /** A line that may not stand in the SPRITE that is open, or the program's end. */
  tear(): void {
    this.doubt();
    this.#current = undefined;
    this.#isTorn = true;
  }
}

/** Complaints about names, all in one form, and the names that are nobody's to take. */
import { quoted } from './caret.ts';
import type { FaultCode } from './codes.ts';
import type { Complain } from './complaints.ts';
import { isOfTheCanvas, type Vocabulary } from './vocabulary.ts';

/** Advice, or how to find it where that takes a search. */
type Hint = string | (() => string);

/** A name with its place. */
export interface Named {
  readonly name: string;
  /** UTF-16 units of the line, from 0. */
  readonly at: number;
}

/** Reports about one line after the other. */
export class NameFaults {
  readonly #report: Complain;
  /** The line that is looked at. */
  line = 0;

  constructor(report: Complain) {
    this.#report = report;
  }

  /** `expected`, found the name; `found` says more of it. */
  refuse({ name, at }: Named, code: FaultCode, expected: string, found: string, hint: Hint): void {
    const apposition = /^(which|twice)/.test(found) ? `, ${found}` : found;
    this.say({ name, at }, code, `${expected}, found ${quoted(name)}${apposition}`, hint);
  }

  miscounted(node: Named, wanted: number, given: number, hint: Hint): void {
    const message = `Expected ${wanted} argument${wanted === 1 ? '' : 's'} for ${node.name}, found ${given}`;
    this.say(node, 'PXL-E020', message, hint);
  }

  say({ name, at }: Named, code: FaultCode, message: string, hint: Hint): void {
    this.#report(this.line, at, at + name.length, () => {
      return { code, message, hint: typeof hint === 'string' ? hint : hint() };
    });
  }

  /** Complains of a name that the language has taken; false when it has. */
  requireFree(node: Named): boolean {
    if (!isOfTheCanvas(node.name)) return true;
    const found = `which is the canvas's`;
    this.refuse(node, 'PXL-E017', 'Expected a name that is free', found, 'take another name');
    return false;
  }

  /** A variable or an argument: neither of the canvas nor anything declared. */
  requireOwn(node: Named, expected: string, vocabulary: Vocabulary): void {
    if (!this.requireFree(node)) return;
    const declared = vocabulary.declared(node.name);
    if (declared === undefined) return;
    const found = `which line ${declared.line} declares with ${declared.opcode}`;
    this.refuse(node, 'PXL-E017', `Expected ${expected}`, found, changing(declared.opcode));
  }
}

function changing(opcode: string): string {
  return opcode === 'PARAM' ? 'only whoever renders the program sets a PARAM' : 'one name means one thing';
}

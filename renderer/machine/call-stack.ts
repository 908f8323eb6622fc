/** The stack of calls: where each returns to, whose frame is whose, and the chain that a refusal names. */
import { LIMITS } from '../../shared/limits.ts';
import { type Callee, INSTRUCTION_WORDS, type MachineCode } from './instructions.ts';
import { Refused } from './refused.ts';

/** Of each call: the word to return to, the caller's frame, the callee, and the calls of the run with this one. */
const CALL_WORDS = 4;

export class CallStack {
  readonly #words = new Int32Array(CALL_WORDS * LIMITS.callDepth);
  #depth = 0;
  #calls = 0;

  /**
   * @param callee its number in MachineCode.callees
   * @throws {Refused} PXL-E027 when calls are too deep
   */
  enter(returnTo: number, frame: number, callee: number): void {
    if (this.#depth === LIMITS.callDepth) {
      const message = `Expected calls at most ${LIMITS.callDepth} deep, found one deeper`;
      throw new Refused('PXL-E027', message, 'a DEF that calls itself needs a test that ends it');
    }
    const top = this.#depth++ * CALL_WORDS;
    this.#words[top] = returnTo;
    this.#words[top + 1] = frame;
    this.#words[top + 2] = callee;
    this.#words[top + 3] = ++this.#calls;
  }

  /** The latest call is over. */
  leave(): void {
    this.#depth--;
  }

  /** Where the call that was left returns to, and its caller's frame. */
  get returnTo(): number {
    return this.#words[this.#depth * CALL_WORDS]!;
  }

  get frame(): number {
    return this.#words[this.#depth * CALL_WORDS + 1]!;
  }

  /** How many calls are open. */
  get depth(): number {
    return this.#depth;
  }

  /** The DEF that was called at a depth, from 1 to `depth`. */
  callee({ callees }: MachineCode, depth: number): Callee {
    return callees[this.#words[(depth - 1) * CALL_WORDS + 2]!]!;
  }

  /** Which of all calls the one at a depth is, from 1. */
  call(depth: number): number {
    return this.#words[(depth - 1) * CALL_WORDS + 3]!;
  }

  /** @param innermost the frame of the innermost call */
  frameAt(depth: number, innermost: number): number {
    return depth === this.#depth ? innermost : this.#words[depth * CALL_WORDS + 1]!;
  }

  /** DEFs that are open, the innermost last. */
  open(code: MachineCode): Callee[] {
    return Array.from({ length: this.#depth }, (_, call) => this.callee(code, call + 1));
  }

  /**
   * Where the innermost open CALLs stand, and the DEFs that they called; the innermost first.
   *
   * @param most how many at most
   */
  chain(code: MachineCode, most: number): { line: number; name: string }[] {
    return Array.from({ length: Math.min(most, this.#depth) }, (_, inner) => {
      const call = this.#depth - 1 - inner;
      const instruction = this.#words[call * CALL_WORDS]! / INSTRUCTION_WORDS - 1;
      return { line: code.lines[instruction]!, name: this.callee(code, call + 1).name };
    });
  }
}

/** The same cells with room for at least so many. */
export function roomier(memory: Int32Array, cells: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(cells * 2);
  copy.set(memory);
  return copy;
}

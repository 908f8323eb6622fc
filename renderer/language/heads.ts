/** The heads of lines: complaints about the first word of a line, which most often is its opcode. */
import type { FaultCode } from './codes.ts';
import type { Complain } from './complaints.ts';

export class Heads {
  readonly #texts: readonly string[];
  readonly #complain: Complain;

  /** @param texts the program's lines as they were written */
  constructor(texts: readonly string[], complain: Complain) {
    this.#texts = texts;
    this.#complain = complain;
  }

  /** Blanks and tabs before the first word of a line. */
  indent(line: number): number {
    return /^[ \t]*/.exec(this.#texts[line - 1] ?? '')?.[0].length ?? 0;
  }

  misplaced(line: number, message: string, hint: string): void {
    this.say(line, 'PXL-E018', message, hint);
  }

  say(line: number, code: FaultCode, message: string, hint: string): void {
    const text = this.#texts[line - 1] ?? '';
    const start = this.indent(line);
    const word = /^[^ \t,\r]*/.exec(text.slice(start))?.[0] ?? '';
    this.#complain(line, start, start + word.length, () => ({ code, message, hint }));
  }
}

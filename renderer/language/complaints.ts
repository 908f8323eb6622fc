/** The complaints about one program: the first of them, in order of lines, and no more than a reply lists. */
import type { Complaint } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { SourceLines } from './caret.ts';
import { syntaxError, type Wrong } from './syntax-error.ts';

/** Says what is wrong with the units `start` to `end` of a line that counts from 1; see `Complaints.add`. */
export type Complain = (line: number, start: number, end: number, wrong: () => Wrong) => void;

interface Found {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly wrong: () => Wrong;
}

export class Complaints {
  readonly #source: SourceLines;
  /** In order of lines; of one line, in the order in which they came. */
  readonly #found: Found[] = [];

  constructor(source: SourceLines) {
    this.#source = source;
  }

  get empty(): boolean {
    return this.#found.length === 0;
  }

  /** Whether as many came as are listed. */
  get full(): boolean {
    return this.#found.length === LIMITS.errors;
  }

  /**
   * Notes that the units `start` to `end` of a line are wrong; the line counts from 1.
   *
   * @param wrong is asked only for what is listed: a program may be wrong in 100,000 places, and each hint may
   *   take a search of as many names
   */
  add(line: number, start: number, end: number, wrong: () => Wrong): void {
    const found = this.#found;
    if (this.full && line >= (found[found.length - 1] as Found).line) return;
    const after = found.findIndex((other) => other.line > line);
    found.splice(after < 0 ? found.length : after, 0, { line, start, end, wrong });
    if (found.length > LIMITS.errors) found.pop();
  }

  list(): Complaint[] {
    return this.#found.map(({ line, start, end, wrong }) =>
      syntaxError(this.#source, line, start, end, wrong()),
    );
  }
}

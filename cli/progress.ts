/** Progress: on a terminal one line on standard error that is written over and over; in a pipe nothing. */
import type { HearProgress } from '../orchestrator/host/keeping.ts';
import { byteWords } from './byte-words.ts';

/** How often it changes at most, ms. */
const EVERY_MS = 100;

/** What of a stream is needed. */
interface Outlet {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export class Progress {
  readonly #outlet: Outlet;
  readonly #isShown: boolean;
  #shownMs = Number.NEGATIVE_INFINITY;
  #isThere = false;

  constructor(outlet: Outlet = process.stderr) {
    this.#outlet = outlet;
    this.#isShown = outlet.isTTY === true && process.env.TERM !== 'dumb';
  }

  /** @param nowMs of any clock that never goes back */
  show(words: string, nowMs = performance.now()): void {
    if (!this.#isShown || nowMs - this.#shownMs < EVERY_MS) return;
    this.#shownMs = nowMs;
    this.#isThere = true;
    this.#outlet.write(`\r\x1b[K${words}`);
  }

  /** Takes the line away, before something else is printed. */
  clear(): void {
    if (this.#isThere) this.#outlet.write('\r\x1b[K');
    this.#isThere = false;
    this.#shownMs = Number.NEGATIVE_INFINITY;
  }

  /** What backups and restores tell of, as lines. @param databaseUnit what the database is counted in */
  hear(databaseUnit: 'pages' | 'bytes'): HearProgress {
    return (what, done, total) => {
      const counted = what === 'database' && databaseUnit === 'bytes';
      const [part, whole] = counted ? [byteWords(done), byteWords(total)] : [`${done}`, `${total}`];
      this.show(`${what === 'database' && !counted ? 'database, pages' : what}: ${part} of ${whole}`);
    };
  }
}

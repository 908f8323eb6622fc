/** The progress of long work: on a terminal a line that is written over, with count, rate and what is left; nothing in a pipe. */
import { spanWords } from './time-words.ts';

/** How often it changes, ms. */
const EVERY_MS = 100;

/** Where it is written. */
export interface ProgressOutlet {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

export class Progress {
  readonly #outlet: ProgressOutlet;
  readonly #monotonic: () => number;
  readonly #begunMs: number;
  #shownMs = Number.NEGATIVE_INFINITY;
  #isShown = false;

  /** @param monotonic ms */
  constructor(outlet: ProgressOutlet, monotonic: () => number) {
    this.#outlet = outlet;
    this.#monotonic = monotonic;
    this.#begunMs = monotonic();
  }

  show(done: number, total: number): void {
    if (this.#outlet.isTTY !== true) return;
    const now = this.#monotonic();
    if (now < this.#shownMs + EVERY_MS) return;
    this.#shownMs = now;
    this.#isShown = true;
    this.#outlet.write(`\r\x1b[K${progressWords(done, total, now - this.#begunMs)}`);
  }

  /** Takes the line away, so that others can be written; the next `show` brings it back. */
  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#shownMs = Number.NEGATIVE_INFINITY;
    this.#outlet.write('\r\x1b[K');
  }
}

/** `812 of 10000, 243/s, 37 s left`; without rate and rest in the first half second, when they say nothing. */
export function progressWords(done: number, total: number, ms: number): string {
  const count = `${done} of ${total}`;
  if (ms < 500 || done === 0) return count;
  const rest = (ms / done) * Math.max(0, total - done);
  return `${count}, ${rateWords(done, ms)}, ${spanWords(rest)} left`;
}

/** So many a second: whole from ten on. */
export function rateWords(done: number, ms: number): string {
  const rate = ms > 0 ? (1_000 * done) / ms : 0;
  return `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s`;
}

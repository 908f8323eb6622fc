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
  /** When it was first told how many are done: what came before is the start, which is no measure of the rest. */
  #first: { readonly done: number; readonly ms: number } | undefined;
  #shownMs = Number.NEGATIVE_INFINITY;
  #isShown = false;

  /** @param monotonic ms */
  constructor(outlet: ProgressOutlet, monotonic: () => number) {
    this.#outlet = outlet;
    this.#monotonic = monotonic;
  }

  show(done: number, total: number): void {
    if (this.#outlet.isTTY !== true) return;
    const now = this.#monotonic();
    this.#first ??= { done, ms: now };
    if (now < this.#shownMs + EVERY_MS) return;
    this.#shownMs = now;
    this.#isShown = true;
    this.#outlet.write(
      `\r\x1b[K${progressWords(done, total, done - this.#first.done, now - this.#first.ms)}`,
    );
  }

  /** Takes the line away, so that others can be written; the next `show` brings it back. */
  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#shownMs = Number.NEGATIVE_INFINITY;
    this.#outlet.write('\r\x1b[K');
  }
}

/**
 * `812 of 10000, 243/s, 37 s left`; without rate and rest in the first half second, when they say nothing.
 *
 * @param lately how many of those that are done were done in the last `ms`
 */
export function progressWords(done: number, total: number, lately: number, ms: number): string {
  const count = `${done} of ${total}`;
  if (ms < 500 || lately === 0) return count;
  const rest = (ms / lately) * Math.max(0, total - done);
  return `${count}, ${rateWords(lately, ms)}, ${spanWords(rest)} left`;
}

/** So many a second: whole from ten on. */
export function rateWords(done: number, ms: number): string {
  const rate = ms > 0 ? (1_000 * done) / ms : 0;
  return `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s`;
}

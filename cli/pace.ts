/** The pace of work on many things alike: how many are done, how many a second, and how long the rest takes. */
import { spanWords } from './time-words.ts';

/** Counts what is done. */
export class Pace {
  readonly #total: number;
  readonly #monotonic: () => number;
  #done = 0;
  /** When it was first told how many are done: what came before is the start, which is no measure of the rest. */
  #first: { readonly done: number; readonly ms: number } | undefined;

  /** @param monotonic ms */
  constructor(total: number, monotonic: () => number) {
    this.#total = total;
    this.#monotonic = monotonic;
  }

  step(): void {
    this.#done++;
    this.#first ??= { done: this.#done, ms: this.#monotonic() };
  }

  words(): string {
    const { done, ms } = this.#first ?? { done: this.#done, ms: this.#monotonic() };
    return paceWords(this.#done, this.#total, this.#done - done, this.#monotonic() - ms);
  }
}

/**
 * `812 of 10000, 243/s, 37 s left`; without rate and rest in the first half second, when they say nothing.
 *
 * @param lately how many of those that are done were done in the last `ms`
 */
export function paceWords(done: number, total: number, lately: number, ms: number): string {
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

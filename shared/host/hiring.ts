/** Hiring: starts a daemon's threads, and says in its journal why it has fewer than it might. */
import { Worker } from 'node:worker_threads';
import type { Journal } from '../world.ts';

export interface HiringOptions {
  /** The module that threads run, asked for with each of them. Where it throws, no more are started. */
  readonly thread: () => URL | string;
  /** What they do, as events begin. */
  readonly work: 'paint' | 'press' | 'replay';
  /** Undefined where nobody reads it. */
  readonly journal: () => Journal | undefined;
  /** ms. */
  readonly monotonic?: () => number;
}

/** After so many threads in a row that ended before they had served, no more are started for a while. */
const GIVE_UP_AFTER = 3;
/** How long, ms; then one of them has another chance. */
const FORGIVE_MS = 300_000;

export class Hiring {
  readonly #options: HiringOptions;
  readonly #monotonic: () => number;
  #lost = 0;
  #lostMs = 0;
  #isOver = false;

  constructor(options: HiringOptions) {
    this.#options = options;
    this.#monotonic = options.monotonic ?? (() => performance.now());
  }

  /** Whether a thread may be started now. */
  get isOpen(): boolean {
    if (this.#isOver) return false;
    return this.#lost < GIVE_UP_AFTER || this.#monotonic() >= this.#lostMs + FORGIVE_MS;
  }

  /** A new thread; undefined when none could be started. */
  hire(): Worker | undefined {
    let thread: URL | string;
    try {
      thread = this.#options.thread();
    } catch (error) {
      this.#isOver = true;
      this.#tell('no-threads', { message: (error as Error).message });
      return undefined;
    }
    try {
      return new Worker(thread);
    } catch (error) {
      this.lost((error as Error).message);
      return undefined;
    }
  }

  /** A thread ended by itself: out of memory, most likely. */
  lost(message: string): void {
    this.#lost++;
    this.#lostMs = this.#monotonic();
    this.#tell('thread-lost', { message, in_a_row: this.#lost });
  }

  /** A thread has done what it was started for. */
  served(): void {
    this.#lost = 0;
  }

  #tell(what: string, fields: object): void {
    const { work, journal } = this.#options;
    journal()?.warn(`${work}:${what}`, fields);
  }
}

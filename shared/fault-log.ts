/** Faults that a daemon survives: each is told, and what goes wrong at every poll is told once in a while. */
import type { Clock, Journal } from './world.ts';

/** How long the same fault is not told again, ms. */
const SILENCE_MS = 10_000;

export class FaultLog {
  readonly #journal: Journal;
  readonly #clock: Clock;
  /** Faults that were told, and when. */
  readonly #told = new Map<string, number>();

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /** @param event what it is called in the log */
  tell(error: unknown, event = 'daemon:fault'): void {
    const { message, hint } = error as { message: string; hint?: string };
    const now = this.#clock.monotonic();
    if (now - (this.#told.get(message) ?? Number.NEGATIVE_INFINITY) < SILENCE_MS) return;
    if (this.#told.size > 100) this.#told.clear();
    this.#told.set(message, now);
    this.#journal.error(event, { message, hint });
  }

  attempt(act: () => unknown, event?: string): void {
    try {
      act();
    } catch (error) {
      this.tell(error, event);
    }
  }
}

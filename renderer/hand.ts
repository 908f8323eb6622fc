/** The hand: the jobs of the spool that are answered side by side, and who may be the next of them. */
import type { JobName } from '../shared/protocol/spool.ts';
import { HAND_BYTES, HAND_JOBS } from './config.ts';

interface Held {
  readonly isSuspect: boolean;
  bytes: number;
}

export class Hand {
  readonly #jobs = new Map<string, Held>();
  #fault: { readonly error: unknown } | undefined;
  /** Resolves when one fewer is in hand. */
  #lessened: Promise<void>;
  #lessen: () => void = () => {};

  constructor() {
    this.#lessened = this.#nextLess();
  }

  get size(): number {
    return this.#jobs.size;
  }

  /** Whether one of them has failed; see `rethrow`. */
  get hasFailed(): boolean {
    return this.#fault !== undefined;
  }

  /**
   * Whether a job may be answered beside those in hand. One that was in a dead renderer's hands is always alone: should it be
   * what killed that renderer, the next death is charged to no other. Nor is an id in hand twice.
   */
  admits({ id, returns }: JobName): boolean {
    if (this.#jobs.size === 0) return true;
    const held = [...this.#jobs.values()];
    if (returns > 0 || held.some(({ isSuspect }) => isSuspect) || this.#jobs.has(id)) return false;
    return held.length < HAND_JOBS && held.reduce((sum, { bytes }) => sum + bytes, 0) < HAND_BYTES;
  }

  /**
   * Holds a job until its work is over. What the work throws is kept for `rethrow`.
   *
   * @param work is told how to say what the job holds, bytes
   */
  async hold(
    { id, returns }: JobName,
    work: (weigh: (bytes: number) => void) => Promise<void>,
  ): Promise<void> {
    const held: Held = { isSuspect: returns > 0, bytes: 0 };
    this.#jobs.set(id, held);
    try {
      await work((bytes) => {
        held.bytes = bytes;
      });
    } catch (error) {
      this.#fault ??= { error };
    } finally {
      this.#jobs.delete(id);
      const lessen = this.#lessen;
      this.#lessened = this.#nextLess();
      lessen();
    }
  }

  /** Resolves when one fewer is in hand than now; at once when none is. */
  async less(): Promise<void> {
    if (this.#jobs.size > 0) await this.#lessened;
  }

  /** Resolves when none is in hand. */
  async empty(): Promise<void> {
    while (this.#jobs.size > 0) await this.#lessened;
  }

  /** @throws {unknown} what the first of them threw that failed since the last time */
  rethrow(): void {
    const fault = this.#fault;
    this.#fault = undefined;
    if (fault !== undefined) throw fault.error;
  }

  #nextLess(): Promise<void> {
    return new Promise((resolve) => {
      this.#lessen = resolve;
    });
  }
}

/**
 * The line through the seed's slot: who may ask next. Answers there carry no name, so after silence
 * the line is cleared by a question whose answer no other question could have.
 */
import { errorCode, HostFault } from '../shared/faults.ts';
import type { Collected, Unbelievable } from '../shared/protocol/belief.ts';
import { type Probe, probeFor, showsProbe } from './probe.ts';

/** The slot's files. */
export interface SlotDoor {
  /** Puts a question, after removing any old answer. */
  offer(command: string): void;
  /** The answer to the question with this id; bare pixels from a renderer that writes no replies. */
  collect(
    id: string,
    expectedBytes: number,
    repliesKnown: boolean,
  ): Collected | Unbelievable | Uint8Array | undefined;
  /** Removes any answer. */
  clear(): void;
  /** Takes the question back, if it still lies there. */
  withdraw(): void;
  /** Removes what a crash left half-written. */
  tidy(): void;
}

/** What a line takes its time from, ms. */
export interface Patience {
  /** How long a probe lies before it is put again, for a renderer that only hears what changes. */
  readonly probeMs: number;
  /** How long a renderer that is known to live may take for one answer. */
  readonly answerMs: number;
}

/**
 * Modes: unsure (nobody has answered yet, or the last question timed out) → probing (a probe lies in the
 * slot) → clear (the next question may be put) → busy (it was) → clear, or unsure.
 *
 * A renderer works in order, so the answer to a probe means that no older answer can still come; but an
 * answer to one of several copies only means that somebody lives, and a last probe is put once.
 */
export class SlotLine {
  readonly #door: SlotDoor;
  readonly #patience: Patience;
  readonly #newId: () => string;
  #mode: 'unsure' | 'probing' | 'clear' | 'busy' = 'unsure';
  #probe: Probe | undefined;
  #copies = 0;
  /** Whether somebody has answered a probe, and has not been given up since. */
  #lives = false;
  /** When the probe is put again, on the monotonic clock. */
  #againMs = Number.NEGATIVE_INFINITY;

  /** @param newId names each probe; no name comes twice, not even after a restart */
  constructor(door: SlotDoor, patience: Patience, newId: () => string) {
    this.#door = door;
    this.#patience = patience;
    this.#newId = newId;
  }

  get isClear(): boolean {
    return this.#mode === 'clear';
  }

  get isBusy(): boolean {
    return this.#mode === 'busy';
  }

  /** Whether a renderer is there, even if it cannot take a question yet. */
  get isInhabited(): boolean {
    return this.isClear || this.isBusy || this.#lives;
  }

  /**
   * Moves on, asking whether anybody is there where that is not known.
   *
   * @param announced a renderer that names its answers serves this slot: no need to ask
   * @throws {HostFault} when the slot cannot be used; it is tried again after a while
   */
  advance(nowMs: number, announced: boolean): void {
    if (this.#mode === 'clear' || this.#mode === 'busy') return;
    if (announced) this.#clear();
    else if (this.#mode === 'probing' && this.#isAnswered()) {
      if (this.#copies === 1) this.#clear();
      else {
        this.#ask(nowMs, this.#patience.answerMs, undefined);
        this.#lives = true;
      }
    } else if (nowMs >= this.#againMs) {
      this.#ask(nowMs, this.#patience.probeMs, this.#probe);
      this.#lives = false;
    }
  }

  put(command: string): void {
    this.#door.offer(command);
    this.#mode = 'busy';
  }

  answered(): void {
    this.#clear();
  }

  /** The question in the slot was not answered in time. */
  timedOut(): void {
    this.#door.withdraw();
    this.#forget();
  }

  /** Leaves the slot as if nobody had been there. */
  leave(): void {
    if (this.#mode === 'probing' || this.#mode === 'busy') this.#door.withdraw();
    this.#forget();
  }

  #clear(): void {
    this.#door.withdraw();
    this.#door.clear();
    this.#forget();
    this.#mode = 'clear';
  }

  #forget(): void {
    this.#mode = 'unsure';
    this.#probe = undefined;
    this.#copies = 0;
    this.#lives = false;
    this.#againMs = Number.NEGATIVE_INFINITY;
  }

  /** Puts a probe: the same once more, or a new one. */
  #ask(nowMs: number, waitMs: number, same: Probe | undefined): void {
    const probe = same ?? probeFor(this.#newId());
    this.#againMs = nowMs + waitMs;
    try {
      this.#door.offer(probe.command);
    } catch (error) {
      // No socket at all: nobody is there.
      if (error instanceof HostFault && errorCode(error.cause) === 'ENOENT') return;
      throw error;
    }
    this.#copies = same === undefined ? 1 : this.#copies + 1;
    this.#probe = probe;
    this.#mode = 'probing';
  }

  #isAnswered(): boolean {
    if (this.#probe === undefined) return false;
    const answer = this.#door.collect(this.#probe.id, this.#probe.bytes, false);
    if (answer === undefined) return false;
    return answer instanceof Uint8Array ? showsProbe(this.#probe, answer) : 'reply' in answer;
  }
}

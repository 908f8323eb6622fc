/** The pool of threads that press large answers: started when there is something to press, ended when there is not. */
import type { Worker } from 'node:worker_threads';
import type { Hiring } from '../../shared/host/hiring.ts';
import type { Unbelievable } from '../../shared/protocol/belief.ts';
import type { LargeAnswer, Pressed, Presses } from '../doors.ts';
import type { ThreadResult } from './press-thread.ts';

export interface PoolOptions {
  readonly hiring: Hiring;
  /** How many may run at once, at least 1. */
  readonly most: number;
  /** How long one is kept with nothing to do, ms. */
  readonly idleMs: number;
  /** Presses in this thread what another one ended over. */
  readonly pressHere: (answer: LargeAnswer) => Pressed | Unbelievable;
}

const STOPPED = 'the orchestrator was stopped';

interface Job {
  readonly answer: LargeAnswer;
  readonly resolve: (result: Pressed | Unbelievable) => void;
  readonly reject: (error: Error) => void;
}

interface Hand {
  readonly worker: Worker;
  job: Job | undefined;
  rest: NodeJS.Timeout | undefined;
}

/**
 * Answers wait in line for a thread; how many there can be is the orchestrator's to say, which has at most 256 MiB of
 * pixels in flight. Whatever becomes of a thread, its answer is pressed: in this one, if need be.
 */
export class PressPool implements Presses {
  readonly #options: PoolOptions;
  readonly #line: Job[] = [];
  readonly #hands = new Set<Hand>();
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Threads that are there, at work or not. */
  get threads(): number {
    return this.#hands.size;
  }

  press(answer: LargeAnswer): Promise<Pressed | Unbelievable> {
    if (this.#closed) return Promise.reject(new Error(STOPPED));
    return new Promise((resolve, reject) => {
      this.#line.push({ answer, resolve, reject });
      this.#next();
    });
  }

  /** Ends all threads. What they had in hand, and what waits, is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const hands = [...this.#hands];
    const left = [...hands.flatMap(({ job }) => job ?? []), ...this.#line.splice(0)];
    await Promise.all(hands.map((hand) => this.#dismiss(hand)));
    for (const { reject } of left) reject(new Error(STOPPED));
  }

  /** Gives the first in line to a thread that is free, or to a new one. */
  #next(): void {
    if (this.#line.length === 0 || this.#closed) return;
    const hand = [...this.#hands].find(({ job }) => job === undefined) ?? this.#hire();
    if (hand === undefined && this.#hands.size > 0) return;
    const job = this.#line.shift();
    if (job === undefined) return;
    if (hand !== undefined) {
      this.#give(hand, job);
      return;
    }
    this.#pressHere(job);
    this.#next();
  }

  #give(hand: Hand, job: Job): void {
    clearTimeout(hand.rest);
    hand.job = job;
    hand.worker.postMessage(job.answer);
  }

  /** Undefined when there are enough, or none is to be had. */
  #hire(): Hand | undefined {
    const { hiring, most } = this.#options;
    const worker = this.#hands.size < most && hiring.isOpen ? hiring.hire() : undefined;
    if (worker === undefined) return undefined;
    const hand: Hand = { worker, job: undefined, rest: undefined };
    this.#hands.add(hand);
    worker.on('message', (result: ThreadResult) => this.#finished(hand, result));
    worker.on('error', (error) => this.#ended(hand, error.message));
    worker.on('exit', (code) => this.#ended(hand, `it exited with ${code}`));
    return hand;
  }

  #finished(hand: Hand, result: ThreadResult): void {
    const { job } = hand;
    hand.job = undefined;
    this.#options.hiring.served();
    hand.rest = setTimeout(() => void this.#dismiss(hand), this.#options.idleMs);
    if ('fault' in result) job?.reject(new Error(result.fault));
    else job?.resolve(result);
    this.#next();
  }

  /** A thread ended by itself: out of memory, most likely. */
  #ended(hand: Hand, why: string): void {
    if (!this.#hands.delete(hand)) return;
    clearTimeout(hand.rest);
    this.#options.hiring.lost(why);
    if (hand.job !== undefined) this.#pressHere(hand.job);
    this.#next();
  }

  #pressHere({ answer, resolve, reject }: Job): void {
    try {
      resolve(this.#options.pressHere(answer));
    } catch (error) {
      reject(error as Error);
    }
  }

  async #dismiss(hand: Hand): Promise<void> {
    this.#hands.delete(hand);
    clearTimeout(hand.rest);
    await hand.worker.terminate();
  }
}

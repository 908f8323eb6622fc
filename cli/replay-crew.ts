/** The crew of `gvpie replay`: threads that judge a cartridge each, hired as there is work. */
import type { Worker } from 'node:worker_threads';
import type { Hiring } from '../shared/host/hiring.ts';
import type { Input } from '../shared/inputs.ts';
import { type Assignment, Judge, type Outcome } from './replay-judge.ts';
import type { FromThread, ToThread } from './replay-thread.ts';

export interface CrewOptions {
  readonly hiring: Pick<Hiring, 'hire' | 'isOpen' | 'lost' | 'served'>;
  /** How many may run at once, at least 1. */
  readonly most: number;
  /** Files that are said to hold canvases; paths. */
  readonly filesOf: (inputs: readonly Input[]) => readonly string[];
}

interface Task {
  readonly assignment: Assignment;
  readonly resolve: (outcome: Outcome | undefined) => void;
  readonly reject: (error: Error) => void;
}

interface Hand {
  readonly worker: Worker;
  task: Task | undefined;
}

/**
 * Whatever becomes of a thread, its cartridge is judged: in this one, if need be. Threads take no longer than a process of
 * its own: of small pictures, 1.5 ms of a CPU for each of 40,000 with two threads, 1.6 ms for each of 10,000 by `verify`.
 */
export class ReplayCrew {
  readonly #options: CrewOptions;
  readonly #line: Task[] = [];
  readonly #hands = new Set<Hand>();
  #judgeHere: Judge | undefined;
  #isHere = false;
  #closed = false;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** @returns undefined where the crew was closed before it was judged */
  judge(assignment: Assignment): Promise<Outcome | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#line.push({ assignment, resolve, reject });
      this.#next();
    });
  }

  /** Ends all threads at once. What they had in hand, and what waits, is not judged. */
  async close(): Promise<void> {
    this.#closed = true;
    const hands = [...this.#hands];
    this.#hands.clear();
    const left = [...hands.flatMap(({ task }) => task ?? []), ...this.#line.splice(0)];
    for (const { resolve } of left) resolve(undefined);
    await Promise.all(hands.map(({ worker }) => worker.removeAllListeners('exit').terminate()));
  }

  /** Gives the first in line to a thread that is free, or to a new one. */
  #next(): void {
    if (this.#line.length === 0 || this.#closed) return;
    const hand = [...this.#hands].find(({ task }) => task === undefined) ?? this.#hire();
    if (hand === undefined) {
      if (this.#hands.size === 0) void this.#here();
      return;
    }
    hand.task = this.#line.shift();
    if (hand.task !== undefined) hand.worker.postMessage(hand.task.assignment satisfies ToThread);
  }

  /** Undefined when there are enough, or none is to be had. */
  #hire(): Hand | undefined {
    const { hiring, most } = this.#options;
    const worker = this.#hands.size < most && hiring.isOpen ? hiring.hire() : undefined;
    if (worker === undefined) return undefined;
    const hand: Hand = { worker, task: undefined };
    this.#hands.add(hand);
    worker.on('message', (said: FromThread) => this.#heard(hand, said));
    worker.on('error', (error) => this.#ended(hand, error.message));
    worker.on('exit', (code) => this.#ended(hand, `it exited with ${code}`));
    return hand;
  }

  #heard(hand: Hand, said: FromThread): void {
    if ('inputs' in said) {
      hand.worker.postMessage({ files: this.#options.filesOf(said.inputs) } satisfies ToThread);
      return;
    }
    const { task } = hand;
    hand.task = undefined;
    this.#options.hiring.served();
    if ('fault' in said) task?.reject(new Error(said.fault));
    else task?.resolve(said.outcome);
    this.#next();
  }

  /** A thread ended by itself: out of memory, most likely. */
  #ended(hand: Hand, why: string): void {
    if (!this.#hands.delete(hand)) return;
    this.#options.hiring.lost(why);
    if (hand.task !== undefined) this.#line.unshift(hand.task);
    // Nobody else is to end over it.
    if (hand.task !== undefined) void this.#here();
    else this.#next();
  }

  /** Judges the first in line in this thread, which can be told to end only in between. */
  async #here(): Promise<void> {
    if (this.#isHere) return;
    this.#isHere = true;
    const task = this.#line.shift();
    if (task !== undefined) {
      const { filesOf } = this.#options;
      const { assignment, resolve, reject } = task;
      this.#judgeHere ??= new Judge(assignment.named, async (inputs) => filesOf(inputs));
      await this.#judgeHere.judge(assignment).then(resolve, reject);
      await new Promise((turn) => setImmediate(turn));
    }
    this.#isHere = false;
    this.#next();
  }
}

/** The loop's watch: how long this process has kept its loop from its next turn. */
import { openSync, readSync } from 'node:fs';

/** Between two looks, ms. */
const TICK_MS = 1;

export interface Stretches {
  /** The longest stretch without a turn, ms of work of the loop's thread; what the machine did meanwhile counts for nobody. */
  readonly longest: number;
  /** Turns that were seen. */
  readonly turns: number;
}

/** Watches from `begin` to `end`, one stretch at a time. */
export class LoopWatch {
  #timer: NodeJS.Timeout | undefined;
  #last = 0;
  #longest = 0;
  #turns = 0;

  begin(): void {
    this.#longest = 0;
    this.#turns = 0;
    this.#last = workedMs();
    this.#timer = setInterval(() => this.#look(), TICK_MS);
  }

  end(): Stretches {
    clearInterval(this.#timer);
    this.#look();
    return { longest: this.#longest, turns: this.#turns };
  }

  #look(): void {
    const now = workedMs();
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
    this.#turns++;
  }
}

const line = Buffer.alloc(64);
let file: number | undefined;

/** Milliseconds that the loop's thread has run: a process that waits for a core is not at work. Linux only. */
function workedMs(): number {
  // The first thread's number is the process's.
  file ??= openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  const length = readSync(file, line, 0, line.length, 0);
  return Number(line.toString('latin1', 0, length).split(' ', 1)[0]) / 1e6;
}

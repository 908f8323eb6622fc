/** The loop's watch: how long this process has kept its loop from its next turn. */

/** Between two looks, ms. */
const TICK_MS = 1;

export interface Stretches {
  /** The longest stretch without a turn, ms. Of one in which the process did less than that, what it did. */
  readonly longest: number;
  /** Turns that were seen. */
  readonly turns: number;
}

interface Clocks {
  readonly wall: number;
  /** What all threads of the process have worked, ms: one that waits for a core is not at work. */
  readonly worked: number;
}

/** Watches from `begin` to `end`, one stretch at a time. */
export class LoopWatch {
  #timer: NodeJS.Timeout | undefined;
  #last: Clocks = readClocks();
  #longest = 0;
  #turns = 0;

  begin(): void {
    this.#longest = 0;
    this.#turns = 0;
    this.#last = readClocks();
    this.#timer = setInterval(() => this.#look(), TICK_MS);
  }

  end(): Stretches {
    clearInterval(this.#timer);
    this.#look();
    return { longest: this.#longest, turns: this.#turns };
  }

  #look(): void {
    const now = readClocks();
    const stretch = Math.min(now.wall - this.#last.wall, now.worked - this.#last.worked);
    this.#longest = Math.max(this.#longest, stretch);
    this.#last = now;
    this.#turns++;
  }
}

function readClocks(): Clocks {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), worked: (user + system) / 1_000 };
}

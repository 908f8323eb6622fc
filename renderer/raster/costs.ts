/** Costs: what a backend takes for a picture, in milliseconds, fitted to what the pictures before it took. */
import type { Effort } from './effort.ts';

/** Nanoseconds for each of some of the parts of an effort. */
export type Rates = Readonly<Partial<Record<keyof Effort, number>>>;

/** Measured on one core of an EPYC at 2.6 GHz, the code warm. */
export const CPU_RATES: Rates = {
  ...{ picture: 20_000, pixels: 0.8, shapes: 80, looks: 0.06 },
  ...{ filled: 0.2, mixed: 1.3, inked: 3, copied: 5, shaded: 0.45 },
};

/**
 * Guesses, on the fast side for what the probe's small pictures say little of: then the first large picture is tried there,
 * and what it took says better. Were a guess too slow, nothing would ever correct it.
 */
export const GPU_RATES: Rates = {
  ...{ picture: 1_000_000, dispatches: 200_000, compiles: 50_000_000 },
  ...{ pixels: 1.5, shapes: 200, looks: 0.02, work: 0.005 },
};

/** How much of an error one picture corrects. */
const RATE = 1 / 4;
/** A picture that took more or less than so many times what was expected counts as that: the machine had other work. */
const SURPRISE = 8;
/** How far a rate can get from its first guess, either way. */
const REACH = 256;
/** How much of what it has grown a cost forgets with each picture that the other backend paints. */
const FORGIVENESS = 1 / 128;

interface Part {
  readonly name: keyof Effort;
  /** Nanoseconds, at first. */
  readonly guess: number;
  /** Nanoseconds, after calibration. */
  settled: number;
  rate: number;
}

export class Costs {
  readonly #parts: readonly Part[];
  #isMeasured = false;

  constructor(rates: Rates) {
    const entries = Object.entries(rates) as [keyof Effort, number][];
    this.#parts = entries.map(([name, guess]) => ({ name, guess, settled: guess, rate: guess }));
  }

  /** Whether any picture was learnt from. */
  get isMeasured(): boolean {
    return this.#isMeasured;
  }

  /** Milliseconds that a picture will take, more than 0. */
  estimate(effort: Effort): number {
    return this.#parts.reduce((sum, { name, rate }) => sum + rate * effort[name], 0) / 1e6;
  }

  /** Corrects the rates by what a picture took, ms: those the most that make up the most of it. */
  learn(effort: Effort, ms: number): void {
    this.#isMeasured = true;
    const expected = this.estimate(effort) * 1e6;
    const taken = Math.min(Math.max(ms * 1e6, expected / SURPRISE), expected * SURPRISE);
    const shares = this.#parts.map(({ name, rate }) => rate * effort[name]);
    const squares = shares.reduce((sum, share) => sum + share * share, 0);
    for (const [index, part] of this.#parts.entries()) {
      const factor = 1 + (RATE * (taken - expected) * (shares[index] as number)) / squares;
      part.rate = Math.min(Math.max(part.rate * factor, part.guess / REACH), part.guess * REACH);
    }
  }

  /** Learns from trials of the same machine, several times over; what they come to is not forgotten. */
  calibrate(trials: readonly Trial[], rounds = 4): void {
    for (let round = 0; round < rounds; round++) {
      for (const { effort, ms } of trials) this.learn(effort, ms);
    }
    for (const part of this.#parts) part.settled = part.rate;
  }

  /** Another backend paints: who never has a turn again could else never show that it was only slow for a while. */
  forgive(): void {
    for (const part of this.#parts) {
      if (part.rate > part.settled) part.rate += (part.settled - part.rate) * FORGIVENESS;
    }
  }
}

/** A picture and what it took. */
export interface Trial {
  readonly effort: Effort;
  readonly ms: number;
}

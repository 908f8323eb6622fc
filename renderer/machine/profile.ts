/** The profile: what each line of a program adds to the price of a run. */
import type { Price } from './price.ts';
import type { Moment } from './watch.ts';

export interface LineCost {
  /** Counts from 1. */
  readonly line: number;
  /** How often it was executed. */
  readonly times: number;
  readonly steps: number;
  readonly shapes: number;
  readonly pixels_written: number;
  /** Operations of a SHADE; absent where none ran on it. */
  readonly shade?: number;
}

type Sums = { -readonly [Field in keyof LineCost]: LineCost[Field] };

/** Looks on at one run: `watch` is its Watch. */
export class Profile {
  readonly #lines = new Map<number, Sums>();
  #running: Sums | undefined;
  #steps = 0;
  #shapes = 0;
  #pixels = 0;
  #shaded: number | undefined;

  readonly watch = ({ resumed, steps, shapes, pixels, shaded, line }: Moment): void => {
    this.#settle(steps, shapes, pixels, shaded);
    let sums = this.#lines.get(line);
    if (sums === undefined) {
      sums = { line, times: 0, steps: 0, shapes: 0, pixels_written: 0 };
      this.#lines.set(line, sums);
    }
    if (!resumed) sums.times++;
    this.#running = sums;
  };

  /**
   * The lines that were executed, from the top.
   *
   * @param price the run's, which they are together; of a run that was refused there is none, and the line that did it
   *   has only what it had cost before
   */
  finish(price: Price | undefined): LineCost[] {
    if (price !== undefined) {
      this.#settle(price.steps, price.shapes, price.pixels_written, price.shade);
    }
    return [...this.#lines.values()].sort((one, other) => one.line - other.line);
  }

  /** What came since the last moment belongs to the line that began or went on then. */
  #settle(steps: number, shapes: number, pixels: number, shaded: number | undefined): void {
    const running = this.#running;
    if (running !== undefined) {
      running.steps += steps - this.#steps;
      running.shapes += shapes - this.#shapes;
      running.pixels_written += pixels - this.#pixels;
      if (shaded !== this.#shaded) running.shade = (running.shade ?? 0) + (shaded ?? 0) - (this.#shaded ?? 0);
    }
    this.#steps = steps;
    this.#shapes = shapes;
    this.#pixels = pixels;
    this.#shaded = shaded;
  }
}

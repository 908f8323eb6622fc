/** The pace: work that comes in many small pieces leaves the rest of the process a turn from time to time. */

export class Pace {
  readonly #stretchMs: number;
  readonly #monotonic: () => number;
  readonly #breathe: () => Promise<void>;
  #since: number;
  #resting: Promise<void> | undefined;

  /**
   * @param stretchMs the longest stretch without a turn for the others, the last piece's own time aside
   * @param breathe lets other work have its turn
   */
  constructor(stretchMs: number, monotonic: () => number, breathe: () => Promise<void>) {
    this.#stretchMs = stretchMs;
    this.#monotonic = monotonic;
    this.#breathe = breathe;
    this.#since = monotonic();
  }

  /** Whether a stretch is over. Asked just before a piece of work, with nothing awaited in between. */
  get isOver(): boolean {
    return this.#monotonic() - this.#since >= this.#stretchMs;
  }

  /** Lets the others have one turn, however many rest at the same time; then another stretch begins. */
  rest(): Promise<void> {
    this.#resting ??= this.#breathe().then(() => {
      this.#since = this.#monotonic();
      this.#resting = undefined;
    });
    return this.#resting;
  }
}

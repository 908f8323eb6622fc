/** One hand draws at a time, the newest program next; a hand that is slow with a stale one is let go. */
import type { Drawing } from './preview-frame.ts';

/** How long a hand may go on with a program after which a newer one came, counted from its start, ms. */
export const PATIENCE_MS = 200;

/** Draws one program at a time. */
export interface Hand {
  draw(code: Uint8Array): void;
  /** Stops it, whatever it does; it reports nothing after that. */
  dismiss(): void;
}

/** @param done is called once for each program that the hand was given */
export type Hire = (done: (drawing: Drawing) => void) => Hand;

/**
 * A program that comes while another is drawn waits for it, and takes the place of the one that waited
 * before it: however often somebody saves, at most two are in the house. Saving faster than drawing
 * starves nothing, because a drawing that needs no more than PATIENCE_MS is always finished and shown.
 */
export class Studio {
  readonly #hire: Hire;
  readonly #shown: (drawing: Drawing) => void;
  #hand: Hand;
  #waiting: Uint8Array | undefined;
  #startedMs: number | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(hire: Hire, shown: (drawing: Drawing) => void) {
    this.#hire = hire;
    this.#shown = shown;
    this.#hand = this.#engage();
  }

  /** Whether a drawing is under way. */
  get busy(): boolean {
    return this.#startedMs !== undefined;
  }

  draw(code: Uint8Array): void {
    this.#waiting = code;
    if (this.#startedMs === undefined) this.#next();
    else {
      const left = this.#startedMs + PATIENCE_MS - performance.now();
      this.#patience ??= setTimeout(() => this.#replace(), Math.max(0, left));
    }
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#hand.dismiss();
  }

  #engage(): Hand {
    return this.#hire((drawing) => {
      this.#rest();
      this.#next();
      this.#shown(drawing);
    });
  }

  #replace(): void {
    this.#hand.dismiss();
    this.#hand = this.#engage();
    this.#rest();
    this.#next();
  }

  #rest(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#startedMs = undefined;
  }

  #next(): void {
    const code = this.#waiting;
    if (code === undefined) return;
    this.#waiting = undefined;
    this.#startedMs = performance.now();
    this.#hand.draw(code);
  }
}

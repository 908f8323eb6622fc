/** One hand draws at a time, the newest program next; a hand that is slow with a stale one is let go. */
import type { Drawing } from './preview-frame.ts';

/** How long a hand may go on with a program after which a newer one came, counted from its start, ms. */
export const PATIENCE_MS = 200;

/** Draws one program at a time. */
export interface Hand {
  draw(code: Uint8Array): void;
  /** Stops it, whatever it does; it reports nothing after that. Resolves when it is gone, and its canvas with it. */
  dismiss(): Promise<void>;
}

/** @param done is called once for each program that the hand was given */
export type Hire = (done: (drawing: Drawing) => void) => Hand;

/**
 * A program that comes while another is drawn waits for it, and takes the place of the one that waited
 * before it: however often somebody saves, at most two are in the house. Saving faster than drawing
 * starves nothing, because a drawing that needs no more than PATIENCE_MS is always finished and shown.
 * Nobody draws before the hand that was let go is gone: one canvas may take 256 MiB, and they would pile up.
 */
export class Studio {
  readonly #hire: Hire;
  readonly #shown: (drawing: Drawing) => void;
  #hand: Hand;
  #waiting: Uint8Array | undefined;
  #startedMs: number | undefined;
  /** Whether a hand that was let go is not gone yet. */
  #leaving = false;
  #patience: NodeJS.Timeout | undefined;

  constructor(hire: Hire, shown: (drawing: Drawing) => void) {
    this.#hire = hire;
    this.#shown = shown;
    this.#hand = this.#engage();
  }

  /** Whether a drawing is under way, or soon will be. */
  get busy(): boolean {
    return this.#startedMs !== undefined || this.#leaving;
  }

  draw(code: Uint8Array): void {
    this.#waiting = code;
    if (this.#leaving) return;
    if (this.#startedMs === undefined) this.#next();
    else {
      const left = this.#startedMs + PATIENCE_MS - performance.now();
      this.#patience ??= setTimeout(() => this.#replace(), Math.max(0, left));
    }
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#waiting = undefined;
    void this.#hand.dismiss();
  }

  #engage(): Hand {
    return this.#hire((drawing) => {
      this.#rest();
      this.#next();
      this.#shown(drawing);
    });
  }

  #replace(): void {
    this.#rest();
    this.#leaving = true;
    void this.#hand.dismiss().then(() => {
      this.#leaving = false;
      this.#next();
    });
    // It gets ready while the other leaves.
    this.#hand = this.#engage();
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

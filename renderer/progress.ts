/** Progress: how far a command in hand is. Who works on it leaves word of what can be counted; nothing is counted before somebody asks. */
import type { Phase } from '../shared/protocol/announcement.ts';

/** Parts that are done, of all; whole numbers, and `of` is at least 1. */
export interface Count {
  readonly done: number;
  readonly of: number;
}

/** Begins in the phase `running`. Its phases come in their order; within `painting`, a GPU's failure begins the count anew. */
export class Progress {
  #phase: Phase = 'running';
  #count: (() => Count) | undefined;

  get phase(): Phase {
    return this.#phase;
  }

  /** Of the phase; undefined where nothing can be counted. */
  get count(): Count | undefined {
    return this.#count?.();
  }

  /** The display list is there. */
  paint(): void {
    this.#phase = 'painting';
  }

  /** @param count is asked now and then; it costs whoever paints nothing else */
  countBy(count: () => Count): void {
    this.#count = count;
  }

  /** The pixels are there. */
  publish(): void {
    this.#phase = 'publishing';
    this.#count = undefined;
  }
}

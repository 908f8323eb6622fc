/** Holds on pictures: their pixels are released when the last of those who read them is done. */
import type { Painted } from './raster/painter.ts';

export class Holds {
  readonly #counts = new Map<Painted, number>();

  /** @returns what ends this hold, once */
  hold(painted: Painted): () => void {
    this.#counts.set(painted, this.#count(painted) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = this.#count(painted) - 1;
      if (left > 0) {
        this.#counts.set(painted, left);
        return;
      }
      this.#counts.delete(painted);
      painted.release?.();
    };
  }

  #count(painted: Painted): number {
    return this.#counts.get(painted) ?? 0;
  }
}

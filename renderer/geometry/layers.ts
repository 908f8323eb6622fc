/** The layers of a finished shape: rows with at most one run each, cut where a row without one, or an empty box, costs more. */

/** Rows with at most one run each, within their box: what a display list takes as one shape. */
export interface Layer {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** Of each row from y0 on its run's start and end, canvas pixels; both 0 where it has none. The rest means nothing. */
  readonly words: Int32Array;
}

export type TakeLayer = (layer: Layer) => void;

/** Words that there is room for at first. */
const FIRST_ROOM = 256;

/** Rows without a run inside a layer, two words each; more of them cost more than the eight words of a new shape. */
export const GAP_ROWS = 4;

/**
 * A layer's box may have four times as many pixels as its runs, and a tile's worth more. Painters look at every tile of
 * the box, so that a thin line across the canvas would otherwise cost as much as filling it.
 */
const BOX_PER_PIXEL = 4;
const BOX_SLACK = 128 * 128;

/** Whether a box of `area` pixels may hold runs of `pixels`, both at most 2²⁸. */
export function isFull(area: number, pixels: number): boolean {
  // Below 2³¹ either way.
  return (area | 0) <= ((Math.imul(BOX_PER_PIXEL, pixels) + BOX_SLACK) | 0);
}

/** The layer that grows. */
export class Piece {
  #words = new Int32Array(FIRST_ROOM);
  #x0 = 0;
  #x1 = 0;
  #y0 = 0;
  #y1 = 0;
  #pixels = 0;

  /** @param y greater than those since the last flush */
  add(y: number, start: number, end: number, take: TakeLayer): void {
    if (this.#pixels > 0 && !this.#fits(y, start, end)) this.flush(take);
    if (this.#pixels === 0) {
      this.#x0 = start;
      this.#x1 = end;
      this.#y0 = y;
      this.#y1 = y;
    }
    const at = (y - this.#y0) * 2;
    if (at >= this.#words.length) this.#grow(at);
    for (let gap = (this.#y1 - this.#y0) * 2; gap < at; gap++) this.#words[gap] = 0;
    this.#words[at] = start;
    this.#words[at + 1] = end;
    this.#x0 = Math.min(this.#x0, start);
    this.#x1 = Math.max(this.#x1, end);
    this.#y1 = y + 1;
    this.#pixels += end - start;
  }

  flush(take: TakeLayer): void {
    if (this.#pixels === 0) return;
    this.#pixels = 0;
    take({ x0: this.#x0, y0: this.#y0, x1: this.#x1, y1: this.#y1, words: this.#words });
  }

  #fits(y: number, start: number, end: number): boolean {
    if (y - this.#y1 > GAP_ROWS) return false;
    const width = Math.max(this.#x1, end) - Math.min(this.#x0, start);
    return isFull(width * (y + 1 - this.#y0), this.#pixels + end - start);
  }

  #grow(at: number): void {
    const words = new Int32Array(at * 2);
    words.set(this.#words);
    this.#words = words;
  }
}

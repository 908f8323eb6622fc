/**
 * The collector of a shape's pixels: the runs of each row, cut to the clip. Shapes hand them in as they find them;
 * finished, they are sorted and lie apart: no pixel twice, and no two runs that touch.
 */

/** Canvas pixels, x0 ≤ x < x1 and y0 ≤ y < y1, each from 0 to 16384; empty when x0 ≥ x1 or y0 ≥ y1. */
export interface Clip {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Rows with at most one run each, within their box: what a display list takes as one shape. */
export interface Layer {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** Of each row from y0 on its run's start and end, canvas pixels; both 0 where it has none. The rest means nothing. */
  readonly words: Int32Array;
}

/** Runs that there is room for at first. */
const FIRST_ROOM = 256;

const NOTHING: Clip = { x0: 0, y0: 0, x1: 0, y1: 0 };

/** A run is one double, y · 2²⁹ + start · 2¹⁵ + end, under 2⁴³: so they are sorted as they should stand. */
const END_RANGE = 2 ** 15;
const START_BITS = 14;
const START_MASK = 2 ** START_BITS - 1;

/** Rows without a run inside a layer, two words each; more of them cost more than the eight words of a new shape. */
const GAP_ROWS = 4;

/**
 * A layer's box may have four times as many pixels as its runs, and a tile's worth more. Painters look at every tile of
 * the box, so that a thin line across the canvas would otherwise cost as much as filling it.
 */
const BOX_PER_PIXEL = 4;
const BOX_SLACK = 128 * 128;

/** Takes one shape after another and keeps its memory. */
export class Spans {
  #clip = NOTHING;
  #keys = new Float64Array(FIRST_ROOM);
  #length = 0;
  #pixels = 0;
  #starts = new Int32Array(FIRST_ROOM);
  readonly #piece = new Piece();
  /** The rows that `enter` found, top ≤ y < bottom. */
  top = 0;
  bottom = 0;
  /**
   * Rows of the clip that were looked at, once for each part of the shape: for a polyline each line, for a polygon each
   * edge, otherwise the shape itself. What a shape takes grows with these, and it has at most three runs for each.
   */
  work = 0;

  /** Pixels of the finished shape, each once. */
  get pixels(): number {
    return this.#pixels;
  }

  /** Forgets the last shape. */
  begin(clip: Clip): void {
    this.#clip = clip;
    this.#length = 0;
    this.#pixels = 0;
    this.top = 0;
    this.bottom = 0;
    this.work = 0;
  }

  /** Sets `top` and `bottom` to the rows of the clip in which a part of this box can be seen: none where it lies beside it. */
  enter(x0: number, y0: number, x1: number, y1: number): void {
    const clip = this.#clip;
    this.top = Math.max(clip.y0, y0);
    this.bottom = Math.min(clip.y1, y1);
    const isSeen = Math.max(clip.x0, x0) < Math.min(clip.x1, x1);
    if (!isSeen || this.bottom < this.top) this.bottom = this.top;
    this.work += this.bottom - this.top;
  }

  /** The pixels start ≤ x < end of a row that `enter` found, as far as the clip reaches. They may have been there before. */
  add(y: number, start: number, end: number): void {
    const left = Math.max(this.#clip.x0, start);
    const right = Math.min(this.#clip.x1, end);
    if (left >= right) return;
    if (this.#length === this.#keys.length) {
      const keys = new Float64Array(this.#length * 2);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    this.#keys[this.#length++] = ((y << START_BITS) | left) * END_RANGE + right;
  }

  /** Sorts what came and joins what touches. */
  finish(): void {
    const keys = this.#keys;
    const length = this.#length;
    if (!isSorted(keys, length)) keys.subarray(0, length).sort();
    let kept = 0;
    let place = -1;
    let end = 0;
    this.#pixels = 0;
    for (let i = 0; i < length; i++) {
      const key = keys[i] as number;
      const nextPlace = placeOf(key);
      const nextEnd = key - nextPlace * END_RANGE;
      if (nextPlace >> START_BITS === place >> START_BITS && (nextPlace & START_MASK) <= end) {
        if (nextEnd <= end) continue;
        this.#pixels += nextEnd - end;
        kept--;
      } else {
        this.#pixels += nextEnd - (nextPlace & START_MASK);
        place = nextPlace;
      }
      end = nextEnd;
      keys[kept++] = place * END_RANGE + end;
    }
    this.#length = kept;
  }

  /**
   * Hands out the finished shape in layers: the first has the leftmost run of each row, the second the next, up to as
   * many as the richest row has. A layer comes in several where rows without a run, or a box that is mostly empty,
   * would cost more: with eight words for each shape, all of them are at most ten words a run. The next layer overwrites
   * the words of the last.
   */
  eachLayer(take: (layer: Layer) => void): void {
    const piece = this.#piece;
    let rows = this.#findRows();
    for (let depth = 0; rows > 0; depth++) {
      let deeper = 0;
      for (let i = 0; i < rows; i++) {
        const start = this.#starts[i] as number;
        const key = this.#keys[start + depth] as number;
        const place = placeOf(key);
        const y = place >> START_BITS;
        piece.add(y, place & START_MASK, key - place * END_RANGE, take);
        if (this.#rowOf(start + depth + 1) === y) this.#starts[deeper++] = start;
      }
      piece.flush(take);
      rows = deeper;
    }
  }

  /** Puts the number of each row's first run into `#starts`, and gives how many rows there are. */
  #findRows(): number {
    if (this.#starts.length < this.#length) this.#starts = new Int32Array(this.#keys.length);
    let rows = 0;
    let last = -1;
    for (let i = 0; i < this.#length; i++) {
      const y = this.#rowOf(i);
      if (y !== last) this.#starts[rows++] = i;
      last = y;
    }
    return rows;
  }

  /** Of run i; −1 beyond the last. */
  #rowOf(i: number): number {
    return i < this.#length ? placeOf(this.#keys[i] as number) >> START_BITS : -1;
  }
}

/** The layer that grows. */
class Piece {
  #words = new Int32Array(FIRST_ROOM);
  #x0 = 0;
  #x1 = 0;
  #y0 = 0;
  #y1 = 0;
  #pixels = 0;

  /** @param y greater than those since the last flush */
  add(y: number, start: number, end: number, take: (layer: Layer) => void): void {
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

  flush(take: (layer: Layer) => void): void {
    if (this.#pixels === 0) return;
    this.#pixels = 0;
    take({ x0: this.#x0, y0: this.#y0, x1: this.#x1, y1: this.#y1, words: this.#words });
  }

  #fits(y: number, start: number, end: number): boolean {
    if (y - this.#y1 > GAP_ROWS) return false;
    const width = Math.max(this.#x1, end) - Math.min(this.#x0, start);
    const pixels = this.#pixels + end - start;
    return width * (y + 1 - this.#y0) <= BOX_PER_PIXEL * pixels + BOX_SLACK;
  }

  #grow(at: number): void {
    const words = new Int32Array(at * 2);
    words.set(this.#words);
    this.#words = words;
  }
}

/** Row and start of a run: y · 2¹⁴ + start. */
function placeOf(key: number): number {
  return Math.floor(key / END_RANGE);
}

function isSorted(keys: Float64Array, length: number): boolean {
  for (let i = 1; i < length; i++) if ((keys[i - 1] as number) > (keys[i] as number)) return false;
  return true;
}

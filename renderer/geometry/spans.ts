/**
 * The collector of a shape's pixels: the runs of each row, cut to the clip. Shapes hand them in as they find them;
 * finished, they are sorted and lie apart: no pixel twice, and no two runs that touch.
 *
 * Most shapes have one run in a row and come from the top to the bottom. These stand in rows at once as a display list
 * takes them; at the first run that does not fit among them, all move to a heap that sorts.
 */
import { GAP_ROWS, isFull, Piece, type TakeLayer } from './layers.ts';
import { Runs } from './runs.ts';

/** Canvas pixels, x0 ≤ x < x1 and y0 ≤ y < y1, each from 0 to 16384; empty when x0 ≥ x1 or y0 ≥ y1. */
export interface Clip {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Words that there is room for at first. */
const FIRST_ROOM = 512;

/** In place of the row that comes next, where none does. */
const NEVER = -2;

/** Further to the right than any pixel. */
const FAR = 2 ** 15;

/** Takes one shape after another and keeps its memory. */
export class Spans {
  #clipX0 = 0;
  #clipY0 = 0;
  #clipX1 = 0;
  #clipY1 = 0;
  /** Start and end of each row's run from row `#y0` to `#y1`, both 0 in a row without one; as long as `#isPlain`. */
  #rows = new Int32Array(FIRST_ROOM);
  #y0 = 0;
  #y1 = 0;
  #isPlain = true;
  /** The box of the finished rows, and whether one layer takes all of them. */
  #x0 = 0;
  #x1 = 0;
  #isOneLayer = false;
  #pixels = 0;
  readonly #runs = new Runs();
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
  begin({ x0, y0, x1, y1 }: Clip): void {
    this.#clipX0 = x0;
    this.#clipY0 = y0;
    this.#clipX1 = x1;
    this.#clipY1 = y1;
    this.#y0 = -1;
    this.#y1 = -1;
    this.#isPlain = true;
    this.#pixels = 0;
    this.top = 0;
    this.bottom = 0;
    this.work = 0;
  }

  /** After `begin`, of a shape whose runs do not come one a row from the top to the bottom: they are not tried there first. */
  scatter(): void {
    this.#runs.begin();
    this.#isPlain = false;
    // No run follows this row.
    this.#y1 = NEVER;
  }

  /** Sets `top` and `bottom` to the rows of the clip in which a part of this box can be seen: none where it lies beside it. */
  enter(x0: number, y0: number, x1: number, y1: number): void {
    this.top = Math.max(this.#clipY0, y0);
    this.bottom = Math.min(this.#clipY1, y1);
    const isSeen = Math.max(this.#clipX0, x0) < Math.min(this.#clipX1, x1);
    if (!isSeen || this.bottom < this.top) this.bottom = this.top;
    this.work += this.bottom - this.top;
  }

  /** The pixels start ≤ x < end of a row that `enter` found, as far as the clip reaches. They may have been there before. */
  add(y: number, start: number, end: number): void {
    const left = Math.max(this.#clipX0, start);
    const right = Math.min(this.#clipX1, end);
    if (left >= right) return;
    if (y !== this.#y1 && (!this.#isPlain || !this.#makeRoom(y))) {
      this.#runs.add(y, left, right);
      return;
    }
    const at = 2 * (y - this.#y0);
    if (at === this.#rows.length) this.#grow();
    this.#rows[at] = left;
    this.#rows[at + 1] = right;
    this.#y1 = y + 1;
  }

  /** Sorts what came and joins what touches. */
  finish(): void {
    if (this.#isPlain) this.#measure();
    else this.#pixels = this.#runs.finish();
  }

  /**
   * Hands out the finished shape in layers: the first has the leftmost run of each row, the second the next, up to as
   * many as the richest row has. A layer comes in several where rows without a run, or a box that is mostly empty,
   * would cost more: with eight words for each shape, all of them are at most ten words a run. The next layer overwrites
   * the words of the last.
   */
  eachLayer(take: TakeLayer): void {
    if (this.#pixels === 0) return;
    if (!this.#isPlain) this.#runs.eachLayer(this.#piece, take);
    else if (this.#isOneLayer) {
      take({ x0: this.#x0, y0: this.#y0, x1: this.#x1, y1: this.#y1, words: this.#rows });
    } else {
      for (let y = this.#y0; y < this.#y1; y++) {
        const at = 2 * (y - this.#y0);
        const end = this.#rows[at + 1] as number;
        if (end > 0) this.#piece.add(y, this.#rows[at] as number, end, take);
      }
      this.#piece.flush(take);
    }
  }

  /** Before a run of row y that does not follow the last one: whether it can stand in the rows. Otherwise they are given up. */
  #makeRoom(y: number): boolean {
    if (this.#y1 < 0) {
      this.#y0 = y;
      return true;
    }
    const gap = y - this.#y1;
    if (gap >= 0 && gap <= GAP_ROWS) {
      const from = 2 * (this.#y1 - this.#y0);
      const to = from + 2 * gap;
      while (to >= this.#rows.length) this.#grow();
      this.#rows.fill(0, from, to);
      return true;
    }
    const end = this.#y1;
    this.scatter();
    for (let row = this.#y0; row < end; row++) {
      const at = 2 * (row - this.#y0);
      const right = this.#rows[at + 1] as number;
      if (right > 0) this.#runs.add(row, this.#rows[at] as number, right);
    }
    return false;
  }

  #grow(): void {
    const rows = new Int32Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
  }

  /** Counts the pixels of the rows, and finds their box. */
  #measure(): void {
    const rows = this.#rows;
    const length = (this.#y1 - this.#y0) * 2;
    let x0 = FAR;
    let x1 = 0;
    let pixels = 0;
    for (let at = 0; at < length; at += 2) {
      const start = rows[at] as number;
      const end = rows[at + 1] as number;
      if (start < x0 && end > 0) x0 = start;
      if (end > x1) x1 = end;
      pixels = (pixels + end - start) | 0;
    }
    this.#x0 = x0;
    this.#x1 = x1;
    this.#pixels = pixels;
    // A small box holds anything, and so does each part of it.
    this.#isOneLayer = isFull(((x1 - x0) * length) / 2, 0) || this.#isFullAtEachRow();
  }

  /** Whether the rows, taken one after another, never make a box that is mostly empty. */
  #isFullAtEachRow(): boolean {
    const rows = this.#rows;
    const length = (this.#y1 - this.#y0) * 2;
    let x0 = FAR;
    let x1 = 0;
    let pixels = 0;
    for (let at = 0; at < length; at += 2) {
      const start = rows[at] as number;
      const end = rows[at + 1] as number;
      if (end === 0) continue;
      if (start < x0) x0 = start;
      if (end > x1) x1 = end;
      pixels = (pixels + end - start) | 0;
      if (!isFull(Math.imul(x1 - x0, (at >> 1) + 1), pixels)) return false;
    }
    return true;
  }
}

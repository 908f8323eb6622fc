/** Runs of pixels in any order, more than one in a row and one over another: sorted, joined, and handed out in layers. */
import type { Piece, TakeLayer } from './layers.ts';

/** Runs that there is room for at first. */
const FIRST_ROOM = 256;

/** A run is one double, y · 2²⁹ + start · 2¹⁵ + end, under 2⁴³: so they are sorted as they should stand. */
const END_RANGE = 2 ** 15;
const START_BITS = 14;
const START_MASK = 2 ** START_BITS - 1;

/** Takes one shape after another and keeps its memory. */
export class Runs {
  #keys = new Float64Array(FIRST_ROOM);
  #length = 0;
  #starts = new Int32Array(FIRST_ROOM);

  /** Forgets the last shape. */
  begin(): void {
    this.#length = 0;
  }

  /** @param y 0 to 16383, and 0 ≤ start < end ≤ 16384 */
  add(y: number, start: number, end: number): void {
    if (this.#length === this.#keys.length) {
      const keys = new Float64Array(this.#length * 2);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    this.#keys[this.#length++] = ((y << START_BITS) | start) * END_RANGE + end;
  }

  /** Sorts what came and joins what touches. @returns its pixels, each once */
  finish(): number {
    const keys = this.#keys;
    const length = this.#length;
    if (!isSorted(keys, length)) keys.subarray(0, length).sort();
    let kept = 0;
    let place = -1;
    let end = 0;
    let pixels = 0;
    for (let i = 0; i < length; i++) {
      const key = keys[i] as number;
      const nextPlace = placeOf(key);
      const nextEnd = (key - nextPlace * END_RANGE) | 0;
      if (nextPlace >> START_BITS === place >> START_BITS && (nextPlace & START_MASK) <= end) {
        if (nextEnd <= end) continue;
        pixels += nextEnd - end;
        kept--;
      } else {
        pixels += nextEnd - (nextPlace & START_MASK);
        place = nextPlace;
      }
      end = nextEnd;
      keys[kept++] = place * END_RANGE + end;
    }
    this.#length = kept;
    return pixels;
  }

  /** As that of Spans. */
  eachLayer(piece: Piece, take: TakeLayer): void {
    let rows = this.#findRows();
    for (let depth = 0; rows > 0; depth++) {
      let deeper = 0;
      for (let i = 0; i < rows; i++) {
        const start = this.#starts[i] as number;
        const key = this.#keys[start + depth] as number;
        const place = placeOf(key);
        const y = place >> START_BITS;
        piece.add(y, place & START_MASK, (key - place * END_RANGE) | 0, take);
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

/** Row and start of a run: y · 2¹⁴ + start, under 2²⁸. */
function placeOf(key: number): number {
  return (key / END_RANGE) | 0;
}

function isSorted(keys: Float64Array, length: number): boolean {
  for (let i = 1; i < length; i++) if ((keys[i - 1] as number) > (keys[i] as number)) return false;
  return true;
}

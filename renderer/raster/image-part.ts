/** Parts of images: what a tile shows of one is looked up in the pool first, then mixed row by row. */
import { MIX_PIXELS } from './mixing.ts';

/** What of an image is painted, in pixels of the canvas; nothing where it ends before it begins. */
export interface Part {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Where an image's words stand in the pool. Those beyond its end are 0. */
export interface ImageWords {
  /** What all its pixels share. */
  readonly base: number;
  /** The word of the canvas's column 0, whether it has one or not; likewise of its row 0. */
  readonly columns: number;
  readonly rows: number;
}

/** Paints parts of images; what it needs for that is made once, and serves all those of a tile. */
export class ImagePainter {
  readonly #pool: Uint32Array;
  /** The words of a part's columns and rows. */
  #columns = new Uint32Array(0);
  #rows = new Uint32Array(0);
  #pixels = new Uint32Array(0);

  constructor(pool: Uint32Array) {
    this.#pool = pool;
  }

  /**
   * @param out one RGBA word per pixel, row-major
   * @param width of the canvas
   * @param blend a mode that is none paints nothing
   */
  paint(out: Uint32Array, width: number, part: Part, at: ImageWords, blend: number): void {
    const mix = MIX_PIXELS[blend];
    const pool = this.#pool;
    const { x0, y0, x1, y1 } = part;
    const [columnCount, rowCount] = [x1 - x0, y1 - y0];
    if (mix === undefined || columnCount <= 0 || rowCount <= 0) return;
    if (this.#columns.length < columnCount) this.#columns = new Uint32Array(columnCount);
    if (this.#rows.length < rowCount) this.#rows = new Uint32Array(rowCount);
    const furthest =
      copyWords(this.#columns, pool, at.columns + x0, columnCount) +
      copyWords(this.#rows, pool, at.rows + y0, rowCount);
    const base = wordOf(pool, at.base);
    const isWithin = base + furthest < pool.length;
    if (isWithin && isUnitStride(this.#columns, columnCount)) {
      // Neither turned, mirrored nor scaled: its rows stand in the pool as they are shown.
      const first = base + this.#columns[0]!;
      for (let y = 0; y < rowCount; y++) {
        const start = (y0 + y) * width + x0;
        mix(out, start, start + columnCount, pool, (first + this.#rows[y]!) | 0);
      }
      return;
    }
    const pitch = Math.ceil(columnCount / 4) * 4;
    if (this.#pixels.length < pitch * rowCount) this.#pixels = new Uint32Array(pitch * rowCount);
    if (isWithin) this.#gather(base, columnCount, rowCount, pitch);
    else this.#gatherAnyhow(base, columnCount, rowCount, pitch);
    for (let y = 0; y < rowCount; y++) {
      const start = (y0 + y) * width + x0;
      mix(out, start, start + columnCount, this.#pixels, y * pitch);
    }
  }

  /**
   * All pixels lie within the pool. Four columns at a time: of a turned image neighbours stand below each other in the
   * pool, and four places are fetched at once in half the time that one after the other takes.
   */
  #gather(base: number, columnCount: number, rowCount: number, pitch: number): void {
    const [pool, columns, rows, pixels] = [this.#pool, this.#columns, this.#rows, this.#pixels];
    const last = columnCount - 1;
    for (let x = 0; x < columnCount; x += 4) {
      // Beyond the last column it is read again, into words that nobody reads.
      const a = (base + columns[x]!) | 0;
      const b = (base + columns[Math.min(x + 1, last)]!) | 0;
      const c = (base + columns[Math.min(x + 2, last)]!) | 0;
      const d = (base + columns[Math.min(x + 3, last)]!) | 0;
      for (let y = 0, to = x; y < rowCount; y++, to += pitch) {
        const row = rows[y]!;
        pixels[to] = pool[(a + row) | 0]!;
        pixels[to + 1] = pool[(b + row) | 0]!;
        pixels[to + 2] = pool[(c + row) | 0]!;
        pixels[to + 3] = pool[(d + row) | 0]!;
      }
    }
  }

  /** Sums wrap at 2³², and may lead beyond the pool's end. */
  #gatherAnyhow(base: number, columnCount: number, rowCount: number, pitch: number): void {
    for (let y = 0; y < rowCount; y++) {
      const row = base + this.#rows[y]!;
      for (let x = 0; x < columnCount; x++)
        this.#pixels[y * pitch + x] = wordOf(this.#pool, (row + this.#columns[x]!) >>> 0);
    }
  }
}

/** Copies words of the pool. @returns the largest */
function copyWords(to: Uint32Array, pool: Uint32Array, from: number, count: number): number {
  let largest = 0;
  for (let index = 0; index < count; index++) {
    const word = wordOf(pool, from + index);
    to[index] = word;
    if (word > largest) largest = word;
  }
  return largest;
}

function isUnitStride(words: Uint32Array, count: number): boolean {
  const first = words[0]!;
  for (let index = 1; index < count; index++) if (words[index] !== first + index) return false;
  return true;
}

/** A word of the pool, 0 beyond its end. */
function wordOf(pool: Uint32Array, at: number): number {
  return at < pool.length ? pool[at]! : 0;
}

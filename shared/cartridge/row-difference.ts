/**
 * Row differences: the zlib stream of an RGBA picture, every row filtered by Up. Of flat art nearly all bytes are
 * zero then, so the stream is made of what differs from the row above, and nothing searches for repetitions.
 */
import type { Canvas } from '../canvas.ts';
import { DifferenceWriter, STEP_WORDS, UP } from './difference-block.ts';
import { RowComparison } from './row-comparison.ts';

/** Steps after which a block ends with its row: some 200 kB of them, which stay in the cache. */
const BLOCK_STEPS = 16_384;
/** Adler-32's. */
const MODULO = 65_521;

/**
 * The stream in pieces, to be joined. They are in memory once, and beside the picture there is little else.
 *
 * @param words the pixels, row-major, each four bytes R, G, B, A
 */
export function deflateDifferences(words: Int32Array, { width, height }: Canvas): Uint8Array[] {
  const pieces: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  const writer = new DifferenceWriter();
  const sum = new Adler32(4 * width + 1);
  const steps = new Steps(width);
  // PNG takes the row above the first as zeros.
  const beginning = new Int32Array(2 * width);
  beginning.set(words.subarray(0, width), width);
  new Rows(beginning, width).compare(1, steps, sum);
  const rows = new Rows(words, width);
  for (let y = 1; y < height; y++) {
    if (steps.used >= STEP_WORDS * BLOCK_STEPS) pieces.push(writer.block(steps.take(), false));
    rows.compare(y, steps, sum);
  }
  pieces.push(writer.block(steps.take(), true), writer.rest(), sum.bytes());
  return pieces;
}

/** Steps that are gathered for a block, and room for those of the row that fills it. */
class Steps {
  readonly words: Uint32Array;
  /** Words taken up. */
  used = 0;

  constructor(width: number) {
    this.words = new Uint32Array(STEP_WORDS * (BLOCK_STEPS + width + 1));
  }

  /** What was gathered, until more is. */
  take(): Uint32Array {
    const taken = this.words.subarray(0, this.used);
    this.used = 0;
    return taken;
  }
}

/** The checksum of what is deflated, row by row: of zeros it needs to know only how many they are. */
class Adler32 {
  readonly #stride: number;
  #low = 1;
  #high = 0;

  /** @param stride bytes of a row with its filter byte */
  constructor(stride: number) {
    this.#stride = stride;
  }

  /**
   * @param bytes the sum of the row's bytes
   * @param weighted the same sum, each byte times its place in the row, from 0
   */
  add(bytes: number, weighted: number): void {
    this.#high = (this.#high + this.#stride * (this.#low + bytes) - weighted) % MODULO;
    this.#low = (this.#low + bytes) % MODULO;
  }

  bytes(): Uint8Array {
    return Uint8Array.of(this.#high >>> 8, this.#high, this.#low >>> 8, this.#low);
  }
}

/** The rows of a picture, each as steps from the one above. */
class Rows {
  readonly #width: number;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #comparison: RowComparison;

  constructor(words: Int32Array, width: number) {
    this.#width = width;
    this.#words = words;
    this.#bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    this.#comparison = new RowComparison(words, width);
  }

  /** Gathers the steps to row `y`, from 1. */
  compare(y: number, steps: Steps, sum: Adler32): void {
    if (this.#comparison.isAsAbove(y)) this.#same(steps, sum);
    else this.#difference(y, steps, sum);
  }

  #same(steps: Steps, sum: Adler32): void {
    steps.words[steps.used] = this.#width;
    steps.words[steps.used + 1] = 0;
    steps.words[steps.used + 2] = 0;
    steps.used += STEP_WORDS;
    sum.add(UP, 0);
  }

  #difference(y: number, steps: Steps, sum: Adler32): void {
    const words = this.#words;
    const bytes = this.#bytes;
    const comparison = this.#comparison;
    const width = this.#width;
    const out = steps.words;
    let used = steps.used;
    let total = UP;
    let weighted = 0;
    const from = y * width;
    const to = from + width;
    for (let at = from; ; ) {
      const unchanged = at;
      at = comparison.change(at, to);
      out[used] = at - unchanged;
      if (at === to) break;
      const begin = at;
      const here = words[at];
      const above = words[at - width];
      do at++;
      while (at < to && words[at] === here && words[at - width] === above);
      const times = at - begin;
      // Byte by byte: words begin with R on some machines and with A on others.
      const byte = 4 * begin;
      const byteAbove = byte - 4 * width;
      const r = (bytes[byte]! - bytes[byteAbove]!) & 255;
      const g = (bytes[byte + 1]! - bytes[byteAbove + 1]!) & 255;
      const b = (bytes[byte + 2]! - bytes[byteAbove + 2]!) & 255;
      const a = (bytes[byte + 3]! - bytes[byteAbove + 3]!) & 255;
      out[used + 1] = r | (g << 8) | (b << 16) | (a << 24);
      out[used + 2] = times;
      used += STEP_WORDS;
      const all = r + g + b + a;
      const place = 4 * (begin - from) + 1;
      total += times * all;
      weighted += times * (all * place + g + 2 * b + 3 * a) + 2 * all * times * (times - 1);
    }
    out[used + 1] = 0;
    out[used + 2] = 0;
    steps.used = used + STEP_WORDS;
    sum.add(total, weighted);
  }
}

/**
 * Row differences: the zlib stream of an RGBA picture, every row filtered by Up. Of flat art nearly all bytes are
 * zero then, so the stream is made of what differs from the row above, and nothing searches for repetitions.
 */
import type { Canvas } from '../canvas.ts';
import { BitWriter } from './bit-writer.ts';
import { writeBlock } from './difference-block.ts';
import { BLOCK_RUNS, PlainRuns, type RowSums, type Runs } from './difference-runs.ts';
import { fastRuns } from './fast-runs.ts';

/**
 * Pixels from which the fast machine is worth 5 ms, once, to make it: it then takes a third of the time, and of
 * noise, which the definition spends 120 ns a pixel on, a tenth.
 */
const FAST_FROM = 16_384;
/** Adler-32's. */
const MODULO = 65_521;

/**
 * The stream in pieces, to be joined. They are in memory once, and beside the picture there is little else.
 *
 * @param words the pixels, row-major, each four bytes R, G, B, A
 */
export function deflateDifferences(words: Int32Array, canvas: Canvas): Uint8Array[] {
  const fast = words.length < FAST_FROM ? undefined : byTheFastMachine(words, canvas);
  return fast ?? deflateRuns(new PlainRuns(words, canvas.width), canvas);
}

/** Undefined where there is no such machine, or no address space for its memory, such as under a limit of it. */
function byTheFastMachine(words: Int32Array, canvas: Canvas): Uint8Array[] | undefined {
  try {
    const runs = fastRuns(words, canvas.width);
    return runs && deflateRuns(runs, canvas);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The stream of a picture whose runs `runs` gathers. */
export function deflateRuns(runs: Runs, { width, height }: Canvas): Uint8Array[] {
  const pieces: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  const bits = new BitWriter();
  const checksum = new Adler32(4 * width + 1);
  for (let y = 0; y < height; y++) {
    checksum.add(runs.gather());
    const isLast = y === height - 1;
    if (!isLast && runs.size < BLOCK_RUNS) continue;
    pieces.push(writeBlock(bits, runs.count(), isLast, (words) => runs.write(words, bits)));
  }
  pieces.push(bits.rest(), checksum.bytes());
  return pieces;
}

/** The checksum of what is deflated, row by row. */
class Adler32 {
  readonly #stride: number;
  #low = 1;
  #high = 0;

  /** @param stride bytes of a row with its filter byte */
  constructor(stride: number) {
    this.#stride = stride;
  }

  add({ bytes, weighted }: RowSums): void {
    this.#high = (this.#high + this.#stride * (this.#low + bytes) - weighted) % MODULO;
    this.#low = (this.#low + bytes) % MODULO;
  }

  bytes(): Uint8Array {
    return Uint8Array.of(this.#high >>> 8, this.#high, this.#low >>> 8, this.#low);
  }
}

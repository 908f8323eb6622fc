/** Runs gathered by the fast machine, where this one can have it: the same as PlainRuns gathers, to the bit. */
import type { BitWriter } from './bit-writer.ts';
import { type Counts, UP, type Words } from './difference-block.ts';
import type { RowSums, Runs } from './difference-runs.ts';
import { kernelModule } from './fast-kernel.ts';
import { PLACES } from './fast-places.ts';
import { LONGEST_MATCH } from './match-lengths.ts';

/** As much of WebAssembly's interface as is used here; Node.js has it, and its types lack it. */
declare const WebAssembly:
  | undefined
  | {
      validate(bytes: Uint8Array<ArrayBuffer>): boolean;
      Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
      Instance: new (module: object) => { readonly exports: object };
    };

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  sameRow(width: number): void;
  compareRow(above: number, here: number, width: number): void;
  writeRuns(from: number, to: number, out: number): number;
}

const PAGE_BYTES = 65_536;

/** Kept: making it takes 3 ms, and nothing of one picture is left in it when the next one begins. */
let kept: Kernel | undefined;

/** Undefined where there is no such machine: without WebAssembly or its vectors, or where a word's highest byte is first. */
export function fastRuns(words: Int32Array, width: number): Runs | undefined {
  kept ??= makeKernel();
  return kept && new FastRuns(kept, words, width);
}

function makeKernel(): Kernel | undefined {
  const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
  if (!isLittleEndian || typeof WebAssembly === 'undefined') return undefined;
  const bytes = kernelModule();
  if (!WebAssembly.validate(bytes)) return undefined;
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Kernel;
}

class FastRuns implements Runs {
  readonly #kernel: Kernel;
  readonly #pixels: Buffer;
  readonly #width: number;
  #y = 0;
  /** Which of the two places for rows has the one above. */
  #above: 0 | 1 = 0;
  // The machine's memory, which is another one after it has grown.
  #bytes!: Buffer;
  #words!: Uint32Array;
  #longs!: BigInt64Array;

  constructor(kernel: Kernel, { buffer, byteOffset, byteLength }: Int32Array, width: number) {
    this.#kernel = kernel;
    this.#pixels = Buffer.from(buffer, byteOffset, byteLength);
    this.#width = width;
    this.#look();
    // PNG takes the row above the first as zeros.
    this.#bytes.fill(0, PLACES.rows[0], PLACES.differences);
    this.#table(PLACES.literals, 256).fill(0);
    this.#table(PLACES.lengths, LONGEST_MATCH + 1).fill(0);
    this.#words[PLACES.end / 4] = PLACES.runs;
  }

  get size(): number {
    return (this.#words[PLACES.end / 4]! - PLACES.runs) / 8;
  }

  gather(): RowSums {
    const here = 4 * this.#width * this.#y;
    const below = here + 4 * this.#width;
    const pixels = this.#pixels;
    if (this.#y++ > 0 && pixels.compare(pixels, here - 4 * this.#width, here, here, below) === 0) {
      this.#kernel.sameRow(this.#width);
      return { bytes: UP, weighted: 0 };
    }
    const above = PLACES.rows[this.#above];
    this.#above = this.#above === 0 ? 1 : 0;
    const place = PLACES.rows[this.#above];
    pixels.copy(this.#bytes, place, here, below);
    this.#kernel.compareRow(above, place, this.#width);
    const weighted = Number(this.#longs[PLACES.weighted / 8]);
    return { bytes: this.#words[PLACES.bytes / 4]!, weighted };
  }

  count(): Counts {
    const literals = this.#table(PLACES.literals, 256);
    const lengths = this.#table(PLACES.lengths, LONGEST_MATCH + 1);
    const counts = { literals: literals.slice(), lengths: lengths.slice() };
    literals.fill(0);
    lengths.fill(0);
    return counts;
  }

  write({ literals, near, far }: Words, bits: BitWriter): void {
    const room = PLACES.out + bits.bytes.length + 8 - this.#bytes.length;
    if (room > 0) {
      this.#kernel.memory.grow(Math.ceil(room / PAGE_BYTES));
      this.#look();
    }
    this.#table(PLACES.literalWords, 256).set(literals);
    this.#table(PLACES.nearWords, LONGEST_MATCH + 1).set(near);
    this.#table(PLACES.farWords, LONGEST_MATCH + 1).set(far);
    const state = this.#table(PLACES.pending, 2);
    state.set([bits.pending, bits.pendingBits]);
    const end = this.#kernel.writeRuns(PLACES.runs, this.#words[PLACES.end / 4]!, PLACES.out);
    this.#words[PLACES.end / 4] = PLACES.runs;
    bits.length += this.#bytes.copy(bits.bytes, bits.length, PLACES.out, end);
    [bits.pending = 0, bits.pendingBits = 0] = state;
  }

  #table(place: number, length: number): Uint32Array {
    return this.#words.subarray(place / 4, place / 4 + length);
  }

  #look(): void {
    const { buffer } = this.#kernel.memory;
    this.#bytes = Buffer.from(buffer);
    this.#words = new Uint32Array(buffer);
    this.#longs = new BigInt64Array(buffer);
  }
}

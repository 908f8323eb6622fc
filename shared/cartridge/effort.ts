/**
 * Effort: what reading one file takes, counted in bytes before they are touched, and the most that it may take. Files come
 * from anyone, so the bound is what a file is worth: its own bytes, and what it says that it holds.
 */
import { CartridgeFault } from './cartridge-fault.ts';

/** No deflate stream grows by more than this: 258 bytes from two bits. */
export const MAX_DEFLATE_RATIO = 1032;

/**
 * How often each byte may be touched. Of a file: its CRC, putting its IDATs together and inflating them, or decoding and
 * reading a text. Of what it declares: inflating it, with a filter byte for each pixel at worst, and decoding it.
 */
const PASSES = 3;

export class Effort {
  readonly #fileBytes: number;
  #declaredBytes = 0;
  #spent = 0;

  constructor(fileBytes: number) {
    this.#fileBytes = fileBytes;
  }

  /** Bytes touched so far, each as often as it was. */
  get spent(): number {
    return this.#spent;
  }

  /** The most that may be spent: it rises with what the file declares. */
  get bound(): number {
    return PASSES * (this.#fileBytes + this.#declaredBytes);
  }

  /**
   * What the file says that it holds, once it is known that it may: a canvas within the limits, a text that was compressed.
   *
   * @param bytes as they are in memory, at least 0
   */
  declare(bytes: number): void {
    this.#declaredBytes += bytes;
  }

  /**
   * Declares what a stream becomes that does not say it.
   *
   * @param storedBytes of the stream
   * @param mostBytes that its reader takes
   * @returns the most that it may become
   */
  declareInflated(storedBytes: number, mostBytes: number): number {
    const bytes = Math.min(storedBytes * MAX_DEFLATE_RATIO, mostBytes);
    this.declare(bytes);
    return bytes;
  }

  /**
   * To be called before the work is done.
   *
   * @param bytes to be touched once, at least 0
   * @throws {CartridgeFault} E018
   */
  spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent <= this.bound) return;
    throw new CartridgeFault(
      'CART-E018',
      `Expected to read a file of ${this.#fileBytes} bytes, which declares ${this.#declaredBytes}, by touching at most ${this.bound}, found ${this.#spent}`,
    );
  }
}

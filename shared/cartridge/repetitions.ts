/** Repetitions in bytes: what of them stands again as it stood not far before, found by a hash of four bytes. */
import { LONGEST_MATCH } from './match-lengths.ts';

/** The shortest that is looked for: three bytes from afar take about as many bits as three bytes by themselves. */
const SHORTEST = 4;
/** As far back as deflate can name, bytes. */
const WINDOW = 32_768;
const HASH_BITS = 15;
/** Places with the same hash that are looked at, the nearest first: 32 spare indices of text 1 % for twice the time. */
const CHAIN = 8;
/** A match of more bytes than this from so near is a run, of one byte or of pixels. */
const RUN = 32;
const RUN_DISTANCE = 8;
/** Tokens that are given at once. */
const STRETCH = 32_768;

/**
 * A byte by itself, 0 to 255; or a match: its length, 4 to 258, in the bits from the 17th on, and its distance, 1 to
 * 32768, in those below.
 */
export type Token = number;

/** Bytes as tokens, from the first to the last. The same bytes give the same tokens, on any machine. */
export class Repetitions {
  readonly #bytes: Uint8Array;
  /** The last place of each hash, plus 1. */
  readonly #heads = new Int32Array(1 << HASH_BITS);
  /** The place before it of the same hash, plus 1, by the place modulo the window. */
  readonly #before = new Int32Array(WINDOW);
  readonly #tokens = new Uint32Array(STRETCH);
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether all bytes were given. */
  get isDone(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next tokens, 32,768 at most; they are overwritten by the next call. */
  next(): Uint32Array {
    const bytes = this.#bytes;
    let used = 0;
    while (used < STRETCH && this.#at < bytes.length) {
      const at = this.#at;
      const match = at + SHORTEST <= bytes.length ? this.#match(at) : 0;
      this.#tokens[used++] = match === 0 ? bytes[at]! : match;
      this.#at = at + (match === 0 ? 1 : match >>> 16);
      // Inside a run every place is like the one before: the last ones will do, and take a tenth of the time.
      const isRun = match >>> 16 > RUN && (match & 0xffff) <= RUN_DISTANCE;
      this.#keep(isRun ? this.#at - RUN : at);
    }
    return this.#tokens.subarray(0, used);
  }

  /** The longest match at a place, the nearest of several; 0 where there is none. */
  #match(at: number): Token {
    const bytes = this.#bytes;
    const most = Math.min(LONGEST_MATCH, bytes.length - at);
    let longest = SHORTEST - 1;
    let distance = 0;
    let place = this.#heads[this.#hash(at)]! - 1;
    for (let looks = 0; looks < CHAIN && place >= 0 && at - place <= WINDOW; looks++) {
      // What differs at the end cannot be longer; most do.
      if (bytes[place + longest] === bytes[at + longest]) {
        let length = 0;
        while (length < most && bytes[place + length] === bytes[at + length]) length++;
        if (length > longest) {
          longest = length;
          distance = at - place;
          if (length === most) break;
        }
      }
      const before = this.#before[place & (WINDOW - 1)]! - 1;
      // Overwritten by a place that came later.
      if (before >= place) break;
      place = before;
    }
    return distance === 0 ? 0 : (longest << 16) | distance;
  }

  /** Remembers the places from one on to where the tokens end. */
  #keep(from: number): void {
    const [heads, before] = [this.#heads, this.#before];
    const to = Math.min(this.#at, this.#bytes.length - SHORTEST + 1);
    for (let place = from; place < to; place++) {
      const hash = this.#hash(place);
      before[place & (WINDOW - 1)] = heads[hash]!;
      heads[hash] = place + 1;
    }
  }

  #hash(at: number): number {
    const bytes = this.#bytes;
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    return Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
  }
}

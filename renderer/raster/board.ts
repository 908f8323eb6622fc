/** The board of a picture that several hands paint: which tile is taken, by whom, and which are done. */

/** A tile's word: nobody's, done, or the number of the hand that has it, FIRST_HAND at least. */
const FREE = 0;
const DONE = 1;
export const FIRST_HAND = 2;

/** The word before the tiles': how many of them were offered. */
const OFFERED = 0;

/**
 * Every hand takes tiles from the board until there are none. What a hand has when it is lost is painted again by another,
 * from the ground up. A hand that comes when all is taken finds nothing, however late that is.
 */
export class Board {
  /** May be given to threads. */
  readonly words: Int32Array;

  constructor(words: Int32Array) {
    this.words = words;
  }

  static of(tiles: number): Board {
    return new Board(new Int32Array(new SharedArrayBuffer(4 * (tiles + 1))));
  }

  get tiles(): number {
    return this.words.length - 1;
  }

  /** How many are done. */
  get done(): number {
    let done = 0;
    for (let tile = 1; tile < this.words.length; tile++) if (this.words[tile] === DONE) done++;
    return done;
  }

  /** The next tile, for a hand; undefined when all were taken. */
  take(hand: number): number | undefined {
    for (;;) {
      // It never counts far beyond them, how often it may be asked.
      if (Atomics.load(this.words, OFFERED) >= this.tiles) return undefined;
      const tile = Atomics.add(this.words, OFFERED, 1);
      if (tile >= this.tiles) return undefined;
      if (this.#claim(tile, FREE, hand)) return tile;
    }
  }

  /** No more tiles are taken. */
  close(): void {
    Atomics.store(this.words, OFFERED, this.tiles);
  }

  finish(tile: number): void {
    Atomics.store(this.words, tile + 1, DONE);
  }

  /**
   * When all were taken: a tile that is not done and whose hand is lost, now taken by this one; 'waiting' where those that
   * are not done are in good hands, and undefined when all are done.
   *
   * @param isThere whether a hand may still finish what it has
   */
  takeOver(hand: number, isThere: (hand: number) => boolean): number | 'waiting' | undefined {
    let found: 'waiting' | undefined;
    for (let tile = 0; tile < this.tiles; tile++) {
      const state = Atomics.load(this.words, tile + 1);
      if (state === DONE) continue;
      // It was lost before it could say that it took it, or is about to say so, and then finds it taken.
      const isLost = state === FREE || !isThere(state);
      if (isLost && this.#claim(tile, state, hand)) return tile;
      found = 'waiting';
    }
    return found;
  }

  #claim(tile: number, from: number, hand: number): boolean {
    return Atomics.compareExchange(this.words, tile + 1, from, hand) === from;
  }
}

/** A map that forgets everything once it is full, so that it stays small whatever is put into it. */

/**
 * What is remembered of bitmaps: more than our own 5×7 font has, each part of each glyph, so that lists of its texts never
 * depend on what was forgotten. Large fonts and many clips make millions of parts.
 */
const ROOM = 65_536;

export class ShortMemory<Key, Value> {
  readonly #known = new Map<Key, Value>();

  get(key: Key): Value | undefined {
    return this.#known.get(key);
  }

  set(key: Key, value: Value): void {
    if (this.#known.size === ROOM) this.#known.clear();
    this.#known.set(key, value);
  }
}

/**
 * A map that forgets everything before it takes one entry more than `LIMITS.remembered`, so that it stays small whatever is
 * put into it. What it has forgotten is listed, and perhaps paid for, once more: the limit is a rule of the language.
 */
import { LIMITS } from '../../shared/limits.ts';

export class ShortMemory<Key, Value> {
  readonly #known = new Map<Key, Value>();
  /** How often it has forgotten: what it gave before the last time counts no more. */
  turn = 0;

  get(key: Key): Value | undefined {
    return this.#known.get(key);
  }

  /** @param key one that it does not know */
  set(key: Key, value: Value): void {
    if (this.#known.size === LIMITS.remembered) {
      this.#known.clear();
      this.turn++;
    }
    this.#known.set(key, value);
  }
}

/** Strangers: ids of answers that are no run's here, remembered so that the table is asked about each of them once. */

/** Of 36 characters each, some 10 MB. */
const MOST = 131_072;

export class Strangers {
  readonly #ids = new Set<string>();
  readonly #isOurs: (id: string) => boolean;

  /** @param isOurs what is not stays so: a run's id is chosen by its orchestrator, and by chance */
  constructor(isOurs: (id: string) => boolean) {
    this.#isOurs = isOurs;
  }

  has(id: string): boolean {
    if (this.#ids.has(id)) return true;
    if (this.#isOurs(id)) return false;
    // Those that are still there are asked about once more.
    if (this.#ids.size === MOST) this.#ids.clear();
    this.#ids.add(id);
    return true;
  }
}

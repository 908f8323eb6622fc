/** Strangers: ids of answers that are no run's here, remembered so that the table is asked about each of them once. */
import type { Outcome } from './script.ts';

/** Of 36 characters each, some 10 MB. */
const MOST = 131_072;

export class Strangers {
  readonly #ids = new Set<string>();
  readonly #outcomeOf: (id: string) => Outcome | null | undefined;

  /** @param outcomeOf undefined of what is no run's, and stays so: a run's id is chosen by its orchestrator, and by chance */
  constructor(outcomeOf: (id: string) => Outcome | null | undefined) {
    this.#outcomeOf = outcomeOf;
  }

  /** How the run of an answer ended: null while it is open, undefined where it is none of the table's. */
  outcome(id: string): Outcome | null | undefined {
    if (this.#ids.has(id)) return undefined;
    const outcome = this.#outcomeOf(id);
    if (outcome !== undefined) return outcome;
    // Those that are still there are asked about once more.
    if (this.#ids.size === MOST) this.#ids.clear();
    this.#ids.add(id);
    return undefined;
  }
}

/** Gathering: the lists that wait for a GPU, and which of them go to it next, together or one alone. */
import type { EncodedList } from '../display/builder.ts';
import { fits, NO_LOAD, type Piece, pieceOf, together } from './batch.ts';
import type { PlanLimits } from './plan.ts';

/** What stands for a list until it is painted. */
export interface Waiting {
  readonly list: EncodedList;
}

/** What goes to the GPU next. */
export type Next<Waiter extends Waiting> =
  | { readonly alone: Waiter }
  | { readonly pieces: readonly Piece[]; readonly waiters: readonly Waiter[] };

/** Which submissions are under way. */
export interface Under {
  /** Those that the device has not done yet. */
  readonly way: number;
  /** Those whose pixels have not been read back, the others among them. */
  readonly reading: number;
}

interface Place<Waiter extends Waiting> {
  readonly waiter: Waiter;
  /** Undefined for a list that is painted alone. */
  readonly piece: Piece | undefined;
}

export class Gathering<Waiter extends Waiting> {
  /** In the order in which they came. */
  #places: Place<Waiter>[] = [];

  add(waiter: Waiter, limits: PlanLimits): void {
    this.#places.push({ waiter, piece: pieceOf(waiter.list, limits) });
  }

  /**
   * Takes what goes next, the one that came first in any case. Lists that ask the same of a shader go together, as many as
   * fit. One alone waits until nothing is under way; a batch that has room left, until the device has nothing to do: so
   * more may join it.
   */
  next({ way, reading }: Under, limits: PlanLimits): Next<Waiter> | undefined {
    const first = this.#places[0];
    if (first === undefined) return undefined;
    if (first.piece === undefined) {
      if (reading > 0) return undefined;
      this.#places.shift();
      return { alone: first.waiter };
    }
    const { kinds } = first.piece;
    let load = NO_LOAD;
    let isFull = false;
    const taken: Place<Waiter>[] = [];
    const left: Place<Waiter>[] = [];
    for (const place of this.#places) {
      const { piece } = place;
      const joins = !isFull && piece !== undefined && piece.kinds === kinds;
      if (joins && fits(load, piece, limits)) {
        load = together(load, piece);
        taken.push(place);
      } else {
        if (joins) isFull = true;
        left.push(place);
      }
    }
    if (way > 0 && !isFull) return undefined;
    this.#places = left;
    return {
      pieces: taken.flatMap(({ piece }) => piece ?? []),
      waiters: taken.map(({ waiter }) => waiter),
    };
  }

  /** Takes all that wait. */
  dismiss(): Waiter[] {
    return this.#places.splice(0).map(({ waiter }) => waiter);
  }
}

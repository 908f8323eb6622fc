/** Turns at rendering: one door has it at a time, in the order of asking, so that busy doors alternate. */

/** A door's claim to the turn. */
export interface Turn {
  /** Whether beginning takes until somebody else has ended. */
  readonly mustWait: boolean;
  /** Whether somebody else waits for this door to end. */
  readonly isAwaited: boolean;
  /** Resolves when the turn is this door's; at once when it is already. */
  begin(): Promise<void>;
  /** Passes the turn on; nothing when it is not this door's. */
  end(): void;
}

export class Turns {
  /** Resolves when everybody who has asked so far has had a turn. */
  #last: Promise<void> = Promise.resolve();
  /** Who has the turn or has asked for it. */
  #asked = 0;

  /** A new claim, for one door that asks again and again. */
  claim(): Turn {
    let pass: (() => void) | undefined;
    const asked = (): number => this.#asked;
    return {
      get mustWait() {
        return pass === undefined && asked() > 0;
      },
      get isAwaited() {
        return pass !== undefined && asked() > 1;
      },
      begin: async () => {
        if (pass !== undefined) return;
        this.#asked++;
        const before = this.#last;
        let next: () => void = () => {};
        this.#last = new Promise((resolve) => {
          next = resolve;
        });
        await before;
        pass = next;
      },
      end: () => {
        if (pass === undefined) return;
        this.#asked--;
        pass();
        pass = undefined;
      },
    };
  }
}

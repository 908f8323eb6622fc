/** A single round (`--once`): an attempt for each job that is due at its start, and then the end. */
import { ABSENT_RENDERER_MS } from './config.ts';
import type { OnceResult, OrchestratorDoors } from './doors.ts';
import type { Ledger } from './ledger.ts';

export class Round {
  /** Resolves when the round is over. */
  readonly finished: Promise<OnceResult>;
  /** The jobs that are still to be taken; what was taken is removed from it. */
  readonly agenda: number[];
  readonly #doors: OrchestratorDoors;
  readonly #ledger: Ledger;
  /** How many jobs were due. */
  readonly #due: number;
  #finish: (result: OnceResult) => void = () => {};
  #isOver = false;

  constructor(doors: OrchestratorDoors, ledger: Ledger) {
    this.#doors = doors;
    this.#ledger = ledger;
    doors.table.wake(doors.clock.iso());
    this.agenda = doors.table.agenda();
    this.#due = this.agenda.length;
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** @param now on the monotonic clock */
  check(now: number): void {
    if (this.agenda.length === 0 && this.#ledger.size === 0) {
      this.#end(this.#ledger.unsuccessful > 0 ? 'failed' : 'succeeded');
    } else if (this.#doors.keeper.absentMs(now) > ABSENT_RENDERER_MS) this.#end('no-renderer');
  }

  #end(result: OnceResult): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // A round can be over before the daemon has said that it serves; then this is said after that.
    void this.finished.then(() => {
      const { successful: succeeded, unsuccessful } = this.#ledger;
      this.#doors.journal.info('round:finished', { due: this.#due, succeeded, unsuccessful });
    });
    this.#finish(result);
  }
}

/** Sweeps of a database, and what the last one came to. */
import type { Clock } from '../../shared/world.ts';
import type { SweptKind } from '../fuse.ts';
import { sweep } from '../sweep.ts';
import type { SweepOrder, SweepResult, SweepShelf } from '../sweep-doors.ts';
import { sweepEnd } from '../sweep-work.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';
import { SweepTable } from './sweep-table.ts';

/** The last sweep, as it is kept. */
export interface LastSweep {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly status: 'swept' | 'fuse' | 'failed';
  /** How many rows or files went; of one that failed that is not known. */
  readonly gone: Readonly<Record<SweptKind, number>>;
  /** What the fuse stopped, in words; null where it stopped nothing. */
  readonly stopped: string | null;
  /** Why it failed; null where it did not. */
  readonly message: string | null;
}

/** Every method may throw a HostFault, `retryable` when another program held the database for too long. */
export class SweepRecord {
  readonly #database: Database;
  readonly #shelf: SweepShelf;
  readonly #clock: Clock;
  readonly #breathe: () => Promise<void>;

  /** @param breathe lets others have their turn; what it rejects with cuts a sweep off */
  constructor(database: Database, shelf: SweepShelf, clock: Clock, breathe: () => Promise<void>) {
    this.#database = database;
    this.#shelf = shelf;
    this.#clock = clock;
    this.#breathe = breathe;
  }

  sweep(order: SweepOrder): Promise<SweepResult> {
    const store = new SweepTable(this.#database);
    return sweep({ store, shelf: this.#shelf, clock: this.#clock, breathe: this.#breathe }, order);
  }

  /** Keeps for whoever asks what a person's sweep has come to: its slot is its time. @param at ISO 8601 UTC */
  note(result: SweepResult, at: string): void {
    const { outcome, result: kept } = sweepEnd(result);
    attempt('write', this.#database.name, () =>
      this.#database
        .prepare<object>(
          `INSERT OR REPLACE INTO own_work (kind, place, slot, owner, started_at, finished_at, outcome, result)
           VALUES ('sweep', '', @at, 'gvpie gc', @at, @at, @outcome, @result)`,
        )
        .run({ at, outcome, result: JSON.stringify(kept) }),
    );
  }
}

const NONE = { gone: { runs: 0, jobs: 0, logs: 0, cartridges: 0 }, stopped: null, message: null };

/** Undefined where there was none yet. */
export function lastSweep(database: Database): LastSweep | undefined {
  return attempt('read', database.name, () => {
    const row = database
      .prepare<[], { at: string; status: LastSweep['status']; result: string }>(
        `SELECT finished_at AS at, outcome AS status, result FROM own_work
         WHERE kind = 'sweep' AND finished_at IS NOT NULL ORDER BY finished_at DESC, slot DESC LIMIT 1`,
      )
      .get();
    return row && { at: row.at, status: row.status, ...NONE, ...JSON.parse(row.result) };
  });
}

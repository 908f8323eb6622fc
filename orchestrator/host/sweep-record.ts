/** What is known of sweeps: for which slot one was taken, and what the last one came to. */
import type { Clock } from '../../shared/world.ts';
import { type SweptKind, stoppedWords } from '../fuse.ts';
import { sweep } from '../sweep.ts';
import type { SweepOrder, SweepResult, SweepShelf } from '../sweep-doors.ts';
import type { Sweeps } from '../sweeper.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';
import { SweepTable } from './sweep-table.ts';

/** The last sweep, as it is kept. */
export interface LastSweep {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly status: 'swept' | 'fuse';
  /** How many rows or files went. */
  readonly gone: Readonly<Record<SweptKind, number>>;
  /** What the fuse stopped, in words; null where it stopped nothing. */
  readonly stopped: string | null;
}

/** Every method may throw a HostFault, `retryable` when another program held the database for too long. */
export class SweepRecord implements Sweeps {
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

  take(slot: string): boolean {
    return attempt('write', this.#database.name, () => {
      const take = this.#database.prepare<object>('UPDATE sweeps SET slot = @slot WHERE slot IS NOT @slot');
      return take.run({ slot }).changes > 0;
    });
  }

  sweep(order: SweepOrder): Promise<SweepResult> {
    const store = new SweepTable(this.#database);
    return sweep({ store, shelf: this.#shelf, clock: this.#clock, breathe: this.#breathe }, order);
  }

  note({ status, gone, tallies }: SweepResult, at: string): void {
    const result = JSON.stringify({
      status,
      gone,
      stopped: status === 'fuse' ? stoppedWords(tallies) : null,
    });
    attempt('write', this.#database.name, () =>
      this.#database
        .prepare<object>('UPDATE sweeps SET ended_at = @at, result = @result')
        .run({ at, result }),
    );
  }
}

/** Undefined where there was none yet. */
export function lastSweep(database: Database): LastSweep | undefined {
  return attempt('read', database.name, () => {
    const row = database
      .prepare<[], { at: string | null; result: string | null }>(
        'SELECT ended_at AS at, result FROM sweeps WHERE id = 1',
      )
      .get();
    return row?.at && row.result ? { at: row.at, ...JSON.parse(row.result) } : undefined;
  });
}

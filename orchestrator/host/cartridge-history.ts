/** The history of cartridges as the registry has it, a page of names at a time; what a sweep gave up is not in it. */
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';

/** Which cartridges are meant. */
export interface HistoryChoice {
  readonly scriptId?: number | undefined;
  /** Only those of then or later: ISO 8601 in UTC, as the registry has it. */
  readonly since?: string | undefined;
}

/** Rows that are read at a time: a transaction that stays open would keep the database's log from being emptied. */
const PAGE = 1_000;

/** Synchronous; every method may throw a HostFault, `retryable` when another program held the database for too long. */
export class CartridgeHistory {
  readonly #database: Database;

  /** @param database as openDatabase left it, or openToRead */
  constructor(database: Database) {
    this.#database = database;
  }

  /** How many there are. */
  count(choice: HistoryChoice): number {
    return this.#ask((database) =>
      database
        .prepare<[object], number>(`SELECT count(*) FROM cartridges WHERE ${conditionOf(choice)}`)
        .pluck()
        .get({ ...choice }),
    ) as number;
  }

  /** Their file names, in the order of names. What is pressed meanwhile may be among them. */
  *fileNames(choice: HistoryChoice): Generator<string> {
    let after = '';
    for (;;) {
      const names = this.#ask((database) =>
        database
          .prepare<[object], string>(`
            SELECT CAST(file_name AS TEXT) FROM cartridges WHERE file_name > @after AND ${conditionOf(choice)}
            ORDER BY file_name LIMIT ${PAGE}`)
          .pluck()
          .all({ ...choice, after }),
      );
      yield* names;
      if (names.length < PAGE) return;
      after = names.at(-1) as string;
    }
  }

  #ask<Result>(work: (database: Database) => Result): Result {
    return attempt('read', this.#database.name, () => work(this.#database));
  }
}

function conditionOf({ scriptId, since }: HistoryChoice): string {
  return [
    'swept_at IS NULL',
    ...(scriptId === undefined ? [] : ['script_id = @scriptId']),
    ...(since === undefined ? [] : ['created_at >= @since']),
  ].join(' AND ');
}

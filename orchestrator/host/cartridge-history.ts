/** The history of cartridges as the registry has it: a page of names at a time, and which of them hold a picture. */
import type { Input } from '../../shared/inputs.ts';
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
/** Files of one picture that are named. */
const CANDIDATES = 16;

/** Synchronous; every method may throw a HostFault, `retryable` when another program held the database for too long. */
export class CartridgeHistory {
  readonly #database: Database;

  /** @param database as openDatabase left it */
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

  /** Files that are said to hold a canvas, the newest first. */
  filesOf({ checksum, width, height }: Input): string[] {
    return this.#ask((database) =>
      database
        .prepare<[object], string>(`
          SELECT CAST(file_name AS TEXT) FROM cartridges
          WHERE checksum = @checksum AND width = @width AND height = @height ORDER BY id DESC LIMIT ${CANDIDATES}`)
        .pluck()
        .all({ checksum, width, height }),
    );
  }

  #ask<Result>(work: (database: Database) => Result): Result {
    return attempt('read', this.#database.name, () => work(this.#database));
  }
}

function conditionOf({ scriptId, since }: HistoryChoice): string {
  const conditions = [
    ...(scriptId === undefined ? [] : ['script_id = @scriptId']),
    ...(since === undefined ? [] : ['created_at >= @since']),
  ];
  return conditions.length === 0 ? '1' : conditions.join(' AND ');
}

/** The table of pictures that others made and programs may draw, as the store reads and makes it. */
import type { StoredPicture } from '../store-verdict.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';

/** Rows that are read at a time. */
const PAGE = 500;

/** A picture as its file says that it is. */
export interface PictureRecord extends StoredPicture {
  readonly bytes: number;
  /** ISO 8601 UTC, for one that the table does not have yet. */
  readonly importedAt: string;
}

/** Synchronous; every method may throw a HostFault, `retryable` when another program held the database for too long. */
export class PictureTable {
  readonly #database: Database;

  /** @param database as openDatabase left it */
  constructor(database: Database) {
    this.#database = database;
  }

  /** All rows, in the order of their names. */
  *rows(): Generator<StoredPicture & { readonly bytes: number }> {
    const page = this.#attempt('read', () =>
      this.#database.prepare<[string], StoredPicture & { readonly bytes: number }>(`
        SELECT CAST(file_name AS TEXT) AS fileName, CAST(checksum AS TEXT) AS checksum, width, height,
          CASE typeof(bytes) WHEN 'integer' THEN bytes ELSE 0 END AS bytes
        FROM inputs WHERE file_name > ? ORDER BY file_name LIMIT ${PAGE}`),
    );
    for (let after = ''; ; ) {
      const rows = this.#attempt('read', () => page.all(after));
      yield* rows;
      const last = rows.at(-1);
      if (rows.length < PAGE || last === undefined) return;
      after = last.fileName;
    }
  }

  has(fileName: string): boolean {
    return this.#attempt(
      'read',
      () => this.#database.prepare('SELECT 1 FROM inputs WHERE file_name = ?').get(fileName) !== undefined,
    );
  }

  /** Makes the row of a file be as the file says; false where it was. */
  record(record: PictureRecord): boolean {
    return this.#attempt(
      'write',
      () =>
        this.#database
          .prepare(`
            INSERT INTO inputs (file_name, checksum, width, height, bytes, imported_at)
            VALUES (@fileName, @checksum, @width, @height, @bytes, @importedAt)
            ON CONFLICT (file_name) DO UPDATE SET checksum = excluded.checksum, width = excluded.width,
              height = excluded.height, bytes = excluded.bytes
            WHERE (checksum, width, height, bytes)
              IS NOT (excluded.checksum, excluded.width, excluded.height, excluded.bytes)`)
          .run(record).changes > 0,
    );
  }

  /** Removes the row of a file that is nowhere; false where it has changed meanwhile. */
  forget({ fileName, checksum }: StoredPicture): boolean {
    return this.#attempt(
      'write',
      () =>
        this.#database
          .prepare('DELETE FROM inputs WHERE file_name = ? AND checksum = ?')
          .run(fileName, checksum).changes > 0,
    );
  }

  #attempt<Result>(op: string, work: () => Result): Result {
    return attempt(op, this.#database.name, work);
  }
}

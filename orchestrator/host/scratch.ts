/** A scratch database: what a walk of the store has to remember, on the disk, so that its memory does not grow with the store. */
import BetterSqlite3 from 'better-sqlite3';
import { attempt } from './database-fault.ts';
import type { FileRecord } from './store-table.ts';

/** Records that are read at a time. */
const PAGE = 500;

/** A record, and which file it was read from. */
export type Noted = FileRecord & {
  readonly identity: string;
  /** What the registry had for its checksum, where it is that file with signatures; null otherwise. */
  readonly signedFrom: string | null;
};

export class Scratch {
  readonly #database: BetterSqlite3.Database;

  constructor() {
    // Without a name SQLite makes a file of its own, which goes with the connection, however that ends.
    this.#database = new BetterSqlite3('');
    this.#do(() => {
      this.#database.pragma('journal_mode = OFF');
      this.#database.pragma('cache_size = -4096');
      this.#database.exec(`
        CREATE TABLE wanted (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE lost (identity TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
        CREATE TABLE records (created_at TEXT, name TEXT, record TEXT, PRIMARY KEY (created_at, name)) WITHOUT ROWID;
        BEGIN`);
    });
    this.#want = this.#database.prepare('INSERT OR IGNORE INTO wanted VALUES (?)');
    this.#isWanted = this.#database.prepare('SELECT 1 FROM wanted WHERE sha256 = ?');
    this.#lose = this.#database.prepare('INSERT OR IGNORE INTO lost VALUES (?, ?)');
    this.#lostAs = this.#database
      .prepare<[string], string>('SELECT name FROM lost WHERE identity = ?')
      .pluck();
    this.#note = this.#database.prepare('INSERT OR REPLACE INTO records VALUES (?, ?, ?)');
    this.#page = this.#database.prepare(
      `SELECT created_at, name, record FROM records WHERE (created_at, name) > (?, ?) ORDER BY created_at, name LIMIT ${PAGE}`,
    );
  }

  readonly #want: BetterSqlite3.Statement;
  readonly #isWanted: BetterSqlite3.Statement;
  readonly #lose: BetterSqlite3.Statement;
  readonly #lostAs: BetterSqlite3.Statement<[string], string>;
  readonly #note: BetterSqlite3.Statement;
  readonly #page: BetterSqlite3.Statement;

  /** A row of the registry asks for an object that its name does not lead to. */
  want(sha256: string): void {
    this.#do(() => this.#want.run(sha256));
  }

  isWanted(sha256: string): boolean {
    return this.#do(() => this.#isWanted.get(sha256) !== undefined);
  }

  /** The name of a cartridge leads to nothing, and this is its file. */
  lose(identity: string, name: string): void {
    this.#do(() => this.#lose.run(identity, name));
  }

  lostAs(identity: string): string | undefined {
    return this.#do(() => this.#lostAs.get(identity));
  }

  note(record: Noted): void {
    this.#do(() => this.#note.run(record.createdAt, record.fileName, JSON.stringify(record)));
  }

  /** What was noted, the oldest first, some at a time. */
  *pages(): Generator<readonly Noted[]> {
    for (let after: readonly [string, string] = ['', '']; ; ) {
      const rows = this.#do(() => this.#page.all(...after)) as {
        created_at: string;
        name: string;
        record: string;
      }[];
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map(({ record }) => JSON.parse(record));
      after = [last.created_at, last.name];
    }
  }

  close(): void {
    this.#database.close();
  }

  #do<Result>(work: () => Result): Result {
    return attempt('write', 'for the walk', work);
  }
}

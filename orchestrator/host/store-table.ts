/** The registry as the store reads and makes it: pages of rows by name, and cartridges that were read from files. */
import type BetterSqlite3 from 'better-sqlite3';
import type { StoreRow } from '../store-verdict.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';
import { PictureTable } from './picture-table.ts';

type Statement = BetterSqlite3.Statement<unknown[], unknown>;

/** Rows that are read at a time. */
const PAGE = 500;

/** A row as lists show it. */
export interface ListedRow extends StoreRow {
  readonly script: string | null;
  readonly width: number;
  readonly height: number;
  /** Of the file. */
  readonly bytes: number;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** When retention gave it up; null where it is kept. */
  readonly sweptAt: string | null;
}

/** A cartridge as its file says that it is. */
export interface FileRecord {
  readonly fileName: string;
  readonly sha256: string;
  readonly checksum: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly createdAt: string;
  /** Checksums, as JSON. */
  readonly inputs: string;
  /** The same; null for none. */
  readonly parents: string | null;
  /** The script's name on the label, and the job's id of the run; null where it has none. */
  readonly script: string | null;
  readonly spoolId: string | null;
}

/** What became of a record: `open` and `given-up` are left to those whose they are. */
export type Recorded = 'added' | 'changed' | 'unchanged' | 'open' | 'given-up';

/** Synchronous; every method may throw a HostFault, `retryable` when another program held the database for too long. */
export class StoreTable {
  readonly #database: Database;
  readonly pictures: PictureTable;

  /** @param database as openDatabase left it */
  constructor(database: Database) {
    this.#database = database;
    this.pictures = new PictureTable(database);
  }

  /** All rows, in the order of their names; those that retention gave up, too. */
  *rows(scriptId?: number): Generator<ListedRow> {
    const ofScript = scriptId === undefined ? '' : 'AND cartridges.script_id = @scriptId';
    const page = this.#database.prepare<[object], ListedRow>(`
      SELECT cartridges.id, CAST(file_name AS TEXT) AS fileName, CAST(checksum AS TEXT) AS checksum,
        CAST(file_sha256 AS TEXT) AS sha256, CAST(script.name AS TEXT) AS script, cartridges.width, cartridges.height,
        bytes, CAST(cartridges.created_at AS TEXT) AS createdAt, CAST(swept_at AS TEXT) AS sweptAt
      FROM cartridges LEFT JOIN improvement_scripts AS script ON script.id = cartridges.script_id
      WHERE file_name > @after ${ofScript} ORDER BY file_name LIMIT ${PAGE}`);
    for (let after = ''; ; ) {
      const rows = this.#attempt('read', () => page.all({ after, scriptId }));
      yield* rows;
      const last = rows.at(-1);
      if (rows.length < PAGE || last === undefined) return;
      after = last.fileName;
    }
  }

  /** Whether any row, given up or not, has this name. */
  has(fileName: string): boolean {
    const find = this.#prepared('SELECT 1 FROM cartridges WHERE file_name = ?');
    return this.#attempt('read', () => find.get(fileName) !== undefined);
  }

  count(): number {
    return this.#attempt('read', () =>
      this.#database.prepare('SELECT count(*) FROM cartridges').pluck().get(),
    ) as number;
  }

  /** Does all of `work` in one transaction, in which nobody else writes. */
  alone<Result>(work: () => Result): Result {
    return this.#attempt('write', () => this.#database.transaction(work).immediate());
  }

  /** Whether the row is there as it was, and retention has not given it up. */
  isKept({ id, fileName, sha256 }: StoreRow): boolean {
    const find = this.#prepared(
      'SELECT 1 FROM cartridges WHERE id = ? AND file_name = ? AND file_sha256 IS ? AND swept_at IS NULL',
    );
    return this.#attempt('read', () => find.get(id, fileName, sha256) !== undefined);
  }

  /** Makes the row of a file be as the file says; what only the database knows of the same file stays. */
  record(record: FileRecord): Recorded {
    return this.#attempt('write', () => {
      const { spoolId, script, ...fields } = record;
      const run = this.#prepared(
        'SELECT id, script_id, finished_at, outcome FROM improvement_runs WHERE spool_id = ?',
      ).get(spoolId) as
        | { id: number; script_id: number | null; finished_at: string | null; outcome: string | null }
        | undefined;
      // Whoever renders it registers it, or takes it back.
      if (run !== undefined && (run.finished_at === null || !REGISTERED.has(run.outcome ?? '')))
        return 'open';
      const scriptId = run === undefined ? this.#scriptOf(script) : run.script_id;
      const old = this.#prepared(
        `SELECT swept_at AS sweptAt, checksum, width, height, bytes, created_at AS createdAt, inputs, parents,
           file_sha256 AS sha256, script_id AS scriptId, run_id AS runId FROM cartridges WHERE file_name = ?`,
      ).get(fields.fileName) as Record<string, unknown> | undefined;
      if (old?.sweptAt != null) return 'given-up';
      const found: Record<string, unknown> = {
        ...fields,
        scriptId: scriptId ?? old?.scriptId ?? null,
        runId: run?.id ?? old?.runId ?? null,
      };
      if (old !== undefined && COMPARED.every((name) => old[name] === found[name])) return 'unchanged';
      // No row's label is without a script.
      this.#prepared(RECORD).run({ ...found, takenInAt: script === null ? fields.createdAt : null });
      return old === undefined ? 'added' : 'changed';
    });
  }

  #scriptOf(name: string | null): number | null {
    const find = this.#prepared('SELECT id FROM improvement_scripts WHERE name = ?').pluck();
    return name === null ? null : ((find.get(name) as number | undefined) ?? null);
  }

  /** What the registry has for the checksum of a file; null where there is none, or retention gave it up. */
  sha256Of(fileName: string): string | null {
    const find = this.#prepared(
      'SELECT CAST(file_sha256 AS TEXT) FROM cartridges WHERE file_name = ? AND swept_at IS NULL',
    ).pluck();
    return this.#attempt('read', () => (find.get(fileName) as string | null | undefined) ?? null);
  }

  /** Notes that another cartridge may have the same file. */
  noteShared(fileName: string): void {
    const note = this.#prepared(
      'UPDATE cartridges SET shares_file = 1 WHERE file_name = ? AND shares_file = 0',
    );
    this.#attempt('write', () => note.run(fileName));
  }

  /** Removes the row of a file that is nowhere; false where it has changed meanwhile. */
  forget(row: StoreRow): boolean {
    const remove = this.#prepared(
      'DELETE FROM cartridges WHERE id = ? AND file_name = ? AND file_sha256 IS ? AND swept_at IS NULL',
    );
    return this.#attempt('write', () => remove.run(row.id, row.fileName, row.sha256).changes > 0);
  }

  #statements = new Map<string, Statement>();

  #prepared(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#attempt('read', () => this.#database.prepare<unknown[], unknown>(sql));
    this.#statements.set(sql, statement);
    return statement;
  }

  #attempt<Result>(op: string, work: () => Result): Result {
    return attempt(op, this.#database.name, work);
  }
}

/** How a run ended whose cartridge is in the registry. */
const REGISTERED = new Set(['success', 'rejected']);

const COMPARED = [
  ...[
    'checksum',
    'width',
    'height',
    'bytes',
    'createdAt',
    'inputs',
    'parents',
    'sha256',
    'scriptId',
    'runId',
  ],
] as const;

// What work it was, and what the language meant then, is not in a file; it holds as long as the pixels do.
const RECORD = `
  INSERT INTO cartridges (file_name, script_id, run_id, checksum, width, height, bytes, created_at, inputs, parents,
    file_sha256, taken_in_at)
  VALUES (@fileName, @scriptId, @runId, @checksum, @width, @height, @bytes, @createdAt, @inputs, @parents, @sha256,
    @takenInAt)
  ON CONFLICT (file_name) DO UPDATE SET script_id = excluded.script_id, run_id = excluded.run_id,
    work = CASE checksum WHEN excluded.checksum THEN work END,
    semantics = CASE checksum WHEN excluded.checksum THEN semantics END,
    checksum = excluded.checksum, width = excluded.width, height = excluded.height, bytes = excluded.bytes,
    created_at = excluded.created_at, inputs = excluded.inputs, parents = excluded.parents,
    file_sha256 = excluded.file_sha256`;

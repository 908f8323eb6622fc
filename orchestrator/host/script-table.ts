/** The orchestrator's view of the database: what is due, what is in flight, and how it ended. */
import type BetterSqlite3 from 'better-sqlite3';
import type { Input } from '../../shared/inputs.ts';
import { LIMITS } from '../../shared/limits.ts';
import { CANDIDATES } from '../config.ts';
import { LONGEST_RETRY_MS } from '../retry.ts';
import type { CartridgeRow, Claim, DueScript, OpenRun, RunClose } from '../script.ts';
import { attempt } from './database-fault.ts';

/** A run of ours without an end. */
const OPEN = 'spool_id IS NOT NULL AND finished_at IS NULL';

/**
 * Written as in the index gvpie_scripts_due, or SQLite does not use it. Ids that a double cannot hold come
 * only from before gvpie's triggers: taken for their neighbours they would do harm.
 * The plus keeps SQLite from walking the table by id.
 */
const DUE = `enabled = 1 AND rendered_revision IS NULL
  AND +id BETWEEN -${Number.MAX_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`;

const IDLE = `NOT EXISTS (SELECT 1 FROM improvement_runs WHERE script_id = script.id AND ${OPEN})`;

/**
 * Synchronous; one method per statement or transaction. Every method may throw a HostFault, `retryable`
 * when another program held the database for too long; a method that threw has changed nothing.
 */
export class ScriptTable {
  readonly #database: BetterSqlite3.Database;
  readonly #dataVersion: BetterSqlite3.Statement<[], number>;
  readonly #due: ReturnType<typeof prepareDue>;
  readonly #dueIds: ReturnType<typeof prepareDueIds>;
  readonly #dueScript: ReturnType<typeof prepareDueScript>;
  readonly #nextRetryAt: ReturnType<typeof prepareNextRetryAt>;
  readonly #openRuns: ReturnType<typeof prepareOpenRuns>;
  readonly #hasRun: BetterSqlite3.Statement<[string], number>;
  readonly #cartridgesByChecksum: ReturnType<typeof prepareCartridgesByChecksum>;
  readonly #cartridgeFiles: ReturnType<typeof prepareCartridgeFiles>;
  readonly #claim: ReturnType<typeof prepareClaim>;
  readonly #close: ReturnType<typeof prepareClose>;

  /** @param database as openDatabase left it */
  constructor(database: BetterSqlite3.Database) {
    this.#database = database;
    this.#dataVersion = database.prepare<[], number>('PRAGMA data_version').pluck();
    this.#due = prepareDue(database);
    this.#dueIds = prepareDueIds(database);
    this.#dueScript = prepareDueScript(database);
    this.#nextRetryAt = prepareNextRetryAt(database);
    this.#openRuns = prepareOpenRuns(database);
    this.#hasRun = database
      .prepare<[string], number>('SELECT 1 FROM improvement_runs WHERE spool_id = ?')
      .pluck();
    this.#cartridgesByChecksum = prepareCartridgesByChecksum(database);
    this.#cartridgeFiles = prepareCartridgeFiles(database);
    this.#claim = prepareClaim(database);
    this.#close = prepareClose(database);
  }

  /** Another number than before means that another connection has committed; ours never change it. */
  dataVersion(): number {
    return this.#attempt('read', () => this.#dataVersion.get() ?? 0);
  }

  /**
   * Scripts to render, at most `limit`: those that never ran, then those that ran longest ago.
   *
   * @param now ISO 8601 UTC; scripts that wait for a later time are left out, unless it is later than
   *   any wait is long, as it is after a clock was set back
   */
  due(now: string, limit: number): DueScript[] {
    // One byte over the limit is enough to refuse, and a script of 900 MB need not come in for it.
    return this.#attempt('read', () => this.#due.all({ now, limit, bytes: LIMITS.sourceBytes + 1 }));
  }

  /** Ids of all scripts to render, in the order of `due`. */
  dueIds(now: string): number[] {
    return this.#attempt('read', () => this.#dueIds.all({ now }));
  }

  /** One script, if it wants to be rendered, even if it waits for a later time. */
  dueScript(id: number): DueScript | undefined {
    return this.#attempt('read', () => this.#dueScript.get({ id, bytes: LIMITS.sourceBytes + 1 }));
  }

  /** The earliest time at which a failed script wants its next attempt; null when none waits. */
  nextRetryAt(): string | null {
    return this.#attempt('read', () => this.#nextRetryAt.get() ?? null);
  }

  /**
   * Opens runs in one transaction. In the order of `batch`: the run's id, or null where the script is no
   * longer due at that revision (changed, disabled, deleted, in flight).
   */
  claim(batch: readonly Claim[]): (number | null)[] {
    return this.#attempt('write', () => this.#claim(batch));
  }

  /**
   * Ends runs, with their scripts' counters and their cartridges, in one transaction. In the order of
   * `batch`: whether it ended the run; one that has ended already, or is not ours, stays as it is.
   */
  close(batch: readonly RunClose[]): boolean[] {
    return this.#attempt('write', () => this.#close(batch));
  }

  /** Runs of ours that have not ended, oldest first. */
  openRuns(): OpenRun[] {
    return this.#attempt('read', () => this.#openRuns.all());
  }

  /** Whether a run with this spool id was ever opened. */
  hasRun(spoolId: string): boolean {
    return this.#attempt('read', () => this.#hasRun.get(spoolId) !== undefined);
  }

  /** The newest cartridges with these pixels, at most CANDIDATES, the newest first (SHA-256 of the RGBA bytes, hex of either case). */
  cartridgesByChecksum(checksum: string): CartridgeRow[] {
    return this.#attempt('read', () => this.#cartridgesByChecksum.all(checksum.toLowerCase()));
  }

  /** Names of the files of the newest cartridges that hold an input, at most CANDIDATES, the newest first. */
  cartridgeFiles({ checksum, width, height }: Input): string[] {
    return this.#attempt('read', () => this.#cartridgeFiles.all({ checksum, width, height }));
  }

  #attempt<Result>(op: string, work: () => Result): Result {
    return attempt(op, this.#database.name, work);
  }
}

/** Characters of any other column than code that are read: enough to name it, however long it is. */
const READ_LENGTH = 1000;

// substr of a text ends at a NUL, so only what is too long goes through it.
const readText = (column: string): string =>
  `CASE WHEN octet_length(${column}) <= ${READ_LENGTH} THEN CAST(${column} AS TEXT)
    ELSE substr(CAST(${column} AS TEXT), 1, ${READ_LENGTH}) END AS ${column}`;

const readNumber = (column: string): string =>
  `CASE WHEN typeof(${column}) IN ('integer', 'real') THEN ${column} ELSE substr(${column}, 1, ${READ_LENGTH}) END AS ${column}`;

// substr of an empty BLOB is NULL, which for params is what they mean.
const DUE_COLUMNS = `
  id, ${readText('name')}, ${readText('lang')},
  coalesce(substr(CAST(code AS BLOB), 1, @bytes), X'') AS code, coalesce(octet_length(code), 0) AS codeBytes,
  typeof(code) AS codeType, ${readNumber('width')}, ${readNumber('height')},
  substr(CAST(params AS BLOB), 1, @bytes) AS params, typeof(params) AS paramsType, revision, attempts`;

const NOT_WAITING = `(
  retry_at IS NULL OR retry_at <= @now
  OR retry_at > strftime('%Y-%m-%dT%H:%M:%fZ', @now, '+${LONGEST_RETRY_MS / 1000} seconds')
)`;

function prepareDue(database: BetterSqlite3.Database) {
  return database.prepare<{ now: string; limit: number; bytes: number }, DueScript>(`
    SELECT ${DUE_COLUMNS} FROM improvement_scripts AS script
    WHERE ${DUE} AND ${IDLE} AND ${NOT_WAITING}
    ORDER BY last_run_at, id LIMIT @limit`);
}

function prepareDueIds(database: BetterSqlite3.Database) {
  return database
    .prepare<{ now: string }, number>(`
      SELECT id FROM improvement_scripts AS script
      WHERE ${DUE} AND ${IDLE} AND ${NOT_WAITING} ORDER BY last_run_at, id`)
    .pluck();
}

function prepareDueScript(database: BetterSqlite3.Database) {
  return database.prepare<{ id: number; bytes: number }, DueScript>(`
    SELECT ${DUE_COLUMNS} FROM improvement_scripts AS script WHERE id = @id AND ${DUE} AND ${IDLE}`);
}

function prepareNextRetryAt(database: BetterSqlite3.Database) {
  return database
    .prepare<[], string | null>(
      `SELECT CAST(min(retry_at) AS TEXT) FROM improvement_scripts AS script WHERE ${DUE} AND ${IDLE}`,
    )
    .pluck();
}

function prepareOpenRuns(database: BetterSqlite3.Database) {
  return database.prepare<[], OpenRun>(`
    SELECT run.id AS runId, script.id AS scriptId, CAST(script.name AS TEXT) AS scriptName, run.revision,
      spool_id AS spoolId, cartridge_path AS cartridgeName, started_at AS startedAt
    FROM improvement_runs AS run LEFT JOIN improvement_scripts AS script ON script.id = run.script_id
    WHERE ${OPEN} ORDER BY run.id`);
}

function prepareCartridgesByChecksum(database: BetterSqlite3.Database) {
  return database.prepare<[string], CartridgeRow>(`
    SELECT file_name AS fileName, script_id AS scriptId, run_id AS runId, checksum, width, height, bytes,
      created_at AS createdAt
    FROM cartridges WHERE checksum = ? ORDER BY id DESC LIMIT ${CANDIDATES}`);
}

// Two canvases of one colour have one checksum: those of another size must not be in the way.
function prepareCartridgeFiles(database: BetterSqlite3.Database) {
  return database
    .prepare<Input, string>(`
      SELECT file_name FROM cartridges WHERE checksum = @checksum AND width = @width AND height = @height
      ORDER BY id DESC LIMIT ${CANDIDATES}`)
    .pluck();
}

function prepareClaim(database: BetterSqlite3.Database): (batch: readonly Claim[]) => (number | null)[] {
  // last_run_at moves already here: a script whose run never ends goes to the back of the queue all the same.
  const take = database.prepare<Claim>(`
    UPDATE improvement_scripts AS script SET last_run_at = @startedAt, retry_at = NULL
    WHERE id = @scriptId AND revision = @revision AND ${DUE} AND ${IDLE}`);
  const open = database.prepare<Claim>(`
    INSERT INTO improvement_runs (script_id, started_at, revision, spool_id, cartridge_path)
    VALUES (@scriptId, @startedAt, @revision, @spoolId, @cartridgeName)`);
  return database.transaction((batch: readonly Claim[]) =>
    batch.map((claim) => (take.run(claim).changes === 0 ? null : Number(open.run(claim).lastInsertRowid))),
  ).immediate;
}

function prepareClose(database: BetterSqlite3.Database): (batch: readonly RunClose[]) => boolean[] {
  type Closed = { scriptId: number | null; revision: number };
  const end = database.prepare<object, Closed>(`
    UPDATE improvement_runs
    SET finished_at = @finishedAt, duration_ms = @durationMs, success = @success, outcome = @outcome,
      stdout = @stdout, stderr = @stderr, backend = @backend,
      cartridge_path = CASE WHEN @success THEN cartridge_path END
    WHERE id = @runId AND ${OPEN}
    RETURNING script_id AS scriptId, revision`);
  const COUNT = 'run_count = coalesce(run_count, 0) + 1, success_count = coalesce(success_count, 0) + ?';
  const count = database.prepare<[number, number | null]>(
    `UPDATE improvement_scripts SET ${COUNT} WHERE id = ?`,
  );
  // Content that changed while the run was under way is due already, with a fresh account of its own.
  const settle = database.prepare<[number, number | null, number]>(`
    UPDATE improvement_scripts SET ${COUNT}, rendered_revision = revision, attempts = 0, retry_at = NULL
    WHERE id = ? AND revision = ?`);
  const postpone = database.prepare<[string | null, number | null, number]>(
    'UPDATE improvement_scripts SET attempts = attempts + 1, retry_at = ? WHERE id = ? AND revision = ?',
  );
  // The file on the shelf is the truth: a name used again means that its file was replaced.
  const register = database.prepare(`
    INSERT INTO cartridges (file_name, script_id, run_id, checksum, width, height, bytes, created_at)
    VALUES (@fileName, (SELECT id FROM improvement_scripts WHERE id = @scriptId), @runId,
      @checksum, @width, @height, @bytes, @createdAt)
    ON CONFLICT (file_name) DO UPDATE SET script_id = excluded.script_id, run_id = excluded.run_id,
      checksum = excluded.checksum, width = excluded.width, height = excluded.height,
      bytes = excluded.bytes, created_at = excluded.created_at`);

  return database.transaction((batch: readonly RunClose[]) =>
    batch.map(({ cartridge, retryAt, ...close }) => {
      const success = close.outcome === 'success' ? 1 : 0;
      const run = end.get({ ...close, success });
      if (run === undefined) return false;
      const { scriptId, revision } = run;
      const isSettled = close.outcome === 'success' || close.outcome === 'refused';
      // Nearly always one statement does for both.
      if (!isSettled || settle.run(success, scriptId, revision).changes === 0) count.run(success, scriptId);
      if (close.outcome === 'failed') postpone.run(retryAt, scriptId, revision);
      if (cartridge !== null) register.run({ ...cartridge, ...run, runId: close.runId });
      return true;
    }),
  ).immediate;
}

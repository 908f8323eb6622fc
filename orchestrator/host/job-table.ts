/** The orchestrator's view of the database: which jobs are due, which are in flight, and how they ended. */
import type BetterSqlite3 from 'better-sqlite3';
import type { Input } from '../../shared/inputs.ts';
import { CANDIDATES } from '../config.ts';
import { LONGEST_RETRY_MS } from '../retry.ts';
import type {
  CartridgeRow,
  Claim,
  DueJob,
  JobState,
  KnownPicture,
  OpenRun,
  Outcome,
  RunClose,
} from '../script.ts';
import { attempt } from './database-fault.ts';
import { DueJobs } from './due-jobs.ts';
import { prepareClaim, prepareClose } from './job-moves.ts';

/** Runs of ours without an end. By itself SQLite takes the index of all spool ids, and reads every run that there was. */
const OPEN_RUNS = 'improvement_runs AS run INDEXED BY gvpie_runs_open';
const OPEN = 'run.spool_id IS NOT NULL AND run.finished_at IS NULL';

/**
 * Synchronous; one method per statement or transaction. Every method may throw a HostFault, `retryable`
 * when another program held the database for too long; a method that threw has changed nothing.
 */
export class JobTable {
  readonly #database: BetterSqlite3.Database;
  readonly #dataVersion: BetterSqlite3.Statement<[], number>;
  readonly #due: DueJobs;
  readonly #wake: BetterSqlite3.Statement<{ now: string }>;
  readonly #nextRetryAt: BetterSqlite3.Statement<[], string | null>;
  readonly #cancelled: BetterSqlite3.Statement<[string], string>;
  readonly #openRuns: ReturnType<typeof prepareOpenRuns>;
  readonly #isRegistered: BetterSqlite3.Statement<[string], 1>;
  readonly #outcome: BetterSqlite3.Statement<[string], Outcome | null>;
  readonly #cartridgesByChecksum: ReturnType<typeof prepareCartridgesByChecksum>;
  readonly #cartridgeFiles: ReturnType<typeof prepareCartridgeFiles>;
  readonly #inputFiles: BetterSqlite3.Statement<[Input], string>;
  readonly #known: BetterSqlite3.Statement<[string, string], KnownPicture>;
  readonly #claim: ReturnType<typeof prepareClaim>;
  readonly #close: ReturnType<typeof prepareClose>;

  /** @param database as openDatabase left it; to ask, one that openToRead has opened will do */
  constructor(database: BetterSqlite3.Database) {
    this.#database = database;
    this.#dataVersion = database.prepare<[], number>('PRAGMA data_version').pluck();
    this.#due = new DueJobs(database);
    this.#wake = prepareWake(database);
    this.#nextRetryAt = database
      .prepare<[], string | null>(
        `SELECT CAST(min(retry_at) AS TEXT) FROM jobs WHERE state = 'queued' AND retry_at IS NOT NULL`,
      )
      .pluck();
    this.#cancelled = prepareCancelled(database);
    this.#openRuns = prepareOpenRuns(database);
    this.#outcome = database
      .prepare<[string], Outcome | null>('SELECT outcome FROM improvement_runs WHERE spool_id = ?')
      .pluck();
    this.#isRegistered = database
      .prepare<[string], 1>('SELECT 1 FROM cartridges WHERE file_name = ? AND swept_at IS NULL')
      .pluck();
    this.#cartridgesByChecksum = prepareCartridgesByChecksum(database);
    this.#cartridgeFiles = prepareCartridgeFiles(database);
    this.#inputFiles = database
      .prepare<[Input], string>(
        'SELECT file_name FROM inputs WHERE checksum = @checksum AND width = @width AND height = @height',
      )
      .pluck();
    this.#known = prepareKnown(database);
    this.#claim = prepareClaim(database);
    this.#close = prepareClose(database);
  }

  /** Another number than before means that another connection has committed; ours never change it. */
  dataVersion(): number {
    return this.#attempt('read', () => this.#dataVersion.get() ?? 0);
  }

  /**
   * Jobs to render, at most `limit`, by rank; those of paused langs and of scripts with enough at once are left out.
   *
   * @param except ids of jobs that are left out too
   */
  due(limit: number, except: readonly number[] = []): DueJob[] {
    return this.#attempt('read', () => this.#due.first(limit, except));
  }

  /** Ids of all jobs that are queued, and neither held nor waiting for a later attempt, by rank. */
  agenda(): number[] {
    return this.#attempt('read', () => this.#due.agenda());
  }

  /** One job, if it is queued, even if it waits for something; `waits` says whether it may not be taken now. */
  queued(id: number): (DueJob & { readonly waits: boolean }) | undefined {
    return this.#attempt('read', () => this.#due.queued(id));
  }

  /**
   * Ends the waits that are over.
   *
   * @param now ISO 8601 UTC; a wait that ends later than any wait is long is over too, as after a clock was set back
   */
  wake(now: string): void {
    this.#attempt('write', () => this.#wake.run({ now }));
  }

  /** The earliest time at which a failed job wants its next attempt; null when none waits. */
  nextRetryAt(): string | null {
    return this.#attempt('read', () => this.#nextRetryAt.get() ?? null);
  }

  /** Spool ids of the open runs of `owner` whose jobs somebody cancels. */
  cancelled(owner: string): string[] {
    return this.#attempt('read', () => this.#cancelled.all(owner));
  }

  /**
   * Opens runs in one transaction. In the order of `batch`: the run's id, or null where the job may not be taken any
   * more (changed, held, blocked, cancelled, paused, taken, its script or its lang at its bound).
   */
  claim(batch: readonly Claim[], owner: string): (number | null)[] {
    return this.#attempt('write', () => this.#claim(batch, owner));
  }

  /**
   * Ends runs, with their jobs, counters and cartridges, in one transaction. In the order of `batch`: the state of
   * the job, null where it is gone; undefined where the run has ended already, or is not there: nothing changed then.
   */
  close(batch: readonly RunClose[]): (JobState | null | undefined)[] {
    return this.#attempt('write', () => this.#close(batch));
  }

  /** Runs of ours that have not ended, oldest first: everybody's, or one owner's. */
  openRuns(owner?: string | null): OpenRun[] {
    return this.#attempt('read', () =>
      this.#openRuns.all().filter((run) => owner === undefined || run.owner === owner),
    );
  }

  /** Does all of `work` in one transaction, in which nobody else writes; what it throws undoes it. */
  alone<Result>(work: () => Result): Result {
    return this.#attempt('write', () => this.#database.transaction(work).immediate());
  }

  /** How the run with this spool id ended: null while it is open, undefined when there is none. */
  outcome(spoolId: string): Outcome | null | undefined {
    return this.#attempt('read', () => this.#outcome.get(spoolId));
  }

  /** Whether a file is in the registry, and not given up: also when its run is gone. */
  isRegistered(fileName: string): boolean {
    return this.#attempt('read', () => this.#isRegistered.get(fileName) !== undefined);
  }

  /** The newest cartridges with these pixels, at most CANDIDATES, the newest first (SHA-256 of the RGBA bytes, hex of either case). */
  cartridgesByChecksum(checksum: string): CartridgeRow[] {
    return this.#attempt('read', () => this.#cartridgesByChecksum.all(checksum.toLowerCase()));
  }

  /** Names of the files of the newest cartridges that hold an input, the newest first, then of PNGs that do; at most CANDIDATES. */
  cartridgeFiles({ checksum, width, height }: Input): string[] {
    const input = { checksum, width, height };
    return this.#attempt('read', () =>
      [...this.#cartridgeFiles.all(input), ...this.#inputFiles.all(input)].slice(0, CANDIDATES),
    );
  }

  /** The newest cartridges of work with this key, rendered when the language meant this, at most CANDIDATES, the newest first. */
  known(work: string, semantics: string): KnownPicture[] {
    return this.#attempt('read', () => this.#known.all(work, semantics));
  }

  #attempt<Result>(op: string, work: () => Result): Result {
    return attempt(op, this.#database.name, work);
  }
}

function prepareWake(database: BetterSqlite3.Database) {
  return database.prepare<{ now: string }>(`
    UPDATE jobs SET retry_at = NULL WHERE state = 'queued' AND retry_at IS NOT NULL AND (
      retry_at <= @now OR retry_at > strftime('%Y-%m-%dT%H:%M:%fZ', @now, '+${LONGEST_RETRY_MS / 1000} seconds')
    )`);
}

function prepareCancelled(database: BetterSqlite3.Database) {
  return database
    .prepare<[string], string>(`
      SELECT run.spool_id FROM ${OPEN_RUNS} JOIN jobs AS job ON job.id = run.job_id
      WHERE ${OPEN} AND run.owner = ? AND job.state = 'running' AND job.cancel = 1`)
    .pluck();
}

function prepareOpenRuns(database: BetterSqlite3.Database) {
  return database.prepare<[], OpenRun>(`
    SELECT run.id AS runId, script.id AS scriptId, CAST(script.name AS TEXT) AS scriptName, run.revision,
      spool_id AS spoolId, cartridge_path AS cartridgeName, started_at AS startedAt, owner
    FROM ${OPEN_RUNS} LEFT JOIN improvement_scripts AS script ON script.id = run.script_id
    WHERE ${OPEN} ORDER BY run.id`);
}

function prepareCartridgesByChecksum(database: BetterSqlite3.Database) {
  return database.prepare<[string], CartridgeRow>(`
    SELECT file_name AS fileName, script_id AS scriptId, run_id AS runId, checksum, width, height, bytes,
      created_at AS createdAt
    FROM cartridges WHERE checksum = ? AND swept_at IS NULL ORDER BY id DESC LIMIT ${CANDIDATES}`);
}

// Two canvases of one colour have one checksum: those of another size must not be in the way.
function prepareCartridgeFiles(database: BetterSqlite3.Database) {
  return database
    .prepare<Input, string>(`
      SELECT CAST(file_name AS TEXT) FROM cartridges
      WHERE checksum = @checksum AND width = @width AND height = @height AND swept_at IS NULL
      ORDER BY id DESC LIMIT ${CANDIDATES}`)
    .pluck();
}

function prepareKnown(database: BetterSqlite3.Database) {
  return database.prepare<[string, string], KnownPicture>(`
    SELECT file_name AS fileName, checksum, bytes FROM cartridges WHERE work = ? AND semantics = ? AND swept_at IS NULL
    ORDER BY id DESC LIMIT ${CANDIDATES}`);
}

/** A person's view of the database: scripts by name, the history of their runs, and totals. */
import { DEFAULT_CANVAS } from '../../shared/canvas.ts';
import { HostFault } from '../../shared/faults.ts';
import type { Counts, Lang, RunRow, ScriptContent, ScriptDetail, ScriptRow } from '../script.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';
import { workingOn } from './owner-table.ts';

/** Its newest job. */
const LATEST = 'script_id = script.id ORDER BY jobs.id DESC LIMIT 1';

// Any client may have stored any type in any column: what a person reads is cast to the type it should have.
const SCRIPT_COLUMNS = `
  id, CAST(name AS TEXT) AS name, CAST(lang AS TEXT) AS lang, enabled IS 1 AS enabled, width, height,
  octet_length(code) AS codeBytes, CAST(params AS TEXT) AS params, CAST(parents AS TEXT) AS parents, revision,
  (SELECT state FROM jobs WHERE ${LATEST}) AS state,
  coalesce((SELECT attempts FROM jobs WHERE ${LATEST}), 0) AS attempts,
  (SELECT CAST(retry_at AS TEXT) FROM jobs WHERE ${LATEST}) AS retryAt, CAST(created_at AS TEXT) AS createdAt,
  CAST(last_run_at AS TEXT) AS lastRunAt, CAST(coalesce(run_count, 0) AS INTEGER) AS runCount,
  CAST(coalesce(success_count, 0) AS INTEGER) AS successCount,
  (SELECT outcome FROM improvement_runs WHERE script_id = script.id ORDER BY id DESC LIMIT 1) AS lastOutcome`;

/** The fields of a content and their columns. */
const CONTENT: Readonly<Record<keyof ScriptContent, string>> = {
  lang: 'lang',
  code: 'code',
  width: 'width',
  height: 'height',
  params: 'params',
  schedule: 'schedule',
  timeZone: 'time_zone',
  catchUp: 'catch_up',
  priority: 'priority',
  needs: 'needs',
  matrix: 'matrix',
  batch: 'batch',
  expect: 'expect',
  maxAttempts: 'max_attempts',
  concurrency: 'concurrency',
  submitKey: 'submit_key',
  force: 'force',
  parents: 'parents',
};

/** Those that are given, be it with null. */
function columnsOf(content: ScriptContent): { field: string; column: string }[] {
  return Object.entries(CONTENT)
    .filter(([field]) => content[field as keyof ScriptContent] !== undefined)
    .map(([field, column]) => ({ field, column }));
}

/** SQLite has no booleans. */
type Stored<Row extends { readonly enabled: boolean }> = Omit<Row, 'enabled'> & { readonly enabled: 0 | 1 };

/**
 * Synchronous; one method per statement. Names are exact: case, blanks and all. Every method may throw a
 * HostFault, `retryable` when another program held the database for too long.
 */
export class ScriptCatalog {
  readonly #database: Database;

  /** @param database as openDatabase left it */
  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Adds a script, enabled and due, and returns its id. The canvas is 128×64 unless given; what else is left out takes
   * the table's default.
   *
   * @throws {HostFault} not retryable, when the name, or the key under which it is submitted, is taken
   */
  addScript(name: string, content: ScriptContent & { readonly lang: Lang; readonly code: string }): number {
    const values = { ...DEFAULT_CANVAS, ...content };
    const given = columnsOf(values);
    const result = this.#write(
      `INSERT INTO improvement_scripts (name, ${given.map(({ column }) => column).join(', ')})
       VALUES (@name, ${given.map(({ field }) => `@${field}`).join(', ')}) ON CONFLICT DO NOTHING`,
      { name, ...values },
    );
    if (result.changes === 1) return Number(result.lastInsertRowid);
    throw new HostFault(
      'write',
      this.#database.name,
      `Expected a new name, found the script ${JSON.stringify(name)}`,
      {
        retryable: false,
        hint: 'gvpie script set changes a script',
      },
    );
  }

  /** Changes what is given of a script; it becomes due where that changes anything. False: no such script. */
  setScript(name: string, content: ScriptContent): boolean {
    const given = columnsOf(content);
    if (given.length === 0) return this.showScript(name) !== undefined;
    return this.#changes(
      `UPDATE improvement_scripts SET ${given.map(({ column, field }) => `${column} = @${field}`).join(', ')}
       WHERE name = @name`,
      { name, ...content },
    );
  }

  /** Does all of `work` or nothing of it, with nobody writing in between. */
  atomically<Result>(work: () => Result): Result {
    return attempt('write', this.#database.name, () => this.#database.transaction(work).immediate());
  }

  /** The name of the script that was submitted under a key; undefined: none was. */
  submittedAs(submitKey: string): string | undefined {
    const [row] = this.#read<{ name: string }>(
      'SELECT CAST(name AS TEXT) AS name FROM improvement_scripts WHERE submit_key = @submitKey',
      { submitKey },
    );
    return row?.name;
  }

  /** All scripts, in the order in which they were added. */
  listScripts(): ScriptRow[] {
    return this.#read<Stored<ScriptRow>>(
      `SELECT ${SCRIPT_COLUMNS} FROM improvement_scripts AS script ORDER BY id`,
      {},
    ).map((row) => ({ ...row, enabled: row.enabled === 1 }));
  }

  /** One script with its code; undefined when there is none of that name. */
  showScript(name: string): ScriptDetail | undefined {
    const [row] = this.#read<Stored<ScriptDetail>>(
      `SELECT ${SCRIPT_COLUMNS}, CAST(code AS BLOB) AS code, typeof(code) AS codeType
       FROM improvement_scripts AS script WHERE name = @name`,
      { name },
    );
    return row && { ...row, enabled: row.enabled === 1 };
  }

  /** From now on it is rendered when it is due. False: no such script. */
  enable(name: string): boolean {
    return this.#changes('UPDATE improvement_scripts SET enabled = 1 WHERE name = @name', { name });
  }

  /** From now on it is not rendered; a run in flight ends as it would have. False: no such script. */
  disable(name: string): boolean {
    return this.#changes('UPDATE improvement_scripts SET enabled = 0 WHERE name = @name', { name });
  }

  /** Deletes a script; its runs and cartridges stay, without it. False: no such script. */
  removeScript(name: string): boolean {
    return this.#changes('DELETE FROM improvement_scripts WHERE name = @name', { name });
  }

  /**
   * Asks for its present revision once more, at once; a run in flight answers it. False: no such script.
   *
   * @param force whether it is rendered even if the picture is known
   */
  markDue(name: string, force = false): boolean {
    return attempt('write', this.#database.name, () =>
      this.#database.transaction(() => this.#askAgain(name, force)).immediate(),
    );
  }

  /** The newest runs, newest first: of one script, or, with null, of all, deleted scripts' too. */
  runs(name: string | null, limit: number): RunRow[] {
    return this.#read<RunRow>(
      `SELECT run.id, run.script_id AS scriptId, CAST(script.name AS TEXT) AS scriptName, run.revision,
         CAST(started_at AS TEXT) AS startedAt, CAST(finished_at AS TEXT) AS finishedAt, success, outcome,
         duration_ms AS durationMs, CAST(backend AS TEXT) AS backend,
         CAST(cartridge_path AS TEXT) AS cartridgeName,
         (SELECT swept_at FROM cartridges WHERE file_name = run.cartridge_path) AS cartridgeSweptAt, known, spool_id AS spoolId,
         CAST(stdout AS TEXT) AS stdout, CAST(stderr AS TEXT) AS stderr
       FROM improvement_runs AS run LEFT JOIN improvement_scripts AS script ON script.id = run.script_id
       WHERE ${name === null ? 'true' : 'script.name = @name'} ORDER BY run.id DESC LIMIT @limit`,
      { name, limit },
    );
  }

  /** The newest run of a script; undefined when it has none, or there is no such script. */
  latestRun(name: string): RunRow | undefined {
    return this.runs(name, 1)[0];
  }

  /** Whether an orchestrator works on this database. */
  isWorkedOn(): boolean {
    return workingOn(this.#database).length > 0;
  }

  counts(): Counts {
    const [counts] = this.#read<Counts>(
      `SELECT
         (SELECT count(*) FROM improvement_scripts) AS scripts,
         (SELECT count(*) FROM improvement_scripts WHERE enabled = 1) AS enabled,
         (SELECT count(*) FROM jobs JOIN improvement_scripts AS script ON script.id = script_id
           WHERE state = 'queued' AND held = 0)
           + (SELECT count(*) FROM jobs WHERE state = 'running' AND held = 0) AS due,
         (SELECT count(*) FROM jobs WHERE state = 'queued' AND held = 0 AND retry_at IS NOT NULL) AS waiting,
         (SELECT count(*) FROM improvement_runs) AS runs,
         (SELECT count(*) FROM improvement_runs INDEXED BY gvpie_runs_open
           WHERE finished_at IS NULL AND spool_id IS NOT NULL) AS open,
         (SELECT count(*) FROM cartridges) AS cartridges`,
      {},
    );
    return counts as Counts;
  }

  #read<Row>(sql: string, parameters: object): Row[] {
    return attempt('read', this.#database.name, () =>
      this.#database.prepare<object, Row>(sql).all(parameters),
    );
  }

  #write(sql: string, parameters: object) {
    return attempt('write', this.#database.name, () => this.#database.prepare(sql).run(parameters));
  }

  #askAgain(name: string, force: boolean): boolean {
    const jobs = `script_id = (SELECT id FROM improvement_scripts WHERE name = @name)
      AND revision = (SELECT revision FROM improvement_scripts WHERE name = @name)`;
    // What waits for a later attempt begins anew.
    this.#changes(`UPDATE jobs SET attempts = 0, retry_at = NULL WHERE ${jobs} AND state = 'queued'`, {
      name,
    });
    this.#changes(
      `UPDATE jobs SET state = 'queued' WHERE ${jobs} AND state NOT IN ('queued', 'running')
       AND id = (SELECT max(id) FROM jobs WHERE ${jobs})`,
      { name },
    );
    if (force)
      this.#changes(`UPDATE jobs SET forced = 1 WHERE ${jobs} AND state IN ('queued', 'running')`, { name });
    return this.#read('SELECT 1 FROM improvement_scripts WHERE name = @name', { name }).length > 0;
  }

  #changes(sql: string, parameters: object): boolean {
    return this.#write(sql, parameters).changes > 0;
  }
}

/** A person's view of the queue: which jobs there are, in the order in which they will be taken, and what holds them. */
import { hasEnded } from '../life.ts';
import type { Control, JobChoice, JobRow, PlanRow, QueueTotals } from '../queue.ts';
import type { JobState, Scope } from '../script.ts';
import { attempt } from './database-fault.ts';
import { due } from './due.ts';
import type { Database } from './migrate.ts';

/** Of what a script needs, the names that no script has: a mistyped one would be waited for in vain. */
const UNKNOWN_NEEDS = `coalesce((SELECT ' (no script has the name ' || group_concat(needed, ' or ') || ' yet)' FROM script_needs
  WHERE script_id = script.id AND NOT EXISTS (SELECT 1 FROM improvement_scripts WHERE name = needed)), '')`;

/** What a job waits for; NULL for nothing. */
const JOB_WAITS = `(SELECT waits || iif(waits LIKE 'waits for %', ${UNKNOWN_NEEDS}, '') FROM v_due WHERE v_due.id = job.id)`;

/** Which needs of a script are not met that has never had a job, as before its first time; NULL otherwise. */
const FIRST_WAITS = `(SELECT 'waits for ' || group_concat(needed, ', ') || ${UNKNOWN_NEEDS} FROM v_needs
  WHERE script_id = script.id AND NOT met AND NOT EXISTS (SELECT 1 FROM jobs WHERE script_id = script.id))`;

/** Any client may have stored any type in a script's columns. */
const JOB_COLUMNS = `
  job.id, CAST(script.name AS TEXT) AS scriptName, job.slot, job.revision, job.lang, CAST(script.batch AS TEXT) AS batch,
  CAST(script.priority AS INTEGER) AS priority, job.state, ${JOB_WAITS} AS waits,
  job.cancel = 1 AS cancel, job.attempts, job.due_at AS dueAt, job.retry_at AS retryAt, job.ended_at AS endedAt`;

/** Jobs that an orchestrator would take if it were their turn, as far as bounds are left aside. */
const TAKEABLE = `${due('jobs')} AND NOT EXISTS (
  SELECT 1 FROM controls WHERE paused AND scope IN ('engine', jobs.lang))`;

/** First what runs, then what can be taken, then what waits; what has ended comes newest first. */
const IN_ORDER = `
  CASE state WHEN 'running' THEN 0 WHEN 'queued' THEN CASE WHEN ${TAKEABLE} THEN 1 ELSE 2 END ELSE 3 END,
  CASE WHEN state IN ('queued', 'running') THEN rank ELSE -id END, id`;

/** What has not ended, by the indexes of each state: for an IN of both SQLite reads all jobs that there ever were. */
export const OPEN = `id IN (
  SELECT id FROM jobs WHERE state = 'queued' UNION ALL SELECT id FROM jobs WHERE state = 'running')`;

/** Written so that SQLite finds an index of these jobs, where there is one. */
function isIn(state: JobState): string {
  const isAmiss = hasEnded(state) && state !== 'done';
  return `state = '${state}'${isAmiss ? ` AND state NOT IN ('queued', 'running', 'done')` : ''}`;
}

/**
 * A condition on `jobs`, with the choice's fields as its parameters.
 *
 * @param otherwise the condition on states where none is chosen
 */
export function chosen({ scriptName, batch, lang, state }: JobChoice, otherwise: string): string {
  return [
    state === undefined ? otherwise : isIn(state),
    ...(scriptName === undefined
      ? []
      : ['script_id = (SELECT id FROM improvement_scripts WHERE name = @scriptName)']),
    ...(lang === undefined ? [] : ['lang = @lang']),
    ...(batch === undefined
      ? []
      : ['script_id IN (SELECT id FROM improvement_scripts WHERE batch = @batch)']),
  ].join(' AND ');
}

/** SQLite has no booleans. */
type Stored<Row, Flag extends keyof Row> = Omit<Row, Flag> & Readonly<Record<Flag, 0 | 1>>;

/**
 * Synchronous; one method per statement. Names are exact. Every method may throw a HostFault, `retryable` when another
 * program held the database for too long.
 */
export class QueueCatalog {
  readonly #database: Database;

  /** @param database as openDatabase left it */
  constructor(database: Database) {
    this.#database = database;
  }

  /** Jobs in the order in which they will be taken: queued and running ones unless a state is chosen. */
  list(choice: JobChoice, limit: number): JobRow[] {
    const ids = this.#read<{ id: number }>(
      `SELECT id FROM jobs WHERE ${chosen(choice, OPEN)}
       ORDER BY ${choice.state === 'done' ? 'id DESC' : IN_ORDER} LIMIT @limit`,
      { ...choice, limit },
    ).map(({ id }) => id);
    // What each waits for is asked only of those that are shown.
    const found = new Map(this.#jobs(ids).map((row) => [row.id, row]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** One job; undefined when there is none of that id. */
  job(id: number): JobRow | undefined {
    return this.#jobs([id])[0];
  }

  /** Ids of a script's jobs, the newest first. */
  jobsOf(scriptName: string, limit: number): number[] {
    return this.#read<{ id: number }>(
      `SELECT id FROM jobs WHERE script_id = (SELECT id FROM improvement_scripts WHERE name = @scriptName)
       ORDER BY id DESC LIMIT @limit`,
      { scriptName, limit },
    ).map(({ id }) => id);
  }

  /** @param choice its state is left aside */
  totals({ state: _, ...choice }: JobChoice): QueueTotals {
    const [totals] = this.#read<QueueTotals>(
      `SELECT count(*) FILTER (WHERE state = 'queued') AS queued,
         count(*) FILTER (WHERE state = 'queued' AND NOT (${TAKEABLE})) AS waiting,
         count(*) FILTER (WHERE state = 'running') AS running
       FROM jobs WHERE ${chosen(choice, OPEN)}`,
      choice,
    );
    return totals as QueueTotals;
  }

  /** Of each run that is under way, the id of its command. */
  spoolIds(): Map<number, string> {
    const rows = this.#read<{ run: number; spoolId: string }>(
      'SELECT run_id AS run, spool_id AS spoolId FROM v_running',
      {},
    );
    return new Map(rows.map(({ run, spoolId }) => [run, spoolId]));
  }

  /** Engine first. */
  controls(): Control[] {
    return this.#read<Stored<Control, 'paused'>>(
      `SELECT scope, paused, concurrency FROM controls ORDER BY scope <> 'engine', scope`,
      {},
    ).map((row) => ({ ...row, paused: row.paused === 1 }));
  }

  /** How many jobs may be queued; null: any number. */
  maxQueued(): number | null {
    const [engine] = this.#read<{ maxQueued: number | null }>(
      `SELECT max_queued AS maxQueued FROM controls WHERE scope = 'engine'`,
      {},
    );
    return engine?.maxQueued ?? null;
  }

  /** Whether that changed anything. */
  pause(scope: Scope, paused: boolean): boolean {
    return this.#change('UPDATE controls SET paused = @to WHERE scope = @scope AND paused <> @to', {
      scope,
      to: paused ? 1 : 0,
    });
  }

  /** Bounds the jobs at once; null for no bound. Whether that changed anything. */
  limit(scope: Scope, concurrency: number | null): boolean {
    return this.#change(
      'UPDATE controls SET concurrency = @concurrency WHERE scope = @scope AND concurrency IS NOT @concurrency',
      { scope, concurrency },
    );
  }

  /** When and how jobs are run, of one script or of all, in the order in which they were added. */
  plans(scriptName?: string): PlanRow[] {
    return this.#read<Stored<PlanRow, 'forceRender' | 'skippedAtLeast'>>(
      `SELECT CAST(name AS TEXT) AS scriptName, CAST(schedule AS TEXT) AS schedule, CAST(time_zone AS TEXT) AS timeZone,
         CAST(catch_up AS TEXT) AS catchUp, skipped_slots AS skippedSlots,
         skipped_at_least AS skippedAtLeast, CAST(priority AS INTEGER) AS priority,
         CAST(needs AS TEXT) AS needs, CAST(matrix AS TEXT) AS matrix, CAST(batch AS TEXT) AS batch,
         CAST(expect AS TEXT) AS expect, max_attempts AS maxAttempts, concurrency, force IS 1 AS forceRender,
         CAST(submit_key AS TEXT) AS submitKey,
         coalesce((SELECT ${JOB_WAITS} FROM jobs AS job WHERE id =
           (SELECT max(id) FROM jobs INDEXED BY gvpie_jobs_queued
             WHERE script_id = script.id AND state = 'queued')), ${FIRST_WAITS}) AS waits
       FROM improvement_scripts AS script WHERE @scriptName IS NULL OR name = @scriptName ORDER BY id`,
      { scriptName: scriptName ?? null },
    ).map((row) => ({
      ...row,
      forceRender: row.forceRender === 1,
      skippedAtLeast: row.skippedAtLeast === 1,
    }));
  }

  #jobs(ids: readonly number[]): JobRow[] {
    return this.#read<Stored<JobRow, 'cancel'>>(
      `SELECT ${JOB_COLUMNS} FROM jobs AS job LEFT JOIN improvement_scripts AS script ON script.id = job.script_id
       WHERE job.id IN (SELECT value FROM json_each(@ids))`,
      { ids: JSON.stringify(ids) },
    ).map((row) => ({ ...row, cancel: row.cancel === 1 }));
  }

  #read<Row>(sql: string, parameters: object): Row[] {
    return attempt('read', this.#database.name, () =>
      this.#database.prepare<object, Row>(sql).all(parameters),
    );
  }

  #change(sql: string, parameters: object): boolean {
    return attempt(
      'write',
      this.#database.name,
      () => this.#database.prepare(sql).run(parameters).changes > 0,
    );
  }
}

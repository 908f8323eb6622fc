/** What is due, next to be taken first, with all that a run needs to know of it. */
import type BetterSqlite3 from 'better-sqlite3';
import { LIMITS } from '../../shared/limits.ts';
import type { DueJob } from '../script.ts';
import { ROOM } from './job-moves.ts';

/** Written as in the indexes gvpie_jobs_due and gvpie_jobs_points_due, or SQLite does not use them. */
const DUE = `job.state = 'queued' AND job.held = 0 AND job.blocked = 0 AND job.retry_at IS NULL`;
/** By itself SQLite takes the index of all that is queued. */
const POINTS = 'jobs AS job INDEXED BY gvpie_jobs_points_due';
const POINT_DUE = `${DUE} AND job.params IS NOT NULL`;

/** Ids that a double cannot hold come only from before gvpie's triggers: taken for their neighbours they would do harm. */
const NAMEABLE = `script.id BETWEEN -${Number.MAX_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`;

const JOBS = 'jobs AS job JOIN improvement_scripts AS script ON script.id = job.script_id';

/** Its methods throw what SQLite does; see job-table.ts for what they are to the daemon. */
export class DueJobs {
  readonly #openLangs: BetterSqlite3.Statement<[], string>;
  readonly #due: ReturnType<typeof prepareDue>;
  readonly #pointsDue: ReturnType<typeof preparePointsDue>;
  readonly #agenda: BetterSqlite3.Statement<[], number>;
  readonly #queued: ReturnType<typeof prepareQueued>;

  constructor(database: BetterSqlite3.Database) {
    this.#openLangs = prepareOpenLangs(database);
    this.#due = prepareDue(database);
    this.#pointsDue = preparePointsDue(database);
    this.#agenda = prepareAgenda(database);
    this.#queued = prepareQueued(database);
  }

  first(limit: number, except: readonly number[]): DueJob[] {
    // One byte over the limit is enough to refuse, and a script of 900 MB need not come in for it.
    const asked = { limit, bytes: LIMITS.sourceBytes + 1, not: JSON.stringify(except) };
    const langs = this.#openLangs.all();
    const found = langs.map((lang) => this.#due.all({ ...asked, lang }));
    if (langs.length > 0) found.push(this.#pointsDue.all({ ...asked, langs: JSON.stringify(langs) }));
    return found.flat().sort(byRank).slice(0, limit);
  }

  agenda(): number[] {
    return this.#agenda.all();
  }

  queued(id: number): (DueJob & { readonly waits: boolean }) | undefined {
    const found = this.#queued.get({ id, bytes: LIMITS.sourceBytes + 1 });
    return found && { ...found, waits: (found.waits as unknown) === 1 };
  }
}

function byRank(one: DueJob, other: DueJob): number {
  return one.rank - other.rank || one.jobId - other.jobId;
}

/** Characters of any other column than code that are read: enough to name it, however long it is. */
const READ_LENGTH = 1000;

// substr of a text ends at a NUL, so only what is too long goes through it.
const readText = (column: string): string =>
  `CASE WHEN octet_length(script.${column}) <= ${READ_LENGTH} THEN CAST(script.${column} AS TEXT)
    ELSE substr(CAST(script.${column} AS TEXT), 1, ${READ_LENGTH}) END AS ${column}`;

const readNumber = (column: string): string =>
  `CASE WHEN typeof(${column}) IN ('integer', 'real') THEN ${column} ELSE substr(${column}, 1, ${READ_LENGTH}) END AS ${column}`;

// substr of an empty BLOB is NULL, which for params is what they mean.
const DUE_COLUMNS = `
  script.id, ${readText('name')}, ${readText('lang')},
  coalesce(substr(CAST(code AS BLOB), 1, @bytes), X'') AS code, coalesce(octet_length(code), 0) AS codeBytes,
  typeof(code) AS codeType, ${readNumber('width')}, ${readNumber('height')},
  substr(CAST(script.params AS BLOB), 1, @bytes) AS params, typeof(script.params) AS paramsType,
  job.id AS jobId, job.slot, job.rank, job.params AS point, job.attempts, job.revision,
  job.forced OR script.force IS 1 AS forced, substr(CAST(script.expect AS TEXT), 1, ${LIMITS.sourceBytes}) AS expect,
  script.parents`;

function prepareOpenLangs(database: BetterSqlite3.Database) {
  return database
    .prepare<[], string>(`
      SELECT scope FROM controls WHERE scope <> 'engine' AND NOT paused
        AND NOT (SELECT paused FROM controls WHERE scope = 'engine')
        AND CASE WHEN concurrency IS NULL THEN 1 ELSE
          concurrency > (SELECT count(*) FROM jobs WHERE state = 'running' AND lang = controls.scope) END`)
    .pluck();
}

// A parameter that is the LIMIT itself has SQLite compile the statement anew each time, which takes ten times as long.
function prepareDue(database: BetterSqlite3.Database) {
  return database.prepare<{ lang: string; limit: number; bytes: number; not: string }, DueJob>(`
    SELECT ${DUE_COLUMNS} FROM ${JOBS}
    WHERE job.lang = @lang AND ${DUE} AND job.params IS NULL AND ${NAMEABLE} AND ${ROOM}
      AND job.id NOT IN (SELECT value FROM json_each(@not))
    ORDER BY job.rank, job.id LIMIT @limit + 0`);
}

/** Of each script with room its first points, in no order: those of one without are not looked at, be they ten thousand. */
function preparePointsDue(database: BetterSqlite3.Database) {
  return database.prepare<{ langs: string; limit: number; bytes: number; not: string }, DueJob>(`
    WITH RECURSIVE waiting (id) AS (
      SELECT min(job.script_id) FROM ${POINTS} WHERE ${POINT_DUE}
      UNION ALL
      SELECT (SELECT min(job.script_id) FROM ${POINTS} WHERE ${POINT_DUE} AND job.script_id > waiting.id)
      FROM waiting WHERE waiting.id IS NOT NULL
    )
    SELECT ${DUE_COLUMNS} FROM (
      SELECT job.id FROM waiting
      CROSS JOIN improvement_scripts AS script ON script.id = waiting.id AND ${NAMEABLE} AND ${ROOM}
      CROSS JOIN jobs AS job ON job.id IN (
        SELECT job.id FROM ${POINTS}
        WHERE ${POINT_DUE} AND job.script_id = script.id AND job.lang IN (SELECT value FROM json_each(@langs))
          AND job.id NOT IN (SELECT value FROM json_each(@not))
        ORDER BY job.rank, job.id LIMIT @limit + 0
      )
      ORDER BY job.rank, job.id LIMIT @limit + 0
    ) AS first CROSS JOIN ${JOBS} WHERE job.id = first.id`);
}

function prepareAgenda(database: BetterSqlite3.Database) {
  return database
    .prepare<[], number>(
      `SELECT id FROM jobs WHERE state = 'queued' AND held = 0 AND retry_at IS NULL ORDER BY rank, id`,
    )
    .pluck();
}

function prepareQueued(database: BetterSqlite3.Database) {
  return database.prepare<{ id: number; bytes: number }, DueJob & { readonly waits: boolean }>(`
    SELECT ${DUE_COLUMNS}, job.blocked OR NOT (${ROOM}) AS waits FROM ${JOBS}
    WHERE job.id = @id AND job.state = 'queued' AND job.held = 0`);
}

/** What is due, next to be taken first, with all that a run needs to know of it. */
import type BetterSqlite3 from 'better-sqlite3';
import { LIMITS } from '../../shared/limits.ts';
import type { DueJob } from '../script.ts';
import { awake, due } from './due.ts';
import { AT_ONCE, ROOM } from './job-moves.ts';

/** Ids that a double cannot hold come only from before gvpie's triggers: taken for their neighbours they would do harm. */
const NAMEABLE = `script.id BETWEEN -${Number.MAX_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`;

const JOBS = 'jobs AS job JOIN improvement_scripts AS script ON script.id = job.script_id';

/** Its methods throw what SQLite does; see job-table.ts for what they are to the daemon. */
export class DueJobs {
  readonly #openLangs: BetterSqlite3.Statement<[], string>;
  readonly #due: ReturnType<typeof prepareDue>;
  readonly #full: BetterSqlite3.Statement<[], string>;
  readonly #agenda: BetterSqlite3.Statement<[], number>;
  readonly #queued: ReturnType<typeof prepareQueued>;

  constructor(database: BetterSqlite3.Database) {
    this.#openLangs = prepareOpenLangs(database);
    this.#due = prepareDue(database);
    this.#full = prepareFull(database);
    this.#agenda = prepareAgenda(database);
    this.#queued = prepareQueued(database);
  }

  first(limit: number, except: readonly number[]): DueJob[] {
    // One byte over the limit is enough to refuse, and a script of 900 MB need not come in for it.
    const asked = {
      limit,
      bytes: LIMITS.sourceBytes + 1,
      not: JSON.stringify(except),
      full: this.#full.get() ?? '[]',
    };
    const found = this.#openLangs.all().flatMap((lang) => this.#due.all({ ...asked, lang }));
    return found.sort(byRank).slice(0, limit);
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

/** A JSON array of the scripts that run as much at once as they may, of which nothing more is to be taken. */
function prepareFull(database: BetterSqlite3.Database) {
  return database
    .prepare<[], string>(`
      SELECT json_group_array(script.id) FROM (
        SELECT script_id AS id, count(*) AS jobs FROM jobs WHERE state = 'running' GROUP BY script_id
      ) AS running JOIN improvement_scripts AS script ON script.id = running.id WHERE ${AT_ONCE} <= running.jobs`)
    .pluck();
}

// A parameter that is the LIMIT itself has SQLite compile the statement anew each time, which takes ten times as long.
// Points of a full script are passed over within the index, be they ten thousand; without that each is asked for ROOM.
function prepareDue(database: BetterSqlite3.Database) {
  return database.prepare<{ lang: string; limit: number; bytes: number; not: string; full: string }, DueJob>(`
    SELECT ${DUE_COLUMNS} FROM ${JOBS}
    WHERE job.lang = @lang AND ${due('job')} AND job.script_id NOT IN (SELECT value FROM json_each(@full))
      AND ${NAMEABLE} AND ${ROOM} AND job.id NOT IN (SELECT value FROM json_each(@not))
    ORDER BY job.rank, job.id LIMIT @limit + 0`);
}

function prepareAgenda(database: BetterSqlite3.Database) {
  return database.prepare<[], number>(`SELECT id FROM jobs WHERE ${awake('jobs')} ORDER BY rank, id`).pluck();
}

function prepareQueued(database: BetterSqlite3.Database) {
  return database.prepare<{ id: number; bytes: number }, DueJob & { readonly waits: boolean }>(`
    SELECT ${DUE_COLUMNS}, job.blocked OR NOT (${ROOM}) AS waits FROM ${JOBS}
    WHERE job.id = @id AND job.state = 'queued' AND job.held = 0`);
}

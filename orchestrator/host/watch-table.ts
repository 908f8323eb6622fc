/** What one who watches the queue reads of it again and again: a little of each, by indexes, however long the queue is. */
import type { Scope } from '../script.ts';
import type {
  EndedRun,
  WatchedCartridge,
  WatchedFailure,
  WatchedJob,
  WatchedRun,
  WatchedSlot,
  WatchedTotals,
} from '../watching.ts';
import { attempt } from './database-fault.ts';
import { due } from './due.ts';
import type { Database } from './migrate.ts';

/** Runs among which those that ended lately are looked for, the newest: reading them takes some milliseconds. */
const NEWEST_RUNS = 10_000;
/** Queued jobs among which those that wait for something are looked for. */
const FIRST_JOBS = 5_000;

/** How much of each list is read. */
export interface WatchBounds {
  readonly running: number;
  readonly jobs: number;
  readonly failures: number;
  readonly slots: number;
  readonly cartridges: number;
}

/** One look. */
export interface Watched {
  readonly totals: WatchedTotals;
  /** Scopes of which no more jobs are taken, engine first. */
  readonly paused: readonly Scope[];
  /** The longest under way first. */
  readonly running: readonly WatchedRun[];
  /** In the order in which they will be taken, then those that wait. */
  readonly jobs: readonly WatchedJob[];
  readonly ended: readonly EndedRun[];
  /** Unix epoch, ms: runs that ended before are not among `ended`. */
  readonly endedSinceMs: number;
  /** The newest first. */
  readonly failures: readonly WatchedFailure[];
  /** The soonest first. */
  readonly slots: readonly WatchedSlot[];
  /** The newest first. */
  readonly cartridges: readonly WatchedCartridge[];
}

/** Next to be taken first, of each lang. */
const DUE = `jobs INDEXED BY gvpie_jobs_due WHERE ${due('jobs')}`;
/** The newest runs, whatever became of them. */
const NEWEST = `id > (SELECT max(id) FROM improvement_runs) - ${NEWEST_RUNS}`;

/**
 * Reads all of it as it was at one moment.
 *
 * @param sinceMs Unix epoch: runs that ended before are of no interest
 * @throws {HostFault} retryable, when another program held the database for too long
 */
export function watchQueue(database: Database, nowMs: number, sinceMs: number, bounds: WatchBounds): Watched {
  return attempt('read', database.name, () =>
    database.transaction(() => {
      const read = <Row>(sql: string, ...parameters: unknown[]): Row[] =>
        database.prepare<unknown[], Row>(sql).all(...parameters);
      const number = (sql: string): number => database.prepare<[], number>(sql).pluck().get() ?? 0;
      const paused = read<{ scope: Scope }>(
        `SELECT scope FROM controls WHERE paused ORDER BY scope <> 'engine', scope`,
      ).map(({ scope }) => scope);
      const takeable = read<{ lang: string; jobs: number }>(
        `SELECT lang, count(*) AS jobs FROM ${DUE} GROUP BY lang`,
      );
      const queued = number(`SELECT count(*) FROM jobs INDEXED BY gvpie_jobs_queued WHERE state = 'queued'`);
      const isPaused = (lang: string): boolean =>
        paused.some((scope) => scope === 'engine' || scope === lang);
      const free = takeable.filter(({ lang }) => !isPaused(lang)).reduce((sum, { jobs }) => sum + jobs, 0);
      const { ended, endedSinceMs } = readEnded(read, sinceMs);
      return {
        totals: {
          queued,
          waiting: queued - free,
          running: number(`SELECT count(*) FROM jobs WHERE state = 'running'`),
          dead: number(`SELECT count(*) FROM jobs WHERE state = 'dead'`),
        },
        paused,
        running: readRunning(read, bounds.running),
        jobs: readJobs(
          read,
          takeable.map(({ lang }) => lang),
          bounds.jobs,
        ),
        ended,
        endedSinceMs,
        failures: read<WatchedFailure>(
          `SELECT run.finished_at AS finishedAt, CAST(script.name AS TEXT) AS scriptName,
             coalesce(run.outcome, 'failed') AS outcome, CAST(run.stderr AS TEXT) AS stderr
           FROM (SELECT id FROM improvement_runs WHERE ${NEWEST} AND finished_at IS NOT NULL AND success IS NOT 1
             AND coalesce(outcome, 'failed') <> 'cancelled' ORDER BY id DESC LIMIT ?) AS bad
           JOIN improvement_runs AS run ON run.id = bad.id
           LEFT JOIN improvement_scripts AS script ON script.id = run.script_id ORDER BY run.id DESC`,
          bounds.failures,
        ),
        slots: read<WatchedSlot>(
          `SELECT CAST(name AS TEXT) AS scriptName, plan_at AS at FROM improvement_scripts
           WHERE plan_at > ? AND enabled = 1 AND schedule IS NOT NULL ORDER BY plan_at LIMIT ?`,
          new Date(nowMs).toISOString(),
          bounds.slots,
        ),
        cartridges: read<WatchedCartridge>(
          `SELECT file_name AS fileName, newest.width, newest.height, CAST(script.name AS TEXT) AS scriptName
           FROM (SELECT * FROM cartridges WHERE swept_at IS NULL ORDER BY id DESC LIMIT ?) AS newest
           LEFT JOIN improvement_scripts AS script ON script.id = newest.script_id ORDER BY newest.id DESC`,
          bounds.cartridges,
        ),
      };
    })(),
  );
}

/** Those of some ids of commands that are of runs here, be they under way or over. @throws {HostFault} as watchQueue */
export function knownSpoolIds(database: Database, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  return attempt('read', database.name, () =>
    database
      .prepare<[string], string>(
        'SELECT spool_id FROM improvement_runs WHERE spool_id IN (SELECT value FROM json_each(?))',
      )
      .pluck()
      .all(JSON.stringify(ids)),
  );
}

type Read = <Row>(sql: string, ...parameters: unknown[]) => Row[];

function readEnded(read: Read, sinceMs: number): Pick<Watched, 'ended' | 'endedSinceMs'> {
  const rows = read<{ finishedAt: string; success: number | null }>(
    `SELECT finished_at AS finishedAt, success FROM improvement_runs
     WHERE ${NEWEST} AND finished_at > ? AND (success = 1 OR outcome IS NOT 'cancelled')`,
    new Date(sinceMs).toISOString(),
  );
  const ended = rows.flatMap(({ finishedAt, success }) => {
    const finishedMs = Date.parse(finishedAt);
    return Number.isNaN(finishedMs) ? [] : [{ finishedMs, success: success === 1 }];
  });
  // Where all that was looked at ended lately, there may be more: no longer is then known than those go back.
  const isWhole = rows.length < NEWEST_RUNS;
  const oldestMs = ended.reduce((oldest, { finishedMs }) => Math.min(oldest, finishedMs), Infinity);
  return { ended, endedSinceMs: isWhole ? sinceMs : oldestMs };
}

function readRunning(read: Read, most: number): WatchedRun[] {
  return read<Omit<WatchedRun, 'cancel'> & { cancel: 0 | 1 }>(
    `SELECT id AS jobId, CAST(name AS TEXT) AS scriptName, slot, started_at AS startedAt, spool_id AS spoolId, owner,
       cancel = 1 AS cancel
     FROM v_running ORDER BY started_at, id LIMIT ?`,
    most,
  ).map((row) => ({ ...row, cancel: row.cancel === 1 }));
}

/** @param langs those of jobs that can be taken */
function readJobs(read: Read, langs: readonly string[], most: number): WatchedJob[] {
  const next = langs.flatMap((lang) =>
    read<{ id: number; rank: number }>(
      `SELECT id, rank FROM ${DUE} AND lang = ? ORDER BY rank, id LIMIT ?`,
      lang,
      most,
    ),
  );
  const waiting = read<{ id: number; rank: number }>(
    `SELECT id, rank FROM (
       SELECT id, rank, held, blocked, retry_at FROM jobs INDEXED BY gvpie_jobs_queued WHERE state = 'queued' LIMIT ${FIRST_JOBS}
     ) WHERE held OR blocked OR retry_at IS NOT NULL ORDER BY rank, id LIMIT ?`,
    most,
  );
  const byTurn = next.sort((one, other) => one.rank - other.rank || one.id - other.id);
  // Half of what is shown is left to those that wait, where there are as many.
  const first = byTurn.slice(0, Math.max(most - waiting.length, Math.ceil(most / 2)));
  const ids = [...first, ...waiting].slice(0, most).map(({ id }) => id);
  const found = read<WatchedJob>(
    `SELECT job.id AS jobId, CAST(script.name AS TEXT) AS scriptName, job.slot,
       (SELECT waits FROM v_due WHERE v_due.id = job.id) AS waits
     FROM jobs AS job LEFT JOIN improvement_scripts AS script ON script.id = job.script_id
     WHERE job.id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
  const byId = new Map(found.map((job) => [job.jobId, job]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** What the figures of the queue are made of: what is open, the newest runs, and the newest deaths. */
import type { StatDeath, StatOpen, StatRun } from '../queue-stats.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';
import { OPEN } from './queue-catalog.ts';
import { ms } from './sql-time.ts';

/** Runs that are looked at, at most, the newest: reading them takes about a third of a second. */
export const NEWEST_RUNS = 100_000;

/**
 * Jobs by lang, runs of jobs that ended after `sinceMs`, and jobs that died after it.
 *
 * @param most runs that are looked at, the newest
 * @returns `isWhole`: none was left out because there were more
 * @throws {HostFault} retryable, when another program held the database for too long
 */
export function readStats(
  database: Database,
  sinceMs: number,
  most = NEWEST_RUNS,
): {
  readonly open: StatOpen[];
  readonly runs: StatRun[];
  readonly deaths: StatDeath[];
  readonly isWhole: boolean;
} {
  const since = new Date(sinceMs).toISOString();
  return attempt('read', database.name, () => {
    const open = database
      .prepare<[], StatOpen>(
        `SELECT lang, count(*) FILTER (WHERE state = 'queued') AS queued,
           count(*) FILTER (WHERE state = 'running') AS running
         FROM jobs WHERE ${OPEN} GROUP BY lang`,
      )
      .all();
    const rows = database
      .prepare<[number], Omit<StatRun, 'known'> & { known: 0 | 1 }>(
        `SELECT job.id AS jobId, job.lang, run.outcome, run.known, run.duration_ms AS durationMs,
           ${ms('job.due_at')} AS dueMs, ${ms('run.started_at')} AS startedMs, ${ms('run.finished_at')} AS finishedMs
         FROM (
           SELECT job_id, outcome, known, duration_ms, started_at, finished_at FROM improvement_runs
           WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT ?
         ) AS run
         JOIN jobs AS job ON job.id = run.job_id WHERE run.outcome IS NOT NULL`,
      )
      .all(most);
    const deaths = database
      .prepare<[string], StatDeath>(
        `SELECT lang, ${ms('ended_at')} AS endedMs FROM jobs WHERE state = 'dead' AND ended_at > ?`,
      )
      .all(since);
    const runs = rows.filter(({ finishedMs }) => finishedMs > sinceMs);
    const ended = database
      .prepare<[number], number>(
        'SELECT count(*) FROM (SELECT 1 FROM improvement_runs WHERE finished_at IS NOT NULL LIMIT ?)',
      )
      .pluck()
      .get(most + 1);
    return {
      open,
      runs: runs.map((row) => ({ ...row, known: row.known === 1 })),
      deaths,
      isWhole: (ended ?? 0) <= most || runs.length < rows.length,
    };
  });
}

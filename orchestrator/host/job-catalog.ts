/** A person's hands on single jobs: their lives, and what is cancelled and asked for once more. */

import type { Params } from '../../shared/params.ts';
import { hasEnded } from '../life.ts';
import type { CancelAnswer, JobChoice, JobRun } from '../queue.ts';
import type { JobState } from '../script.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';
import { chosen, OPEN } from './queue-catalog.ts';

/** Jobs written in one transaction, so that orchestrators have their turn in between. */
const BATCH = 500;
/** Runs of one job that are read, the newest ones. */
const RUNS = 1_000;

/** Where a job stands that was to be cancelled. */
export interface Cancelled {
  readonly answer: CancelAnswer;
  /** Of one that was over: how it ended, and when. */
  readonly state?: JobState;
  readonly endedAt?: string | null;
}

/** A job of a matrix. */
export interface Point {
  readonly id: number;
  readonly slot: string;
  readonly params: Params;
}

/** What came of asking for a job once more: `queued`, also when it was; `running`; or why not, in words. */
export type Requeued = { readonly answer: 'queued' | 'running' | 'unknown' } | { readonly refused: string };

/** Every method may throw a HostFault, `retryable` when another program held the database for too long. */
export class JobCatalog {
  readonly #database: Database;

  /** @param database as openDatabase left it */
  constructor(database: Database) {
    this.#database = database;
  }

  /** Runs of a job, the oldest first; of very many the newest. */
  runs(jobId: number): JobRun[] {
    const rows = this.#attempt('read', () =>
      this.#database
        .prepare<object, Omit<JobRun, 'known'> & { known: 0 | 1 }>(
          `SELECT run.id, CAST(started_at AS TEXT) AS startedAt, CAST(finished_at AS TEXT) AS finishedAt, outcome, success,
             duration_ms AS durationMs, CAST(backend AS TEXT) AS backend, owner, known,
             CASE WHEN success = 1 OR outcome = 'rejected' THEN CAST(cartridge_path AS TEXT) END AS cartridgeName,
             CASE WHEN success = 1 OR outcome = 'rejected' THEN (SELECT swept_at FROM cartridges WHERE file_name = run.cartridge_path) END
               AS cartridgeSweptAt, CAST(stderr AS TEXT) AS stderr
           FROM improvement_runs AS run JOIN jobs AS job ON job.id = @jobId
           WHERE run.script_id IS job.script_id AND run.job_id = job.id ORDER BY run.id DESC LIMIT ${RUNS}`,
        )
        .all({ jobId }),
    );
    return rows.reverse().map((row) => ({ ...row, known: row.known === 1 }));
  }

  /** Ids of the jobs that are queued or under way, the oldest first. */
  open(choice: JobChoice): number[] {
    return this.#ids(chosen(choice, OPEN), choice);
  }

  /**
   * Ids of the jobs that have ended and may be asked for once more: those of present revisions, and of these not the
   * ones that a later slot has replaced, unless that state is chosen.
   */
  ended(choice: JobChoice): number[] {
    const present = 'revision = (SELECT revision FROM improvement_scripts WHERE id = jobs.script_id)';
    return this.#ids(
      `${chosen(choice, `state NOT IN ('queued', 'running', 'skipped')`)} AND ${present}`,
      choice,
    );
  }

  /**
   * The points of a script's newest slot, at its present revision, in the order of its matrix; none as long as it is not
   * planned, and undefined where the script has no matrix.
   */
  newestPoints(scriptName: string): Point[] | undefined {
    const [script] = this.#read<{ id: number; revision: number; isMatrix: 0 | 1 }>(
      'SELECT id, revision, matrix IS NOT NULL AS isMatrix FROM improvement_scripts WHERE name = @scriptName',
      { scriptName },
    );
    if (script === undefined || script.isMatrix === 0) return undefined;
    const [newest] = this.#read<{ slot: string }>(
      'SELECT slot FROM jobs WHERE script_id = @id AND revision = @revision ORDER BY id DESC LIMIT 1',
      script,
    );
    const from = `${newest?.slot.split(' ', 1)[0]} {`;
    return this.#read<{ id: number; slot: string; params: string }>(
      `SELECT id, slot, params FROM jobs
       WHERE script_id = @id AND revision = @revision AND params IS NOT NULL AND slot >= @from AND slot < @to ORDER BY id`,
      { ...script, from, to: from.replace('{', '|') },
    ).map(({ params, ...point }) => ({ ...point, params: JSON.parse(params) as Params }));
  }

  /** How many of some jobs are in each state that any is in. */
  states(ids: readonly number[]): ReadonlyMap<JobState, number> {
    const rows = this.#read<{ state: JobState; jobs: number }>(
      `SELECT state, count(*) AS jobs FROM jobs WHERE id IN (SELECT value FROM json_each(@ids)) GROUP BY state
       ORDER BY min(id)`,
      { ids: JSON.stringify(ids) },
    );
    return new Map(rows.map(({ state, jobs }) => [state, jobs]));
  }

  /** Of some jobs those that have ended without a picture, the oldest first, at most `limit`. */
  failed(ids: readonly number[], limit: number): { id: number; slot: string; state: JobState }[] {
    return this.#read(
      `SELECT id, slot, state FROM jobs WHERE id IN (SELECT value FROM json_each(@ids))
         AND state NOT IN ('queued', 'running', 'done') ORDER BY id LIMIT ${limit}`,
      { ids: JSON.stringify(ids) },
    );
  }

  /**
   * Asks for jobs of a present revision once more, at once, whatever has become of them; what runs is answered as it runs.
   *
   * @param force whether they are rendered even if their pictures are known
   */
  ask(ids: readonly number[], force: boolean): void {
    // What waits for a later attempt begins anew.
    const soon = this.#database.prepare<[number]>(
      `UPDATE jobs SET attempts = 0, retry_at = NULL WHERE id = ? AND state = 'queued'`,
    );
    const again = this.#database.prepare<[number]>(
      `UPDATE jobs SET state = 'queued' WHERE id = ? AND state NOT IN ('queued', 'running')`,
    );
    const forced = this.#database.prepare<[number]>(
      `UPDATE jobs SET forced = 1 WHERE id = ? AND state IN ('queued', 'running')`,
    );
    this.#inBatches(ids, (id) => {
      soon.run(id);
      again.run(id);
      if (force) forced.run(id);
    });
  }

  /** Writes 1 into `cancel` of those that are not over; in the order of `ids`, where each stands then. */
  cancel(ids: readonly number[]): Cancelled[] {
    const write = this.#database.prepare<[number]>(
      `UPDATE jobs SET cancel = 1 WHERE id = ? AND state IN ('queued', 'running')`,
    );
    return this.#inBatches(ids, (id) => {
      const before = this.#state(id);
      if (before !== undefined && hasEnded(before.state) && before.state !== 'cancelled') return over(before);
      write.run(id);
      return this.#standing(id);
    });
  }

  /** Where jobs stand that somebody has cancelled. */
  cancelled(ids: readonly number[]): Cancelled[] {
    return this.#attempt('read', () => ids.map((id) => this.#standing(id)));
  }

  /** Makes jobs due again that have ended. */
  requeue(ids: readonly number[]): Requeued[] {
    const present = this.#database
      .prepare<[number], number | null>(
        `SELECT script.revision FROM jobs AS job JOIN improvement_scripts AS script ON script.id = job.script_id
         WHERE job.id = ?`,
      )
      .pluck();
    const write = this.#database.prepare<[number]>(`UPDATE jobs SET state = 'queued' WHERE id = ?`);
    return this.#inBatches(ids, (id) => {
      const before = this.#state(id);
      if (before === undefined) return { answer: 'unknown' };
      if (before.state === 'queued' || before.state === 'running') return { answer: before.state };
      const revision = present.get(id);
      if (revision === undefined) return { refused: 'its script was removed' };
      if (revision !== before.revision) {
        return { refused: `it is of revision ${before.revision}, and its script has ${revision} by now` };
      }
      write.run(id);
      return { answer: 'queued' };
    });
  }

  #state(id: number): { state: JobState; revision: number; endedAt: string | null } | undefined {
    return this.#database
      .prepare<[number], { state: JobState; revision: number; endedAt: string | null }>(
        'SELECT state, revision, ended_at AS endedAt FROM jobs WHERE id = ?',
      )
      .get(id);
  }

  #standing(id: number): Cancelled {
    const job = this.#state(id);
    if (job === undefined) return { answer: 'unknown' };
    if (job.state === 'cancelled') return { answer: 'cancelled' };
    // One that failed at the same moment is queued again for a moment at most.
    return job.state === 'running' || job.state === 'queued' ? { answer: 'cancelling' } : over(job);
  }

  #read<Row>(sql: string, parameters: object): Row[] {
    return this.#attempt('read', () => this.#database.prepare<object, Row>(sql).all(parameters));
  }

  /** With a plus, or SQLite reads all jobs so as not to sort a few. */
  #ids(condition: string, choice: JobChoice): number[] {
    return this.#attempt('read', () =>
      this.#database
        .prepare<object, number>(`SELECT id FROM jobs WHERE ${condition} ORDER BY +id`)
        .pluck()
        .all(choice),
    );
  }

  #inBatches<Result>(ids: readonly number[], work: (id: number) => Result): Result[] {
    const results: Result[] = [];
    const transact = this.#database.transaction((some: readonly number[]) => some.map(work)).immediate;
    for (let start = 0; start < ids.length; start += BATCH) {
      results.push(...this.#attempt('write', () => transact(ids.slice(start, start + BATCH))));
    }
    return results;
  }

  #attempt<Result>(op: string, work: () => Result): Result {
    return attempt(op, this.#database.name, work);
  }
}

function over({ state, endedAt }: { state: JobState; endedAt: string | null }): Cancelled {
  return { answer: 'done', state, endedAt };
}

/** A person's view of batches: scripts that share a name in the column `batch`, and what has become of their jobs. */

import type { BatchCounts } from '../queue.ts';
import { JOB_STATES, type JobState } from '../script.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';

/** A job of a batch that has ended without a picture. */
export interface BatchFailure {
  readonly jobId: number;
  readonly scriptName: string;
  readonly slot: string;
  readonly state: JobState;
  /** Of its last run; null where it had none. */
  readonly stderr: string | null;
}

const JOBS = `jobs AS job JOIN improvement_scripts AS script
  ON script.id = job.script_id AND script.revision = job.revision`;

/** What is planned and has no job yet at its present revision. */
const TO_COME = `script.plan_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM jobs WHERE script_id = script.id AND revision = script.revision)`;

/** Scripts of the batch, and those that they need. */
const REACHED = `WITH RECURSIVE reached (id) AS (
  SELECT id FROM improvement_scripts WHERE batch = @batch
  UNION
  SELECT script.id FROM reached JOIN script_needs AS need ON need.script_id = reached.id
  JOIN improvement_scripts AS script ON script.name = need.needed
)`;

/** Every method may throw a HostFault, `retryable` when another program held the database for too long. */
export class BatchCatalog {
  readonly #database: Database;

  /** @param database as openDatabase left it */
  constructor(database: Database) {
    this.#database = database;
  }

  /** Undefined when no script has that batch. */
  counts(batch: string): BatchCounts | undefined {
    const [about] = this.#read<{ scripts: number; toCome: number; canMove: 0 | 1 }>(
      `${REACHED} SELECT
         (SELECT count(*) FROM improvement_scripts WHERE batch = @batch) AS scripts,
         (SELECT count(*) FROM improvement_scripts AS script WHERE batch = @batch AND ${TO_COME}) AS toCome,
         EXISTS (
           SELECT 1 FROM jobs WHERE script_id IN reached
             AND (state = 'running' OR state = 'queued' AND held = 0 AND blocked = 0)
         ) OR EXISTS (
           SELECT 1 FROM improvement_scripts AS script
           WHERE id IN reached AND enabled = 1 AND plan_at IS NOT NULL AND (batch IS NOT @batch OR ${TO_COME})
         ) AS canMove`,
      batch,
    );
    if (about === undefined || about.scripts === 0) return undefined;
    const found = new Map(
      this.#read<{ state: JobState; jobs: number }>(
        `SELECT job.state, count(*) AS jobs FROM ${JOBS} WHERE script.batch = @batch GROUP BY job.state`,
        batch,
      ).map(({ state, jobs }) => [state, jobs]),
    );
    const states = Object.fromEntries(JOB_STATES.map((state) => [state, found.get(state) ?? 0]));
    return { ...about, canMove: about.canMove === 1, states: states as BatchCounts['states'] };
  }

  /** Jobs that have ended without a picture and that nothing has replaced, the oldest first, at most `limit`. */
  failures(batch: string, limit: number): BatchFailure[] {
    return this.#read<BatchFailure>(
      `SELECT job.id AS jobId, CAST(script.name AS TEXT) AS scriptName, job.slot, job.state,
         (SELECT CAST(stderr AS TEXT) FROM improvement_runs
           WHERE script_id = script.id AND job_id = job.id ORDER BY id DESC LIMIT 1) AS stderr
       FROM ${JOBS} WHERE script.batch = @batch AND job.state IN ('refused', 'rejected', 'dead', 'cancelled')
       ORDER BY job.id LIMIT ${limit}`,
      batch,
    );
  }

  #read<Row>(sql: string, batch: string): Row[] {
    return attempt('read', this.#database.name, () =>
      this.#database.prepare<object, Row>(sql).all({ batch }),
    );
  }
}

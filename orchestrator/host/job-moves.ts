/** The two transactions that move jobs: claims, which open runs, and closes, which end them. */
import type BetterSqlite3 from 'better-sqlite3';
import { describe } from '../decide.ts';
import type { Claim, JobState, RunClose } from '../script.ts';

type Database = BetterSqlite3.Database;

/** Whether a person's bound of the engine or of the lang leaves room for one more, and neither is paused. */
const ADMITTED = `NOT EXISTS (
  SELECT 1 FROM controls AS control WHERE control.scope IN ('engine', job.lang) AND (
    control.paused OR CASE WHEN control.concurrency IS NULL THEN 0 ELSE control.concurrency <= (
      SELECT count(*) FROM jobs WHERE state = 'running' AND (control.scope = 'engine' OR lang = control.scope)
    ) END
  )
)`;

/** Jobs that a script may have under way at once. */
export const AT_ONCE =
  'coalesce(script.concurrency, CASE WHEN script.matrix IS NULL THEN 1 ELSE 1000000 END)';
/** Whether a script has room for one more at once. */
export const ROOM = `${AT_ONCE} > (SELECT count(*) FROM jobs WHERE state = 'running' AND script_id = script.id)`;

export function prepareClaim(
  database: Database,
): (batch: readonly Claim[], owner: string) => (number | null)[] {
  const take = database.prepare<Claim>(`
    UPDATE jobs AS job SET state = 'running', retry_at = NULL
    WHERE id = @jobId AND state = 'queued' AND held = 0 AND blocked = 0 AND ${ADMITTED} AND EXISTS (
      SELECT 1 FROM improvement_scripts AS script
      WHERE script.id = job.script_id AND script.revision = @revision AND script.revision = job.revision
        AND ${ROOM}
    )`);
  const open = database.prepare<Claim & { owner: string }>(`
    INSERT INTO improvement_runs (script_id, job_id, started_at, revision, spool_id, cartridge_path, owner)
    VALUES (@scriptId, @jobId, @startedAt, @revision, @spoolId, @cartridgeName, @owner)`);
  return database.transaction((batch: readonly Claim[], owner: string) =>
    batch.map((claim) =>
      take.run(claim).changes === 0 ? null : Number(open.run({ ...claim, owner }).lastInsertRowid),
    ),
  ).immediate;
}

interface Ended {
  readonly scriptId: number | null;
  readonly jobId: number | null;
  readonly revision: number;
  readonly startedAt: string;
}

/** What an attempt that may be repeated leaves: another one, unless none is left, or nobody wants it any more. */
const AFTER_A_FAULT = `CASE
  WHEN cancel = 1 THEN 'cancelled'
  WHEN NOT EXISTS (SELECT 1 FROM improvement_scripts WHERE id = jobs.script_id AND revision = jobs.revision)
    THEN 'skipped'
  WHEN @charged AND attempts + 1 >= (SELECT max_attempts FROM improvement_scripts WHERE id = jobs.script_id) THEN 'dead'
  ELSE 'queued'
END`;

export function prepareClose(
  database: Database,
): (batch: readonly RunClose[]) => (JobState | null | undefined)[] {
  const end = database.prepare<object, Ended>(`
    UPDATE improvement_runs
    SET finished_at = @finishedAt, duration_ms = @durationMs, success = @success, outcome = @outcome,
      stdout = @stdout, stderr = @stderr, backend = @backend, known = @known,
      cartridge_path = CASE WHEN @success THEN coalesce(@fileName, cartridge_path) ELSE @fileName END
    WHERE id = @runId AND spool_id IS NOT NULL AND finished_at IS NULL
    RETURNING script_id AS scriptId, job_id AS jobId, revision, started_at AS startedAt`);
  const finish = database
    .prepare<[JobState, string, number | null], JobState>(
      `UPDATE jobs SET state = ?, ended_at = ?, cancel = 0, forced = 0 WHERE id = ? AND state = 'running' RETURNING state`,
    )
    .pluck();
  const repeat = database.prepare<object, { state: JobState }>(`
    UPDATE jobs SET state = ${AFTER_A_FAULT}, attempts = attempts + @charged,
      retry_at = CASE ${AFTER_A_FAULT} WHEN 'queued' THEN @retryAt END,
      ended_at = CASE ${AFTER_A_FAULT} WHEN 'queued' THEN NULL ELSE @finishedAt END,
      forced = forced AND ${AFTER_A_FAULT} = 'queued',
      rank = CASE WHEN @charged THEN coalesce((SELECT rank FROM v_new_job WHERE script_id = jobs.script_id), rank)
        ELSE rank END,
      held = coalesce((SELECT held FROM v_new_job WHERE script_id = jobs.script_id), held),
      blocked = coalesce((SELECT blocked FROM v_new_job WHERE script_id = jobs.script_id), blocked)
    WHERE id = @jobId AND state = 'running' RETURNING state`);
  const count = database.prepare<[string, number, number | null]>(`
    UPDATE improvement_scripts
    SET last_run_at = ?, run_count = coalesce(run_count, 0) + 1, success_count = coalesce(success_count, 0) + ?
    WHERE id = ?`);
  // The file on the shelf is the truth: a name used again means that its file was replaced.
  const register = database.prepare(`
    INSERT INTO cartridges (file_name, script_id, run_id, checksum, width, height, bytes, created_at, work,
      semantics, inputs, parents, file_sha256)
    VALUES (@fileName, (SELECT id FROM improvement_scripts WHERE id = @scriptId), @runId,
      @checksum, @width, @height, @bytes, @createdAt, @work, @semantics, @inputs, @parents, @fileSha256)
    ON CONFLICT (file_name) DO UPDATE SET script_id = excluded.script_id, run_id = excluded.run_id,
      checksum = excluded.checksum, width = excluded.width, height = excluded.height,
      bytes = excluded.bytes, created_at = excluded.created_at, work = excluded.work, semantics = excluded.semantics,
      inputs = excluded.inputs, parents = excluded.parents, file_sha256 = excluded.file_sha256,
      swept_at = NULL, file_gone = 0`);
  const givenUp = database.prepare<[string], 1>(
    'SELECT 1 FROM cartridges WHERE file_name = ? AND swept_at IS NOT NULL',
  );

  return database.transaction((batch: readonly RunClose[]) =>
    batch.map((ended) => {
      const isGivenUp = ended.known !== undefined && givenUp.get(ended.known) !== undefined;
      const { cartridge, retryAt, known = null, charged, ...close } = isGivenUp ? unknown(ended) : ended;
      const success = close.outcome === 'success' ? 1 : 0;
      const fileName = known ?? cartridge?.fileName ?? null;
      const run = end.get({ ...close, success, known: known === null ? 0 : 1, fileName });
      if (run === undefined) return undefined;
      count.run(run.startedAt, success, run.scriptId);
      if (cartridge !== null) {
        const { work = null, semantics = null, fileSha256 = null } = cartridge;
        const inputs = cartridge.inputs === undefined ? null : JSON.stringify(cartridge.inputs);
        const parents = cartridge.parents?.length ? JSON.stringify(cartridge.parents) : null;
        const found = { work, semantics, inputs, parents, fileSha256 };
        register.run({ ...cartridge, ...found, scriptId: run.scriptId, runId: close.runId });
      }
      const { outcome, finishedAt } = close;
      if (outcome === 'failed' || outcome === 'interrupted') {
        return repeat.get({ jobId: run.jobId, charged, retryAt, finishedAt })?.state ?? null;
      }
      return finish.get(outcome === 'success' ? 'done' : outcome, finishedAt, run.jobId) ?? null;
    }),
  ).immediate;
}

/** A picture that was known when its run began, and has been given up since: it is rendered after all. */
function unknown({ known, ...ended }: RunClose): RunClose {
  const stderr = describe('RUN-E001', `Interrupted: the picture that was known, ${known}, was swept`);
  return { ...ended, outcome: 'interrupted', stdout: null, stderr, cartridge: null };
}

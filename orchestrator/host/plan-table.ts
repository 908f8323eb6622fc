/** The planner's view of the database: which scripts want to be planned, and what their plans do. */
import type BetterSqlite3 from 'better-sqlite3';
import type { Plannable, Planned, Plans } from '../planner.ts';
import { attempt } from './database-fault.ts';

/** Characters of a schedule, a zone or a matrix that are read: one over what is allowed is enough to refuse it. */
const TEXT = 1_048_577;

export class PlanTable implements Plans {
  readonly #database: BetterSqlite3.Database;
  readonly #due: BetterSqlite3.Statement<{ now: string; limit: number }, Plannable>;
  readonly #nextAt: BetterSqlite3.Statement<[], string | null>;
  readonly #carryOut: (planned: Planned, now: string, newId: () => string) => boolean;

  /** @param owner the orchestrator that plans */
  constructor(database: BetterSqlite3.Database, owner: string) {
    this.#database = database;
    this.#due = database.prepare<{ now: string; limit: number }, Plannable>(`
      SELECT id, CAST(name AS TEXT) AS name, revision, substr(CAST(schedule AS TEXT), 1, ${TEXT}) AS schedule,
        substr(CAST(time_zone AS TEXT), 1, 1000) AS timeZone, substr(CAST(catch_up AS TEXT), 1, 1000) AS catchUp,
        substr(CAST(matrix AS TEXT), 1, ${TEXT}) AS matrix, coalesce(revised_at, created_at, '') AS revisedAt,
        planned_to AS plannedTo, plan_at AS planAt,
        (SELECT count(*) FROM jobs WHERE state = 'queued' AND script_id = script.id) AS queued,
        (SELECT max_queued FROM controls WHERE scope = 'engine') AS maxQueued
      FROM improvement_scripts AS script
      WHERE plan_at <= @now AND enabled = 1 ORDER BY plan_at, id LIMIT @limit`);
    this.#nextAt = database
      .prepare<[], string | null>(
        'SELECT min(plan_at) FROM improvement_scripts WHERE plan_at IS NOT NULL AND enabled = 1',
      )
      .pluck();
    this.#carryOut = prepareCarryOut(database, owner);
  }

  due(now: string, limit: number): Plannable[] {
    return attempt('read', this.#database.name, () => this.#due.all({ now, limit }));
  }

  nextAt(): string | null {
    return attempt('read', this.#database.name, () => this.#nextAt.get() ?? null);
  }

  carryOut(planned: Planned, now: string, newId: () => string): boolean {
    return attempt('write', this.#database.name, () => this.#carryOut(planned, now, newId));
  }

  replanAll(): void {
    attempt('write', this.#database.name, () =>
      this.#database
        .prepare(`UPDATE improvement_scripts SET plan_at = '' WHERE plan_at IS NOT NULL AND plan_at <> ''`)
        .run(),
    );
  }

  cycle(slot: string): number {
    return attempt(
      'write',
      this.#database.name,
      () =>
        this.#database
          .prepare<{ slot: string }>(`
          INSERT OR IGNORE INTO jobs (script_id, slot, revision, lang, rank, held, blocked, forced, due_at)
          SELECT fresh.script_id, @slot, fresh.revision, fresh.lang, fresh.rank, 0, fresh.blocked, 1, fresh.now
          FROM v_new_job AS fresh JOIN improvement_scripts AS script ON script.id = fresh.script_id
          WHERE script.enabled = 1 AND script.schedule IS NULL AND script.matrix IS NULL AND NOT EXISTS (
            SELECT 1 FROM jobs WHERE script_id = script.id AND state = 'queued'
          ) AND NOT EXISTS (SELECT 1 FROM jobs WHERE script_id = script.id AND state = 'running')
          AND NOT EXISTS (SELECT 1 FROM swept_slots WHERE script_id = script.id AND last >= @slot AND first <= @slot)
          ORDER BY script.last_run_at, script.id`)
          .run({ slot }).changes,
    );
  }
}

function prepareCarryOut(
  database: BetterSqlite3.Database,
  owner: string,
): (planned: Planned, now: string, newId: () => string) => boolean {
  const move = database.prepare<object>(`
    UPDATE improvement_scripts
    SET plan_at = @planAt, planned_to = @plannedTo, skipped_slots = skipped_slots + @skipped,
      skipped_at_least = skipped_at_least OR @atLeast
    WHERE id = @id AND revision = @revision AND plan_at = @seen AND enabled = 1`);
  const replace = database.prepare<[string, number]>(`
    UPDATE jobs SET state = 'skipped', ended_at = ? WHERE script_id = ? AND state = 'queued'`);
  const queue = database.prepare<object>(`
    INSERT OR IGNORE INTO jobs (script_id, slot, revision, lang, params, rank, held, blocked, due_at)
    SELECT script_id, @slot, revision, lang, @params, rank, held, blocked, @dueAt
    FROM v_new_job WHERE script_id = @id`);
  const renew = database.prepare<object>(`
    UPDATE jobs SET revision = @revision
    WHERE script_id = @id AND slot = @slot AND revision < @revision AND state NOT IN ('done', 'running')`);
  const again = database.prepare<object>(
    `UPDATE jobs SET state = 'queued' WHERE script_id = @id AND slot = @slot`,
  );
  const has = database.prepare<{ id: number; slot: string }>(`
    SELECT 1 FROM jobs WHERE script_id = @id AND slot = @slot
    UNION ALL SELECT 1 FROM swept_slots WHERE script_id = @id AND last >= substr(@slot, 1, 24) AND first <= substr(@slot, 1, 24)`);
  const refuse = database.prepare<object>(`
    INSERT OR IGNORE INTO jobs (script_id, slot, revision, lang, rank, state, due_at, ended_at)
    SELECT script_id, 'r' || revision, revision, lang, rank, 'refused', @now, @now
    FROM v_new_job WHERE script_id = @id`);
  const record = database.prepare<object>(`
    INSERT INTO improvement_runs
      (script_id, job_id, started_at, finished_at, duration_ms, success, outcome, stderr, revision, spool_id, owner)
    SELECT @id, (SELECT max(id) FROM jobs WHERE script_id = @id), @now, @now, 0, 0, 'refused', @refusal, @revision,
      @spoolId, @owner`);
  return database.transaction((planned: Planned, now: string, newId: () => string): boolean => {
    const { script, planAt, plannedTo, skipped, skippedAtLeast } = planned;
    const atLeast = skippedAtLeast ? 1 : 0;
    const { id, revision, planAt: seen } = script;
    if (move.run({ id, revision, seen, planAt, plannedTo, skipped, atLeast }).changes === 0) return false;
    if (planned.refusal !== null) {
      refuse.run({ id, now });
      record.run({ id, now, revision, refusal: planned.refusal, spoolId: newId(), owner });
      return true;
    }
    // Slots that are there already stay as they are: they must not be skipped for themselves.
    const known = new Set(planned.jobs.filter(({ slot }) => has.get({ id, slot }) !== undefined));
    const fresh = planned.renewsOnly ? [] : planned.jobs.filter((job) => !known.has(job));
    if (planned.replaces && fresh.length > 0) replace.run(now, id);
    for (const { slot, dueAt, params } of fresh) queue.run({ id, slot, dueAt, params });
    // A time that is named comes once, and for the revision that is there then: what an older one left undone begins anew.
    for (const { slot } of known) {
      if (renew.run({ id, slot, revision }).changes > 0) again.run({ id, slot });
    }
    return true;
  }).immediate;
}

/**
 * One script, the one that it needs, and everything that may be done to it: by orchestrators through JobTable, by
 * people through SQL. What is tracked are the jobs that may still move: that of the present revision, and what runs.
 */
import type BetterSqlite3 from 'better-sqlite3';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import { recover } from '../../orchestrator/recover.ts';
import type { JobState, Outcome, RunClose } from '../../orchestrator/script.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { memoryDatabase } from './memory-database.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:00:01.000Z';
const OWNER = 'o1';
/** The script, and the one that it needs, which is disabled: the test itself moves its job. */
export const SCRIPT = 1;
const NEEDED = 2;
export const MAX_ATTEMPTS = 2;

const INSERT = `improvement_scripts (id, name, lang, code, needs, max_attempts)
  VALUES (${SCRIPT}, 'script', 'pixel', 'a', '["needed"]', ${MAX_ATTEMPTS})`;

export interface JobRow {
  readonly id: number;
  readonly script_id: number | null;
  readonly slot: string;
  readonly revision: number;
  readonly state: JobState;
  readonly held: number;
  readonly blocked: number;
  readonly cancel: number;
  readonly attempts: number;
  readonly retry_at: string | null;
  readonly ended_at: string | null;
  /** Its runs: those without an end, and those that were a success. */
  readonly open: number;
  readonly successes: number;
}

/** All that there is, at one moment. */
export interface Scene {
  /** Undefined once it was deleted. */
  readonly script: { readonly revision: number; readonly enabled: number } | undefined;
  readonly isMet: boolean;
  /** Of the script, and of those that had its id, oldest first. */
  readonly jobs: readonly JobRow[];
  /** Those that may still move without anybody's asking, and that of the present revision. */
  readonly tracked: readonly JobRow[];
  /** Open runs whose job does not run, or is not there. */
  readonly strayRuns: number;
}

export interface Operation {
  readonly name: string;
  /** The number of the tracked job that it is done to; without it there is nothing to do. */
  readonly index?: number;
  /** @param scene as it is now */
  act(world: LifeWorld, scene: Scene): void;
}

export class LifeWorld {
  readonly sql: BetterSqlite3.Database;
  readonly table: JobTable;
  readonly #jobs: BetterSqlite3.Statement<[], JobRow>;
  readonly #script: BetterSqlite3.Statement<[], { revision: number; enabled: number }>;
  readonly #needed: BetterSqlite3.Statement<[], JobState>;
  readonly #strayRuns: BetterSqlite3.Statement<[], number>;
  readonly #statements = new Map<string, BetterSqlite3.Statement<unknown[]>>();
  #runs = 0;

  /** @param sabotage what is done to the schema first */
  constructor(sabotage = '') {
    this.sql = memoryDatabase();
    this.sql.exec(`
      INSERT INTO improvement_scripts (id, name, lang, code, enabled) VALUES (${NEEDED}, 'needed', 'pixel', 'a', 0);
      INSERT INTO ${INSERT};
      ${sabotage}`);
    this.table = new JobTable(this.sql);
    this.#jobs = this.sql.prepare<[], JobRow>(`
      SELECT job.*,
        (SELECT count(*) FROM improvement_runs WHERE job_id = job.id AND finished_at IS NULL) AS open,
        (SELECT count(*) FROM improvement_runs WHERE job_id = job.id AND outcome = 'success') AS successes
      FROM jobs AS job WHERE script_id IS NOT ${NEEDED} ORDER BY id`);
    this.#script = this.sql.prepare<[], { revision: number; enabled: number }>(
      `SELECT revision, enabled FROM improvement_scripts WHERE id = ${SCRIPT}`,
    );
    this.#needed = this.sql
      .prepare<[], JobState>(`SELECT state FROM jobs WHERE script_id = ${NEEDED}`)
      .pluck();
    this.#strayRuns = this.sql
      .prepare<[], number>(
        `SELECT count(*) FROM improvement_runs AS run
         WHERE finished_at IS NULL AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = run.job_id AND state = 'running')`,
      )
      .pluck();
  }

  scene(): Scene {
    const script = this.#script.get();
    const jobs = this.#jobs.all();
    const isLive = ({ state }: JobRow) => state === 'queued' || state === 'running';
    const isPresent = (job: JobRow) => job.script_id === SCRIPT && job.revision === script?.revision;
    return {
      script,
      isMet: this.#needed.get() === 'done',
      jobs,
      tracked: jobs.filter((job) => isLive(job) || isPresent(job)),
      strayRuns: this.#strayRuns.get() ?? 0,
    };
  }

  /** Claims a job whatever `due` says; whether that went. */
  claim({ id, script_id, revision }: JobRow): boolean {
    const n = this.#runs++;
    const claim = { jobId: id, scriptId: script_id ?? SCRIPT, revision, spoolId: `s${n}`, startedAt: NOW };
    return this.table.claim([{ ...claim, cartridgeName: `${n}.png` }], OWNER)[0] !== null;
  }

  /** Ids of the jobs that an orchestrator would take now. */
  due(): number[] {
    return this.table.due(9).map(({ jobId }) => jobId);
  }

  close(jobId: number, outcome: Outcome, change: Partial<RunClose> = {}): void {
    const open = this.prepared('SELECT id FROM improvement_runs WHERE job_id = ? AND finished_at IS NULL');
    const runId = open.pluck().get(jobId) as number | undefined;
    if (runId !== undefined) this.table.close([closeOf(runId, outcome, change)]);
  }

  /** Closes what has ended already, as one does that was only believed dead; how many rows that changed. */
  closeAgain(): number {
    const total = this.prepared('SELECT total_changes()').pluck();
    const ended = this.prepared('SELECT id FROM improvement_runs WHERE finished_at IS NOT NULL').pluck();
    const before = total.get() as number;
    this.table.close(
      (ended.all() as number[]).flatMap((id) => [
        closeOf(id, 'success'),
        closeOf(id, 'failed', { charged: 1 }),
      ]),
    );
    return (total.get() as number) - before;
  }

  /** Its orchestrator is found dead. */
  recover(hasCartridges: boolean): void {
    const names = new Map(this.table.openRuns().map((run) => [run.cartridgeName, run.spoolId]));
    const whole = (fileName: string) => ({
      cartridge: {
        run: { id: names.get(fileName), backend: 'cpu' },
        text: { checksum: 'ab', created_at: NOW },
        label: {},
        canvas: { width: 1, height: 1 },
      } as never,
      bytes: 1,
      sha256: 'cd',
    });
    const nothing = {
      ...{ put: async () => [], discard: () => {}, stamp: () => undefined, program: () => '' },
      ...{ locate: () => undefined, has: () => false },
    };
    recover(
      {
        table: this.table,
        spool: { withdraw: () => true, forget: () => {} } as never,
        shelf: { ...nothing, whole: hasCartridges ? whole : () => undefined },
        clock: { now: () => Date.parse(LATER), monotonic: () => 0, iso: () => LATER },
        journal: silentJournal,
      },
      OWNER,
      '',
    );
  }

  write(sql: string, ...parameters: unknown[]): void {
    this.prepared(sql).run(...parameters);
  }

  prepared(sql: string): BetterSqlite3.Statement<unknown[]> {
    const known = this.#statements.get(sql) ?? this.sql.prepare<unknown[]>(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

function closeOf(runId: number, outcome: Outcome, change: Partial<RunClose> = {}): RunClose {
  const result = { stdout: null, stderr: null, backend: null, retryAt: null, cartridge: null };
  return { runId, finishedAt: LATER, durationMs: 1, outcome, charged: 0, ...result, ...change };
}

/** What may be done to the tracked job of that number, where there is one. */
const toJob = (name: string, act: (world: LifeWorld, job: JobRow) => void): Operation[] =>
  [0, 1].map((index) => ({
    name: `${name} ${index}`,
    index,
    act(world, { tracked }) {
      const job = tracked[index];
      if (job !== undefined) act(world, job);
    },
  }));

const closing = (outcome: Outcome, change: Partial<RunClose> = {}): Operation[] =>
  toJob(`${outcome} ${JSON.stringify(change)}`, (world, { id }) => world.close(id, outcome, change));

const writing = (name: string, ...statements: string[]): Operation => ({
  name,
  act(world) {
    for (const sql of statements) world.write(sql);
  },
});

/** Everything that anybody may do, in one step each. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: 'claim',
    act(world, { jobs }) {
      const [id] = world.due();
      const job = jobs.find((one) => one.id === id);
      if (job !== undefined) world.claim(job);
    },
  },
  { name: 'wake', act: (world) => world.table.wake(LATER) },
  ...closing('success'),
  ...closing('refused'),
  ...closing('rejected'),
  ...closing('cancelled'),
  ...closing('failed', { charged: 1, retryAt: LATER }),
  ...closing('failed', { charged: 1 }),
  ...closing('interrupted'),
  { name: 'dies', act: (world) => world.recover(false) },
  { name: 'dies with its cartridges on the shelf', act: (world) => world.recover(true) },
  ...toJob('cancel', (world, { id }) => world.write('UPDATE jobs SET cancel = 1 WHERE id = ?', id)),
  ...toJob('requeue', (world, { id, state }) => {
    if (state !== 'running') world.write(`UPDATE jobs SET state = 'queued' WHERE id = ?`, id);
  }),
  ...toJob('delete its open run', (world, { id }) =>
    world.write('DELETE FROM improvement_runs WHERE job_id = ? AND finished_at IS NULL', id),
  ),
  writing(
    'edit, or edit back',
    `UPDATE improvement_scripts SET code = iif(code = 'a', 'b', 'a') WHERE id = ${SCRIPT}`,
  ),
  writing('disable', `UPDATE improvement_scripts SET enabled = 0 WHERE id = ${SCRIPT}`),
  writing('enable', `UPDATE improvement_scripts SET enabled = 1 WHERE id = ${SCRIPT}`),
  writing('delete', `DELETE FROM improvement_scripts WHERE id = ${SCRIPT}`),
  writing('insert', `INSERT OR IGNORE INTO ${INSERT}`),
  writing('replace', `INSERT OR REPLACE INTO ${INSERT}`),
  writing(
    'needs are met',
    `UPDATE jobs SET state = 'running' WHERE script_id = ${NEEDED} AND state = 'queued'`,
    `UPDATE jobs SET state = 'done' WHERE script_id = ${NEEDED} AND state = 'running'`,
  ),
  writing('needs are not', `UPDATE jobs SET state = 'queued' WHERE script_id = ${NEEDED} AND state = 'done'`),
];

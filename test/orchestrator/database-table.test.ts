import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { CANDIDATES } from '../../orchestrator/config.ts';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import type { Database } from '../../orchestrator/host/migrate.ts';
import { OwnerTable } from '../../orchestrator/host/owner-table.ts';
import { LONGEST_RETRY_MS } from '../../orchestrator/retry.ts';
import type { CartridgeRecord, Claim, RunClose } from '../../orchestrator/script.ts';
import { HostFault } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import { foreign, opened, rows, seedDatabase } from './database.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:00:01.000Z';
const MUCH_LATER = '2026-01-01T00:00:02.000Z';
/** The orchestrator that claims. */
const OWNER = 'o1';

/** An empty database and its table. */
function empty(): { database: Database; table: JobTable } {
  const database = opened();
  database.exec('DELETE FROM improvement_scripts');
  return { database, table: new JobTable(database) };
}

/** One due script of id 1, hello_gpu, whose job has the id 1. */
function one(): { database: Database; table: JobTable } {
  const database = opened();
  return { database, table: new JobTable(database) };
}

function add(database: Database, name: unknown, columns: Record<string, unknown> = {}): void {
  const row = { lang: 'pixel', code: 'HALT', ...columns };
  const names = Object.keys(row);
  database
    .prepare(`INSERT INTO improvement_scripts (name, ${names}) VALUES (?, ${names.map(() => '?')})`)
    .run(name, ...Object.values(row));
}

/** The newest job of a script. */
function jobOf(database: Database, name: string): number {
  return database
    .prepare<[string], number>(
      'SELECT max(jobs.id) FROM jobs JOIN improvement_scripts AS script ON script.id = script_id WHERE name = ?',
    )
    .pluck()
    .get(name) as number;
}

const claimOf = (change: Partial<Claim> = {}): Claim => ({
  jobId: 1,
  scriptId: 1,
  revision: 1,
  spoolId: 'spool-a',
  cartridgeName: 'hello_gpu_a.png',
  startedAt: NOW,
  ...change,
});

/** Claims hello_gpu and returns the run's id. */
function claimed(table: JobTable, change: Partial<Claim> = {}): number {
  const [runId] = table.claim([claimOf(change)], OWNER);
  if (typeof runId !== 'number') throw new Error('expected a run');
  return runId;
}

const closeOf = (runId: number, change: Partial<RunClose> = {}): RunClose => ({
  runId,
  finishedAt: LATER,
  durationMs: 12,
  outcome: 'success',
  stdout: 'out',
  stderr: null,
  backend: 'cpu',
  retryAt: null,
  charged: 0,
  cartridge: null,
  ...change,
});

const CARTRIDGE: CartridgeRecord = {
  fileName: 'hello_gpu_a.png',
  checksum: 'ab'.repeat(32),
  width: 128,
  height: 64,
  bytes: 900,
  createdAt: LATER,
};

const names = (table: JobTable) => table.due(99).map((script) => script.name);

const account = (database: Database) =>
  database
    .prepare(
      `SELECT run_count AS runs, success_count AS successes, state, attempts, retry_at AS retryAt, ended_at AS endedAt
       FROM improvement_scripts AS script JOIN jobs ON script_id = script.id ORDER BY jobs.id`,
    )
    .get();

describe('due', () => {
  it('hands out a script as it is stored', () => {
    const { table } = one();
    expect(table.due(9)).toEqual([
      {
        id: 1,
        name: 'hello_gpu',
        lang: 'gvpie',
        code: Buffer.from('TXT 10 10 Hello GPU\nHALT'),
        codeBytes: 24,
        codeType: 'text',
        width: 128,
        height: 64,
        params: null,
        paramsType: 'null',
        revision: 1,
        attempts: 0,
        jobId: 1,
        slot: 'r1',
        rank: 1,
        point: null,
        forced: 0,
        expect: null,
        parents: null,
      },
    ]);
  });

  it('takes them in the order in which they became due, whatever their ids and their last runs', () => {
    const { database, table } = empty();
    add(database, 'first', { id: 9, last_run_at: LATER });
    add(database, 'second', { id: 8, lang: 'gvpie' });
    add(database, 'third', { id: 70, last_run_at: NOW });
    expect(names(table)).toEqual(['first', 'second', 'third']);
    database.exec("UPDATE improvement_scripts SET code = 'x' WHERE id = 9");
    expect(names(table)).toEqual(['second', 'third', 'first']);
    database.exec('UPDATE jobs SET rank = 7');
    expect(names(table)).toEqual(['second', 'third', 'first']);
  });

  it('hands out as many as asked for', () => {
    const { database, table } = empty();
    for (const name of ['a', 'b', 'c']) add(database, name);
    expect([0, 1, 2, 3, 4].map((limit) => table.due(limit).length)).toEqual([0, 1, 2, 3, 3]);
  });

  it.each([
    [1, true],
    [0, false],
    [2, false],
    [null, false],
    ['1', true],
    ['yes', false],
  ])('with enabled %j: %s', (enabled, expected) => {
    const { database, table } = empty();
    add(database, 'a', { enabled });
    expect(names(table)).toEqual(expected ? ['a'] : []);
  });

  it.each([
    ['2025-12-31T23:59:59.999Z', true],
    [NOW, true],
    ['2026-01-01T00:00:00.001Z', false],
    [inTime(LONGEST_RETRY_MS), false],
    [inTime(LONGEST_RETRY_MS + 1), true],
    [null, true],
  ])('with retry_at %j, once the waits are over that are: %s', (retryAt, expected) => {
    const { database, table } = empty();
    add(database, 'a');
    database.prepare('UPDATE jobs SET retry_at = ?').run(retryAt);
    expect(names(table)).toEqual(retryAt === null ? ['a'] : []);
    table.wake(NOW);
    expect(names(table)).toEqual(expected ? ['a'] : []);
  });

  it.each([
    ['engine', []],
    ['pixel', ['b']],
    ['gvpie', ['a']],
    ['python', ['a', 'b']],
  ])('leaves out what a person has paused: %s', (scope, expected) => {
    const { database, table } = empty();
    add(database, 'a');
    add(database, 'b', { lang: 'gvpie' });
    database.prepare('UPDATE controls SET paused = 1 WHERE scope = ?').run(scope);
    expect(names(table)).toEqual(expected);
    database.exec('UPDATE controls SET paused = 0');
    expect(names(table)).toEqual(['a', 'b']);
  });

  it('leaves out what was rendered, and what is in flight, but not what only the seed left open', () => {
    const { database, table } = empty();
    for (const name of ['rendered', 'in flight', 'left open by the seed']) add(database, name);
    const [rendered, inFlight, seeds] = table.due(9);
    table.close([closeOf(claimed(table, { jobId: rendered?.jobId ?? 0, scriptId: rendered?.id ?? 0 }))]);
    claimed(table, { jobId: inFlight?.jobId ?? 0, scriptId: inFlight?.id ?? 0, spoolId: 'b' });
    database
      .prepare('INSERT INTO improvement_runs (script_id, started_at) VALUES (?, ?)')
      .run(seeds?.id, NOW);
    expect(names(table)).toEqual(['left open by the seed']);
  });

  it.each([
    ['a blob', x('ff00fe'), 'blob', 'ff00fe'],
    ['text', 'é', 'text', 'c3a9'],
    ['text with a NUL', 'a\0b', 'text', '610062'],
    ['a number, as text', 42, 'text', '34322e30'],
    ['empty text', '', 'text', ''],
    ['an empty BLOB', Buffer.alloc(0), 'blob', ''],
  ])('hands out the bytes of code that is %s', (_, code, codeType, hex) => {
    const { database, table } = empty();
    add(database, 'a', { code });
    const [script] = table.due(1);
    expect([script?.codeType, Buffer.from(script?.code ?? []).toString('hex')]).toEqual([codeType, hex]);
  });

  it('hands out text that is not UTF-8 byte for byte', () => {
    const { database, table } = empty();
    foreign(
      database.name,
      "INSERT INTO improvement_scripts (name, lang, code) VALUES ('a', 'pixel', CAST(x'41ff42' AS TEXT))",
    );
    expect(table.due(1)).toMatchObject([{ codeType: 'text', code: x('41ff42') }]);
  });

  it.each([
    ['text', '{"count":3}', 'text', '7b22636f756e74223a337d'],
    ['text with a NUL', 'a\0b', 'text', '610062'],
    ['a number, which becomes text', 5, 'text', '352e30'],
    ['a BLOB', x('ff00'), 'blob', 'ff00'],
    ['empty text', '', 'text', undefined],
    ['an empty BLOB', Buffer.alloc(0), 'blob', undefined],
    ['NULL', null, 'null', undefined],
  ])('hands out the bytes of params that are %s', (_, params, paramsType, hex) => {
    const { database, table } = empty();
    add(database, 'a', { params });
    const [script] = table.due(1);
    const bytes = script?.params ?? undefined;
    expect([script?.paramsType, bytes && Buffer.from(bytes).toString('hex')]).toEqual([paramsType, hex]);
  });

  it('reads no more of the params than refusing them takes', () => {
    const { database, table } = empty();
    add(database, 'a', { params: 'x'.repeat(LIMITS.sourceBytes + 2) });
    expect(table.due(9)[0]?.params).toHaveLength(LIMITS.sourceBytes + 1);
  });

  it('reads no more of the code than refusing it takes', () => {
    const { database, table } = empty();
    add(database, 'fits', { code: Buffer.alloc(LIMITS.sourceBytes) });
    add(database, 'too long', { code: Buffer.alloc(LIMITS.sourceBytes + 2) });
    expect(table.due(9).map(({ code, codeBytes }) => [code.length, codeBytes])).toEqual([
      [LIMITS.sourceBytes, LIMITS.sourceBytes],
      [LIMITS.sourceBytes + 1, LIMITS.sourceBytes + 2],
    ]);
  });

  it.each([['wide'], [-5], [0], [1.5], [Buffer.from('x')]])('hands out a canvas of %j as it is', (side) => {
    const { database, table } = empty();
    add(database, 'a', { width: side, height: side });
    expect(table.due(1)).toMatchObject([{ width: side, height: side }]);
  });

  it.each(['../x', '', 'a\0b', 'x'.repeat(300), '\u202eevil', ' blanks ', '💥'])(
    'keeps the name %j',
    (name) => {
      const { database, table } = empty();
      add(database, name);
      expect(names(table)).toEqual([name]);
    },
  );

  it('hands out a lang that nobody knows, of a row that the seed left', () => {
    const table = new JobTable(opened(seedDatabase('seed-plain')));
    expect(table.due(9)).toMatchObject([{ lang: 'forth' }, { lang: 'pixel', codeType: 'blob' }]);
  });

  it('finds them by the index', () => {
    const { database } = one();
    const plans = plansOf(database, (spy) => new JobTable(spy));
    const [due, ...others] = plans.filter(({ sql }) => sql.includes('LIMIT @limit'));
    expect(others).toEqual([]);
    expect(due?.plan).toContain('SEARCH job USING INDEX gvpie_jobs_due (lang=?)');
    expect(due?.plan).toContain('SEARCH jobs USING COVERING INDEX gvpie_jobs_running (script_id=?)');
    expect(due?.plan.join()).not.toContain('TEMP B-TREE');
    // SQLite compiles a statement anew at each call when a parameter is its LIMIT.
    expect(due?.sql).not.toMatch(/LIMIT [@?]\w*\s*($|\))/);
    const full = plans.find(({ sql }) => sql.includes('json_group_array'));
    expect(full?.plan).toContain('SCAN jobs USING COVERING INDEX gvpie_jobs_running');
  });

  it('passes over the points of a script without room, and sees the others as they come', () => {
    const { database, table } = empty();
    const insert = database.prepare(
      `INSERT INTO jobs (script_id, slot, revision, lang, params, rank, due_at)
       SELECT id, @slot, revision, lang, '{}', 1000 + 10 * @n + id, '' FROM improvement_scripts WHERE name = @name`,
    );
    const matrix = (name: string, points: number, concurrency: number | null) => {
      add(database, name, { matrix: '{}', concurrency });
      for (let n = 0; n < points; n++) insert.run({ name, slot: `p${n}`, n });
    };
    matrix('full', 40, 1);
    matrix('half', 3, 2);
    matrix('free', 2, null);
    add(database, 'plain');
    const all = table.due(100);
    const ranks = all.map(({ rank }) => rank);
    expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
    const counts = (jobs: readonly { name: unknown }[]) =>
      ['full', 'half', 'free', 'plain'].map((name) => jobs.filter((job) => job.name === name).length);
    expect(counts(all)).toEqual([40, 3, 2, 1]);
    expect(counts(table.due(5))).toEqual([2, 1, 1, 1]);
    const [first] = all.filter(({ name }) => name === 'full');
    expect(counts(table.due(100, [first?.jobId ?? 0]))).toEqual([39, 3, 2, 1]);
    database.prepare(`UPDATE jobs SET state = 'running' WHERE id = ?`).run(first?.jobId);
    expect(counts(table.due(100))).toEqual([0, 3, 2, 1]);
    database.prepare(`UPDATE improvement_scripts SET concurrency = 2 WHERE name = 'full'`).run();
    expect(counts(table.due(100))).toEqual([39, 3, 2, 1]);
    database.exec(`UPDATE controls SET paused = 1 WHERE scope = 'pixel'`);
    expect(table.due(100)).toEqual([]);
  });
});

describe('a long history', () => {
  const own = { id: OWNER, pid: 0, start_time: null, boot_id: null, pid_namespace: null };
  const makers = (spy: Database) => [
    new JobTable(spy),
    new OwnerTable(spy, { ...own, version: '', started_at: NOW }),
  ];

  it('is read by none of the statements', () => {
    const { database } = one();
    const steps = plansOf(database, makers).flatMap(({ plan }) => plan);
    const long = steps.filter(
      (step) =>
        /^SCAN (?!.*INDEX|CONSTANT|controls?$|sqlite_sequence|running$)/.test(step) ||
        step.includes('spool_id>?'),
    );
    expect(long).toEqual([]);
    expect(steps.filter((step) => step.includes('gvpie_runs_open')).length).toBeGreaterThanOrEqual(3);
  });

  it('would be without the indexes, so that is how it shows', () => {
    const { database } = one();
    database.exec('DROP INDEX gvpie_jobs_running; DROP INDEX gvpie_jobs_queued');
    const steps = plansOf(database, makers).flatMap(({ plan }) => plan);
    expect(steps).toContain('SCAN jobs');
  });
});

/** How SQLite goes about every statement that is prepared meanwhile. */
function plansOf(database: Database, make: (spy: Database) => unknown): { sql: string; plan: string[] }[] {
  const plans: { sql: string; plan: string[] }[] = [];
  const spy = new Proxy(database, {
    get: (target, property) => {
      if (property === 'name') return target.name;
      const member = Reflect.get(target, property) as (...parameters: unknown[]) => unknown;
      if (property !== 'prepare') return member.bind(target);
      return (sql: string) => {
        if (!sql.startsWith('PRAGMA')) {
          const plan = target.prepare(`EXPLAIN QUERY PLAN ${sql.replace(/@\w+|\?/g, '1')}`).all();
          plans.push({ sql, plan: (plan as { detail: string }[]).map(({ detail }) => detail) });
        }
        return target.prepare(sql);
      };
    },
  });
  make(spy);
  return plans;
}

function x(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

function inTime(ms: number): string {
  return new Date(Date.parse(NOW) + ms).toISOString();
}

describe('nextRetryAt', () => {
  const waits = (database: Database, name: string, retryAt: string) =>
    database.prepare('UPDATE jobs SET retry_at = ? WHERE id = ?').run(retryAt, jobOf(database, name));

  it('is the earliest of those that wait', () => {
    const { database, table } = empty();
    expect(table.nextRetryAt()).toBeNull();
    for (const name of ['a', 'b', 'due']) add(database, name);
    waits(database, 'a', MUCH_LATER);
    waits(database, 'b', LATER);
    expect(table.nextRetryAt()).toBe(LATER);
    table.wake(LATER);
    expect(table.nextRetryAt()).toBe(MUCH_LATER);
  });

  it('leaves out what has ended, and what is in flight', () => {
    const { database, table } = empty();
    for (const name of ['cancelled', 'in flight', 'deleted']) {
      add(database, name);
      waits(database, name, LATER);
    }
    expect(table.nextRetryAt()).toBe(LATER);
    database.prepare('UPDATE jobs SET cancel = 1 WHERE id = ?').run(jobOf(database, 'cancelled'));
    database.exec("DELETE FROM improvement_scripts WHERE name = 'deleted'");
    const [inFlight] = database.prepare("SELECT id FROM improvement_scripts WHERE name = 'in flight'").all();
    const { id } = inFlight as { id: number };
    claimed(table, { jobId: jobOf(database, 'in flight'), scriptId: id });
    expect(table.nextRetryAt()).toBeNull();
  });
});

describe('agenda and queued', () => {
  it('are the jobs that one round takes, and each of them by its id, with whether it has to wait', () => {
    const { database, table } = empty();
    for (const name of ['a', 'needy', 'held', 'failed']) add(database, name);
    database.exec(`
      UPDATE improvement_scripts SET needs = '["a"]' WHERE name = 'needy';
      UPDATE improvement_scripts SET enabled = 0 WHERE name = 'held';
      UPDATE jobs SET retry_at = '${LATER}' WHERE id = ${jobOf(database, 'failed')};`);
    const [a, needy, held, failed] = ['a', 'needy', 'held', 'failed'].map((name) => jobOf(database, name));
    expect(table.agenda()).toEqual([a, needy]);
    expect(table.queued(a as number)).toEqual({ ...table.due(1)[0], waits: false });
    expect(table.queued(needy as number)).toMatchObject({ name: 'needy', waits: true });
    expect(table.queued(failed as number)).toMatchObject({ name: 'failed', waits: false });
    expect([table.queued(held as number), table.queued(999)]).toEqual([undefined, undefined]);
  });
});

describe('claim', () => {
  it('opens a run that names its job and its cartridge', () => {
    const { database, table } = one();
    const runId = claimed(table);
    expect(table.openRuns()).toEqual([
      {
        runId,
        scriptId: 1,
        scriptName: 'hello_gpu',
        revision: 1,
        spoolId: 'spool-a',
        cartridgeName: 'hello_gpu_a.png',
        startedAt: NOW,
        owner: OWNER,
      },
    ]);
    expect(database.prepare('SELECT state FROM jobs').pluck().all()).toEqual(['running']);
    expect(database.prepare('SELECT job_id FROM improvement_runs').pluck().all()).toEqual([1]);
    expect([table.openRuns(OWNER).length, table.openRuns('o2').length, table.openRuns(null).length]).toEqual([
      1, 0, 0,
    ]);
  });

  it.each([
    ['changed', "UPDATE improvement_scripts SET code = 'x'"],
    ['deleted', 'DELETE FROM improvement_scripts'],
    ['disabled', 'UPDATE improvement_scripts SET enabled = 0'],
    ['rendered', "UPDATE jobs SET state = 'running'; UPDATE jobs SET state = 'done'"],
    ['cancelled', 'UPDATE jobs SET cancel = 1'],
    ['given needs', `UPDATE improvement_scripts SET needs = '["nobody"]'`],
    ['paused', "UPDATE controls SET paused = 1 WHERE scope = 'gvpie'"],
  ])('skips a script that was %s since, and takes the one beside it', (_, sql) => {
    const { database, table } = one();
    foreign(database.name, sql);
    add(database, 'beside', { id: 50 });
    const beside = claimOf({ jobId: jobOf(database, 'beside'), scriptId: 50, spoolId: 'b' });
    expect(table.claim([claimOf(), beside], OWNER)).toEqual([null, expect.any(Number)]);
    expect(table.openRuns().map((run) => run.scriptId)).toEqual([50]);
  });

  it('opens one run of a script at a time', () => {
    const { database, table } = one();
    expect(table.claim([claimOf(), claimOf({ spoolId: 'b' })], OWNER)).toEqual([expect.any(Number), null]);
    expect(table.claim([claimOf({ spoolId: 'c' })], 'o2')).toEqual([null]);
    database.exec("UPDATE improvement_scripts SET code = 'HALT'");
    const next = claimOf({ jobId: jobOf(database, 'hello_gpu'), revision: 2, spoolId: 'd' });
    expect([names(table), table.claim([next], OWNER)]).toEqual([[], [null]]);
    database.exec('UPDATE improvement_scripts SET concurrency = 2');
    expect([names(table), table.claim([next], OWNER)]).toEqual([['hello_gpu'], [expect.any(Number)]]);
  });

  it.each(['engine', 'pixel'])('opens as many runs as the bound of %s leaves room for', (scope) => {
    const { database, table } = empty();
    for (const name of ['a', 'b', 'c']) add(database, name);
    database.prepare('UPDATE controls SET concurrency = 2 WHERE scope = ?').run(scope);
    const claims = table
      .due(9)
      .map(({ jobId, id }) => claimOf({ jobId, scriptId: id, spoolId: `s${jobId}` }));
    expect(claims).toHaveLength(3);
    const [first, , third] = table.claim(claims, OWNER);
    expect([first, third]).toEqual([expect.any(Number), null]);
    table.close([closeOf(first ?? 0)]);
    expect(table.claim(claims.slice(2), OWNER)).toEqual([expect.any(Number)]);
  });

  it('opens all of a batch or nothing', () => {
    const { database, table } = one();
    add(database, 'b', { id: 50 });
    const same = [claimOf(), claimOf({ jobId: jobOf(database, 'b'), scriptId: 50 })];
    expect(() => table.claim(same, OWNER)).toThrow(/UNIQUE constraint failed: improvement_runs.spool_id/);
    expect(table.openRuns()).toEqual([]);
    expect(names(table)).toEqual(['hello_gpu', 'b']);
  });

  it('puts a script at the end of the queue when its run died with its orchestrator, and not when that was stopped', () => {
    for (const [charged, expected] of [
      [1, ['b', 'hello_gpu']],
      [0, ['hello_gpu', 'b']],
    ] as const) {
      const { database, table } = one();
      add(database, 'b');
      expect(names(table)).toEqual(['hello_gpu', 'b']);
      table.close([closeOf(claimed(table), { outcome: 'interrupted', charged })]);
      expect(names(table)).toEqual(expected);
    }
  });
});

describe('close', () => {
  const ENDED = { runs: 1, successes: 0, attempts: 3, retryAt: null, endedAt: LATER };
  const AGAIN = { runs: 1, successes: 0, state: 'queued', retryAt: null, endedAt: null };

  it.each([
    ['success', 0, { ...ENDED, successes: 1, state: 'done' }],
    ['refused', 0, { ...ENDED, state: 'refused' }],
    ['rejected', 0, { ...ENDED, state: 'rejected' }],
    ['cancelled', 0, { ...ENDED, state: 'cancelled' }],
    ['failed', 1, { ...AGAIN, attempts: 4, retryAt: MUCH_LATER }],
    ['interrupted', 0, { ...AGAIN, attempts: 3 }],
    ['interrupted', 1, { ...AGAIN, attempts: 4 }],
  ] as const)('as %s, charged %i, settles the account of the job', (outcome, charged, expected) => {
    const { database, table } = one();
    database.exec('UPDATE jobs SET attempts = 3');
    const retryAt = outcome === 'failed' ? MUCH_LATER : null;
    const close = closeOf(claimed(table), { outcome, retryAt, charged });
    expect(table.close([close])).toEqual([expected.state]);
    expect(account(database)).toEqual(expected);
    expect(database.prepare('SELECT last_run_at FROM improvement_scripts').pluck().get()).toBe(NOW);
    expect(names(table)).toEqual(outcome === 'interrupted' ? ['hello_gpu'] : []);
    table.wake(LATER);
    expect(names(table)).toEqual(outcome === 'interrupted' ? ['hello_gpu'] : []);
    table.wake(MUCH_LATER);
    expect(names(table)).toEqual(expected.state === 'queued' ? ['hello_gpu'] : []);
  });

  it.each([
    ['failed', 1, 48, 'queued'],
    ['failed', 1, 49, 'dead'],
    ['interrupted', 0, 49, 'queued'],
    ['interrupted', 1, 49, 'dead'],
  ] as const)(
    'as %s, charged %i, after %i of 50 attempts leaves it %s',
    (outcome, charged, before, state) => {
      const { database, table } = one();
      database.prepare('UPDATE jobs SET attempts = ?').run(before);
      const close = closeOf(claimed(table), { outcome, charged, retryAt: MUCH_LATER });
      expect(table.close([close])).toEqual([state]);
      const ended = { retryAt: null, endedAt: LATER };
      expect(account(database)).toMatchObject({
        state,
        attempts: before + charged,
        ...(state === 'dead' ? ended : { retryAt: MUCH_LATER, endedAt: null }),
      });
    },
  );

  it.each([
    ['success', 1, 'hello_gpu_a.png'],
    ['refused', 0, null],
    ['rejected', 0, null],
    ['failed', 0, null],
    ['interrupted', 0, null],
    ['cancelled', 0, null],
  ] as const)('as %s writes the run', (outcome, success, cartridge_path) => {
    const { database, table } = one();
    table.close([closeOf(claimed(table), { outcome, stderr: 'err' })]);
    expect(database.prepare('SELECT * FROM improvement_runs').get()).toEqual({
      id: 1,
      script_id: 1,
      started_at: NOW,
      finished_at: LATER,
      success,
      stdout: 'out',
      stderr: 'err',
      duration_ms: 12,
      backend: 'cpu',
      cartridge_path,
      revision: 1,
      spool_id: 'spool-a',
      outcome,
      job_id: 1,
      owner: OWNER,
      known: 0,
    });
    expect(table.openRuns()).toEqual([]);
  });

  it('as known names the cartridge that there is, and counts as a success', () => {
    const { database, table } = one();
    table.close([closeOf(claimed(table), { known: 'older.png' })]);
    expect(
      database.prepare('SELECT success, outcome, cartridge_path, known FROM improvement_runs').get(),
    ).toEqual({ success: 1, outcome: 'success', cartridge_path: 'older.png', known: 1 });
    expect(account(database)).toMatchObject({ successes: 1, state: 'done' });
  });

  it.each([
    ['success', 'done'],
    ['refused', 'refused'],
    ['failed', 'skipped'],
    ['interrupted', 'skipped'],
  ] as const)(
    'as %s leaves content that changed meanwhile due, with a fresh account, and the old one %s',
    (outcome, state) => {
      const { database, table } = one();
      database.exec('UPDATE jobs SET attempts = 3');
      const runId = claimed(table);
      foreign(database.name, "UPDATE improvement_scripts SET code = 'HALT'");
      expect(table.close([closeOf(runId, { outcome, retryAt: MUCH_LATER })])).toEqual([state]);
      const jobs = database.prepare('SELECT slot, state, attempts, retry_at AS retryAt FROM jobs').all();
      expect(jobs).toEqual([
        { slot: 'r1', state, attempts: 3, retryAt: null },
        { slot: 'r2', state: 'queued', attempts: 0, retryAt: null },
      ]);
      expect(account(database)).toMatchObject({ runs: 1 });
      expect(table.due(9)).toMatchObject([{ revision: 2, attempts: 0 }]);
    },
  );

  it('registers the cartridge', () => {
    const { table } = one();
    const runId = claimed(table);
    table.close([closeOf(runId, { cartridge: CARTRIDGE })]);
    expect(table.cartridgesByChecksum(CARTRIDGE.checksum)).toEqual([{ ...CARTRIDGE, scriptId: 1, runId }]);
  });

  it('changes nothing the second time', () => {
    const { database, table } = one();
    const runId = claimed(table);
    const all = () =>
      ['improvement_scripts', 'improvement_runs', 'cartridges', 'jobs'].map((name) =>
        rows(database.name, `SELECT * FROM ${name}`),
      );
    expect(table.close([closeOf(runId, { cartridge: CARTRIDGE })])).toEqual(['done']);
    const before = all();
    const again = closeOf(runId, {
      outcome: 'failed',
      retryAt: MUCH_LATER,
      cartridge: { ...CARTRIDGE, fileName: 'b.png' },
    });
    expect(table.close([again, again])).toEqual([undefined, undefined]);
    expect(all()).toEqual(before);
    database.exec("UPDATE improvement_scripts SET name = 'flipped'");
    expect(all()).not.toEqual(before);
  });

  it("does not touch a run that is not there, nor the seed's open one", () => {
    const database = opened(seedDatabase('seed-check'));
    const table = new JobTable(database);
    const before = rows(database.name, 'SELECT * FROM improvement_runs');
    expect(table.close([closeOf(9), closeOf(999)])).toEqual([undefined, undefined]);
    expect(rows(database.name, 'SELECT * FROM improvement_runs')).toEqual(before);
    expect(table.openRuns()).toEqual([]);
  });

  it.each([
    ['with its trigger', 'DELETE FROM improvement_scripts'],
    ['without', 'DROP TRIGGER gvpie_scripts_deleted; DELETE FROM improvement_scripts'],
  ])('ends the run of a script that was deleted, %s, and registers its cartridge', (_, sql) => {
    const { database, table } = one();
    const runId = claimed(table);
    foreign(database.name, sql);
    expect(table.openRuns()).toMatchObject([{ runId, scriptId: null, scriptName: null, spoolId: 'spool-a' }]);
    expect(table.close([closeOf(runId, { cartridge: CARTRIDGE })])).toEqual(['done']);
    expect(table.cartridgesByChecksum(CARTRIDGE.checksum)).toMatchObject([{ scriptId: null, runId }]);
  });

  it('counts on from NULL, which a seed may have left', () => {
    const { database, table } = one();
    database.exec('UPDATE improvement_scripts SET run_count = NULL, success_count = NULL');
    table.close([closeOf(claimed(table))]);
    expect(account(database)).toMatchObject({ runs: 1, successes: 1 });
  });

  it('ends all of a batch or nothing', () => {
    const { database, table } = one();
    const runId = claimed(table);
    const broken = { ...CARTRIDGE, checksum: null as unknown as string };
    expect(() => table.close([closeOf(runId, { cartridge: broken })])).toThrow(HostFault);
    expect(table.openRuns()).toHaveLength(1);
    expect(account(database)).toMatchObject({ runs: 0, state: 'running' });
  });

  it('gives a file name that is used again to the newer cartridge', () => {
    const { database, table } = one();
    table.close([closeOf(claimed(table), { cartridge: CARTRIDGE })]);
    database.exec("UPDATE jobs SET state = 'queued'");
    const runId = claimed(table, { spoolId: 'b' });
    table.close([closeOf(runId, { cartridge: { ...CARTRIDGE, checksum: 'cd'.repeat(32) } })]);
    expect(table.cartridgesByChecksum(CARTRIDGE.checksum)).toEqual([]);
    expect(table.cartridgesByChecksum('CD'.repeat(32))).toMatchObject([
      { runId, fileName: CARTRIDGE.fileName },
    ]);
  });
});

describe('cartridges of one checksum', () => {
  const registered = (database: Database, name: string, width: number) =>
    database
      .prepare(
        "INSERT INTO cartridges (file_name, checksum, width, height, bytes, created_at) VALUES (?, 'ab', ?, 1, 9, '')",
      )
      .run(name, width);

  it('are given up to a number, the newest first, and files by their size too', () => {
    const { database, table } = one();
    const input = { checksum: 'ab', width: 2, height: 1 };
    const names = Array.from({ length: CANDIDATES + 1 }, (_, n) => `${n}.png`);
    const newest = [...names].reverse().slice(0, CANDIDATES);
    registered(database, 'wide.png', 4);
    for (const name of names) registered(database, name, 2);
    expect(table.cartridgesByChecksum('AB').map(({ fileName }) => fileName)).toEqual(newest);
    expect(table.cartridgeFiles(input)).toEqual(newest);
    expect(table.cartridgeFiles({ ...input, width: 4 })).toEqual(['wide.png']);
    expect(table.cartridgeFiles({ ...input, height: 2 })).toEqual([]);
    expect(table.cartridgeFiles({ ...input, checksum: 'cd' })).toEqual([]);
  });
});

describe('a database that another program holds', () => {
  it('is a fault of the world that waiting may mend, for writes; reads go on', () => {
    const { database, table } = one();
    database.pragma('busy_timeout = 20');
    const holder = new BetterSqlite3(database.name);
    holder.exec('BEGIN IMMEDIATE');
    try {
      expect(table.due(1)).toHaveLength(1);
      expect(() => table.claim([claimOf()], OWNER)).toThrow(
        expect.objectContaining({ name: 'HostFault', retryable: true }),
      );
    } finally {
      holder.close();
    }
    expect(claimed(table)).toBe(1);
  });
});

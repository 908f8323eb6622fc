import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { CANDIDATES } from '../../orchestrator/config.ts';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import type { Database } from '../../orchestrator/host/migrate.ts';
import type { CartridgeRecord, Claim, RunClose } from '../../orchestrator/script.ts';
import { HostFault } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import { foreign, opened, rows, seedDatabase } from './database.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:00:01.000Z';
const MUCH_LATER = '2026-01-01T00:00:02.000Z';

/** An empty database and its table. */
function empty(): { database: Database; table: JobTable } {
  const database = opened();
  database.exec('DELETE FROM improvement_scripts');
  return { database, table: new JobTable(database) };
}

/** One due script of id 1, hello_gpu. */
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

const claimOf = (change: Partial<Claim> = {}): Claim => ({
  scriptId: 1,
  revision: 1,
  spoolId: 'spool-a',
  cartridgeName: 'hello_gpu_a.png',
  startedAt: NOW,
  ...change,
});

/** Claims hello_gpu and returns the run's id. */
function claimed(table: JobTable, change: Partial<Claim> = {}): number {
  const [runId] = table.claim([claimOf(change)]);
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

const names = (table: JobTable, now = NOW) => table.due(now, 99).map((script) => script.name);

const account = (database: Database) =>
  database
    .prepare(
      `SELECT run_count AS runs, success_count AS successes, rendered_revision AS rendered, attempts, retry_at AS retryAt
       FROM improvement_scripts`,
    )
    .get();

describe('due', () => {
  it('hands out a script as it is stored', () => {
    const { table } = one();
    expect(table.due(NOW, 9)).toEqual([
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
      },
    ]);
  });

  it('takes those that never ran first, then those that ran longest ago, then the lower id', () => {
    const { database, table } = empty();
    add(database, 'later', { last_run_at: LATER });
    add(database, 'now b', { last_run_at: NOW, id: 9 });
    add(database, 'now a', { last_run_at: NOW, id: 8 });
    add(database, "the seed's", { last_run_at: '2025-12-31 23:59:59' });
    add(database, 'never b');
    add(database, 'never a', { id: 7 });
    expect(names(table)).toEqual(['never a', 'never b', "the seed's", 'now a', 'now b', 'later']);
  });

  it('hands out as many as asked for', () => {
    const { database, table } = empty();
    for (const name of ['a', 'b', 'c']) add(database, name);
    expect([0, 1, 2, 3, 4].map((limit) => table.due(NOW, limit).length)).toEqual([0, 1, 2, 3, 3]);
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
    [null, true],
  ])('with retry_at %j, at %s: %s', (retryAt, expected) => {
    const { database, table } = empty();
    add(database, 'a', { retry_at: retryAt });
    expect(names(table)).toEqual(expected ? ['a'] : []);
  });

  it('leaves out what was rendered, and what is in flight, but not what only the seed left open', () => {
    const { database, table } = empty();
    for (const name of ['rendered', 'in flight', 'left open by the seed']) add(database, name);
    database.exec(`UPDATE improvement_scripts SET rendered_revision = 1 WHERE name = 'rendered'`);
    const [inFlight, seeds] = table.due(NOW, 9);
    claimed(table, { scriptId: inFlight?.id ?? 0 });
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
    const [script] = table.due(NOW, 1);
    expect([script?.codeType, Buffer.from(script?.code ?? []).toString('hex')]).toEqual([codeType, hex]);
  });

  it('hands out text that is not UTF-8 byte for byte', () => {
    const { database, table } = empty();
    foreign(
      database.name,
      "INSERT INTO improvement_scripts (name, lang, code) VALUES ('a', 'pixel', CAST(x'41ff42' AS TEXT))",
    );
    expect(table.due(NOW, 1)).toMatchObject([{ codeType: 'text', code: x('41ff42') }]);
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
    const [script] = table.due(NOW, 1);
    const bytes = script?.params ?? undefined;
    expect([script?.paramsType, bytes && Buffer.from(bytes).toString('hex')]).toEqual([paramsType, hex]);
  });

  it('reads no more of the params than refusing them takes', () => {
    const { database, table } = empty();
    add(database, 'a', { params: 'x'.repeat(LIMITS.sourceBytes + 2) });
    expect(table.due(NOW, 9)[0]?.params).toHaveLength(LIMITS.sourceBytes + 1);
  });

  it('reads no more of the code than refusing it takes', () => {
    const { database, table } = empty();
    add(database, 'fits', { code: Buffer.alloc(LIMITS.sourceBytes) });
    add(database, 'too long', { code: Buffer.alloc(LIMITS.sourceBytes + 2) });
    expect(table.due(NOW, 9).map(({ code, codeBytes }) => [code.length, codeBytes])).toEqual([
      [LIMITS.sourceBytes, LIMITS.sourceBytes],
      [LIMITS.sourceBytes + 1, LIMITS.sourceBytes + 2],
    ]);
  });

  it.each([['wide'], [-5], [0], [1.5], [Buffer.from('x')]])('hands out a canvas of %j as it is', (side) => {
    const { database, table } = empty();
    add(database, 'a', { width: side, height: side });
    expect(table.due(NOW, 1)).toMatchObject([{ width: side, height: side }]);
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
    expect(table.due(NOW, 9)).toMatchObject([{ lang: 'forth' }, { lang: 'pixel', codeType: 'blob' }]);
  });

  it('finds them by the index', () => {
    const { database } = one();
    const plans: string[] = [];
    const spy = new Proxy(database, {
      get: (target, property) => {
        if (property === 'name') return target.name;
        const member = Reflect.get(target, property) as (...parameters: unknown[]) => unknown;
        if (property !== 'prepare') return member.bind(target);
        return (sql: string) => {
          if (sql.includes('LIMIT @limit')) {
            const plan = target.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({ now: NOW, limit: 1, bytes: 1 });
            plans.push((plan as { detail: string }[]).map(({ detail }) => detail).join('\n'));
          }
          return target.prepare(sql);
        };
      },
    });
    new JobTable(spy);
    expect(plans).toHaveLength(1);
    expect(plans[0]).toContain('USING INDEX gvpie_scripts_due');
    expect(plans[0]).toMatch(/SEARCH improvement_runs USING (COVERING )?INDEX gvpie_runs_open/);
    expect(plans[0]).not.toContain('TEMP B-TREE');
  });
});

function x(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

describe('nextRetryAt', () => {
  it('is the earliest of those that wait', () => {
    const { database, table } = empty();
    expect(table.nextRetryAt()).toBeNull();
    add(database, 'a', { retry_at: MUCH_LATER });
    add(database, 'b', { retry_at: LATER });
    add(database, 'due');
    expect(table.nextRetryAt()).toBe(LATER);
  });

  it('leaves out the disabled and the rendered, and what is in flight', () => {
    const { database, table } = empty();
    add(database, 'disabled', { retry_at: LATER, enabled: 0 });
    add(database, 'rendered', { retry_at: LATER });
    database.exec("UPDATE improvement_scripts SET rendered_revision = 1 WHERE name = 'rendered'");
    add(database, 'in flight', { retry_at: LATER, id: 70 });
    claimed(table, { scriptId: 70 });
    expect(table.nextRetryAt()).toBeNull();
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
      },
    ]);
    expect(database.prepare('SELECT last_run_at FROM improvement_scripts').pluck().get()).toBe(NOW);
  });

  it.each([
    ['changed', "UPDATE improvement_scripts SET code = 'x'"],
    ['deleted', 'DELETE FROM improvement_scripts'],
    ['disabled', 'UPDATE improvement_scripts SET enabled = 0'],
    ['rendered', 'UPDATE improvement_scripts SET rendered_revision = 1'],
  ])('skips a script that was %s since, and takes the one beside it', (_, sql) => {
    const { database, table } = one();
    foreign(database.name, sql);
    add(database, 'beside', { id: 50 });
    expect(table.claim([claimOf(), claimOf({ scriptId: 50, spoolId: 'b' })])).toEqual([
      null,
      expect.any(Number),
    ]);
    expect(table.openRuns().map((run) => run.scriptId)).toEqual([50]);
  });

  it('opens one run of a script at a time', () => {
    const { table } = one();
    expect(table.claim([claimOf(), claimOf({ spoolId: 'b' })])).toEqual([expect.any(Number), null]);
    expect(table.claim([claimOf({ spoolId: 'c' })])).toEqual([null]);
  });

  it('opens all of a batch or nothing', () => {
    const { database, table } = one();
    add(database, 'b', { id: 50 });
    const same = [claimOf(), claimOf({ scriptId: 50 })];
    expect(() => table.claim(same)).toThrow(/UNIQUE constraint failed: improvement_runs.spool_id/);
    expect(table.openRuns()).toEqual([]);
    expect(names(table)).toEqual(['hello_gpu', 'b']);
  });

  it('puts a script at the end of the queue even when its run is cut off', () => {
    const { database, table } = one();
    add(database, 'b');
    table.close([closeOf(claimed(table), { outcome: 'interrupted' })]);
    expect(names(table)).toEqual(['b', 'hello_gpu']);
  });
});

describe('close', () => {
  const SCRIPT = { runs: 1, successes: 0, rendered: null, attempts: 3, retryAt: null };

  it.each([
    ['success', { runs: 1, successes: 1, rendered: 1, attempts: 0, retryAt: null }],
    ['refused', { runs: 1, successes: 0, rendered: 1, attempts: 0, retryAt: null }],
    ['failed', { runs: 1, successes: 0, rendered: null, attempts: 4, retryAt: MUCH_LATER }],
    ['interrupted', SCRIPT],
  ] as const)('as %s settles the account of the script', (outcome, expected) => {
    const { database, table } = one();
    database.exec('UPDATE improvement_scripts SET attempts = 3');
    const retryAt = outcome === 'failed' ? MUCH_LATER : null;
    expect(table.close([closeOf(claimed(table), { outcome, retryAt })])).toEqual([true]);
    expect(account(database)).toEqual(expected);
    expect(names(table, LATER)).toEqual(outcome === 'interrupted' ? ['hello_gpu'] : []);
    expect(names(table, MUCH_LATER)).toEqual(expected.rendered === null ? ['hello_gpu'] : []);
  });

  it.each([
    ['success', 1, 'hello_gpu_a.png'],
    ['refused', 0, null],
    ['failed', 0, null],
    ['interrupted', 0, null],
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
    });
    expect(table.openRuns()).toEqual([]);
  });

  it.each(['success', 'refused', 'failed', 'interrupted'] as const)(
    'as %s leaves content that changed meanwhile due, with a fresh account',
    (outcome) => {
      const { database, table } = one();
      const runId = claimed(table);
      foreign(database.name, "UPDATE improvement_scripts SET code = 'HALT'");
      table.close([closeOf(runId, { outcome, retryAt: MUCH_LATER })]);
      expect(account(database)).toMatchObject({ runs: 1, rendered: null, attempts: 0, retryAt: null });
      expect(table.due(NOW, 9)).toMatchObject([{ revision: 2 }]);
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
      ['improvement_scripts', 'improvement_runs', 'cartridges'].map((name) =>
        rows(database.name, `SELECT * FROM ${name}`),
      );
    expect(table.close([closeOf(runId, { cartridge: CARTRIDGE })])).toEqual([true]);
    const before = all();
    const again = closeOf(runId, {
      outcome: 'failed',
      retryAt: MUCH_LATER,
      cartridge: { ...CARTRIDGE, fileName: 'b.png' },
    });
    expect(table.close([again, again])).toEqual([false, false]);
    expect(all()).toEqual(before);
    database.exec("UPDATE improvement_scripts SET name = 'flipped'");
    expect(all()).not.toEqual(before);
  });

  it("does not touch a run that is not there, nor the seed's open one", () => {
    const database = opened(seedDatabase('seed-check'));
    const table = new JobTable(database);
    const before = rows(database.name, 'SELECT * FROM improvement_runs');
    expect(table.close([closeOf(9), closeOf(999)])).toEqual([false, false]);
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
    expect(table.close([closeOf(runId, { cartridge: CARTRIDGE })])).toEqual([true]);
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
    expect(account(database)).toMatchObject({ runs: 0, rendered: null });
  });

  it('gives a file name that is used again to the newer cartridge', () => {
    const { database, table } = one();
    table.close([closeOf(claimed(table), { cartridge: CARTRIDGE })]);
    database.exec('UPDATE improvement_scripts SET rendered_revision = NULL');
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
      expect(table.due(NOW, 1)).toHaveLength(1);
      expect(() => table.claim([claimOf()])).toThrow(
        expect.objectContaining({ name: 'HostFault', retryable: true }),
      );
    } finally {
      holder.close();
    }
    expect(claimed(table)).toBe(1);
  });
});

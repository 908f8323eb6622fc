import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import { ScriptCatalog } from '../../orchestrator/host/script-catalog.ts';
import { foreign, opened, python, rows } from './database.ts';

const NOW = '2026-01-01T00:00:00.000Z';

/** A database in which hello_gpu (id 1) was rendered at revision 1, with two faults of the world on its account. */
function rendered(): { path: string; table: JobTable } {
  const database = opened();
  database.exec('UPDATE jobs SET attempts = 2');
  settle(database.name);
  return { path: database.name, table: new JobTable(database) };
}

/** Whatever is queued is done. */
function settle(path: string): void {
  foreign(
    path,
    "UPDATE jobs SET state = 'running' WHERE state = 'queued'; UPDATE jobs SET state = 'done' WHERE state = 'running'",
  );
}

const CLAIM = {
  jobId: 1,
  scriptId: 1,
  revision: 1,
  spoolId: 'a',
  cartridgeName: 'a.png',
  startedAt: NOW,
};

const account = (path: string) =>
  rows(path, 'SELECT slot, revision, state, attempts, retry_at AS retryAt FROM jobs ORDER BY id');
const AS_BEFORE = [{ slot: 'r1', revision: 1, state: 'done', attempts: 2, retryAt: null }];
const DUE_AGAIN = [...AS_BEFORE, { slot: 'r2', revision: 2, state: 'queued', attempts: 0, retryAt: null }];

describe("any SQLite client's change of content", () => {
  it.each([
    "code = 'HALT'",
    'code = CAST(code AS BLOB)',
    'code = lower(code)',
    "code = code || char(0) || 'x'",
    "lang = 'pixel'",
    'width = 129',
    'height = 63',
    "width = 'wide'",
    'height = -5',
    `params = '{"count":3}'`,
    "params = ''",
    "params = x'00'",
    "code = 'HALT', revision = 1",
  ])('makes the script due: %s', (change) => {
    const { path, table } = rendered();
    expect(table.due(9)).toEqual([]);
    foreign(path, `UPDATE improvement_scripts SET ${change}`);
    expect(account(path)).toEqual(DUE_AGAIN);
    expect(table.due(9)).toHaveLength(1);
  });

  it.each([
    'code = code, lang = lang, width = width, height = height, params = params',
    'params = NULL',
    "width = '128'",
    'width = 128.0',
    "name = 'other'",
    'enabled = 0',
    'run_count = 9',
  ])('does not where nothing really changes: %s', (change) => {
    const { path } = rendered();
    foreign(path, `UPDATE improvement_scripts SET ${change}`);
    expect(account(path)).toEqual(AS_BEFORE);
  });

  it('gives no second job to a revision that there was', () => {
    const { path } = rendered();
    foreign(path, 'UPDATE improvement_scripts SET revision = 2');
    expect(account(path)).toEqual(DUE_AGAIN);
    const back = () => foreign(path, 'UPDATE improvement_scripts SET revision = 1');
    expect(back).toThrow('UNIQUE constraint failed: jobs.script_id, jobs.slot');
    expect(account(path)).toEqual(DUE_AGAIN);
  });

  it('sees a change of case in a column that somebody declared NOCASE', () => {
    const { path } = rendered();
    python(
      path,
      `PRAGMA writable_schema = ON;
       UPDATE sqlite_schema SET sql = replace(sql, 'code TEXT NOT NULL', 'code TEXT COLLATE NOCASE NOT NULL');`,
    );
    foreign(path, 'UPDATE improvement_scripts SET code = lower(code)');
    expect(account(path)).toEqual(DUE_AGAIN);
  });

  it('sees a change of case in params', () => {
    const { path } = rendered();
    foreign(path, `UPDATE improvement_scripts SET params = '{"a":1}'`);
    settle(path);
    foreign(path, `UPDATE improvement_scripts SET params = '{"A":1}'`);
    expect(account(path)).toMatchObject([
      { slot: 'r1', state: 'done' },
      { slot: 'r2', state: 'done' },
      { slot: 'r3', state: 'queued' },
    ]);
  });

  it('counts each change, also there and back', () => {
    const { path } = rendered();
    foreign(path, 'UPDATE improvement_scripts SET width = 9; UPDATE improvement_scripts SET width = 128');
    expect(rows(path, 'SELECT revision FROM improvement_scripts')).toEqual([{ revision: 3 }]);
    expect(account(path)).toMatchObject([
      { slot: 'r1', state: 'done' },
      { slot: 'r2', state: 'skipped' },
      { slot: 'r3', state: 'queued' },
    ]);
  });
});

describe("any SQLite client's insert", () => {
  it('is seen through dataVersion, by another process, while the database is open', () => {
    const { path, table } = rendered();
    const before = table.dataVersion();
    expect(table.dataVersion()).toBe(before);
    python(
      path,
      "INSERT INTO improvement_scripts (name, lang, code) VALUES ('mine', 'pixel', 'RECT 5 5 20 10')",
    );
    expect(table.dataVersion()).not.toBe(before);
    expect(table.due(9).map((script) => script.name)).toEqual(['mine']);
  });

  it('is not seen through dataVersion when it is our own', () => {
    const { table } = rendered();
    const before = table.dataVersion();
    table.claim([CLAIM], 'o1');
    expect(table.dataVersion()).toBe(before);
  });
});

describe("any SQLite client's delete", () => {
  const REGISTERED = `
    INSERT INTO improvement_runs (id, script_id, started_at, spool_id) VALUES (7, 1, '', 'a');
    INSERT INTO cartridges (file_name, script_id, run_id, checksum, width, height, bytes, created_at)
    VALUES ('a.png', 1, 7, '', 1, 1, 1, '')`;
  const links = (path: string) =>
    rows(
      path,
      'SELECT r.id, r.script_id AS ofRun, c.script_id AS ofCartridge, c.run_id AS run FROM improvement_runs r, cartridges c',
    );

  it.each([
    ['with foreign keys', 'PRAGMA foreign_keys = ON; DELETE FROM improvement_scripts'],
    ['without', 'DELETE FROM improvement_scripts'],
  ])('leaves runs and cartridges behind, of no script: %s', (_, sql) => {
    const { path } = rendered();
    foreign(path, REGISTERED);
    foreign(path, sql);
    expect(links(path)).toEqual([{ id: 7, ofRun: null, ofCartridge: null, run: 7 }]);
  });

  it.each([
    ['with foreign keys', 'PRAGMA foreign_keys = ON; DELETE FROM improvement_scripts'],
    ['without', 'DELETE FROM improvement_scripts'],
  ])('leaves the jobs behind that have begun, and none that waits: %s', (_, sql) => {
    const { path } = rendered();
    foreign(path, "UPDATE improvement_scripts SET code = 'HALT'");
    foreign(path, sql);
    expect(rows(path, 'SELECT script_id, slot, state FROM jobs')).toEqual([
      { script_id: null, slot: 'r1', state: 'done' },
    ]);
  });

  it.each([
    ['with foreign keys', 'PRAGMA foreign_keys = ON; DELETE FROM improvement_runs'],
    ['without', 'DELETE FROM improvement_runs'],
  ])('of a run leaves the cartridge behind: %s', (_, sql) => {
    const { path } = rendered();
    foreign(path, REGISTERED);
    foreign(path, sql);
    expect(rows(path, 'SELECT script_id, run_id FROM cartridges')).toEqual([{ script_id: 1, run_id: null }]);
    expect(account(path)).toEqual(AS_BEFORE);
  });

  const MEANWHILE: readonly [string, string, object][] = [
    ['as it was', 'SELECT 1', { state: 'queued', held: 0, blocked: 0, cancel: 0 }],
    ['edited', "UPDATE improvement_scripts SET code = 'HALT'", { state: 'skipped' }],
    ['disabled', 'UPDATE improvement_scripts SET enabled = 0', { state: 'queued', held: 1 }],
    [
      'made needy',
      `UPDATE improvement_scripts SET needs = '["nobody"]'`,
      { state: 'queued', held: 0, blocked: 1 },
    ],
    ['cancelled', 'UPDATE jobs SET cancel = 1', { state: 'cancelled', cancel: 0 }],
    ['deleted', 'DELETE FROM improvement_scripts', { state: 'skipped' }],
  ];

  it.each(MEANWHILE)(
    'of a run under way gives its job back, whose script was meanwhile %s',
    (_, sql, left) => {
      const { path, table } = rendered();
      foreign(path, "UPDATE jobs SET state = 'queued'");
      table.claim([CLAIM], 'o1');
      foreign(path, sql);
      expect(rows(path, 'SELECT state FROM jobs WHERE id = 1')).toEqual([{ state: 'running' }]);
      foreign(path, 'DELETE FROM improvement_runs');
      expect(rows(path, 'SELECT * FROM jobs WHERE id = 1')).toMatchObject([left]);
    },
  );
});

describe("any SQLite client's INSERT OR REPLACE", () => {
  const AGAIN = `(id, name, lang, code) VALUES (1, 'hello_gpu', 'pixel', 'HALT')`;

  it.each([
    ['with foreign keys', 'PRAGMA foreign_keys = ON;'],
    ['without', ''],
  ])('of a script in flight is a new content, which that run does not settle: %s', (_, mode) => {
    const { path, table } = rendered();
    foreign(path, "UPDATE jobs SET state = 'queued'");
    const [runId] = table.claim([CLAIM], 'o1');
    foreign(path, `${mode} INSERT OR REPLACE INTO improvement_scripts ${AGAIN}`);
    expect(
      table.close([
        {
          runId: runId ?? 0,
          finishedAt: NOW,
          durationMs: 1,
          outcome: 'success',
          stdout: null,
          stderr: null,
          backend: null,
          retryAt: null,
          charged: 0,
          cartridge: null,
        },
      ]),
    ).toEqual(['done']);
    expect(table.due(9).map((script) => Buffer.from(script.code).toString())).toEqual(['HALT']);
  });

  it('by name, with history and foreign keys, gives a due script under a new id', () => {
    const { path, table } = rendered();
    foreign(path, "INSERT INTO improvement_runs (script_id, started_at) VALUES (1, '')");
    foreign(
      path,
      "PRAGMA foreign_keys = ON; INSERT OR REPLACE INTO improvement_scripts (name, lang, code) VALUES ('hello_gpu', 'pixel', 'HALT')",
    );
    expect(table.due(9)).toMatchObject([{ id: 2, name: 'hello_gpu', revision: 1 }]);
    expect(rows(path, 'SELECT script_id FROM improvement_runs')).toEqual([{ script_id: null }]);
  });

  it.each([
    ['by id, with foreign keys', 'PRAGMA foreign_keys = ON;', AGAIN],
    ['by id, without', '', AGAIN],
    [
      'by name, with foreign keys',
      'PRAGMA foreign_keys = ON;',
      `(name, lang, code) VALUES ('hello_gpu', 'pixel', 'HALT')`,
    ],
  ])('leaves nothing queued of a script that waited, %s', (_, mode, values) => {
    const database = opened();
    foreign(database.name, `${mode} INSERT OR REPLACE INTO improvement_scripts ${values}`);
    expect(new JobTable(database).due(9)).toMatchObject([{ lang: 'pixel' }]);
    expect(rows(database.name, "SELECT count(*) AS n FROM jobs WHERE state = 'queued'")).toEqual([{ n: 1 }]);
  });

  it('by name, without foreign keys, leaves a job that is neither taken nor counted, and swept in time', () => {
    const database = opened();
    const again =
      "INSERT OR REPLACE INTO improvement_scripts (name, lang, code) VALUES ('hello_gpu', 'pixel', ?)";
    const client = new BetterSqlite3(database.name);
    client.pragma('foreign_keys = OFF');
    const queued = () => database.prepare("SELECT count(*) FROM jobs WHERE state = 'queued'").pluck().get();
    for (let n = 0; n < 3; n++) client.prepare(again).run(`${n}`);
    expect([new JobTable(database).due(9).length, new ScriptCatalog(database).counts().due]).toEqual([1, 1]);
    expect(queued()).toBe(4);
    for (let n = 3; n < 255; n++) client.prepare(again).run(`${n}`);
    client.close();
    expect(queued()).toBe(1);
  });

  it.each([
    ['with foreign keys', 'PRAGMA foreign_keys = ON;'],
    ['without', ''],
  ])('of a script that was done makes those wait that need it, %s', (_, mode) => {
    const { path, table } = rendered();
    foreign(
      path,
      `INSERT INTO improvement_scripts (name, lang, code, needs) VALUES ('needy', 'pixel', 'HALT', '["hello_gpu"]')`,
    );
    const needy = () => table.due(9).filter(({ name }) => name === 'needy').length;
    expect(needy()).toBe(1);
    foreign(path, `${mode} INSERT OR REPLACE INTO improvement_scripts ${AGAIN}`);
    expect(needy()).toBe(0);
    settle(path);
  });
});

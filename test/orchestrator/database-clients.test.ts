import { describe, expect, it } from 'vitest';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import { foreign, opened, python, rows } from './database.ts';

const NOW = '2026-01-01T00:00:00.000Z';

/** A database in which hello_gpu (id 1) was rendered at revision 1, with two faults of the world on its account. */
function rendered(): { path: string; table: JobTable } {
  const database = opened();
  database.exec(
    `UPDATE improvement_scripts SET rendered_revision = 1, attempts = 2, retry_at = '2030-01-01T00:00:00.000Z'`,
  );
  return { path: database.name, table: new JobTable(database) };
}

const account = (path: string) =>
  rows(
    path,
    'SELECT revision, rendered_revision AS rendered, attempts, retry_at AS retryAt FROM improvement_scripts',
  );
const DUE_AGAIN = [{ revision: 2, rendered: null, attempts: 0, retryAt: null }];
const AS_BEFORE = [{ revision: 1, rendered: 1, attempts: 2, retryAt: '2030-01-01T00:00:00.000Z' }];

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
    "code = 'HALT', revision = 1, rendered_revision = 1",
  ])('makes the script due: %s', (change) => {
    const { path, table } = rendered();
    expect(table.due(NOW, 9)).toEqual([]);
    foreign(path, `UPDATE improvement_scripts SET ${change}`);
    expect(account(path)).toEqual(DUE_AGAIN);
    expect(table.due(NOW, 9)).toHaveLength(1);
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
    foreign(path, `UPDATE improvement_scripts SET params = '{"a":1}', rendered_revision = 1`);
    foreign(path, `UPDATE improvement_scripts SET params = '{"A":1}'`);
    expect(account(path)).toEqual([{ ...DUE_AGAIN[0], revision: 3 }]);
  });

  it('counts each change, also there and back', () => {
    const { path } = rendered();
    foreign(path, 'UPDATE improvement_scripts SET width = 9; UPDATE improvement_scripts SET width = 128');
    expect(rows(path, 'SELECT revision FROM improvement_scripts')).toEqual([{ revision: 3 }]);
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
    expect(table.due(NOW, 9).map((script) => script.name)).toEqual(['mine']);
  });

  it('is not seen through dataVersion when it is our own', () => {
    const { table } = rendered();
    const before = table.dataVersion();
    table.claim([{ scriptId: 1, revision: 1, spoolId: 'a', cartridgeName: 'a.png', startedAt: NOW }]);
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
    ['with foreign keys', 'PRAGMA foreign_keys = ON; DELETE FROM improvement_runs'],
    ['without', 'DELETE FROM improvement_runs'],
  ])('of a run leaves the cartridge behind: %s', (_, sql) => {
    const { path } = rendered();
    foreign(path, REGISTERED);
    foreign(path, sql);
    expect(rows(path, 'SELECT script_id, run_id FROM cartridges')).toEqual([{ script_id: 1, run_id: null }]);
  });
});

describe("any SQLite client's INSERT OR REPLACE", () => {
  const AGAIN = `(id, name, lang, code, rendered_revision) VALUES (1, 'hello_gpu', 'pixel', 'HALT', 1)`;

  it.each([
    ['with foreign keys', 'PRAGMA foreign_keys = ON;'],
    ['without', ''],
  ])('of a script in flight is a new content, which that run does not settle: %s', (_, mode) => {
    const { path, table } = rendered();
    foreign(path, 'UPDATE improvement_scripts SET rendered_revision = NULL');
    const [runId] = table.claim([
      { scriptId: 1, revision: 1, spoolId: 'a', cartridgeName: 'a.png', startedAt: NOW },
    ]);
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
          cartridge: null,
        },
      ]),
    ).toEqual([true]);
    expect(table.due(NOW, 9).map((script) => Buffer.from(script.code).toString())).toEqual(['HALT']);
  });

  it('by name, with history and foreign keys, gives a due script under a new id', () => {
    const { path, table } = rendered();
    foreign(path, "INSERT INTO improvement_runs (script_id, started_at) VALUES (1, '')");
    foreign(
      path,
      "PRAGMA foreign_keys = ON; INSERT OR REPLACE INTO improvement_scripts (name, lang, code) VALUES ('hello_gpu', 'pixel', 'HALT')",
    );
    expect(table.due(NOW, 9)).toMatchObject([{ id: 2, name: 'hello_gpu', revision: 1 }]);
    expect(rows(path, 'SELECT script_id FROM improvement_runs')).toEqual([{ script_id: null }]);
  });
});

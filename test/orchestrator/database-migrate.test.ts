import { describe, expect, it } from 'vitest';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import type { Database } from '../../orchestrator/host/migrate.ts';
import { foreign, older, opened, python, rows, seedDatabase, temporaryFolder } from './database.ts';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SCRIPTS = `SELECT id, name, lang, hex(code) AS code, enabled, created_at, last_run_at, run_count, success_count
  FROM improvement_scripts ORDER BY id`;
const RUNS = `SELECT id, script_id, started_at, finished_at, success, stdout, stderr, duration_ms
  FROM improvement_runs ORDER BY id`;

/** The schema as text, tables first, in an order of its own. */
function dump(database: Database): string {
  const statements = database
    .prepare<[], string>(
      `SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, tbl_name, name`,
    )
    .pluck()
    .all();
  return `-- The schema that all migrations together leave behind, compared by test/orchestrator.\n\n${statements.join('\n\n')}\n`;
}

const objects = (database: Database) =>
  database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE name LIKE 'gvpie%' ORDER BY 1")
    .pluck()
    .all();

const declarations = (database: Database, table: string) =>
  new Map(
    (database.pragma(`table_info(${table})`) as { name: string }[]).map((column) => [column.name, column]),
  );

describe('a new database', () => {
  it('has the schema of db/schema.sql', async () => {
    await expect(dump(opened())).toMatchFileSnapshot('../../db/schema.sql');
  });

  it("has the seed's first program, due, and nothing else", () => {
    const database = opened();
    expect(
      database
        .prepare('SELECT id, name, lang, code, enabled, width, height, revision FROM improvement_scripts')
        .all(),
    ).toEqual([
      {
        id: 1,
        name: 'hello_gpu',
        lang: 'gvpie',
        code: 'TXT 10 10 Hello GPU\nHALT',
        enabled: 1,
        width: 128,
        height: 64,
        revision: 1,
      },
    ]);
    expect(database.prepare('SELECT script_id, slot, state FROM jobs').all()).toEqual([
      { script_id: 1, slot: 'r1', state: 'queued' },
    ]);
    expect(database.prepare('SELECT count(*) FROM improvement_runs').pluck().get()).toBe(0);
  });

  it('does not bring the first program back once it was deleted', () => {
    const database = opened();
    database.exec('DELETE FROM improvement_scripts');
    expect(opened(database.name).prepare('SELECT count(*) FROM improvement_scripts').pluck().get()).toBe(0);
  });

  it('may hold tables of somebody else', () => {
    const path = `${temporaryFolder()}/daemon.db`;
    foreign(path, 'CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)');
    const database = opened(path);
    expect(database.prepare('SELECT x FROM theirs').pluck().get()).toBe(1);
    expect(database.prepare('SELECT name FROM improvement_scripts').pluck().get()).toBe('hello_gpu');
  });

  it('dates new scripts in ISO 8601 UTC with milliseconds', () => {
    expect(opened().prepare('SELECT created_at FROM improvement_scripts').pluck().get()).toMatch(ISO);
  });
});

describe('a database of gvpie from before params', () => {
  /** With a rendered script in it. */
  const rendered = () => older(4, 'UPDATE improvement_scripts SET rendered_revision = revision');

  it('gets the column, and the schema of a new one', () => {
    const database = opened(rendered());
    expect(dump(database)).toBe(dump(opened()));
    expect(database.pragma('user_version', { simple: true })).toBe(6);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('has no script made due by that, and each by params', () => {
    const path = rendered();
    const due = () =>
      rows(
        path,
        'SELECT slot, state, script.params FROM jobs JOIN improvement_scripts AS script ON script.id = script_id',
      );
    opened(path);
    expect(due()).toEqual([{ slot: 'r1', state: 'done', params: null }]);
    foreign(path, `UPDATE improvement_scripts SET params = '{"count":3}'`);
    expect(due()).toEqual([
      { slot: 'r1', state: 'done', params: '{"count":3}' },
      { slot: 'r2', state: 'queued', params: '{"count":3}' },
    ]);
  });
});

describe('a database of gvpie from before jobs', () => {
  const LATER = '2030-01-01T00:00:00.000Z';
  const SCRIPTS_OF_THEN = `
    DELETE FROM improvement_scripts;
    INSERT INTO improvement_scripts (id, name, lang, code, enabled, last_run_at) VALUES
      (11, 'due', 'pixel', '', 1, '2026-01-03'), (12, 'never ran', 'gvpie', '', 1, NULL),
      (13, 'off', 'pixel', '', 0, '2026-01-02'), (14, 'failed', 'pixel', '', 1, '2026-01-04'),
      (15, 'rendered', 'pixel', '', 1, '2026-01-05'), (16, 'refused', 'pixel', '', 1, '2026-01-06'),
      (17, 'under way', 'pixel', '', 1, '2026-01-07'), (18, 'changed under way', 'pixel', '', 1, '2026-01-08');
    UPDATE improvement_scripts SET attempts = 3, retry_at = '${LATER}' WHERE id = 14;
    UPDATE improvement_scripts SET rendered_revision = 1 WHERE id IN (15, 16);
    INSERT INTO improvement_runs (script_id, started_at, finished_at, revision, spool_id, outcome) VALUES
      (14, '', '', 1, 'd', 'failed'), (15, '', '', 1, 'e0', 'failed'), (15, '', '', 1, 'e', 'success'),
      (16, '', '', 1, 'f', 'refused'), (17, '', NULL, 1, 'g', NULL), (18, '', NULL, 1, 'h', NULL);
    UPDATE improvement_scripts SET code = 'HALT' WHERE id = 18`;

  it('gets the schema of a new one', () => {
    const database = opened(older(5, SCRIPTS_OF_THEN));
    expect(dump(database)).toBe(dump(opened()));
    expect(database.pragma('user_version', { simple: true })).toBe(6);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
  });

  it('has a job for each script, which stands where the script stood', () => {
    const database = opened(older(5, SCRIPTS_OF_THEN));
    const jobs = database
      .prepare(
        `SELECT name, slot, state, held, attempts, retry_at AS retryAt, ended_at AS endedAt
         FROM jobs JOIN improvement_scripts AS script ON script.id = script_id ORDER BY name`,
      )
      .all();
    const fresh = { slot: 'r1', state: 'queued', held: 0, attempts: 0, retryAt: null, endedAt: null };
    expect(jobs).toEqual([
      { ...fresh, name: 'changed under way', slot: 'r2' },
      { ...fresh, name: 'due' },
      { ...fresh, name: 'failed', attempts: 3, retryAt: LATER },
      { ...fresh, name: 'never ran' },
      { ...fresh, name: 'off', held: 1 },
      { ...fresh, name: 'refused', state: 'refused', endedAt: '2026-01-06' },
      { ...fresh, name: 'rendered', state: 'done', endedAt: '2026-01-05' },
      { ...fresh, name: 'under way', state: 'running' },
    ]);
  });

  it('is worked on in the order in which it would have been', () => {
    const table = new JobTable(opened(older(5, SCRIPTS_OF_THEN)));
    const due = table.due(9).map(({ name }) => name);
    expect(due).toEqual(['never ran', 'due', 'changed under way']);
    expect(table.nextRetryAt()).toBe(LATER);
  });

  it('has its open runs closed like those of any orchestrator that died', () => {
    const database = opened(older(5, SCRIPTS_OF_THEN));
    const table = new JobTable(database);
    const open = table.openRuns(null);
    expect(open.map(({ scriptName }) => scriptName)).toEqual(['under way', 'changed under way']);
    const result = {
      durationMs: 1,
      stdout: null,
      stderr: null,
      backend: null,
      retryAt: null,
      cartridge: null,
    };
    const closes = open.map(({ runId }) => ({
      ...result,
      runId,
      finishedAt: LATER,
      outcome: 'interrupted' as const,
      charged: 1 as const,
    }));
    expect(table.close(closes)).toEqual(['queued', null]);
    const stuck = `SELECT 1 FROM jobs WHERE state = 'running'`;
    expect(database.prepare(stuck).all()).toEqual([]);
    expect(table.due(9).map(({ name, attempts }) => [name, attempts])).toEqual([
      ['never ran', 0],
      ['due', 0],
      ['changed under way', 0],
      ['under way', 1],
    ]);
  });
});

describe.each(['seed-check', 'seed-plain'])("a database made by the seed's schema, %s", (form) => {
  it('keeps every row and every value', () => {
    const path = seedDatabase(form);
    const before = [rows(path, SCRIPTS), rows(path, RUNS)];
    opened(path);
    expect([rows(path, SCRIPTS), rows(path, RUNS)]).toEqual(before);
    expect(before.map((table) => table.length)).not.toContain(0);
  });

  it('declares every column of ours as a new database does', () => {
    const adopted = opened(seedDatabase(form));
    const fresh = opened();
    for (const table of ['improvement_scripts', 'improvement_runs', 'cartridges']) {
      const theirs = declarations(adopted, table);
      for (const [name, column] of declarations(fresh, table)) {
        const { cid: _, ...declaration } = column as unknown as Record<string, unknown>;
        expect(theirs.get(name)).toMatchObject(declaration);
      }
      expect(adopted.pragma(`foreign_key_list(${table})`)).toEqual(
        fresh.pragma(`foreign_key_list(${table})`),
      );
    }
    expect(objects(adopted)).toEqual(objects(fresh));
  });

  it('is sound', () => {
    expect(opened(seedDatabase(form)).pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('takes every lang of ours, and no other', () => {
    const path = seedDatabase(form);
    opened(path);
    const insert = (lang: string) =>
      foreign(
        path,
        `INSERT INTO improvement_scripts (name, lang, code) VALUES ('${lang}', '${lang}', 'HALT')`,
      );
    for (const lang of ['pixel', 'gvpie', 'cartridge', 'python']) insert(lang);
    expect(() => insert('basic')).toThrow('Expected lang to be pixel, gvpie, cartridge or python');
    expect(() => insert('Pixel')).toThrow('Expected lang');
  });

  it('dates new scripts in ISO 8601 UTC', () => {
    const path = seedDatabase(form);
    opened(path);
    python(path, "INSERT INTO improvement_scripts (name, lang, code) VALUES ('new', 'pixel', 'HALT')");
    expect(rows(path, "SELECT created_at FROM improvement_scripts WHERE name = 'new'")).toEqual([
      { created_at: expect.stringMatching(ISO) },
    ]);
  });

  it('does not get the first program a second time', () => {
    const path = seedDatabase(form);
    foreign(path, 'DELETE FROM improvement_scripts');
    expect(opened(path).prepare('SELECT count(*) FROM improvement_scripts').pluck().get()).toBe(0);
  });

  it('lets a script go that has history', () => {
    const path = seedDatabase(form);
    const database = opened(path);
    const before = database.prepare('SELECT count(*) FROM improvement_runs').pluck().get();
    database.exec('DELETE FROM improvement_scripts');
    expect(database.prepare('SELECT count(*) FROM improvement_runs').pluck().get()).toBe(before);
  });
});

describe("what somebody added to the seed's tables", () => {
  it('keeps an extra column with all that it was declared as', () => {
    const database = opened(seedDatabase('seed-check'));
    const notes = database.prepare('SELECT "note, to self" FROM improvement_scripts ORDER BY id').pluck();
    expect(notes.all()).toEqual(['First', null, 'x']);
    database.exec("INSERT INTO improvement_scripts (name, lang, code) VALUES ('n', 'pixel', '')");
    expect(notes.all().at(-1)).toBe('a, (b');
    const found = database
      .prepare(`SELECT id FROM improvement_scripts WHERE "note, to self" = 'FIRST'`)
      .pluck();
    expect(found.get()).toBe(1);
    expect(() => database.exec(`UPDATE improvement_scripts SET "note, to self" = hex(zeroblob(99))`)).toThrow(
      /CHECK/,
    );
  });

  it('keeps their indexes, triggers and views at work', () => {
    const database = opened(seedDatabase('seed-check'));
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN SELECT id FROM improvement_scripts WHERE "note, to self" = 'first'`)
      .all() as { detail: string }[];
    expect(plan[0]?.detail).toMatch(/idx_scripts_note/);
    expect(database.prepare('SELECT * FROM busy').all()).toEqual([{ name: 'hello_gpu', runs: 3 }]);
    database.exec("INSERT INTO improvement_scripts (name, lang, code) VALUES ('n', 'pixel', '')");
    expect(database.prepare("SELECT said FROM audit WHERE name = 'n'").pluck().get()).toBe('added');
  });

  it('goes on counting ids where the seed stopped, deleted rows included', () => {
    const database = opened(seedDatabase('seed-check'));
    database.exec("INSERT INTO improvement_scripts (name, lang, code) VALUES ('n', 'pixel', '')");
    expect(database.prepare("SELECT id FROM improvement_scripts WHERE name = 'n'").pluck().get()).toBe(42);
  });

  it('keeps a row of a lang nobody knows, and lets everything else of it change', () => {
    const path = seedDatabase('seed-plain');
    opened(path);
    foreign(path, "UPDATE improvement_scripts SET lang = lang, code = ': swap' WHERE name = 'fractal'");
    expect(rows(path, "SELECT lang, code, revision FROM improvement_scripts WHERE name = 'fractal'")).toEqual(
      [{ lang: 'forth', code: ': swap', revision: 2 }],
    );
    expect(() => foreign(path, "UPDATE improvement_scripts SET lang = 'basic'")).toThrow('Expected lang');
  });

  it('takes a CHECK of other langs, in double quotes as SQLite once allowed, for no rule', () => {
    const path = `${temporaryFolder()}/daemon.db`;
    python(
      path,
      `CREATE TABLE improvement_scripts (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
         lang TEXT NOT NULL, code TEXT NOT NULL, enabled INTEGER DEFAULT 1, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
         last_run_at TEXT, run_count INTEGER DEFAULT 0, success_count INTEGER DEFAULT 0,
         CONSTRAINT known CHECK (lang IN ("python", "pixel")));
       INSERT INTO improvement_scripts (name, lang, code) VALUES ('a', 'pixel', 'HALT')`,
    );
    const database = opened(path);
    database.exec("INSERT INTO improvement_scripts (name, lang, code) VALUES ('b', 'gvpie', 'HALT')");
    expect(database.prepare('SELECT name FROM improvement_scripts').pluck().all()).toEqual(['a', 'b']);
    expect(database.prepare('SELECT count(*) FROM improvement_runs').pluck().get()).toBe(0);
  });
});

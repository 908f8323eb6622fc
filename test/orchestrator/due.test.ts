/** Which jobs are due: the same ones for the daemon, for the views and for people, found without a look at all others. */
import type BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import { QueueCatalog } from '../../orchestrator/host/queue-catalog.ts';
import { watchQueue } from '../../orchestrator/host/watch-table.ts';
import { memoryDatabase } from '../support/memory-database.ts';

const BOUNDS = { running: 99, jobs: 99, failures: 0, slots: 0, cartridges: 0 };

type Database = BetterSqlite3.Database;

function add(database: Database, name: string, columns = {}): void {
  const row = { name, lang: 'pixel', code: 'HALT', ...columns };
  const keys = Object.keys(row);
  database
    .prepare(`INSERT INTO improvement_scripts (${keys}) VALUES (${keys.map((key) => `@${key}`)})`)
    .run(row);
}

/** Queues points of all matrices, the first of each first. */
function points(database: Database, count: number): void {
  database.exec(`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${count})
    INSERT INTO jobs (script_id, slot, revision, lang, params, rank, due_at)
    SELECT script.id, 'p' || n, script.revision, lang, '{}', 100000 * n + script.id, ''
    FROM n, improvement_scripts AS script WHERE matrix IS NOT NULL`);
}

/** Has so many jobs of a script under way. */
function run(database: Database, name: string, jobs: number): void {
  database.exec(`UPDATE jobs SET state = 'running' WHERE id IN (
    SELECT id FROM jobs WHERE state = 'queued' AND script_id = (SELECT id FROM improvement_scripts WHERE name = '${name}')
    ORDER BY rank LIMIT ${jobs})`);
}

/** One job for each reason to wait there is, and some that wait for nothing. */
function ofEachKind(): Database {
  const database = memoryDatabase();
  add(database, 'plain');
  add(database, 'disabled', { enabled: 0 });
  add(database, 'needs', { needs: '["plain"]' });
  add(database, 'tried again');
  add(database, 'of a lang that is paused', { lang: 'gvpie' });
  add(database, 'of a lang at its bound', { lang: 'python' });
  add(database, 'of a lang below its bound', { lang: 'cartridge' });
  add(database, 'running', { lang: 'python' });
  add(database, 'running too', { lang: 'cartridge' });
  add(database, 'matrix at its bound', { matrix: '{}', concurrency: 2 });
  add(database, 'matrix below its bound', { matrix: '{}', concurrency: 3 });
  add(database, 'matrix without a bound', { matrix: '{}' });
  add(database, 'matrix that is never run', { matrix: '{}', concurrency: 0 });
  points(database, 4);
  for (const name of ['running', 'running too']) run(database, name, 1);
  for (const name of ['at its bound', 'below its bound', 'without a bound'])
    run(database, `matrix ${name}`, 2);
  database.exec(`UPDATE jobs SET retry_at = '2031-01-01T00:00:00.000Z'
      WHERE script_id = (SELECT id FROM improvement_scripts WHERE name = 'tried again');
    UPDATE controls SET paused = 1 WHERE scope = 'gvpie';
    UPDATE controls SET concurrency = 1 WHERE scope = 'python';
    UPDATE controls SET concurrency = 2 WHERE scope = 'cartridge'`);
  return database;
}

const EXPECTED = [
  'plain',
  'of a lang below its bound',
  ...Array.from({ length: 2 }, () => ['matrix below its bound', 'matrix without a bound']).flat(),
];

describe('what is due', () => {
  it('is what v_due has nothing to say against', () => {
    const database = ofEachKind();
    expect(new JobTable(database).due(99).map(({ name }) => name)).toEqual(EXPECTED);
    expect(
      database.prepare('SELECT name FROM v_due WHERE waits IS NULL ORDER BY rank, id').pluck().all(),
    ).toEqual(EXPECTED);
    const { jobs } = watchQueue(database, 0, 0, BOUNDS);
    expect(jobs.filter(({ waits }) => waits === null).map(({ scriptName }) => scriptName)).toEqual(EXPECTED);
  });

  it('is counted alike by gvpie queue and gvpie top, which leave bounds aside', () => {
    const database = ofEachKind();
    const { queued, waiting } = new QueueCatalog(database).totals({});
    const { totals } = watchQueue(database, 0, 0, BOUNDS);
    expect([totals.queued, totals.waiting]).toEqual([queued, waiting]);
    // Disabled, needs, tried again and paused.
    expect([queued, waiting]).toEqual([17, 4]);
  });

  it('has of a script at its bound none, and the others in their turn, however few are asked for', () => {
    const table = new JobTable(ofEachKind());
    for (let limit = 1; limit <= EXPECTED.length; limit++) {
      expect(table.due(limit).map(({ name }) => name)).toEqual(EXPECTED.slice(0, limit));
    }
  });

  it('is found by a look at the first ones, however many matrices wait, and at none of a lang that is paused', () => {
    const database = memoryDatabase();
    database.transaction(() => {
      for (let n = 0; n < 2_000; n++) add(database, `m${n}`, { matrix: '{}' });
      points(database, 10);
    })();
    const table = new JobTable(database);
    // The shortest of some: a machine under load stalls others.
    const shortest = () =>
      Math.min(
        ...Array.from({ length: 5 }, () => {
          const start = performance.now();
          table.due(32);
          return performance.now() - start;
        }),
      );
    expect(table.due(32)).toHaveLength(32);
    const found = shortest();
    database.exec(`UPDATE controls SET paused = 1 WHERE scope = 'pixel'`);
    const paused = shortest();
    database.exec(`UPDATE controls SET paused = 0 WHERE scope = 'pixel'; DROP INDEX gvpie_jobs_due`);
    const slow = shortest();
    expect(10 * Math.max(found, paused)).toBeLessThan(slow);
  });

  it('is asked of no row of a script at its bound: its points are passed over within the index', () => {
    const database = memoryDatabase();
    add(database, 'full', { matrix: '{}', concurrency: 1 });
    database.transaction(() => points(database, 20_000))();
    run(database, 'full', 1);
    add(database, 'plain');
    const table = new JobTable(database);
    const shortest = () =>
      Math.min(
        ...Array.from({ length: 7 }, () => {
          const start = performance.now();
          expect(table.due(32)).toHaveLength(1);
          return performance.now() - start;
        }),
      );
    const within = shortest();
    database.exec(`DROP INDEX gvpie_jobs_due;
      CREATE INDEX gvpie_jobs_due ON jobs (lang, rank, id)
      WHERE state = 'queued' AND held = 0 AND blocked = 0 AND retry_at IS NULL`);
    const beside = shortest();
    expect(within).toBeLessThan(beside);
  });
});

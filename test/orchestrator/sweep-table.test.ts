/** The sweep's transactions on databases as they are found: the seed's history, and files that can give pages back. */
import { describe, expect, it } from 'vitest';
import type { Database } from '../../orchestrator/host/migrate.ts';
import { SweepTable } from '../../orchestrator/host/sweep-table.ts';
import { sweepNow } from '../support/sweep-world.ts';
import { opened } from './database.ts';

const files = new Set<string>();

function fill(database: Database, runs: number): void {
  database.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${runs})
    INSERT INTO improvement_runs (started_at, finished_at, success, stdout)
    SELECT '2025-01-01 10:00:00', '2025-01-01 10:00:01', 1, hex(zeroblob(500)) FROM n`);
}

describe('runs that the seed wrote', () => {
  it('go by their times, as it wrote them, also where they were cut off', async () => {
    const database = opened();
    database.exec(`INSERT INTO improvement_runs (id, script_id, started_at, finished_at, success) VALUES
      (1, 1, '2026-05-30 23:59:59', '2026-05-30 23:59:59', 1),
      (2, 1, '2026-05-30T23:59:59.5+00:00', NULL, NULL),
      (3, 1, '2026-05-31T00:00:01', '2026-05-31T00:00:01', 1),
      (4, 1, 'yesterday', 'yesterday', 0),
      (5, 1, '2026-05-30 23:59:59', '2026-05-30 23:59:59', 0)`);
    const world = { sql: database, files };
    await sweepNow(world, { runs: '1d' });
    // 3 is the newest success, and 5 the newest; nobody knows when 4 was.
    const left = () => database.prepare('SELECT id FROM improvement_runs ORDER BY id').pluck().all();
    expect(left()).toEqual([3, 4, 5]);
    database.exec(
      `INSERT INTO improvement_runs (id, script_id, started_at, spool_id) VALUES (6, 1, '2020-01-01', 'ours')`,
    );
    await sweepNow(world, { runs: '1d' });
    // One of ours without an end is open, and nobody's to remove; it is the newest now.
    expect(left()).toEqual([3, 4, 6]);
  });
});

describe('the space of what was removed', () => {
  it('is used again, and said how much it is', async () => {
    const database = opened();
    fill(database, 1_000);
    const before = new SweepTable(database).space();
    await sweepNow({ sql: database, files }, { runs: '10' });
    const after = new SweepTable(database).space();
    expect([after.pages, before.freePages]).toEqual([before.pages, 0]);
    expect(after.freePages).toBeGreaterThan(before.pages / 2);
    fill(database, 900);
    expect(new SweepTable(database).space().pages).toBeLessThanOrEqual(before.pages + 4);
  });

  it('is given back where the database can', async () => {
    const database = opened();
    database.pragma('auto_vacuum = INCREMENTAL');
    database.exec('VACUUM');
    fill(database, 1_000);
    const before = new SweepTable(database).space();
    await sweepNow({ sql: database, files }, { runs: '10' });
    const after = new SweepTable(database).space();
    expect(after.freePages).toBe(0);
    expect(after.pages).toBeLessThan(before.pages / 2);
  });
});

describe('a cartridge that a script names only after the survey', () => {
  const CHECKSUM = 'a'.repeat(64);

  /** How many of one cartridge are given up, when `change` comes between survey and giving up. */
  function givenUp(change: string): number {
    const database = opened();
    database.exec(`DELETE FROM improvement_scripts; DELETE FROM jobs;
      INSERT INTO improvement_scripts (id, name, lang, code, schedule, matrix, enabled, force) VALUES
        (1, 'plain', 'pixel', 'HALT', NULL, NULL, 1, 0), (2, 'timed', 'pixel', 'HALT', 'every 1h', NULL, 1, 0),
        (3, 'off', 'pixel', 'HALT', 'every 1h', NULL, 0, 0), (4, 'wide', 'pixel', 'HALT', NULL, '{"x":[1,2]}', 1, 0);
      UPDATE improvement_scripts SET revised_at = '2026-01-01T00:00:00.000Z' WHERE id > 1;
      INSERT INTO cartridges (id, file_name, checksum, width, height, bytes, created_at)
      VALUES (1, 'old.png', '${CHECKSUM}', 8, 8, 1, '2025-01-01T00:00:00.000Z')`);
    const table = new SweepTable(database);
    const since = table.mark();
    database.exec(change);
    const fact = {
      id: 1,
      fileName: 'old.png',
      scriptId: null,
      checksum: CHECKSUM,
      bytes: 1,
      endedMs: 0,
      inputs: [],
    };
    return table.giveUp([fact], '2026-06-01T00:00:00.000Z', since);
  }
  const image = `'IMAGE one 8 8 ${CHECKSUM}'`;

  it.each(['plain', 'timed', 'off', 'wide'])('stays where %s is edited to name it', (name) => {
    expect(givenUp(`UPDATE improvement_scripts SET code = ${image} WHERE name = '${name}'`)).toBe(0);
    // Its name is in the file's folder, or not.
    const cartridge = `lang = 'cartridge', code = 'cartridges/old.png'`;
    expect(givenUp(`UPDATE improvement_scripts SET ${cartridge} WHERE name = '${name}'`)).toBe(0);
    expect(givenUp(`UPDATE improvement_scripts SET code = 'RECT 0 0 1 1' WHERE name = '${name}'`)).toBe(1);
  });

  it.each(['NULL', `'every 1h'`])(
    'stays where a new one with the schedule %s names it, or one that takes the place of another',
    (schedule) => {
      const row = `(name, lang, code, schedule) VALUES ('new', 'pixel', ${image}, ${schedule})`;
      expect(givenUp(`INSERT INTO improvement_scripts ${row}`)).toBe(0);
      for (const id of [1, 2]) {
        const replaced = `(id, name, lang, code, schedule) VALUES (${id}, 'new', 'pixel', ${image}, ${schedule})`;
        expect(givenUp(`INSERT OR REPLACE INTO improvement_scripts ${replaced}`)).toBe(0);
      }
    },
  );
});

describe('what is left of a script', () => {
  it('is why its jobs are dead, also once it is removed', () => {
    const database = opened();
    database.exec(`DELETE FROM improvement_scripts; DELETE FROM jobs;
      INSERT INTO improvement_scripts (id, name, lang, code, max_attempts) VALUES (1, 'a', 'pixel', 'HALT', 1);
      INSERT INTO improvement_runs (script_id, job_id, started_at, finished_at, success, stderr)
      SELECT 1, id, '2026', '2026', 0, 'why' FROM jobs;
      UPDATE jobs SET state = 'running'; UPDATE jobs SET state = 'dead', attempts = 1`);
    const dead = () => database.prepare('SELECT name, stderr FROM v_dead').all();
    expect(dead()).toEqual([{ name: 'a', stderr: 'why' }]);
    database.exec('DELETE FROM improvement_scripts');
    expect(dead()).toEqual([{ name: null, stderr: 'why' }]);
  });

  it('is none of its slots where another one takes its id', () => {
    const database = opened();
    const add = `INTO improvement_scripts (id, name, lang, code, schedule) VALUES (1, 'a', 'pixel', 'HALT', 'every 1h')`;
    database.exec(`INSERT OR REPLACE ${add};
      INSERT INTO swept_slots VALUES (1, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'), (7, 'x', 'y')`);
    database.exec(`INSERT OR REPLACE ${add}`);
    expect(database.prepare('SELECT script_id FROM swept_slots').pluck().all()).toEqual([7]);
  });
});

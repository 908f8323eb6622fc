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

/** What is read again and again of the queue: true, bounded, and by indexes. */
import type BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { knownSpoolIds, watchQueue } from '../../orchestrator/host/watch-table.ts';
import { rateOf } from '../../orchestrator/watching.ts';
import { memoryDatabase } from '../support/memory-database.ts';

const NOW_MS = Date.UTC(2030, 0, 1);
const ago = (seconds: number): string => new Date(NOW_MS - 1_000 * seconds).toISOString();
const BOUNDS = { running: 3, jobs: 4, failures: 2, slots: 2, cartridges: 2 };

const look = (database: BetterSqlite3.Database, bounds = BOUNDS) =>
  watchQueue(database, NOW_MS, NOW_MS - 60_000, bounds);

function withScripts(...names: string[]): BetterSqlite3.Database {
  const database = memoryDatabase();
  // Ids count from 1.
  database.exec('DELETE FROM jobs; DELETE FROM sqlite_sequence');
  const add = database.prepare(
    "INSERT INTO improvement_scripts (name, lang, code) VALUES (?, 'pixel', 'HALT')",
  );
  for (const name of names) add.run(name);
  return database;
}

/** Begins the newest job of a script. */
function begin(database: BetterSqlite3.Database, name: string, seconds: number): void {
  const job = `(SELECT max(jobs.id) FROM jobs JOIN improvement_scripts AS script ON script.id = script_id WHERE name = '${name}')`;
  database.exec(`UPDATE jobs SET state = 'running' WHERE id = ${job};
    INSERT INTO improvement_runs (script_id, job_id, started_at, revision, spool_id, cartridge_path, owner)
    SELECT script_id, id, '${ago(seconds)}', revision, 's-${name}', '${name}.png', 'o1' FROM jobs WHERE id = ${job}`);
}

function endRun(
  database: BetterSqlite3.Database,
  seconds: number,
  outcome: string | null,
  success: 0 | 1,
): void {
  database
    .prepare(
      `INSERT INTO improvement_runs (script_id, started_at, finished_at, success, outcome, stderr, duration_ms)
       VALUES (1, ?, ?, ?, ?, 'why', 7)`,
    )
    .run(ago(seconds + 1), ago(seconds), success, outcome);
}

describe('a look at the queue', () => {
  it('is empty where there is nothing', () => {
    expect(look(memoryDatabase())).toEqual({
      totals: { queued: 0, waiting: 0, running: 0, dead: 0 },
      ...{ paused: [], running: [], jobs: [], ended: [], endedSinceMs: NOW_MS - 60_000 },
      ...{ failures: [], slots: [], cartridges: [] },
    });
  });

  it('lists what is under way, the longest first, with the ids of commands, and what comes in its order', () => {
    const database = withScripts('a', 'b', 'c', 'd');
    database.exec(`UPDATE improvement_scripts SET priority = 1 WHERE name = 'd';
      UPDATE improvement_scripts SET needs = '["a"]' WHERE name = 'c'`);
    begin(database, 'b', 5);
    begin(database, 'a', 9);
    database.exec(`UPDATE jobs SET cancel = 1 WHERE id = 2`);
    const { totals, running, jobs } = look(database);
    expect(totals).toEqual({ queued: 2, waiting: 1, running: 2, dead: 0 });
    expect(running).toEqual([
      {
        jobId: 1,
        scriptName: 'a',
        slot: 'r1',
        startedAt: ago(9),
        spoolId: 's-a',
        owner: 'o1',
        cancel: false,
      },
      { jobId: 2, scriptName: 'b', slot: 'r1', startedAt: ago(5), spoolId: 's-b', owner: 'o1', cancel: true },
    ]);
    expect(jobs).toEqual([
      { jobId: 4, scriptName: 'd', slot: 'r1', waits: null },
      { jobId: 3, scriptName: 'c', slot: 'r1', waits: 'waits for a' },
    ]);
    expect(knownSpoolIds(database, ['s-b', 'other'])).toEqual(['s-b']);
    expect(knownSpoolIds(database, [])).toEqual([]);
  });

  it('counts as waiting what is held, blocked, tried again later, or of what is paused, and says what is', () => {
    const database = withScripts('a', 'b', 'c', 'd', 'e');
    database.exec(`UPDATE improvement_scripts SET enabled = 0 WHERE name = 'a';
      UPDATE jobs SET retry_at = '2031-01-01T00:00:00.000Z' WHERE id = 2;
      UPDATE jobs SET lang = 'gvpie' WHERE id = 3`);
    const waiting = () => look(database).totals.waiting;
    expect(waiting()).toBe(2);
    database.exec(`UPDATE controls SET paused = 1 WHERE scope = 'gvpie'`);
    expect(waiting()).toBe(3);
    database.exec(`UPDATE controls SET paused = 1 WHERE scope = 'engine'`);
    expect(look(database)).toMatchObject({ totals: { queued: 5, waiting: 5 }, paused: ['engine', 'gvpie'] });
    database.exec(`UPDATE controls SET paused = 0`);
    expect(look(database)).toMatchObject({ totals: { waiting: 2 }, paused: [] });
  });

  it('leaves half of what it lists to those that wait, and all of it where none does', () => {
    const names = Array.from({ length: 9 }, (_, n) => `s${n}`);
    const database = withScripts(...names);
    const listed = () => look(database).jobs.map(({ jobId, waits }) => [jobId, waits !== null]);
    expect(listed()).toEqual([1, 2, 3, 4].map((id) => [id, false]));
    database.exec(`UPDATE improvement_scripts SET enabled = 0 WHERE id = 5`);
    expect(listed()).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [5, true],
    ]);
    database.exec(`UPDATE improvement_scripts SET enabled = 0 WHERE id IN (6, 7, 8)`);
    expect(listed()).toEqual([
      [1, false],
      [2, false],
      [5, true],
      [6, true],
    ]);
  });

  it('has the runs that ended in the last minute, the newest failures, times to come and newest cartridges', () => {
    const database = withScripts('a', 'b');
    for (const [seconds, outcome, success] of [
      [61, 'failed', 0],
      [59, 'success', 1],
      [30, null, 0],
      [20, 'cancelled', 0],
      [10, 'refused', 0],
    ] as const) {
      endRun(database, seconds, outcome, success);
    }
    database.exec(`UPDATE improvement_scripts SET schedule = 'every 10s';
      UPDATE improvement_scripts SET plan_at = '${ago(-10)}' WHERE name = 'a';
      UPDATE improvement_scripts SET plan_at = '${ago(1)}' WHERE name = 'b';
      ${['x', 'y', 'z'].map((name) => `INSERT INTO cartridges (file_name, script_id, checksum, width, height, bytes, created_at) VALUES ('${name}.png', 1, '', 3, 2, 9, '')`).join(';')}`);
    const { ended, endedSinceMs, failures, slots, cartridges } = look(database);
    expect(ended.map(({ finishedMs, success }) => [(NOW_MS - finishedMs) / 1_000, success])).toEqual([
      [59, true],
      [30, false],
      [10, false],
    ]);
    expect(endedSinceMs).toBe(NOW_MS - 60_000);
    expect(failures).toEqual([
      { finishedAt: ago(10), scriptName: 'a', outcome: 'refused', stderr: 'why' },
      { finishedAt: ago(30), scriptName: 'a', outcome: 'failed', stderr: 'why' },
    ]);
    expect(slots).toEqual([{ scriptName: 'a', at: ago(-10) }]);
    expect(cartridges).toEqual([
      { fileName: 'z.png', scriptName: 'a', width: 3, height: 2 },
      { fileName: 'y.png', scriptName: 'a', width: 3, height: 2 },
    ]);
    // The picture of one that was swept cannot be shown.
    database.exec(`UPDATE cartridges SET swept_at = '${ago(1)}' WHERE file_name = 'y.png'`);
    expect(look(database).cartridges.map(({ fileName }) => fileName)).toEqual(['z.png', 'x.png']);
  });

  it('looks at the newest ten thousand runs, and then says how far those go back', () => {
    const database = withScripts('a');
    database.transaction(() => {
      for (let n = 0; n < 10_001; n++) endRun(database, 50 - n / 1_000, 'success', 1);
    })();
    const { ended, endedSinceMs } = look(database);
    expect(ended.length).toBe(10_000);
    expect(NOW_MS - endedSinceMs).toBe(49_999);
    expect(rateOf(ended, endedSinceMs, NOW_MS, 60_000).endedPer1000S).toBe(200_004);
  });

  it('takes no longer for thirty thousand jobs than a glance', { timeout: 60_000 }, () => {
    const database = withScripts('a');
    const fill = (jobs: number): void => {
      database.exec(`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${jobs})
        INSERT INTO jobs (script_id, slot, revision, lang, rank, due_at)
        SELECT 1, 'x' || ${jobs} || n, 1, 'pixel', n, '${ago(0)}' FROM n`);
    };
    fill(30_000);
    // The shortest of some: a machine under load stalls others.
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      expect(look(database).jobs).toHaveLength(4);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(50);
    expect(look(database).totals.queued).toBe(30_001);
  });
});

describe('a rate', () => {
  const at = (seconds: number, success = true) => ({ finishedMs: NOW_MS - 1_000 * seconds, success });

  it('counts what ended within its window, on both sides of its beginning', () => {
    const ended = [at(0), at(9.999, false), at(10), at(11)];
    expect(rateOf(ended, NOW_MS - 60_000, NOW_MS, 10_000)).toEqual({
      ...{ succeeded: 1, failed: 1, endedPer1000S: 200 },
    });
    expect(rateOf(ended, NOW_MS - 60_000, NOW_MS, 10_001).succeeded).toBe(2);
  });

  it('is of as much of the window as was looked at', () => {
    expect(rateOf([at(1), at(2)], NOW_MS - 4_000, NOW_MS, 10_000).endedPer1000S).toBe(500);
    expect(rateOf([], NOW_MS, NOW_MS, 10_000)).toEqual({ succeeded: 0, failed: 0, endedPer1000S: 0 });
  });
});

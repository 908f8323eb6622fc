import { describe, expect, it } from 'vitest';
import { readStats } from '../../orchestrator/host/stats-table.ts';
import { queueFigures, type StatRun, WINDOWS } from '../../orchestrator/queue-stats.ts';
import { opened } from './database.ts';

const NOW = 1_000_000_000_000;
const LOOK = { nowMs: NOW, sinceMs: NOW - WINDOWS.day };

/** A picture of 10 ms that ended a second ago, at once when it was due. */
function run(change: Partial<StatRun> = {}): StatRun {
  const startedMs = change.startedMs ?? NOW - 1_010;
  const times = { dueMs: startedMs, startedMs, finishedMs: NOW - 1_000, durationMs: 10 };
  return { jobId: 1, lang: 'pixel', outcome: 'success', known: false, ...times, ...change };
}

const all = (runs: readonly StatRun[], look = LOOK) => queueFigures(look, [], runs, []).at(-1)!;

describe('the figures of the queue', () => {
  it('count in a window what ended after its beginning, to the millisecond', () => {
    const at = (ms: number) => run({ finishedMs: NOW - ms });
    const { windows } = all([
      at(0),
      at(59_999),
      at(60_000),
      at(3_599_999),
      at(3_600_000),
      at(86_399_999),
      at(86_400_000),
    ]);
    expect([windows.minute.done, windows.hour.done, windows.day.done]).toEqual([2, 4, 6]);
  });

  it('tell outcomes apart, and leave out those that are neither pictures nor failures', () => {
    const outcomes = ['success', 'failed', 'failed', 'refused', 'rejected', 'interrupted', 'cancelled'];
    const { windows } = all(outcomes.map((outcome) => run({ outcome })));
    expect(windows.minute).toEqual({
      done: 1,
      failed: 2,
      refused: 1,
      rejected: 1,
      dead: 0,
      donePer1000S: 17,
    });
  });

  it('count deaths by their own time', () => {
    const deaths = [NOW - 59_999, NOW - 60_000].map((endedMs) => ({ lang: 'gvpie', endedMs }));
    const [gvpie] = queueFigures(LOOK, [], [], deaths);
    expect([gvpie?.lang, gvpie?.windows.minute.dead, gvpie?.windows.hour.dead]).toEqual(['gvpie', 1, 2]);
  });

  it('take the rate of what was looked at, where that is less than the window', () => {
    const runs = Array.from({ length: 30 }, () => run());
    expect(all(runs).windows.minute.donePer1000S).toBe(500);
    expect(all(runs, { nowMs: NOW, sinceMs: NOW - 10_000 }).windows.minute.donePer1000S).toBe(3_000);
    expect(all(runs, { nowMs: NOW, sinceMs: NOW - 10_000 }).windows.day.donePer1000S).toBe(3_000);
  });

  it('give median and p99 by nearest rank, of pictures that were rendered', () => {
    const runs = Array.from({ length: 200 }, (_, index) => run({ jobId: index, durationMs: 200 - index }));
    expect(all(runs).durationMs).toEqual({ median: 100, p99: 198, longest: 200 });
    expect(all([run({ durationMs: 5 }), run({ durationMs: 9_999, known: true })]).durationMs.longest).toBe(5);
    expect(all([run({ outcome: 'failed' })]).durationMs).toEqual({ median: null, p99: null, longest: null });
  });

  it('measure a wait to the first run of a job, and none for a run from before it was asked for again', () => {
    const dueMs = NOW - 100_000;
    const { waitMs, longestInMedians } = all([
      run({ jobId: 1, dueMs, startedMs: dueMs + 50_000 }),
      run({ jobId: 1, dueMs, startedMs: dueMs + 20 }),
      run({ jobId: 2, dueMs, startedMs: dueMs - 1 }),
      run({ jobId: 3, dueMs, startedMs: dueMs + 10 }),
      run({ jobId: 4, dueMs, startedMs: dueMs + 70 }),
    ]);
    expect(waitMs).toEqual({ median: 20, p99: 70, longest: 70 });
    expect(longestInMedians).toBe(350);
    expect(all([run()]).longestInMedians).toBe(0);
    expect(all([]).longestInMedians).toBeNull();
  });

  it('tell how many pictures were known', () => {
    const { known, knownPer1000 } = all([run({ known: true }), run(), run(), run({ outcome: 'refused' })]);
    expect([known, knownPer1000]).toEqual([1, 333]);
    expect(all([run({ outcome: 'refused' })]).knownPer1000).toBeNull();
  });

  it('are by lang, in order, and in all', () => {
    const open = [{ lang: 'pixel', queued: 2, running: 1 }];
    const figures = queueFigures(LOOK, open, [run({ lang: 'gvpie' }), run()], []);
    expect(
      figures.map(({ lang, queued, running, windows }) => [lang, queued, running, windows.day.done]),
    ).toEqual([
      ['gvpie', 0, 0, 1],
      ['pixel', 2, 1, 1],
      ['all', 2, 1, 2],
    ]);
  });
});

describe('what figures are made of', () => {
  it('are the newest runs, and it is said whether that left any out', () => {
    const database = opened();
    database.exec(`
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
      INSERT INTO improvement_runs (script_id, job_id, started_at, finished_at, success, outcome, duration_ms, spool_id)
      SELECT 1, 1, '2026-01-01T00:00:0' || i || '.000Z', '2026-01-01T00:00:0' || i || '.250Z', 1, 'success', i, 's' || i FROM n`);
    const since = Date.parse('2026-01-01T00:00:00.000Z');
    const read = (most: number, sinceMs = since) => {
      const { runs, isWhole } = readStats(database, sinceMs, most);
      return [runs.map(({ durationMs }) => durationMs), isWhole];
    };
    expect(read(5)).toEqual([[5, 4, 3, 2, 1], true]);
    expect(read(4)).toEqual([[5, 4, 3, 2], false]);
    // Those that are left out ended before it anyway.
    expect(read(4, since + 2_500)).toEqual([[5, 4, 3], true]);
    const [newest] = readStats(database, since).runs;
    expect(newest).toMatchObject({
      lang: 'gvpie',
      startedMs: since + 5_000,
      finishedMs: since + 5_250,
      known: false,
    });
  });
});

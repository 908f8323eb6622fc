/** Sweeps that orchestrators make by themselves. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { serveOrchestrator } from '../../orchestrator/host/serve.ts';
import { lastSweep, SweepRecord } from '../../orchestrator/host/sweep-record.ts';
import { scheduleOfSetting } from '../../orchestrator/schedule.ts';
import type { SweepResult } from '../../orchestrator/sweep-doors.ts';
import { Sweeper, type Sweeps } from '../../orchestrator/sweeper.ts';
import { keepRulesOf } from '../../shared/keep-rule.ts';
import { readSettings } from '../../shared/settings.ts';
import type { Journal } from '../../shared/world.ts';
import { memoryDatabase } from '../support/memory-database.ts';
import { scheduled } from '../support/scheduled.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { waitUntil } from '../support/wait-until.ts';

const EPOCH_MS = Date.parse('2026-01-01T00:30:00.000Z');

const NOTHING: SweepResult = {
  ...{ status: 'swept', blown: [], left: 0, leftWhy: null, longestMs: 1 },
  gone: { runs: 3, jobs: 0, logs: 0, cartridges: 0 },
  tallies: Object.fromEntries(
    ['runs', 'jobs', 'logs', 'cartridges'].map((kind) => [
      kind,
      { of: 10, ofBytes: 0, go: 3, goBytes: 0, oldestMs: null, newestMs: null },
    ]),
  ) as SweepResult['tallies'],
};

function heard(): { events: string[]; journal: Journal } {
  const events: string[] = [];
  const write = (event: string): void => {
    events.push(event);
  };
  return { events, journal: { debug: write, info: write, warn: write, error: write } };
}

/** Sweepers on one database, whose clock a test moves. */
function several(count: number, result: () => Promise<SweepResult>, keepRuns = '30d') {
  const sql = memoryDatabase();
  const clock = {
    ms: EPOCH_MS,
    now: () => clock.ms,
    monotonic: () => clock.ms,
    iso: () => new Date(clock.ms).toISOString(),
  };
  let swept = 0;
  const { events, journal } = heard();
  const all = Array.from({ length: count }, () => {
    const record = new SweepRecord(sql, undefined as never, clock, async () => {});
    const sweeps: Sweeps = {
      take: (slot) => record.take(slot),
      note: (one, at) => record.note(one, at),
      sweep: () => {
        swept++;
        return result();
      },
    };
    const rules = keepRulesOf({ keepRuns, keepLogs: 'all', keepCartridges: 'all' });
    return new Sweeper({ sweeps, clock, journal }, rules, scheduled('every 1h'));
  });
  const look = async (): Promise<number> => {
    for (const one of all) one.look();
    await Promise.all(all.map((one) => one.idle()));
    return swept;
  };
  return { sql, clock, events, look };
}

describe('orchestrators with a rule', () => {
  it('sweep once for each slot, however many they are, and at the start for the newest', async () => {
    const { clock, look, events, sql } = several(3, async () => NOTHING);
    expect([await look(), await look()]).toEqual([1, 1]);
    clock.ms += 1_799_999;
    expect(await look()).toBe(1);
    clock.ms += 1;
    expect(await look()).toBe(2);
    expect(events).toEqual(['gc:swept', 'gc:swept']);
    expect(lastSweep(sql)).toMatchObject({ at: '2026-01-01T01:00:00.000Z', status: 'swept', stopped: null });
  });

  it('sweep nothing where all is kept', async () => {
    const { look, sql } = several(2, async () => NOTHING, 'all');
    expect(await look()).toBe(0);
    expect(lastSweep(sql)).toBeUndefined();
  });

  it('say what the fuse has stopped, and keep it', async () => {
    const { look, sql, events } = several(1, async () => ({ ...NOTHING, status: 'fuse', blown: ['runs'] }));
    await look();
    expect(events).toEqual(['gc:fuse']);
    expect(lastSweep(sql)?.stopped).toContain('found 3 of 10 runs');
  });

  it('go on at the next slot after one that failed', async () => {
    let fails = true;
    const { look, clock, events } = several(1, async () => {
      if (fails) throw new Error('database is locked');
      return NOTHING;
    });
    await look();
    fails = false;
    clock.ms += 3_600_000;
    expect([await look(), events]).toEqual([2, ['gc:fault', 'gc:swept']]);
  });

  it('refuse a schedule that is none', () => {
    expect(() => scheduleOfSetting('gcEvery', 'every 0s')).toThrow(
      'Expected 1s to 366d, found "0s", in GVPIE_GC_EVERY. ',
    );
  });
});

describe('a daemon with a rule', () => {
  it('sweeps while it serves, under the fuse', async () => {
    const folder = temporaryFolder();
    const database = join(folder, 'daemon.db');
    const fillUp = (runs: number): void => {
      const sql = openDatabase(database, { durability: 'fast' });
      sql.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${runs})
        INSERT INTO improvement_runs (started_at, finished_at, success, spool_id, outcome)
        SELECT '2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z', 1, hex(randomblob(8)), 'success' FROM n`);
      sql.close();
    };
    fillUp(100);
    const { settings } = readSettings(
      {
        ...{ database, cartridges: join(folder, 'cartridges'), socketDir: join(folder, 'socket') },
        ...{ keepRuns: '90', gcEvery: 'every 1s', durability: 'fast', door: 'spool' },
      },
      {},
    );
    const { events, journal } = heard();
    const serving = await serveOrchestrator(settings, journal, { once: false, backend: 'cpu' });
    const sql = openDatabase(database, { durability: 'fast' });
    const runs = () => sql.prepare<[], number>('SELECT count(*) FROM improvement_runs').pluck().get();
    await waitUntil('the sweep', () => runs() === 90);
    fillUp(100);
    await waitUntil('the fuse', () => events.includes('gc:fuse'));
    expect(runs()).toBe(190);
    sql.close();
    await serving.stop();
    expect(events).not.toContain('gc:fault');
  });
});

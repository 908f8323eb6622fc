/** Sweeps that orchestrators make by themselves. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OWN_WORK_WAIT_MS } from '../../orchestrator/config.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { OwnWorkTable } from '../../orchestrator/host/own-work-table.ts';
import { serveOrchestrator } from '../../orchestrator/host/serve.ts';
import { lastSweep, SweepRecord } from '../../orchestrator/host/sweep-record.ts';
import { OwnWork } from '../../orchestrator/own-work.ts';
import { scheduleOfSetting } from '../../orchestrator/schedule.ts';
import type { SweepResult } from '../../orchestrator/sweep-doors.ts';
import { SweepWork } from '../../orchestrator/sweep-work.ts';
import { FaultLog } from '../../shared/fault-log.ts';
import { HostFault } from '../../shared/faults.ts';
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

const RULES = keepRulesOf({ keepRuns: '30d', keepLogs: 'all', keepCartridges: 'all' });

type Sweep = (isCutOff: () => boolean) => Promise<SweepResult>;

/** Orchestrators on one database, whose clock a test moves. */
function several(count: number, result: Sweep, sql = memoryDatabase()) {
  const clock = {
    ms: EPOCH_MS,
    now: () => clock.ms,
    monotonic: () => clock.ms,
    iso: () => new Date(clock.ms).toISOString(),
  };
  let swept = 0;
  const { events, journal } = heard();
  const dead = new Set<string>();
  const all = Array.from({ length: count }, (_, index) => {
    const isGone = (owner: string): boolean => dead.has(owner);
    const book = new OwnWorkTable(sql, { kind: 'sweep', place: '' }, `o${index}`, isGone);
    const labour = new SweepWork(RULES, journal, async (_order, isCutOff) => {
      swept++;
      return result(isCutOff);
    });
    const doors = { book, labour, clock, journal, faults: new FaultLog(journal, clock) };
    return new OwnWork(doors, scheduled('every 1h'));
  });
  const look = async (): Promise<number> => {
    for (const one of all) one.look();
    await new Promise(setImmediate);
    return swept;
  };
  return { sql, clock, events, dead, all, look };
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

  it('say what the fuse has stopped, and keep it', async () => {
    const { look, sql, events } = several(1, async () => ({ ...NOTHING, status: 'fuse', blown: ['runs'] }));
    await look();
    expect(events).toEqual(['gc:fuse']);
    expect(lastSweep(sql)?.stopped).toContain('found 3 of 10 runs');
  });

  it('keep that one failed, and why, and go on at the next slot', async () => {
    let fails = true;
    const { look, clock, events, sql } = several(1, async () => {
      if (fails) throw new Error('no such table');
      return NOTHING;
    });
    await look();
    expect(lastSweep(sql)).toMatchObject({ status: 'failed', message: 'no such table', stopped: null });
    fails = false;
    clock.ms += 3_599_999 - 1_800_000;
    expect(await look()).toBe(1);
    clock.ms += 1;
    expect([await look(), events]).toEqual([2, ['gc:failed', 'gc:swept']]);
    expect(lastSweep(sql)).toMatchObject({ status: 'swept', message: null });
  });

  it('try again what may pass, three times in all', async () => {
    let passes = false;
    const { look, clock, events, sql } = several(1, async () => {
      if (!passes) throw new HostFault('write', 'd', 'held', { retryable: true });
      return NOTHING;
    });
    await look();
    expect([lastSweep(sql), events]).toEqual([undefined, ['gc:fault']]);
    clock.ms += OWN_WORK_WAIT_MS - 1;
    expect(await look()).toBe(1);
    clock.ms += 1;
    expect(await look()).toBe(2);
    clock.ms += OWN_WORK_WAIT_MS;
    expect(await look()).toBe(3);
    expect(lastSweep(sql)).toMatchObject({ status: 'failed', message: 'held' });
    clock.ms += OWN_WORK_WAIT_MS;
    expect(await look()).toBe(3);
    clock.ms += 3_600_000;
    await look();
    passes = true;
    clock.ms += OWN_WORK_WAIT_MS;
    expect([await look(), lastSweep(sql)?.status]).toEqual([5, 'swept']);
  });

  it('finish what one has begun that died, and give up what each dies of', async () => {
    const sql = memoryDatabase();
    const { look, dead, events, clock } = several(5, () => new Promise(() => {}), sql);
    const sweeps = () => sql.prepare('SELECT owner, attempts, outcome FROM own_work').all();
    for (const [index, owner] of ['o0', 'o1', 'o2'].entries()) {
      expect(await look()).toBe(index + 1);
      expect(sweeps()).toEqual([{ owner, attempts: index + 1, outcome: null }]);
      dead.add(owner);
      clock.ms += OWN_WORK_WAIT_MS;
    }
    expect([await look(), events]).toEqual([3, ['gc:failed']]);
    expect(lastSweep(sql)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('ended each time'),
    });
  });

  it('give a sweep back that a stop cuts off, without a word, and another one makes it', async () => {
    const sql = memoryDatabase();
    const first = several(
      1,
      async (isCutOff) => {
        while (!isCutOff()) await new Promise(setImmediate);
        throw new Error('Interrupted');
      },
      sql,
    );
    expect(await first.look()).toBe(1);
    await Promise.all(first.all.map((one) => one.stop()));
    expect([first.events, sql.prepare('SELECT * FROM own_work').all()]).toEqual([[], []]);
    const second = several(1, async () => NOTHING, sql);
    expect(await second.look()).toBe(1);
    expect(lastSweep(sql)?.status).toBe('swept');
  });

  it('neither wait for a database that another program holds nor fill the log', async () => {
    const file = join(temporaryFolder(), 'daemon.db');
    const sql = openDatabase(file, { durability: 'fast' });
    const other = openDatabase(file, { durability: 'fast' });
    const { look, clock, events } = several(1, async () => NOTHING, sql);
    other.exec('BEGIN IMMEDIATE');
    const beganMs = performance.now();
    for (let second = 0; second < 60; second++) {
      expect(await look()).toBe(0);
      clock.ms += 1_000;
    }
    // One statement that waits takes five seconds.
    expect(performance.now() - beganMs).toBeLessThan(2_500);
    expect(sql.pragma('busy_timeout', { simple: true })).toBe(5_000);
    expect([...new Set(events), events.length]).toEqual(['gc:fault', 6]);
    other.exec('COMMIT');
    clock.ms += OWN_WORK_WAIT_MS;
    expect([await look(), events.at(-1)]).toEqual([1, 'gc:swept']);
    other.exec('BEGIN IMMEDIATE');
    const [late] = several(1, async () => NOTHING, sql).all;
    expect(() => late?.look()).not.toThrow();
    other.close();
    sql.close();
  });

  it("keep what a person's sweep has come to as the last one", async () => {
    const { look, sql, clock } = several(1, async () => ({ ...NOTHING, status: 'fuse', blown: ['runs'] }));
    await look();
    const at = '2026-01-01T00:40:00.000Z';
    const record = new SweepRecord(sql, undefined as never, clock, async () => {});
    for (const status of ['fuse', 'swept'] as const) record.note({ ...NOTHING, status }, at);
    expect(lastSweep(sql)).toEqual({ at, status: 'swept', gone: NOTHING.gone, stopped: null, message: null });
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
    expect(events.filter((event) => /^gc:(fault|failed)/.test(event))).toEqual([]);
  });
});

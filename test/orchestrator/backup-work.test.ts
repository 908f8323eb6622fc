/** Backups by themselves: each slot of the schedule once, by one of all orchestrators, whatever becomes of it. */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OWN_WORK_ATTEMPTS, OWN_WORK_WAIT_MS } from '../../orchestrator/config.ts';
import type { BackupResult } from '../../orchestrator/host/backup-thread.ts';
import { BackupWork } from '../../orchestrator/host/backup-work.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { lastBackups, OwnWorkTable } from '../../orchestrator/host/own-work-table.ts';
import { OwnWork } from '../../orchestrator/own-work.ts';
import { FaultLog } from '../../shared/fault-log.ts';
import type { Clock, Journal } from '../../shared/world.ts';
import { scheduled } from '../support/scheduled.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { opened } from './database.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const FOLDER = '/backups';

const DONE: BackupResult = {
  name: 'a-backup',
  cartridges: 3,
  added: { cartridges: 1, bytes: 10 },
  databaseBytes: 100,
  troubles: [],
  pruned: { backups: [], objects: 0, unreadable: [] },
};

class FakeThread extends EventEmitter {
  isTerminated = false;
  async terminate(): Promise<number> {
    this.isTerminated = true;
    this.emit('exit', 1);
    return 1;
  }
}

/** Several orchestrators on one database, whose clock and threads are the test's. */
class Scene {
  database = opened();
  now = NOON;
  readonly threads: { readonly owner: string; readonly thread: FakeThread }[] = [];
  readonly dead = new Set<string>();
  readonly events: string[] = [];

  watch(owner: string, every = 'every 1h', hire?: () => Worker): OwnWork {
    const clock: Clock = {
      now: () => this.now,
      monotonic: () => this.now,
      iso: () => new Date(this.now).toISOString(),
    };
    const note = (event: string, fields?: object): void => {
      this.events.push(`${owner} ${event} ${JSON.stringify(fields)}`);
    };
    const journal: Journal = { debug: () => {}, info: note, warn: note, error: note };
    const isGone = (id: string): boolean => this.dead.has(id);
    const place = { database: 'd', cartridges: 'c', folder: FOLDER, keep: 7 };
    const hireFake = (): Worker => {
      const thread = new FakeThread();
      this.threads.push({ owner, thread });
      return thread as unknown as Worker;
    };
    const work = new OwnWork(
      {
        book: new OwnWorkTable(this.database, { kind: 'backup', place: FOLDER }, owner, isGone),
        labour: new BackupWork(place, clock, journal, hire ?? hireFake),
        clock,
        journal,
        faults: new FaultLog(journal, clock),
      },
      scheduled(every),
    );
    onTestFinished(() => work.stop());
    work.look();
    return work;
  }

  /** The last thread answers. */
  answer(result: BackupResult): void {
    this.threads.at(-1)?.thread.emit('message', result);
  }

  rows() {
    return this.database
      .prepare<
        [],
        { slot: string; owner: string; outcome: string | null; attempts: number; message: string }
      >('SELECT slot, owner, outcome, attempts, message FROM backups ORDER BY slot')
      .all();
  }
}

describe('the watch over backups', () => {
  it('has one made at once where there is none, and then one for each slot', () => {
    const scene = new Scene();
    scene.now = NOON + 60_000;
    const watch = scene.watch('a');
    expect(scene.threads).toHaveLength(1);
    expect(scene.rows()).toMatchObject([{ slot: '2026-11-22T12:00:00.000Z', owner: 'a', outcome: null }]);
    scene.answer(DONE);
    expect(scene.rows()).toMatchObject([{ outcome: 'done' }]);
    expect(scene.events.at(-1)).toMatch(/^a backup:done .*"bytes":110/);
    expect(lastBackups(scene.database, FOLDER)).toMatchObject({
      newest: { name: 'a-backup' },
      made: { bytes: 110 },
    });
    expect(lastBackups(scene.database, '/other')).toEqual({ newest: undefined, made: undefined });
    scene.now = NOON + HOUR - 1;
    watch.look();
    expect(scene.threads).toHaveLength(1);
    scene.now = NOON + HOUR;
    watch.look();
    expect(scene.threads).toHaveLength(2);
    watch.look();
    expect(scene.threads).toHaveLength(2);
    scene.answer(DONE);
    expect(scene.rows().map(({ slot }) => slot)).toEqual([
      '2026-11-22T12:00:00.000Z',
      '2026-11-22T13:00:00.000Z',
    ]);
  });

  it('makes none again that was made before it started', () => {
    const scene = new Scene();
    scene.watch('a');
    scene.answer(DONE);
    scene.watch('b');
    expect(scene.threads).toHaveLength(1);
  });

  it('has a slot made by one of several, and by another once that one is dead', () => {
    const scene = new Scene();
    scene.watch('a');
    const other = scene.watch('b');
    expect(scene.threads.map(({ owner }) => owner)).toEqual(['a']);
    scene.dead.add('a');
    scene.now += OWN_WORK_WAIT_MS - 1;
    other.look();
    expect(scene.threads).toHaveLength(1);
    scene.now += 1;
    other.look();
    expect(scene.threads.map(({ owner }) => owner)).toEqual(['a', 'b']);
    // Whoever was only believed dead changes nothing any more.
    scene.threads[0]?.thread.emit('message', { fault: 'late', hint: undefined });
    expect(scene.rows()).toMatchObject([{ owner: 'b', outcome: null, attempts: 2 }]);
    scene.answer(DONE);
    expect(scene.rows()).toMatchObject([{ owner: 'b', outcome: 'done' }]);
  });

  it('gives a slot up of which every orchestrator dies, and goes on with the next', () => {
    const scene = new Scene();
    for (let n = 1; n <= OWN_WORK_ATTEMPTS; n++) {
      scene.watch(`dies-${n}`);
      scene.dead.add(`dies-${n}`);
    }
    expect(scene.threads).toHaveLength(OWN_WORK_ATTEMPTS);
    const watch = scene.watch('last');
    expect(scene.threads).toHaveLength(OWN_WORK_ATTEMPTS);
    expect(scene.rows()).toMatchObject([
      { outcome: 'failed', message: expect.stringContaining('ended each time') },
    ]);
    scene.now += HOUR;
    watch.look();
    expect(scene.threads).toHaveLength(OWN_WORK_ATTEMPTS + 1);
  });

  it('says what failed, what is not whole, and what a thread died of, and tries at the next slot', () => {
    const scene = new Scene();
    const watch = scene.watch('a');
    scene.answer({ fault: 'the disk is full', hint: 'free some' });
    expect(scene.events.at(-1)).toMatch(/^a backup:failed .*the disk is full/);
    watch.look();
    expect(scene.threads).toHaveLength(1);
    expect(lastBackups(scene.database, FOLDER).made).toBeUndefined();

    scene.now += HOUR;
    watch.look();
    scene.answer({ ...DONE, troubles: [{ path: 'x.png', message: 'none' }] });
    expect(scene.events.at(-1)).toMatch(/^a backup:incomplete .*x\.png/);

    scene.now += HOUR;
    watch.look();
    scene.threads.at(-1)?.thread.emit('error', new Error('out of memory'));
    scene.threads.at(-1)?.thread.emit('exit', 1);
    expect(scene.rows().map(({ outcome }) => outcome)).toEqual(['failed', 'incomplete', 'failed']);
    expect(lastBackups(scene.database, FOLDER)).toMatchObject({
      newest: { message: 'out of memory' },
      made: { outcome: 'incomplete' },
    });

    const none = scene.watch('b', 'every 30m', () => {
      throw new Error('no thread is to be had');
    });
    scene.now += HOUR / 2;
    none.look();
    expect(scene.rows().at(-1)).toMatchObject({ outcome: 'failed', message: 'no thread is to be had' });
  });

  it('waits while a person makes one in the same folder, and then makes its own', () => {
    const scene = new Scene();
    const watch = scene.watch('a');
    scene.answer({ busy: 'held' });
    expect(scene.rows()).toEqual([]);
    watch.look();
    expect(scene.threads).toHaveLength(1);
    scene.now += OWN_WORK_WAIT_MS;
    watch.look();
    expect(scene.threads).toHaveLength(2);
    scene.answer(DONE);
    expect(scene.rows()).toMatchObject([{ outcome: 'done', attempts: 1 }]);
  });

  it('makes none again whose end could not be written, and writes that when it can', () => {
    const scene = new Scene();
    const folder = temporaryFolder();
    scene.database = openDatabase(join(folder, 'daemon.db'), { durability: 'fast' });
    const other = openDatabase(join(folder, 'daemon.db'), { durability: 'fast' });
    const watch = scene.watch('a');
    other.exec('BEGIN IMMEDIATE');
    const endedMs = scene.now;
    scene.answer(DONE);
    expect(scene.events.at(-1)).toMatch(/^a backup:fault /);
    for (let tries = 0; tries < 4; tries++) {
      scene.now += OWN_WORK_WAIT_MS;
      watch.look();
    }
    expect(scene.rows()).toMatchObject([{ outcome: null, attempts: 1 }]);
    other.exec('COMMIT');
    scene.now += OWN_WORK_WAIT_MS;
    watch.look();
    expect(scene.threads).toHaveLength(1);
    expect(lastBackups(scene.database, FOLDER)).toMatchObject({
      newest: { outcome: 'done', attempts: 1, finished_at: new Date(endedMs).toISOString() },
    });
    scene.now += HOUR;
    watch.look();
    expect(scene.threads).toHaveLength(2);
    other.close();
  });

  it('gives the slot back when it is stopped', async () => {
    const scene = new Scene();
    await scene.watch('a').stop();
    expect(scene.threads[0]?.thread.isTerminated).toBe(true);
    expect([scene.rows(), scene.events]).toEqual([[], []]);
    scene.watch('b');
    expect(scene.threads.map(({ owner }) => owner)).toEqual(['a', 'b']);
  });

  it('goes on at once after the clock was set back', () => {
    const scene = new Scene();
    const watch = scene.watch('a');
    scene.answer(DONE);
    scene.now -= 30 * HOUR;
    watch.look();
    expect(scene.threads).toHaveLength(2);
  });

  it('takes slots of a cron, and a second backup of none', () => {
    const scene = new Scene();
    scene.now = NOON;
    const watch = scene.watch('a', 'cron 30 2 * * *');
    expect(scene.rows()).toMatchObject([{ slot: '2026-11-22T02:30:00.000Z' }]);
    scene.answer(DONE);
    scene.now = Date.UTC(2026, 10, 23, 2, 29, 59);
    watch.look();
    expect(scene.threads).toHaveLength(1);
    scene.now += 1_000;
    watch.look();
    expect(scene.threads).toHaveLength(2);
  });
});

import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { recover } from '../../orchestrator/recover.ts';
import { HostFault } from '../../shared/faults.ts';
import { systemClock } from '../../shared/host/clock.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BUSY = new HostFault('write', 'daemon.db', 'SQLITE_BUSY', { retryable: true });

/** A world in which the orchestrator was killed with one run open; `reach` takes it to that point. */
async function killed(reach: (world: FakeOrchestrator) => Promise<void> | void): Promise<FakeOrchestrator> {
  const world = new FakeOrchestrator().serve();
  world.insert('mine');
  world.daemon.start();
  await world.step(0);
  world.faults.set('close', BUSY);
  await reach(world);
  expect(world.outcomes()).toEqual(['mine open']);
  return world;
}

function again(crashed: FakeOrchestrator): FakeOrchestrator {
  const world = new FakeOrchestrator({ crashed }).serve();
  world.daemon.start();
  return world;
}

async function finish(world: FakeOrchestrator): Promise<void> {
  for (let n = 0; n < 3; n++) {
    await world.step(50);
    world.renderAll();
  }
  await world.step(50);
}

describe('a run that a crash left open', () => {
  it('is closed as success when its cartridge is whole and bears its id', async () => {
    const crashed = await killed(async (world) => {
      world.renderAll();
      await world.step(50);
      expect(world.cartridges.size).toBe(1);
    });
    const world = again(crashed);
    expect(world.outcomes()).toEqual(['mine success']);
    const [script] = world.sql.prepare('SELECT run_count, success_count FROM improvement_scripts').all();
    expect(script).toEqual({ run_count: 1, success_count: 1 });
    expect(world.sql.prepare('SELECT state FROM jobs').pluck().all()).toEqual(['done']);
    const [cartridge] = world.sql.prepare('SELECT file_name, run_id, width, height FROM cartridges').all();
    expect(cartridge).toEqual({
      file_name: [...world.cartridges.keys()][0],
      run_id: world.runs()[0]?.id,
      width: 128,
      height: 64,
    });
    await finish(world);
    expect([world.outcomes(), world.cartridges.size, world.outbox.size]).toEqual([['mine success'], 1, 0]);
  });

  it('is interrupted when its cartridge bears another id, which is then removed', async () => {
    const other = new FakeOrchestrator().serve();
    other.insert('other');
    other.daemon.start();
    // An id of its own: the first of this world is the first of the other.
    other.insert('another');
    await other.step(50);
    other.renderAll();
    await other.step(50);
    const foreign = other.cartridges.get(other.runs()[1]?.cartridge_path ?? '') as Uint8Array;

    const crashed = await killed((world) => {
      world.cartridges.set(world.runs()[0]?.cartridge_path ?? '', foreign);
    });
    const world = again(crashed);
    expect([world.outcomes()[0], world.cartridges.size]).toEqual(['mine interrupted', 0]);
  });

  it.each<[string, (world: FakeOrchestrator) => void]>([
    ['its command was offered', () => {}],
    ['its command was taken', (world) => world.take()],
    ['its answer came', (world) => world.renderAll()],
  ])('when %s is interrupted, and due again at once', async (_, reach) => {
    const crashed = await killed(reach);
    const [old] = crashed.runs();
    const world = again(crashed);
    expect(world.outcomes()[0]).toBe('mine interrupted');
    expect(world.inbox.has(old?.spool_id ?? '')).toBe(false);
    expect(JSON.parse(world.runs()[0]?.stderr ?? '').error.code).toBe('RUN-E001');
    await finish(world);
    expect(world.outcomes()).toEqual(['mine interrupted', 'mine success']);
    expect([world.cartridges.size, world.outbox.size, world.inbox.size]).toEqual([1, 0, 0]);
  });

  it('whose answer comes after another crash still leaves nothing behind', async () => {
    const crashed = await killed((world) => world.take());
    const once = again(crashed);
    await once.step(0);
    once.take();
    const twice = again(once);
    await finish(twice);
    expect(twice.outbox.size).toBe(0);
    expect(twice.outcomes()).toEqual(['mine interrupted', 'mine interrupted', 'mine success']);
  });

  it('of a script that was deleted meanwhile is closed all the same', async () => {
    const crashed = await killed(() => {});
    crashed.write('DELETE FROM improvement_scripts');
    const world = again(crashed);
    await finish(world);
    expect(world.outcomes()).toEqual(['null interrupted']);
  });

  describe('of who was believed dead and goes on', () => {
    /** Two who have the database open; `whole` is what happens while the one looks at the cartridge of the other. */
    function takenOver(whole: (late: { close: () => unknown; put: () => void }) => void) {
      const path = join(temporaryFolder(), 'daemon.db');
      const sql = openDatabase(path, { durability: 'fast' });
      const theirs = new BetterSqlite3(path, { timeout: 0 });
      onTestFinished(() => {
        for (const database of [sql, theirs]) database.close();
      });
      const [table, late] = [new JobTable(sql), new JobTable(theirs)];
      const started = { spoolId: 'job', cartridgeName: 'a.png', startedAt: '2026-01-01T00:00:00.000Z' };
      const [runId] = table.claim([{ jobId: 1, scriptId: 1, revision: 1, ...started }], 'late');
      const shelf = new Map<string, string>();
      const withdrawn: string[] = [];
      let puts = 0;
      const end = { finishedAt: '', durationMs: 1, stdout: null, stderr: null, backend: null, retryAt: null };
      const cartridge = { fileName: 'a.png', checksum: '', width: 1, height: 1, bytes: 1, createdAt: '' };
      const success = { ...end, runId: runId ?? 0, outcome: 'success', charged: 0, cartridge } as const;
      const close = () => late.close([success]);
      const put = () => shelf.set('a.png', `put ${++puts}`);
      const doors = {
        table,
        spool: { withdraw: (id: string) => withdrawn.push(id), forget: () => {} },
        shelf: {
          stamp: (name: string) => shelf.get(name),
          whole: () => whole({ close, put }),
          discard: (name: string) => shelf.delete(name),
        },
        clock: systemClock,
        journal: silentJournal,
      } as unknown as Parameters<typeof recover>[0];
      const forgotten: string[] = [];
      const takeOver = () => recover(doors, 'late', 'cartridges', () => forgotten.push('late'));
      const seen = () => [table.outcome('job'), [...shelf.keys()], withdrawn, forgotten];
      return { table, sql, close, put, takeOver, seen };
    }

    it('stays as it was ended while its cartridge was looked at, and keeps its file', () => {
      const { takeOver, seen } = takenOver(({ put, close }) => {
        put();
        // Nobody is kept from writing meanwhile.
        expect(close()).toEqual(['done']);
      });
      takeOver();
      expect(seen()).toEqual(['success', ['a.png'], [], ['late']]);
    });

    it('is left open when its file came or changed while it was looked at, and is looked at again', () => {
      let looks = 0;
      const { takeOver, seen, put } = takenOver((late) => {
        if (++looks <= 2) late.put();
      });
      takeOver();
      expect(seen()).toEqual([null, ['a.png'], [], []]);
      // There before, and replaced.
      put();
      takeOver();
      expect(seen()).toEqual([null, ['a.png'], [], []]);
      takeOver();
      expect(seen()).toEqual(['interrupted', [], ['job'], ['late']]);
    });

    it('cannot be ended by it once it was taken over', () => {
      const { takeOver, seen, close } = takenOver(() => {});
      takeOver();
      expect(close()).toEqual([undefined]);
      expect(seen()).toEqual(['interrupted', [], ['job'], ['late']]);
    });

    it('keeps its file and its question when it cannot be closed', () => {
      const { takeOver, seen, put, sql } = takenOver(() => {});
      put();
      sql.exec(`CREATE TEMP TRIGGER no BEFORE UPDATE OF finished_at ON main.improvement_runs
        BEGIN SELECT RAISE(ABORT, 'no'); END`);
      expect(takeOver).toThrow('no');
      expect(seen()).toEqual([null, ['a.png'], [], []]);
      sql.exec('DROP TRIGGER temp.no');
      takeOver();
      expect(seen()).toEqual(['interrupted', [], ['job'], ['late']]);
    });
  });

  it('is left alone when it is the seed’s: it names no job', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('mine');
    world.write(
      `INSERT INTO improvement_runs (script_id, started_at) SELECT id, '2020-01-01' FROM improvement_scripts`,
    );
    world.daemon.start();
    const [seeds] = world.sql.prepare('SELECT finished_at, success FROM improvement_runs').all();
    expect(seeds).toEqual({ finished_at: null, success: null });
  });
});

import { describe, expect, it } from 'vitest';
import { WINDOW } from '../../orchestrator/config.ts';
import { readLabel } from '../../shared/cartridge/open.ts';
import { HostFault } from '../../shared/faults.ts';
import type { Announcement } from '../../shared/protocol/announcement.ts';
import type { Reply } from '../../shared/protocol/reply.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';

const BUSY = new HostFault('write', 'daemon.db', 'SQLITE_BUSY', { retryable: true });
const FULL = new HostFault('write', 'cartridges', 'ENOSPC', { retryable: true });
const REFUSED = { code: 'PXL-E003', message: 'Expected a number, found "ten"', line: 1 };

async function started(world: FakeOrchestrator): Promise<FakeOrchestrator> {
  world.daemon.start();
  await world.step(0);
  return world;
}

describe('a row', () => {
  it('becomes a command, an answer and a cartridge, each named by the run', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('mine', 'RECT 5 5 20 10');
    await started(world);
    const [run] = world.runs();
    expect([...world.inbox.keys()]).toEqual([run?.spool_id]);
    expect(JSON.parse(world.inbox.get(run?.spool_id ?? '') ?? '').code).toBe('RECT 5 5 20 10');
    world.renderAll();
    await world.step();
    expect(world.outcomes()).toEqual(['mine success']);
    const { label, run: record } = readLabel(world.cartridges.get(run?.cartridge_path ?? '') as Uint8Array);
    expect([label.program, label.script, record?.id]).toEqual([
      'RECT 5 5 20 10',
      { name: 'mine', revision: 1 },
      run?.spool_id,
    ]);
    expect(world.outbox.size).toBe(0);
  });

  it('that is inserted while it runs is seen at the next poll', async () => {
    const world = await started(new FakeOrchestrator().serve());
    world.insert('late');
    await world.step(50);
    expect(world.asked()).toEqual(['late']);
  });

  it('that changes while its run is under way is rendered again, and both cartridges are kept', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('mine', 'RECT 0 0 1 1');
    await started(world);
    world.write(`UPDATE improvement_scripts SET code = 'RECT 0 0 2 2'`);
    world.renderAll();
    await world.step();
    world.renderAll();
    await world.step();
    expect(world.outcomes()).toEqual(['mine success', 'mine success']);
    expect([...world.cartridges.values()].map((bytes) => readLabel(bytes).label.program)).toEqual([
      'RECT 0 0 1 1',
      'RECT 0 0 2 2',
    ]);
    await world.step();
    expect(world.asked()).toEqual([]);
  });

  it('that is deleted while its run is under way leaves its cartridge, and no other run', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('gone');
    await started(world);
    world.write('DELETE FROM improvement_scripts');
    world.renderAll();
    await world.step();
    expect(world.outcomes()).toEqual(['null success']);
    expect(world.cartridges.size).toBe(1);
  });

  it('whose run is deleted while it is under way gets one cartridge and not two', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('mine');
    await started(world);
    world.write('DELETE FROM improvement_runs');
    world.renderAll();
    await world.step();
    world.renderAll();
    await world.step();
    expect(world.outcomes()).toEqual(['mine success']);
    expect([...world.cartridges.keys()]).toEqual([world.runs()[0]?.cartridge_path]);
  });

  it('is refused without asking anybody when it cannot be a program', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('snake', 'print(1)', 'python');
    await started(world);
    expect(world.outcomes()).toEqual(['snake refused']);
    expect(JSON.parse(world.runs()[0]?.stderr ?? '').error.code).toBe('ROW-E001');
    expect(world.inbox.size).toBe(0);
  });
});

describe('the order', () => {
  it('is never-run first, then the one that ran longest ago, so that nothing starves', async () => {
    const world = new FakeOrchestrator({ door: 'slot' });
    for (const name of ['a', 'b', 'c']) world.insert(name);
    const asked: string[] = [];
    await started(world);
    world.answerSlot();
    await world.step(50);
    for (let round = 0; round < 9; round++) {
      const waiting = world.runs().at(-1);
      asked.push(waiting?.name ?? '');
      // Whoever was just taken becomes due again at once, as the seed's origin loved to see it.
      world.write(`UPDATE improvement_scripts SET code = code || ' ' WHERE name = ?`, waiting?.name);
      world.answerSlot();
      await world.step(50);
      await world.step(50);
    }
    expect(asked).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('keeps at most a window in flight, and takes the next as soon as one has ended', async () => {
    const world = new FakeOrchestrator().serve();
    for (let n = 0; n < WINDOW + 10; n++) world.insert(`s${String(n).padStart(3, '0')}`);
    await started(world);
    expect(world.inbox.size).toBe(WINDOW);
    world.take();
    const first = world.asked().slice(0, 3);
    expect(first).toEqual(['s000', 's001', 's002']);
    for (const { spool_id } of world.runs().slice(0, 3)) world.answer(spool_id);
    await world.step();
    expect([...world.inbox.keys()].length).toBe(3);
    for (let n = 0; n < 3; n++) {
      world.renderAll();
      await world.step();
    }
    expect(world.outcomes().filter((one) => one.endsWith('success'))).toHaveLength(WINDOW + 10);
  });

  it('lets large canvases in one by one, and small ones behind them wait their turn', async () => {
    const world = new FakeOrchestrator().serve();
    const huge =
      'INSERT INTO improvement_scripts (name, lang, code, width, height) VALUES (?, ?, ?, 8192, 8192)';
    world.write(huge, 'huge-1', 'pixel', 'HALT');
    world.write(huge, 'huge-2', 'pixel', 'HALT');
    world.insert('small');
    await started(world);
    expect(world.asked()).toEqual(['huge-1']);
    world.take();
    world.answer([...world.taken.keys()][0] ?? '', { status: 'refused', error: REFUSED, errors: [REFUSED] });
    await world.step();
    expect(world.asked()).toEqual(['huge-2']);
    world.take();
    world.answer([...world.taken.keys()][0] ?? '', { status: 'refused', error: REFUSED, errors: [REFUSED] });
    await world.step();
    expect(world.asked()).toEqual(['small']);
  });
});

describe('a refusal', () => {
  it('closes the run with the reply, and is not tried again until the code changes', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('wrong', 'RECT ten');
    await started(world);
    world.take();
    world.answer([...world.taken.keys()][0] ?? '', { status: 'refused', error: REFUSED, errors: [REFUSED] });
    for (const ms of [250, 600, 10_000, 86_400_000]) await world.step(ms);
    expect(world.outcomes()).toEqual(['wrong refused']);
    expect(JSON.parse(world.runs()[0]?.stderr ?? '')).toEqual({
      status: 'refused',
      error: REFUSED,
      errors: [REFUSED],
    });
    world.write(`UPDATE improvement_scripts SET code = 'RECT 0 0 1 1'`);
    await world.step(50);
    expect(world.asked()).toEqual(['wrong']);
  });
});

describe('a fault of the world', () => {
  const failing = async (): Promise<FakeOrchestrator> => {
    const world = new FakeOrchestrator().serve();
    world.insert('unlucky');
    await started(world);
    world.take();
    const error = { code: 'RUN-E002', message: 'out of memory' };
    world.answer([...world.taken.keys()][0] ?? '', { status: 'error', error, retryable: true });
    await world.step(0);
    return world;
  };

  it('is tried again after a while, and each time after a longer one', async () => {
    const world = await failing();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      let waitedMs = 0;
      while (world.asked().length === 0) {
        await world.step(50);
        waitedMs += 50;
      }
      waits.push(waitedMs);
      world.take();
      const error = { code: 'RUN-E002', message: 'out of memory' };
      world.answer([...world.taken.keys()][0] ?? '', { status: 'error', error, retryable: true });
      await world.step(0);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
  });

  it('is forgotten by a success, so that the next one waits for half a second again', async () => {
    const world = await failing();
    await world.step(500);
    world.renderAll();
    await world.step(0);
    expect(world.outcomes()).toEqual(['unlucky failed', 'unlucky success']);
    world.write(`UPDATE jobs SET state = 'queued'`);
    const [job] = world.sql.prepare('SELECT attempts, retry_at FROM jobs').all();
    expect(job).toEqual({ attempts: 0, retry_at: null });
  });

  it('is tried again soon after the clock was set back a year', async () => {
    const world = await failing();
    world.wallMs -= 365 * 86_400_000;
    await world.step(50);
    expect(world.asked()).toEqual(['unlucky']);
  });

  it('is tried again at once when the clock was set forward', async () => {
    const world = await failing();
    world.wallMs += 365 * 86_400_000;
    await world.step(50);
    expect(world.asked()).toEqual(['unlucky']);
  });

  it('keeps no other script waiting', async () => {
    const world = await failing();
    world.insert('lucky');
    await world.step(50);
    expect(world.asked()).toEqual(['lucky']);
  });
});

describe('when the database refuses', () => {
  it('a commit loses nothing: it is tried again, and its cartridge is pressed once', async () => {
    const world = new FakeOrchestrator().serve();
    for (const name of ['a', 'b', 'c']) world.insert(name);
    await started(world);
    world.faults.set('close', BUSY);
    world.renderAll();
    for (let n = 0; n < 100; n++) await world.step(50);
    expect(world.outcomes()).toEqual(['a open', 'b open', 'c open']);
    expect(world.outbox.size).toBe(3);
    world.faults.delete('close');
    await world.step(50);
    expect(world.outcomes()).toEqual(['a success', 'b success', 'c success']);
    expect([world.cartridges.size, world.outbox.size]).toEqual([3, 0]);
  });

  it('a commit, that is not told at every poll', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('a');
    await started(world);
    world.faults.set('close', BUSY);
    world.renderAll();
    for (let n = 0; n < 200; n++) await world.step(50);
    expect(world.told('daemon:fault')).toBe(1);
    await world.step(50);
    await world.step(50);
    expect(world.told('daemon:fault')).toBe(2);
    expect(world.told('renderer:late')).toBe(0);
  });

  it.each(['due', 'claim'] as const)('a look at what is %s, it looks again by itself', async (act) => {
    const world = new FakeOrchestrator().serve();
    world.insert('a');
    world.faults.set(act, BUSY);
    await started(world);
    await world.step(50);
    expect(world.inbox.size).toBe(0);
    world.faults.delete(act);
    await world.step(50);
    expect(world.asked()).toEqual(['a']);
  });
});

describe('when a rule of the database’s owner refuses', () => {
  const forbid = (world: FakeOrchestrator, act: string, name: string): void => {
    world.write(
      `CREATE TRIGGER owners_rule BEFORE ${act} ON improvement_runs
       WHEN NEW.script_id = (SELECT id FROM improvement_scripts WHERE name = '${name}')
       BEGIN SELECT RAISE(ABORT, 'not this one'); END`,
    );
  };

  it('to begin a run, all others are begun, and it is not asked for without a pause', async () => {
    const world = new FakeOrchestrator().serve();
    for (const name of ['a', 'b', 'c']) world.insert(name);
    forbid(world, 'INSERT', 'b');
    await started(world);
    expect(world.asked()).toEqual(['a', 'c']);
    world.renderAll();
    for (let n = 0; n < 20; n++) await world.step(50);
    expect(world.outcomes()).toEqual(['a success', 'c success']);
  });

  it('to close a run, all others are closed', async () => {
    const world = new FakeOrchestrator().serve();
    for (const name of ['a', 'b', 'c']) world.insert(name);
    await started(world);
    forbid(world, 'UPDATE', 'b');
    world.renderAll();
    await world.step(50);
    expect(world.outcomes()).toEqual(['a success', 'b open', 'c success']);
    expect(world.told('run:unclosable')).toBe(1);
    world.insert('d');
    await world.step(50);
    world.renderAll();
    await world.step(50);
    expect(world.outcomes().at(-1)).toBe('d success');
  });
});

describe('when the shelf refuses', () => {
  it('nothing is said to have succeeded, and it is tried again until it is there', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('a');
    await started(world);
    world.faults.set('put', FULL);
    world.renderAll();
    await world.step(0);
    expect(world.outcomes()).toEqual(['a failed']);
    expect(JSON.parse(world.runs()[0]?.stderr ?? '').error).toEqual({ code: 'RUN-E005', message: 'ENOSPC' });
    world.faults.delete('put');
    await world.step(500);
    world.renderAll();
    await world.step(0);
    expect(world.outcomes()).toEqual(['a failed', 'a success']);
    expect(world.cartridges.size).toBe(1);
  });

  it('a cartridge that a script names cannot be looked at: it is tried again, and keeps no other waiting', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('copy', 'a.png', 'cartridge');
    world.insert('other');
    world.faults.set('program', FULL);
    await started(world);
    expect(world.outcomes()).toEqual(['copy failed', 'other open']);
    world.faults.delete('program');
    world.programs.set('a.png', {
      program: 'RECT 0 0 1 1',
      canvas: { width: 8, height: 8 },
      params: {},
    });
    await world.step(500);
    expect(world.asked()).toContain('copy');
  });
});

describe('when the socket refuses', () => {
  it('a command, its run has failed and is tried again', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('a');
    world.faults.set('offer', FULL);
    await started(world);
    expect(world.outcomes()).toEqual(['a failed']);
    world.faults.delete('offer');
    await world.step(500);
    expect(world.asked()).toEqual(['a']);
  });

  it('to be read, the answer is read again, and it fails only once its time is over', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('a');
    await started(world);
    world.faults.set('collect', FULL);
    world.renderAll();
    await world.step();
    expect(world.outcomes()).toEqual(['a open']);
    world.faults.delete('collect');
    await world.step();
    expect(world.outcomes()).toEqual(['a success']);
  });

  it('one answer, all others are settled', async () => {
    const world = new FakeOrchestrator().serve();
    for (const name of ['a', 'b', 'c']) world.insert(name);
    await started(world);
    world.renderAll();
    const second = [...world.outbox.keys()].sort()[1] ?? '';
    const whole = world.outbox.get(second);
    world.outbox.set(second, { reply: whole?.reply as never, pixels: new Uint8Array(3) });
    await world.step(0);
    expect(world.outcomes()).toEqual(['a success', 'b failed', 'c success']);
  });

  it('to say who serves, it goes on asking', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('a');
    world.faults.set('alive', FULL);
    await started(world);
    expect(world.outcomes()).toEqual([]);
    world.faults.delete('alive');
    await world.step(50);
    expect(world.asked()).toEqual(['a']);
  });

  it('to forget an answer, the run is closed all the same, and it is forgotten later', async () => {
    const world = new FakeOrchestrator().serve();
    for (const name of ['a', 'b']) world.insert(name);
    await started(world);
    world.faults.set('forget', FULL);
    world.renderAll();
    await world.step();
    expect(world.outcomes()).toEqual(['a success', 'b success']);
    world.faults.delete('forget');
    await world.step();
    expect(world.outbox.size).toBe(0);
  });
});

describe('silence', () => {
  const late = async (): Promise<FakeOrchestrator> => {
    const world = new FakeOrchestrator({ timeoutMs: 1_000 }).serve();
    for (const name of ['taken', 'untaken-1', 'untaken-2']) world.insert(name);
    await started(world);
    const [first] = [...world.inbox.keys()].sort();
    world.taken.set(first ?? '', world.inbox.get(first ?? '') ?? '');
    world.inbox.delete(first ?? '');
    return world;
  };

  it('fails what was taken, and offers again under its name what was not', async () => {
    const world = await late();
    const offered = new Map(world.inbox);
    for (let waited = 0; waited < 1_000; waited += 50) await world.step(50);
    expect(world.outcomes()).toEqual(['taken open', 'untaken-1 open', 'untaken-2 open']);
    await world.step(50);
    expect(world.outcomes()).toEqual(['taken failed', 'untaken-1 open', 'untaken-2 open']);
    expect(JSON.parse(world.runs()[0]?.stderr ?? '').error.code).toBe('RUN-E006');
    expect(world.inbox).toEqual(offered);
  });

  it('is not the renderer’s while it shows life and has the question in hand, for ten times as long and no longer', async () => {
    for (const isStuck of [false, true]) {
      const world = await late();
      const beat = async (ms: number): Promise<void> => {
        for (let waited = 0; waited < ms; waited += 250) {
          if (!isStuck) world.alive = [{ renderer: 'r1', heartbeat: world.monotonicMs } as Announcement];
          await world.step(250);
        }
      };
      await beat(9_500);
      expect(world.told('renderer:late') > 0).toBe(isStuck);
      expect(world.outcomes()[0]).toBe(isStuck ? 'taken failed' : 'taken open');
      await beat(750);
      expect(world.outcomes()[0]).toBe('taken failed');
    }
  });

  it('is broken by any answer: the others have their whole time again', async () => {
    const world = await late();
    await world.step(950);
    const first = [...world.taken.keys()][0] ?? '';
    world.answer(first);
    for (let waited = 0; waited < 950; waited += 50) await world.step(50);
    expect(world.outcomes()).toEqual(['taken success', 'untaken-1 open', 'untaken-2 open']);
    expect(world.told('renderer:late')).toBe(0);
  });

  it('leaves no late answer behind, and takes none for a cartridge', async () => {
    const world = await late();
    for (let waited = 0; waited < 1_100; waited += 50) await world.step(50);
    world.answer([...world.taken.keys()][0] ?? '');
    await world.step();
    expect([world.outbox.size, world.cartridges.size]).toEqual([0, 0]);
  });

  it('is not the renderer’s when this process was held up itself: what lies there is heard first', async () => {
    const world = await late();
    world.renderAll();
    world.pass(3_600_000);
    world.daemon.poll();
    await world.step(0);
    expect(world.outcomes()).toEqual(['taken success', 'untaken-1 success', 'untaken-2 success']);
    expect(world.told('renderer:late')).toBe(0);
  });

  it('is not the renderer’s while its cartridge is being written', async () => {
    const world = await late();
    let open = (): void => {};
    world.putGate = new Promise((resolve) => {
      open = resolve;
    });
    world.renderAll();
    for (let waited = 0; waited < 5_000; waited += 250) await world.step(250);
    expect(world.told('renderer:late')).toBe(0);
    open();
    await world.step(50);
    expect(world.outcomes()).toEqual(['taken success', 'untaken-1 success', 'untaken-2 success']);
  });

  it('does not count while nobody serves', async () => {
    const world = await late();
    world.alive = [];
    for (let waited = 0; waited < 1_200; waited += 50) await world.step(50);
    world.serve();
    for (let waited = 0; waited < 950; waited += 50) await world.step(50);
    expect(world.told('renderer:late')).toBe(0);
    expect(world.outcomes()).toEqual(['taken open', 'untaken-1 open', 'untaken-2 open']);
  });
});

describe('a renderer that goes away', () => {
  it('and comes back answers what it was asked before', async () => {
    const world = new FakeOrchestrator({ door: 'spool' }).serve();
    world.insert('a');
    await started(world);
    world.alive = [];
    for (let waited = 0; waited < 60_000; waited += 1_000) await world.step(1_000);
    expect(world.told('renderer:absent')).toBe(1);
    expect(world.asked()).toEqual(['a']);
    world.serve();
    world.renderAll();
    await world.step();
    expect(world.outcomes()).toEqual(['a success']);
    expect(world.told('renderer:found')).toBe(1);
  });

  it('has nothing new put before it while it is away', async () => {
    const world = new FakeOrchestrator({ door: 'spool' }).serve();
    await started(world);
    world.alive = [];
    await world.step();
    world.insert('a');
    await world.step();
    expect(world.runs()).toEqual([]);
    world.serve();
    await world.step(50);
    expect(world.asked()).toEqual(['a']);
  });

  it('and leaves one built from the seed has its jobs given to that one', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('a');
    await started(world);
    world.alive = [];
    for (let waited = 0; waited < 1_750; waited += 50) await world.step(50);
    expect(world.slot.command).toContain('gvpie-probe');
    world.answerSlot();
    await world.step(50);
    await world.step(50);
    expect(world.outcomes()).toEqual(['a interrupted', 'a open']);
    expect(world.inbox.size).toBe(0);
    world.answerSlot();
    await world.step(50);
    expect(world.outcomes()).toEqual(['a interrupted', 'a success']);
  });
});

describe('the slot', () => {
  const open = async (timeoutMs = 1_000): Promise<FakeOrchestrator> => {
    const world = new FakeOrchestrator({ door: 'slot', timeoutMs });
    for (const name of ['a', 'bb', 'ccc']) world.insert(name);
    await started(world);
    world.answerSlot();
    await world.step(50);
    return world;
  };

  it('has one question at a time, and the next only after the answer', async () => {
    const world = await open();
    expect(world.outcomes()).toEqual(['a open']);
    for (let n = 0; n < 10; n++) await world.step(50);
    expect(world.outcomes()).toEqual(['a open']);
    for (const expected of [
      ['a success', 'bb open'],
      ['a success', 'bb success', 'ccc open'],
      ['a success', 'bb success', 'ccc success'],
    ]) {
      world.answerSlot();
      await world.step(50);
      expect(world.outcomes()).toEqual(expected);
    }
    expect(world.slot.command).toBeUndefined();
  });

  it('takes pixels of another length for no answer', async () => {
    const world = await open();
    world.slot.pixels = { bytes: new Uint8Array(128 * 64 * 4 - 1) };
    await world.step(50);
    world.slot.pixels = { bytes: new Uint8Array(128 * 64 * 4 + 1) };
    await world.step(50);
    expect(world.outcomes()).toEqual(['a open']);
  });

  it('is asked who is there after a time-out, and has no next question before that is answered', async () => {
    const world = await open();
    const stale = world.slot.command ?? '';
    for (let waited = 0; waited < 1_100; waited += 50) await world.step(50);
    expect(world.outcomes()).toEqual(['a failed']);
    const probe = world.slot.command;
    expect(probe).toContain('gvpie-probe');
    // The late answer has the very size that the next question expects.
    world.slot.pixels = { bytes: new Uint8Array(128 * 64 * 4).fill(9) };
    await world.step(50);
    expect(world.outcomes()).toEqual(['a failed']);
    expect(stale).not.toBe(probe);
    world.answerSlot();
    await world.step(50);
    expect(world.outcomes().slice(0, 2)).toEqual(['a failed', 'bb open']);
    world.answerSlot();
    await world.step(50);
    const [, second] = world.runs();
    const cartridge = world.cartridges.get(second?.cartridge_path ?? '') as Uint8Array;
    expect(readLabel(cartridge).label.program).toBe('RECT 0 0 2 1');
  });

  it('is left empty by a stop', async () => {
    const world = await open(60_000);
    await world.daemon.stop();
    expect(world.slot.command).toBeUndefined();
    expect(world.outcomes()).toEqual(['a interrupted']);
  });

  it('is waited for by a stop that finds a question under way', async () => {
    const world = await open(60_000);
    for (let n = 0; n < 10; n++) await world.step(50);
    const stopping = world.daemon.stop();
    world.answerSlot();
    await stopping;
    expect(world.outcomes()).toEqual(['a success']);
  });
});

describe('a single round', () => {
  it('gives each script that is due one attempt, and ends', async () => {
    const world = new FakeOrchestrator({ once: true }).serve();
    for (const name of ['a', 'b']) world.insert(name);
    await started(world);
    world.insert('too-late');
    world.renderAll();
    await world.step();
    await expect(settled(world)).resolves.toBe('succeeded');
    expect(world.outcomes()).toEqual(['a success', 'b success']);
  });

  it.each<[string, Reply, string]>([
    ['refusal', { status: 'refused', error: REFUSED, errors: [REFUSED] }, 'refused'],
    ['fault', { status: 'error', error: REFUSED, retryable: true }, 'failed'],
  ])('has failed by a single %s, and does not try again', async (_, reply, outcome) => {
    const world = new FakeOrchestrator({ once: true }).serve();
    for (const name of ['a', 'b']) world.insert(name);
    await started(world);
    world.take();
    const [first = '', second = ''] = [...world.taken.keys()].sort();
    world.answer(first);
    world.answer(second, reply);
    await world.step();
    await expect(settled(world)).resolves.toBe('failed');
    await world.step(1_000);
    expect(world.outcomes()).toEqual(['a success', `b ${outcome}`]);
  });

  it('with nothing due has succeeded at once', async () => {
    const world = await started(new FakeOrchestrator({ once: true }).serve());
    await expect(settled(world)).resolves.toBe('succeeded');
  });

  it('is larger than a window', async () => {
    const world = new FakeOrchestrator({ once: true }).serve();
    for (let n = 0; n < 2 * WINDOW + 1; n++) world.insert(`s${n}`);
    await started(world);
    for (let n = 0; n < 4; n++) {
      world.renderAll();
      await world.step();
    }
    await expect(settled(world)).resolves.toBe('succeeded');
    expect(world.runs()).toHaveLength(2 * WINDOW + 1);
  });

  it.each(['spool', 'slot', 'auto'] as const)(
    'without a renderer for more than five seconds ends (door %s)',
    async (door) => {
      const world = new FakeOrchestrator({ once: true, door });
      world.insert('a');
      await started(world);
      for (let waited = 0; waited < 5_000; waited += 250) await world.step(250);
      await expect(settled(world)).resolves.toBeUndefined();
      await world.step(250);
      await expect(settled(world)).resolves.toBe('no-renderer');
      expect(world.runs()).toEqual([]);
    },
  );

  it('without a socket at all ends as well', async () => {
    const world = new FakeOrchestrator({ once: true });
    world.slot.fault = new HostFault('write', 'cmd.json', 'EACCES', { retryable: true });
    world.insert('a');
    await started(world);
    for (let waited = 0; waited <= 5_250; waited += 250) await world.step(250);
    await expect(settled(world)).resolves.toBe('no-renderer');
  });

  it('has not done what the database refused to begin', async () => {
    const world = new FakeOrchestrator({ once: true }).serve();
    world.insert('a');
    world.faults.set('claim', BUSY);
    await started(world);
    await world.step(50);
    await expect(settled(world)).resolves.toBeUndefined();
    world.faults.delete('claim');
    await world.step(50);
    world.renderAll();
    await world.step(50);
    await expect(settled(world)).resolves.toBe('succeeded');
    expect(world.outcomes()).toEqual(['a success']);
  });

  it('waits for a renderer that comes within the five seconds', async () => {
    const world = new FakeOrchestrator({ once: true });
    world.insert('a');
    await started(world);
    for (let waited = 0; waited < 4_000; waited += 250) await world.step(250);
    world.serve();
    await world.step(250);
    world.renderAll();
    await world.step(250);
    await expect(settled(world)).resolves.toBe('succeeded');
  });
});

describe('a stop', () => {
  it('takes nothing more, and finishes what is under way', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('a');
    await started(world);
    const stopping = world.daemon.stop();
    world.insert('b');
    world.daemon.poll();
    world.renderAll();
    await stopping;
    expect(world.outcomes()).toEqual(['a success']);
    expect(world.outbox.size).toBe(0);
  });

  it('hands back what nobody answers, within five seconds, to be due again', async () => {
    const world = new FakeOrchestrator().serve();
    for (const name of ['taken', 'untaken']) world.insert(name);
    await started(world);
    const [first = ''] = [...world.inbox.keys()].sort();
    world.taken.set(first, world.inbox.get(first) ?? '');
    world.inbox.delete(first);
    const before = world.monotonicMs;
    await world.daemon.stop();
    expect(world.monotonicMs - before).toBeLessThan(5_000);
    expect(world.outcomes()).toEqual(['taken interrupted', 'untaken interrupted']);
    expect(world.inbox.size).toBe(0);
    const due = world.sql.prepare(`SELECT count(*) FROM jobs WHERE state = 'queued'`);
    expect(due.pluck().get()).toBe(2);
  });

  it('does not wait for answers while nobody serves', async () => {
    const world = new FakeOrchestrator({ door: 'spool' }).serve();
    world.insert('a');
    await started(world);
    world.alive = [];
    await world.step();
    const before = world.monotonicMs;
    await world.daemon.stop();
    expect(world.monotonicMs).toBe(before);
    expect(world.outcomes()).toEqual(['a interrupted']);
  });

  it('ends even where nothing can be handed back: the next start recovers it', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('a');
    await started(world);
    for (const act of ['close', 'withdraw'] as const) world.faults.set(act, BUSY);
    await world.daemon.stop();
    expect(world.outcomes()).toEqual(['a open']);
  });
});

/** How the round ended; undefined while it has not. */
function settled(world: FakeOrchestrator): Promise<string | undefined> {
  return Promise.race([
    world.daemon.finished,
    new Promise<undefined>((resolve) => setImmediate(resolve, undefined)),
  ]);
}

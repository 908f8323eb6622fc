/** Several orchestrators on one database: who takes what, and what becomes of those that fall silent. */
import { describe, expect, it } from 'vitest';
import { SILENCE_MS, WINDOW } from '../../orchestrator/config.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';

/** As many orchestrators as asked for, all of one world, that serve it. */
async function several(count: number, prepare: (world: FakeOrchestrator) => void = () => {}) {
  const first = new FakeOrchestrator().serve();
  prepare(first);
  const all = [first];
  while (all.length < count) all.push(new FakeOrchestrator({ beside: first }));
  for (const one of all) {
    one.daemon.start();
    await one.step(0);
  }
  return all as [FakeOrchestrator, FakeOrchestrator, FakeOrchestrator];
}

/** Time passes for all of them, and each has its turn. */
async function together(all: readonly FakeOrchestrator[], ms = 250): Promise<void> {
  for (const one of all) await one.step(ms);
}

interface Row {
  readonly name: string | null;
  readonly owner: string;
  readonly outcome: string | null;
}

function owned(world: FakeOrchestrator): Row[] {
  return world.sql
    .prepare<[], Row>(
      `SELECT name, owner, outcome FROM improvement_runs AS run
       LEFT JOIN improvement_scripts AS script ON script.id = run.script_id ORDER BY run.id`,
    )
    .all();
}

const states = (world: FakeOrchestrator): string[] =>
  world.sql.prepare<[], string>('SELECT state FROM jobs ORDER BY id').pluck().all();

/** Names of the scripts whose runs on the shelf are successes, by the cartridges themselves. */
const shelved = (world: FakeOrchestrator): string[] =>
  [...world.cartridges.values()].map((bytes) => openCartridge(bytes).label.script?.name ?? '').sort();

/** Every script has one success, one cartridge and no open run. */
function expectAllDone(world: FakeOrchestrator, scripts: number): void {
  expect(new Set(states(world))).toEqual(new Set(['done']));
  const successes = owned(world).filter(({ outcome }) => outcome === 'success');
  expect(new Set(successes.map(({ name }) => name)).size).toBe(scripts);
  expect([successes.length, world.cartridges.size, shelved(world).length]).toEqual([
    scripts,
    scripts,
    scripts,
  ]);
  expect(owned(world).filter(({ outcome }) => outcome === null)).toEqual([]);
}

describe('orchestrators that all live', () => {
  it.each([1, 2, 3])('%i of them take every job once, and nobody anything of another', async (count) => {
    const scripts = 2 * WINDOW + 30;
    const all = await several(count, (world) => {
      for (let n = 0; n < scripts; n++) world.insert(`s${n}`, `TXT 1 1 ${n}`);
    });
    const [world] = all;
    for (let round = 0; round < 20 && states(world).some((state) => state !== 'done'); round++) {
      world.renderAll();
      await together(all, 50);
    }
    expectAllDone(world, scripts);
    const owners = new Set(owned(world).map(({ owner }) => owner));
    expect(owners.size).toBe(count);
    expect(owned(world)).toHaveLength(scripts);
    expect([world.outbox.size, world.told('orchestrator:dead')]).toEqual([0, 0]);
  });

  it('leave answers alone that are for others', async () => {
    const [first, second] = await several(2, (world) => world.insert('mine'));
    expect(owned(first)).toEqual([{ name: 'mine', owner: 'o1', outcome: null }]);
    first.renderAll();
    for (let n = 0; n < 8; n++) await second.step();
    expect([second.outbox.size, second.cartridges.size]).toEqual([1, 0]);
    await first.step();
    expect([owned(first), first.outbox.size]).toEqual([
      [{ name: 'mine', owner: 'o1', outcome: 'success' }],
      0,
    ]);
  });

  it('clear away what nobody waits for any more, whoever asked', async () => {
    const [first, second] = await several(2, (world) => world.insert('mine'));
    const [run] = first.runs();
    first.write(`UPDATE improvement_runs SET finished_at = '', outcome = 'failed'`);
    first.write(`UPDATE jobs SET state = 'queued'`);
    first.write(`UPDATE improvement_scripts SET enabled = 0`);
    first.renderAll();
    expect([...first.outbox.keys()]).toEqual([run?.spool_id]);
    await second.step();
    expect(first.outbox.size).toBe(0);
  });

  it('see at once what another has done, and take the next', async () => {
    const [first, second] = await several(2, (world) => {
      world.write('UPDATE controls SET concurrency = 1 WHERE scope = ?', 'engine');
      world.insert('a');
      world.insert('b');
    });
    expect(owned(first)).toMatchObject([{ name: 'a', owner: 'o1' }]);
    first.renderAll();
    await first.step(0);
    // Whoever looks first has it.
    expect(owned(first).map(({ name }) => name)).toEqual(['a', 'b']);
    first.renderAll();
    await together([first, second], 50);
    expectAllDone(first, 2);
  });

  it('ask in the slot one at a time, in turns that end with their holder', async () => {
    const first = new FakeOrchestrator({ door: 'slot' });
    const second = new FakeOrchestrator({ door: 'slot', beside: first });
    for (const name of ['a', 'b', 'c']) first.insert(name);
    for (const one of [first, second]) one.daemon.start();
    const rounds = async (all: FakeOrchestrator[], count: number) => {
      for (let n = 0; n < count; n++) {
        if (first.slot.command !== undefined) first.answerSlot();
        await together(all, 50);
      }
    };
    await rounds([first, second], 3);
    expect(new Set(owned(first).map(({ owner }) => owner))).toEqual(new Set(['o1']));
    first.end();
    await rounds([second], 20);
    expectAllDone(first, 3);
    expect(new Set(owned(first).map(({ owner }) => owner))).toEqual(new Set(['o1', 'o2']));
  });
});

describe('an orchestrator that falls silent', () => {
  /** Two of them; the first has a run open, and is not heard of any more. */
  async function silenced() {
    const [first, second] = await several(2, (world) => world.insert('mine'));
    expect(owned(first)).toEqual([{ name: 'mine', owner: 'o1', outcome: null }]);
    await first.step(500);
    // The second sees its heartbeat now.
    await second.step(500);
    return { first, second };
  }

  const pastOf = async (world: FakeOrchestrator, ms: number): Promise<void> => {
    const until = world.monotonicMs + ms;
    while (until - world.monotonicMs > 100) await world.step(100);
    await world.step(until - world.monotonicMs);
  };

  it('keeps what it has for 10 s by the clock of whoever looks, and not longer', async () => {
    const { first, second } = await silenced();
    await pastOf(second, SILENCE_MS - 100);
    expect([owned(first), second.told('orchestrator:dead')]).toEqual([
      [{ name: 'mine', owner: 'o1', outcome: null }],
      0,
    ]);
    await pastOf(second, 100);
    expect(second.told('orchestrator:dead')).toBe(1);
    expect(owned(first)).toEqual([
      { name: 'mine', owner: 'o1', outcome: 'interrupted' },
      { name: 'mine', owner: 'o2', outcome: null },
    ]);
    expect(first.sql.prepare('SELECT attempts, state FROM jobs').all()).toEqual([
      { attempts: 1, state: 'running' },
    ]);
    expect(first.sql.prepare('SELECT id FROM orchestrators').pluck().all()).toEqual(['o2']);
  });

  it('keeps it as long as it shows a sign of life', async () => {
    const { first, second } = await silenced();
    for (let n = 0; n < 8; n++) {
      await pastOf(second, SILENCE_MS / 2);
      // Its renderer is busy: no answer, and no time-out, for it is hardly ever awake.
      first.alive = [];
      await first.step(2_000);
    }
    expect([owned(first).length, second.told('orchestrator:dead')]).toEqual([1, 0]);
  });

  it.each([
    ['forward by a year', 31_536_000_000],
    ['back by a year', -31_536_000_000],
  ])('keeps it when a clock on the wall jumps %s', async (_, jump) => {
    const { first, second } = await silenced();
    second.wallMs += jump;
    await pastOf(second, SILENCE_MS - 100);
    expect(owned(first)).toEqual([{ name: 'mine', owner: 'o1', outcome: null }]);
    first.wallMs -= jump;
    first.renderAll();
    await first.step();
    expectAllDone(first, 1);
  });

  it('loses it at once when its process is gone', async () => {
    const { first, second } = await silenced();
    first.end();
    await second.step(500);
    expect(owned(second).map(({ owner, outcome }) => `${owner} ${outcome}`)).toEqual([
      'o1 interrupted',
      'o2 null',
    ]);
    expect(second.told('orchestrator:dead')).toBe(1);
    second.renderAll();
    await second.step();
    expectAllDone(second, 1);
  });

  it('loses it to one of several, and only once', async () => {
    const [first, second, third] = await several(3, (world) => {
      for (let n = 0; n < 10; n++) world.insert(`s${n}`);
    });
    await together([second, third], 600);
    first.end();
    await together([second, third], 500);
    await together([second, third], 500);
    expect(second.told('orchestrator:dead') + third.told('orchestrator:dead')).toBe(1);
    expect(owned(first).filter(({ outcome }) => outcome === 'interrupted')).toHaveLength(10);
    second.renderAll();
    await together([second, third]);
    expectAllDone(first, 10);
    expect(owned(first)).toHaveLength(20);
  });

  it('leaves its cartridge behind as a success when it was on the shelf already', async () => {
    const { first, second } = await silenced();
    first.faults.set('close', new Error('disk'));
    first.renderAll();
    await first.step(0);
    expect([first.cartridges.size, owned(first)[0]?.outcome]).toEqual([1, null]);
    first.end();
    await second.step(500);
    expectAllDone(second, 1);
    expect(owned(second)).toEqual([{ name: 'mine', owner: 'o1', outcome: 'success' }]);
    first.faults.delete('close');
    await first.step();
    expect(first.closes).toEqual([1]);
    expectAllDone(second, 1);
  });

  it.each([0, 86_400_000, -86_400_000])(
    'changes nothing when it goes on too late, with its wall clock off by %i ms',
    async (jump) => {
      const { first, second } = await silenced();
      const [[id = '', command = ''] = []] = first.inbox;
      await pastOf(second, SILENCE_MS + 500);
      expect(owned(first)).toMatchObject([{ outcome: 'interrupted' }, { owner: 'o2', outcome: null }]);
      const [, again] = first.runs();
      second.renderAll();
      await second.step();
      expectAllDone(second, 1);
      const before = [first.runs(), states(first), [...first.cartridges.keys()]];
      // It comes to itself: its own answer is there now, it presses it and puts it on the shelf.
      first.wallMs += jump;
      first.taken.set(id, command);
      first.answer(id);
      for (let n = 0; n < 10; n++) await first.step();
      expect(first.closes).toEqual([1]);
      expect([first.runs(), states(first), [...first.cartridges.keys()]]).toEqual(before);
      expect(first.cartridges.has(again?.cartridge_path ?? '')).toBe(true);
      expect([first.told('run:success'), first.told('run:lost')]).toEqual([0, 1]);
      expect(first.events.findLast(({ event }) => event === 'run:lost')?.fields).toMatchObject({
        id,
        script: 'mine',
        outcome: 'interrupted',
      });
      expect(second.told('run:success')).toBe(1);
      expect(first.outbox.size).toBe(0);
    },
  );

  it('lets go of what it lost after it stood still, and works on', async () => {
    const { first, second } = await silenced();
    await pastOf(second, SILENCE_MS + 500);
    second.renderAll();
    await second.step();
    first.pass(SILENCE_MS + 500);
    await first.step(0);
    expect(first.told('run:lost')).toBe(1);
    first.insert('next');
    await first.step();
    expect(owned(first).at(-1)).toEqual({ name: 'next', owner: 'o1', outcome: null });
    first.renderAll();
    await first.step();
    expectAllDone(first, 2);
    expect(first.sql.prepare('SELECT id FROM orchestrators ORDER BY id').pluck().all()).toEqual(['o1', 'o2']);
  });
});

describe('what a person decides', () => {
  it('as the concurrency of a script or of a lang holds across all of them', async () => {
    const all = await several(3, (world) => {
      world.write(`UPDATE controls SET concurrency = 2 WHERE scope = 'gvpie'`);
      world.write(`UPDATE controls SET concurrency = 6 WHERE scope = 'engine'`);
      for (let n = 0; n < 9; n++) world.insert(`g${n}`, `TXT 1 1 ${n}`, 'gvpie');
      for (let n = 0; n < 9; n++) world.insert(`p${n}`, `TXT 1 1 ${n}`);
    });
    const [world] = all;
    const running = world.sql
      .prepare<[string], number>("SELECT count(*) FROM jobs WHERE state = 'running' AND lang LIKE ?")
      .pluck();
    const most = { gvpie: 0, '%': 0 };
    for (let round = 0; round < 40 && states(world).some((state) => state !== 'done'); round++) {
      for (const lang of ['gvpie', '%'] as const) most[lang] = Math.max(most[lang], running.get(lang) ?? 0);
      // One at a time, so that there is something to be counted.
      world.take();
      const [id] = world.taken.keys();
      if (id !== undefined) world.answer(id);
      await together(all, 50);
    }
    expectAllDone(world, 18);
    expect(most).toEqual({ gvpie: 2, '%': 6 });
  });

  it('no two runs of a script overlap, unless it says so', async () => {
    const all = await several(2, (world) => world.insert('mine', 'RECT 0 0 1 1'));
    const [world] = all;
    const open = () => owned(world).filter(({ outcome }) => outcome === null).length;
    world.write(`UPDATE improvement_scripts SET code = 'RECT 0 0 2 2'`);
    await together(all);
    expect([open(), states(world)]).toEqual([1, ['running', 'queued']]);
    world.write('UPDATE improvement_scripts SET concurrency = 2');
    await together(all);
    expect([open(), states(world)]).toEqual([2, ['running', 'running']]);
  });

  it.each(['engine', 'pixel'])(
    'to pause %s holds for all; what runs goes on, and the rest goes on later',
    async (scope) => {
      const all = await several(2, (world) => world.insert('under way'));
      const [world] = all;
      world.write('UPDATE controls SET paused = 1 WHERE scope = ?', scope);
      world.insert('later');
      world.renderAll();
      for (let n = 0; n < 4; n++) await together(all);
      expect(states(world)).toEqual(['done', 'queued']);
      expect(world.sql.prepare('SELECT name, waits FROM v_due').all()).toEqual([
        { name: 'later', waits: `${scope} is paused` },
      ]);
      world.write('UPDATE controls SET paused = 0');
      await together(all);
      world.renderAll();
      await together(all);
      expectAllDone(world, 2);
    },
  );

  it('to cancel holds whoever has it, queued or running', async () => {
    const all = await several(2, (world) => {
      world.write(`UPDATE controls SET concurrency = 1 WHERE scope = 'engine'`);
      world.insert('running');
      world.insert('queued');
    });
    const [first, second] = all;
    expect(states(first)).toEqual(['running', 'queued']);
    second.write('UPDATE jobs SET cancel = 1');
    expect(states(first)).toEqual(['running', 'cancelled']);
    await together([second], 1_000);
    expect([states(first)[0], first.inbox.size]).toEqual(['running', 1]);
    await together(all);
    expect([states(first), first.inbox.size, owned(first)]).toEqual([
      ['cancelled', 'cancelled'],
      0,
      [{ name: 'running', owner: 'o1', outcome: 'cancelled' }],
    ]);
    first.write(`UPDATE jobs SET state = 'queued'`);
    await together(all);
    first.renderAll();
    await together(all);
    first.renderAll();
    await together(all);
    expectAllDone(first, 2);
  });
});

/** Memory: equal work is rendered once, and a picture is known only where it is sure to be the same. */
import { describe, expect, it } from 'vitest';
import { BATCH } from '../../orchestrator/config.ts';
import type { Work } from '../../orchestrator/decide.ts';
import { workKey } from '../../orchestrator/work-key.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { HostFault } from '../../shared/faults.ts';
import type { Announcement } from '../../shared/protocol/announcement.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';

const NOW = 'a'.repeat(64);
const LATER = 'b'.repeat(64);
const CODE = 'RECT 1 2 3 4';

/** A world in which the script `first` has been rendered, and so many times more. */
async function rendered(semantics: string | undefined = NOW): Promise<FakeOrchestrator> {
  const world = new FakeOrchestrator().serve(semantics);
  world.insert('first', CODE);
  world.daemon.start();
  await settle(world);
  expect(world.outcomes()).toEqual(['first success']);
  return world;
}

async function settle(world: FakeOrchestrator): Promise<void> {
  await world.step(0);
  world.renderAll();
  await world.step();
}

/** Of each run, whether its picture was known, and the file it leads to. */
function known(world: FakeOrchestrator): [name: string, known: number, file: string | null][] {
  const sql = `SELECT name, known, cartridge_path AS file FROM improvement_runs AS run
    JOIN improvement_scripts AS script ON script.id = script_id ORDER BY run.id`;
  return (world.sql.prepare(sql).all() as { name: string; known: number; file: string | null }[]).map(
    (row) => [row.name, row.known, row.file],
  );
}

const count = (world: FakeOrchestrator, what: string): unknown =>
  world.sql.prepare(`SELECT count(*) FROM ${what}`).pluck().get();

/** How many questions a world is asked from now on. */
function questions(world: FakeOrchestrator): () => number {
  let asked = 0;
  const { inbox } = world;
  const set = inbox.set.bind(inbox);
  inbox.set = (id, command) => {
    asked++;
    return set(id, command);
  };
  return () => asked;
}

describe('the key of work', () => {
  const work: Work = { program: CODE, canvas: { width: 8, height: 4 }, params: { a: 1, b: 2 } };
  const input = { checksum: NOW, width: 1, height: 1 };

  it('is the digest of canonical JSON', () => {
    const text = `{"height":4,"inputs":["${NOW}"],"params":{"a":1,"b":2},"program":"${CODE}","width":8}`;
    expect(workKey(work, [input])).toBe(sha256Hex(text));
    expect(workKey({ ...work, params: { b: 2, a: 1 } }, [input])).toBe(sha256Hex(text));
  });

  it('is another for each thing that makes another picture', () => {
    const others = [
      workKey(work, []),
      workKey(work, [input]),
      workKey(work, [{ ...input, checksum: LATER }]),
      workKey({ ...work, program: `${CODE} ` }, []),
      workKey({ ...work, canvas: { width: 4, height: 8 } }, []),
      workKey({ ...work, params: { a: 1 } }, []),
      workKey({ ...work, params: { a: 1, b: 3 } }, []),
    ];
    expect(new Set(others).size).toBe(others.length);
  });

  it('is none of a program that is no text', () => {
    expect(workKey({ ...work, program: 'TXT 0 0 \ud800' }, [])).toBeUndefined();
    expect(workKey({ ...work, program: 'TXT 0 0 \ud83d\ude00' }, [])).toBeDefined();
  });
});

describe('a picture that is known', () => {
  it('ends a run at once, by the file that is there', async () => {
    const world = await rendered();
    const asked = questions(world);
    world.insert('second', CODE);
    await world.step();
    const [[, , file], second] = known(world) as [[string, number, string], unknown];
    expect(second).toEqual(['second', 1, file]);
    expect(
      world.sql.prepare('SELECT stdout, backend, success FROM improvement_runs WHERE id = 2').get(),
    ).toEqual({
      stdout: JSON.stringify({
        cartridge: `cartridges/${file}`,
        checksum: world.sql.prepare('SELECT checksum FROM cartridges').pluck().get(),
        known: true,
        warnings: [],
      }),
      backend: null,
      success: 1,
    });
    expect([asked(), world.cartridges.size, count(world, 'cartridges')]).toEqual([0, 1, 1]);
    expect([world.told('run:known'), world.told('run:success')]).toEqual([1, 1]);
    expect(world.events.find(({ event }) => event === 'run:known')?.fields).toMatchObject({
      cartridge: `cartridges/${file}`,
      script: 'second',
    });
    expect(world.sql.prepare('SELECT DISTINCT state FROM jobs').pluck().all()).toEqual(['done']);
    expect(world.sql.prepare('SELECT success_count FROM improvement_scripts').pluck().all()).toEqual([1, 1]);
  });

  it('is known to the script itself, when it is asked for once more or edited back', async () => {
    const world = await rendered();
    const asked = questions(world);
    world.write(`UPDATE jobs SET state = 'queued'`);
    await world.step();
    world.write(`UPDATE improvement_scripts SET code = 'RECT 9 9 9 9'`);
    await settle(world);
    world.write('UPDATE improvement_scripts SET code = ?', CODE);
    await world.step();
    expect(known(world).map(([, hit]) => hit)).toEqual([0, 1, 0, 1]);
    expect([asked(), world.cartridges.size]).toEqual([1, 2]);
  });

  const scripts = (set: string) => (world: FakeOrchestrator) =>
    world.write(`UPDATE improvement_scripts SET ${set} WHERE name = 'second'`);

  it.each<[string, (world: FakeOrchestrator) => void]>([
    ['the script has another canvas', scripts('width = 64')],
    ['it has other params', scripts(`params = '{"a":1}'`)],
    ['its script is always forced', scripts('force = 1')],
    ['its job is forced', (world) => world.write(`UPDATE jobs SET forced = 1 WHERE state = 'queued'`)],
    ['its file is gone', (world) => world.cartridges.clear()],
    [
      'its file is longer, by a byte',
      (world) => {
        for (const [name, bytes] of world.cartridges) {
          world.cartridges.set(name, Buffer.concat([bytes, Buffer.alloc(1)]));
        }
      },
    ],
    ['the language means something else by now', (world) => world.serve(LATER)],
    ['nobody says what the language means', (world) => world.serve()],
    [
      'two who serve do not say alike',
      (world) => world.alive.push({ renderer: 'r2', semantics: LATER } as Announcement),
    ],
    ['one of two who serve does not say', (world) => world.alive.unshift({ renderer: 'r2' } as Announcement)],
    ['it is in no registry', (world) => world.write('DELETE FROM cartridges')],
    ['nothing of it changed, which is known', () => {}],
  ])('is rendered again where %s', async (why, change) => {
    const world = await rendered();
    world.saysParams = true;
    world.write(
      `INSERT INTO improvement_scripts (name, lang, code, enabled) VALUES ('second', 'pixel', ?, 0)`,
      CODE,
    );
    change(world);
    await world.step();
    const asked = questions(world);
    scripts('enabled = 1')(world);
    await settle(world);
    expect(world.outcomes()).toEqual(['first success', 'second success']);
    const isControl = why.endsWith('is known');
    expect([known(world)[1]?.[1], asked()]).toEqual(isControl ? [1, 0] : [0, 1]);
  });

  it('is a miss once where it is forced: at its end the job is as any other', async () => {
    const world = await rendered();
    for (const forced of [1, 0]) {
      world.write(`UPDATE jobs SET state = 'queued', forced = ${forced} OR forced`);
      await settle(world);
    }
    expect(known(world).map(([, hit]) => hit)).toEqual([0, 0, 1]);
    expect(count(world, 'jobs WHERE forced = 1')).toBe(0);
    // The newest of two is the one that is handed out.
    expect(known(world)[2]?.[2]).toBe(known(world)[1]?.[2]);
  });

  it('stays to be rendered again while attempts at it fail', async () => {
    const world = await rendered();
    world.faults.set('put', new HostFault('write', 'x', 'disk full', { retryable: true }));
    world.write(`UPDATE jobs SET state = 'queued', forced = 1`);
    await settle(world);
    expect(count(world, `jobs WHERE forced = 1 AND state = 'queued'`)).toBe(1);
    world.faults.clear();
    await world.step(1_000);
    await settle(world);
    expect(known(world).map(([, hit]) => hit)).toEqual([0, 0, 0]);
    expect(count(world, 'jobs WHERE forced = 1')).toBe(0);
  });

  it('is one of the renderer that answered: what its meaning is not known of is not remembered', async () => {
    const world = new FakeOrchestrator().serve(NOW);
    world.insert('first', CODE);
    world.daemon.start();
    await world.step(0);
    // Another one took over, and the answer is by neither.
    world.renderAll();
    for (const { reply } of world.outbox.values()) (reply as { renderer: string }).renderer = 'r9';
    await world.step();
    expect(world.sql.prepare('SELECT work, semantics FROM cartridges').all()).toEqual([
      { work: null, semantics: null },
    ]);
    world.insert('second', CODE);
    await settle(world);
    expect(known(world).map(([, hit]) => hit)).toEqual([0, 0]);
  });

  it('keeps the meaning under which it was drawn, though another renderer serves when it comes', async () => {
    const world = new FakeOrchestrator().serve(NOW);
    world.insert('first', CODE);
    world.daemon.start();
    await world.step(0);
    world.renderAll();
    world.alive = [{ renderer: 'r2', semantics: LATER } as Announcement];
    await world.step();
    expect(world.sql.prepare('SELECT semantics FROM cartridges').pluck().all()).toEqual([NOW]);
  });

  it('is never known in the seed’s slot', async () => {
    const world = new FakeOrchestrator({ door: 'slot' });
    world.insert('first', CODE);
    world.daemon.start();
    for (const name of ['first', 'second']) {
      if (name === 'second') world.insert('second', CODE);
      for (let n = 0; n < 8; n++) {
        await world.step(500);
        if (world.slot.command !== undefined) world.answerSlot();
      }
      expect(world.outcomes().at(-1)).toBe(`${name} success`);
    }
    expect(known(world).map(([name, hit]) => [name, hit])).toEqual([
      ['first', 0],
      ['second', 0],
    ]);
  });

  it('that a crash left open is begun anew and found again, and its file stays', async () => {
    const crashed = await rendered();
    crashed.faults.set('close', new HostFault('write', 'x', 'SQLITE_BUSY', { retryable: true }));
    crashed.insert('second', CODE);
    await crashed.step();
    expect(crashed.outcomes()).toEqual(['first success', 'second open']);
    const world = new FakeOrchestrator({ crashed }).serve(NOW);
    world.daemon.start();
    await world.step();
    expect(world.outcomes()).toEqual(['first success', 'second interrupted', 'second success']);
    expect([world.cartridges.size, known(world)[2]?.[1]]).toEqual([1, 1]);
  });
});

describe('equal work that is under way', () => {
  it('is left in the queue, and is known when it ends', async () => {
    const world = new FakeOrchestrator().serve(NOW);
    const asked = questions(world);
    for (let row = 0; row < 3 * BATCH; row++) world.insert(`row-${row}`, CODE);
    world.insert('other', 'RECT 5 5 5 5');
    world.daemon.start();
    await world.step(0);
    expect([asked(), count(world, `jobs WHERE state = 'queued'`)]).toEqual([2, 3 * BATCH - 1]);
    expect(world.asked()).toEqual(['row-0', 'other']);
    world.renderAll();
    await world.step();
    expect([asked(), world.cartridges.size, world.told('run:known')]).toEqual([2, 2, 3 * BATCH - 1]);
    expect(count(world, `jobs WHERE state = 'done'`)).toBe(3 * BATCH + 1);
  });

  it('comes one after the other where it is refused', async () => {
    const world = new FakeOrchestrator().serve(NOW);
    for (const name of ['a', 'b']) world.insert(name, CODE);
    world.daemon.start();
    const refusal = { status: 'refused', error: { code: 'PXL-E001', message: 'no' }, errors: [] } as const;
    for (const name of ['a', 'b']) {
      await world.step();
      expect(world.asked()).toEqual([name]);
      world.take();
      for (const id of [...world.taken.keys()]) world.answer(id, { ...refusal, errors: [] });
    }
    await world.step();
    expect(world.outcomes()).toEqual(['a refused', 'b refused']);
  });

  it('is not waited for by what is forced', async () => {
    const world = new FakeOrchestrator().serve(NOW);
    world.insert('a', CODE);
    world.insert('b', CODE);
    world.write(`UPDATE jobs SET forced = 1 WHERE id = (SELECT max(id) FROM jobs)`);
    world.insert('c', CODE);
    world.daemon.start();
    await world.step(0);
    expect(world.asked()).toEqual(['a', 'b']);
    world.renderAll();
    await world.step();
    expect(known(world).map(([name, hit]) => [name, hit])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 1],
    ]);
  });

  it('is waited for in a single round too', async () => {
    const world = new FakeOrchestrator({ once: true }).serve(NOW);
    for (let row = 0; row < BATCH + 5; row++) world.insert(`row-${row}`, row === 3 ? 'RECT 0 0 1 1' : CODE);
    let result: string | undefined;
    void world.daemon.finished.then((found) => {
      result = found;
    });
    world.daemon.start();
    await world.step(0);
    expect([world.asked(), result]).toEqual([['row-0', 'row-3'], undefined]);
    world.renderAll();
    await world.step();
    await world.step();
    expect([result, world.told('run:known'), count(world, `jobs WHERE state = 'done'`)]).toEqual([
      'succeeded',
      BATCH + 3,
      BATCH + 5,
    ]);
  });

  it('does not wait for what a rule of the database’s owner keeps from being claimed', async () => {
    const world = new FakeOrchestrator().serve(NOW);
    for (let row = 0; row < BATCH; row++) world.insert(`row-${row}`, CODE);
    world.sql.exec(`CREATE TRIGGER no BEFORE INSERT ON improvement_runs WHEN NEW.script_id = (
      SELECT min(id) FROM improvement_scripts) BEGIN SELECT RAISE(ABORT, 'not this one'); END`);
    world.daemon.start();
    for (let n = 0; n < 4; n++) {
      world.write('UPDATE improvement_scripts SET submit_key = ? WHERE name = ?', `${n}`, 'row-1');
      await settle(world);
    }
    expect(count(world, `jobs WHERE state = 'done'`)).toBe(BATCH - 1);
    expect(world.told('run:unclaimable')).toBeGreaterThan(0);
  });
});

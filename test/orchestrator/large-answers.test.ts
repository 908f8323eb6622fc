/** Large answers: pressed beside the daemon, which goes on with the small ones. */
import { describe, expect, it } from 'vitest';
import { DRAIN_MS, TURN_BYTES } from '../../orchestrator/config.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import type { OkReply } from '../../shared/protocol/reply.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';

/** The narrowest canvas of 512 rows that is large. */
const WIDTH = TURN_BYTES / (4 * 512) + 1;

function insert(world: FakeOrchestrator, name: string, width: number, height: number): void {
  const sql = 'INSERT INTO improvement_scripts (name, lang, code, width, height) VALUES (?, ?, ?, ?, ?)';
  world.write(sql, name, 'pixel', 'RECT 1 1 2 2', width, height);
}

/** A world in which a large script and a small one are answered, and the large one's pressing waits for `open`. */
async function held(): Promise<{ readonly world: FakeOrchestrator; readonly open: () => void }> {
  const world = new FakeOrchestrator().serve();
  let open = (): void => {};
  world.pressGate = new Promise((resolve) => {
    open = resolve;
  });
  insert(world, 'large', WIDTH, 512);
  insert(world, 'small', 128, 64);
  world.daemon.start();
  await world.step(0);
  world.renderAll();
  await world.step();
  return { world, open };
}

const reasons = (world: FakeOrchestrator): (string | undefined)[] =>
  world.runs().map(({ stderr }) => (stderr === null ? undefined : JSON.parse(stderr).error.code));

describe('a large answer', () => {
  it('keeps no small one waiting, and becomes a cartridge when it is pressed', async () => {
    const { world, open } = await held();
    expect(world.outcomes()).toEqual(['large open', 'small success']);
    await world.step(60_000);
    expect(world.outcomes()).toEqual(['large open', 'small success']);
    open();
    await world.step();
    expect(world.outcomes()).toEqual(['large success', 'small success']);
    const [run] = world.runs();
    const {
      canvas,
      run: record,
      pixels,
      label,
    } = openCartridge(world.cartridges.get(run?.cartridge_path ?? '') as Uint8Array);
    expect(canvas).toEqual({ width: WIDTH, height: 512 });
    expect([record?.id, label.checksum]).toEqual([run?.spool_id, sha256Hex(pixels)]);
    expect(world.outbox.size).toBe(0);
  });

  it('is one whose pixels are more than fit into a turn, by one column', async () => {
    const world = new FakeOrchestrator().serve();
    world.pressGate = new Promise(() => {});
    insert(world, 'just', WIDTH - 1, 512);
    insert(world, 'more', WIDTH, 512);
    world.daemon.start();
    await world.step(0);
    world.renderAll();
    await world.step();
    expect(world.outcomes()).toEqual(['just success', 'more open']);
  });

  it('fails its run when it cannot be believed, pressed or read, and is tried again', async () => {
    const world = new FakeOrchestrator().serve();
    for (const name of ['a', 'b', 'c']) insert(world, name, WIDTH, 512);
    world.daemon.start();
    await world.step(0);
    world.take();
    const [a = '', b = '', c = ''] = world.runs().map(({ spool_id }) => spool_id);
    for (const id of [a, b, c]) world.answer(id);
    const pixels = world.outbox.get(a)?.pixels;
    pixels?.fill(7, 0, 4);
    const answer = world.outbox.get(b);
    world.outbox.set(b, { reply: { ...(answer?.reply as OkReply), width: 3 }, pixels: answer?.pixels });
    await world.step(0);
    expect(world.outcomes()).toEqual(['a failed', 'b failed', 'c success']);
    expect(reasons(world)).toEqual(['RUN-E004', 'RUN-E004', undefined]);
    world.faults.set('press', new Error('no memory'));
    for (let n = 0; n < 20 && world.asked().length < 2; n++) await world.step(250);
    world.renderAll();
    await world.step(0);
    expect(reasons(world).slice(3)).toEqual(['RUN-E007', 'RUN-E007']);
    world.faults.delete('press');
    for (let n = 0; n < 60 && world.asked().length < 2; n++) await world.step(250);
    world.renderAll();
    await world.step();
    expect(world.outcomes().slice(5)).toEqual(['a success', 'b success']);
  });

  it('that is a refusal is one without being pressed', async () => {
    const world = new FakeOrchestrator().serve();
    world.pressGate = new Promise(() => {});
    insert(world, 'wrong', WIDTH, 512);
    world.daemon.start();
    await world.step(0);
    world.take();
    const error = { code: 'PXL-E003', message: 'Expected a number, found "ten"', line: 1 };
    world.answer(world.runs()[0]?.spool_id ?? '', { status: 'refused', error, errors: [error] });
    await world.step();
    expect(world.outcomes()).toEqual(['wrong refused']);
  });

  it('that cannot be looked at now is looked at again', async () => {
    const world = new FakeOrchestrator().serve();
    insert(world, 'large', WIDTH, 512);
    world.daemon.start();
    await world.step(0);
    world.renderAll();
    world.faults.set('collect', new Error('EIO'));
    await world.step();
    expect([world.outcomes(), world.told('answer:fault')]).toEqual([['large open'], 1]);
    world.faults.delete('collect');
    await world.step();
    expect(world.outcomes()).toEqual(['large success']);
  });
});

describe('the end', () => {
  it('waits for what is being pressed, even when the renderer has gone', async () => {
    for (const gone of [false, true]) {
      const { world, open } = await held();
      if (gone) {
        world.alive = [];
        await world.step();
      }
      const stopped = world.daemon.stop();
      for (let n = 0; n < 50; n++) await Promise.resolve();
      open();
      await stopped;
      expect(world.outcomes()).toEqual(['large success', 'small success']);
    }
  });

  it('takes back what is not pressed in time, and the next start has it again', async () => {
    const { world } = await held();
    const begun = world.monotonicMs;
    await world.daemon.stop();
    expect(world.monotonicMs - begun).toBeGreaterThanOrEqual(DRAIN_MS);
    expect(world.outcomes()).toEqual(['large interrupted', 'small success']);
    expect(world.cartridges.size).toBe(1);
    const next = new FakeOrchestrator({ crashed: world }).serve();
    next.daemon.start();
    await next.step(0);
    next.renderAll();
    await next.step();
    expect(next.outcomes()).toEqual(['large interrupted', 'small success', 'large success']);
  });

  it('of a round comes when the large ones are pressed', async () => {
    const world = new FakeOrchestrator({ once: true }).serve();
    let open = (): void => {};
    world.pressGate = new Promise((resolve) => {
      open = resolve;
    });
    insert(world, 'large', WIDTH, 512);
    let result: string | undefined;
    void world.daemon.finished.then((found) => {
      result = found;
    });
    world.daemon.start();
    await world.step(0);
    world.renderAll();
    await world.step();
    expect(result).toBeUndefined();
    open();
    await world.step();
    expect([result, ...world.outcomes()]).toEqual(['succeeded', 'large success']);
  });
});

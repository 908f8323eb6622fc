/** Gathering: answers wait for each other, but never long, and never for nobody. */
import { describe, expect, it } from 'vitest';
import { BATCH, GATHER_MS } from '../../orchestrator/config.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';

/** A world in which so many scripts are asked for, and their ids in the order of asking. */
async function asked(count: number): Promise<{ readonly world: FakeOrchestrator; readonly ids: string[] }> {
  const world = new FakeOrchestrator().serve();
  for (let row = 0; row < count; row++) world.insert(`row-${row}`);
  world.daemon.start();
  await world.step(0);
  world.take();
  return { world, ids: [...world.taken.keys()] };
}

/** Lets everything happen that needs no more time than is paused for. */
async function settle(): Promise<void> {
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
}

/** Answers these, and says so as the kernel does: by name, one by one. */
function answer(world: FakeOrchestrator, ids: readonly string[]): void {
  for (const id of ids) world.answer(id);
  for (const id of ids) world.daemon.hearOutbox(`${id}.json`);
}

describe('an answer', () => {
  it('that nobody else is on the way behind is settled at once', async () => {
    const { world, ids } = await asked(1);
    const before = world.monotonicMs;
    answer(world, ids);
    await settle();
    expect([world.closes, world.monotonicMs - before]).toEqual([[1], 0]);
  });

  it('waits for those on the way, and is settled alone when none of them comes in time', async () => {
    const { world, ids } = await asked(2);
    const before = world.monotonicMs;
    answer(world, ids.slice(0, 1));
    expect(world.closes).toEqual([]);
    await settle();
    expect([world.closes, world.monotonicMs - before]).toEqual([[1], GATHER_MS]);
    answer(world, ids.slice(1));
    await settle();
    expect([world.closes, world.monotonicMs - before]).toEqual([[1, 1], GATHER_MS]);
  });

  it('is closed in one transaction with all that came meanwhile', async () => {
    const { world, ids } = await asked(5);
    for (const id of ids) world.answer(id);
    world.daemon.hearOutbox(`${ids[0]}.json`);
    await settle();
    expect(world.closes).toEqual([5]);
    expect(world.outcomes().every((outcome) => outcome.endsWith('success'))).toBe(true);
  });

  it('waits for no more than a full batch', async () => {
    for (const [heard, closes] of [
      [BATCH - 1, []],
      [BATCH, [BATCH]],
    ] as const) {
      const { world, ids } = await asked(BATCH + 8);
      for (const id of ids.slice(0, heard)) world.answer(id);
      const before = world.monotonicMs;
      // Each wakes what it should: the time that the first of them waits has not come.
      world.holdPauses = true;
      for (const id of ids.slice(0, heard)) world.daemon.hearOutbox(`${id}.json`);
      await settle();
      expect([world.closes, world.monotonicMs - before], `${heard}`).toEqual([closes, 0]);
    }
  });
});

describe('a batch', () => {
  it('is pressed and closed while the one before it is still on its way to the disk', async () => {
    const { world, ids } = await asked(BATCH + 1);
    let open = (): void => {};
    world.putGate = new Promise((resolve) => {
      open = resolve;
    });
    answer(world, ids.slice(0, BATCH));
    await settle();
    expect(world.closes).toEqual([]);
    world.putGate = Promise.resolve();
    answer(world, ids.slice(BATCH));
    await settle();
    expect(world.closes).toEqual([1]);
    open();
    await settle();
    expect(world.closes).toEqual([1, BATCH]);
    expect(world.outcomes().every((outcome) => outcome.endsWith('success'))).toBe(true);
  });

  it('that is on its way to the disk when the daemon is stopped is waited for', async () => {
    const { world, ids } = await asked(2);
    let open = (): void => {};
    world.putGate = new Promise((resolve) => {
      open = resolve;
    });
    answer(world, ids);
    await settle();
    const stopped = world.daemon.stop();
    await settle();
    expect(world.closes).toEqual([]);
    open();
    await stopped;
    expect(world.outcomes()).toEqual(['row-0 success', 'row-1 success']);
  });
});

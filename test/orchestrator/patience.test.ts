/** Patience: how long each answer may take where several renderers serve, and one of them is stuck. */
import { describe, expect, it } from 'vitest';
import { IN_HAND } from '../../orchestrator/patience.ts';
import type { Announcement } from '../../shared/protocol/announcement.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';

const TIMEOUT_MS = 1_000;
const STEP_MS = 250;

/**
 * Two renderers; r1 has the job `stuck` in hand, and r2 answers a new one at every step.
 *
 * @param hand what r1 has in hand beside it
 */
async function halfStuck(hand: readonly string[] = []) {
  const world = new FakeOrchestrator({ timeoutMs: TIMEOUT_MS });
  const beat = (isAlive: boolean): void => {
    const heartbeat = world.monotonicMs;
    world.alive = [
      { renderer: 'r1', heartbeat: isAlive ? heartbeat : 1 },
      { renderer: 'r2', heartbeat },
    ] as Announcement[];
  };
  beat(false);
  for (const name of ['stuck', ...hand]) world.insert(name);
  world.daemon.start();
  await world.step(0);
  const idOf = (name: string): string => world.runs().findLast((run) => run.name === name)?.spool_id ?? '';
  for (const name of ['stuck', ...hand]) world.holders.set(idOf(name), 'r1');
  world.take();
  let others = 0;
  return {
    world,
    idOf,
    outcome: (name: string) => world.runs().find((run) => run.name === name)?.outcome ?? 'open',
    succeeded: () => world.outcomes().filter((one) => /^other-\d+ success$/.test(one)).length,
    /** @param isAlive whether r1's heartbeat moves */
    async pass(ms: number, isAlive: boolean): Promise<void> {
      for (let waited = 0; waited < ms; waited += STEP_MS) {
        world.insert(`other-${++others}`);
        beat(isAlive);
        await world.step(STEP_MS);
        const id = idOf(`other-${others}`);
        if (!world.inbox.has(id)) continue;
        world.taken.set(id, world.inbox.get(id) ?? '');
        world.inbox.delete(id);
        world.answer(id);
      }
    },
  };
}

describe('a job in hand, although others are answered all the time', () => {
  it('of a renderer whose heartbeat stands still has the time of one answer', async () => {
    const { world, outcome, succeeded, pass } = await halfStuck();
    await pass(TIMEOUT_MS - STEP_MS, false);
    expect([outcome('stuck'), succeeded()]).toEqual(['open', 2]);
    await pass(3 * STEP_MS, false);
    expect([outcome('stuck'), succeeded()]).toEqual(['failed', 5]);
    expect(world.told('renderer:late')).toBe(1);
  });

  it('of a renderer that shows life has ten times as long, and no longer; then it is offered again', async () => {
    const { world, outcome, succeeded, idOf, pass } = await halfStuck();
    const first = idOf('stuck');
    await pass(IN_HAND * TIMEOUT_MS - STEP_MS, true);
    expect([outcome('stuck'), world.told('renderer:late')]).toEqual(['open', 0]);
    await pass(3 * STEP_MS, true);
    expect(outcome('stuck')).toBe('failed');
    await pass(1_000, true);
    expect(idOf('stuck')).not.toBe(first);
    expect(world.inbox.has(idOf('stuck'))).toBe(true);
    expect(succeeded()).toBeGreaterThan(40);
  });

  it('has its time anew whenever one that its renderer took before is answered', async () => {
    const { world, outcome, idOf, pass } = await halfStuck(['before']);
    await pass(9_000, true);
    world.answer(idOf('before'));
    await pass(9_500, true);
    expect([outcome('before'), outcome('stuck'), world.told('renderer:late')]).toEqual([
      'success',
      'open',
      0,
    ]);
    await pass(1_000, true);
    expect(outcome('stuck')).toBe('failed');
  });
});

describe('a job that is in nobody’s hand', () => {
  it('and lies in the inbox is waited for as long as anybody takes anything', async () => {
    const { world, outcome, idOf, pass } = await halfStuck();
    world.inbox.set(idOf('stuck'), world.taken.get(idOf('stuck')) ?? '');
    world.taken.delete(idOf('stuck'));
    await pass(20 * TIMEOUT_MS, true);
    expect([outcome('stuck'), world.told('renderer:late')]).toEqual(['open', 0]);
    // The control: nobody takes anything any more.
    for (let waited = 0; waited < TIMEOUT_MS + STEP_MS; waited += STEP_MS) await world.step(STEP_MS);
    expect([outcome('stuck'), world.told('renderer:late')]).toEqual(['open', 1]);
    expect(world.inbox.has(idOf('stuck'))).toBe(true);
  });

  it('and lies nowhere has the time of one answer', async () => {
    const { world, outcome, idOf, pass } = await halfStuck();
    world.taken.delete(idOf('stuck'));
    await pass(TIMEOUT_MS - STEP_MS, true);
    expect(outcome('stuck')).toBe('open');
    await pass(3 * STEP_MS, true);
    expect(outcome('stuck')).toBe('failed');
  });
});

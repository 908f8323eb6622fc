import { describe, expect, it } from 'vitest';
import { OneAtATime } from '../../shared/one-at-a-time.ts';

function scene(task: () => Promise<void> = async () => {}) {
  const faults: unknown[] = [];
  let runs = 0;
  const one = new OneAtATime(
    () => {
      runs++;
      return task();
    },
    (error) => faults.push(error),
  );
  return { one, faults, runs: () => runs };
}

describe('OneAtATime', () => {
  it('does not run before it is woken', async () => {
    const { one, runs } = scene();
    await one.idle();
    expect(runs()).toBe(0);
  });

  it('runs once for any number of wakes before it begins', async () => {
    const { one, runs } = scene();
    for (let n = 0; n < 5; n++) one.wake();
    await one.idle();
    expect(runs()).toBe(1);
    one.wake();
    await one.idle();
    expect(runs()).toBe(2);
  });

  it('runs once more for any number of wakes during a run, and never twice at a time', async () => {
    let running = 0;
    let most = 0;
    let wakes = 5;
    const { one, runs } = scene(async () => {
      most = Math.max(most, ++running);
      // Some from within the task before it has given way, some after.
      for (; wakes > 3; wakes--) one.wake();
      await Promise.resolve();
      for (; wakes > 0; wakes--) one.wake();
      running--;
    });
    one.wake();
    await one.idle();
    expect([runs(), most]).toEqual([2, 1]);
  });

  it('rests after a fault until the next wake', async () => {
    let broken = true;
    const { one, faults, runs } = scene(async () => {
      if (broken) throw new Error('no');
    });
    one.wake();
    one.wake();
    await one.idle();
    expect([runs(), faults.length]).toEqual([1, 1]);
    broken = false;
    one.wake();
    await one.idle();
    expect([runs(), faults.length]).toEqual([2, 1]);
  });
});

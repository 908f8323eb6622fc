import { describe, expect, it } from 'vitest';
import { loadProcessors } from '../support/busy-loop.ts';
import { stormOfKills } from '../support/kill-storm.ts';

describe('kill -9 in the middle of jobs', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('20 times in 300 jobs, seed %i', async (seed) => {
    const inHands = await stormOfKills(300, 20, seed);
    console.log(`seed ${seed}: ${inHands} of 20 kills met something in hand`);
    expect(inHands).toBeGreaterThan(1);
  });

  it('20 times in 300 jobs while every core is busy', async () => {
    loadProcessors(2);
    await stormOfKills(300, 20, 11);
  });
});

/** Both daemons killed again and again, at either door, with other seeds, and with every core busy. */
import { describe, expect, it } from 'vitest';
import { loadProcessors } from '../support/busy-loop.ts';
import { dieAfter, dieAfterEach } from '../support/orchestrator-crash.ts';
import { storm } from '../support/pair-storm.ts';
import { shelfObjections } from '../support/shelf-objections.ts';

async function survive(kills: number, seed: number, door?: 'slot'): Promise<void> {
  const { place, interrupted, during, seconds } = await storm(kills, kills, seed, door);
  console.log(
    `seed ${seed}: ${kills} kills in ${seconds.toFixed(0)} s; ${interrupted} cut off, ${during} done`,
  );
  const objections = await shelfObjections(place);
  expect(objections.filter((one) => !one.startsWith('nothing is left in poison'))).toEqual([]);
}

describe('a pair of daemons that are killed', () => {
  it.each([1, 2, 3, 4, 5])('300 times, seed %i', (seed) => survive(300, seed));

  it.each([6, 7])('300 times at the slot, seed %i', (seed) => survive(300, seed, 'slot'));

  it('300 times while every core is busy', () => {
    loadProcessors(2);
    return survive(300, 8);
  });
});

describe('an orchestrator that crashes', () => {
  it.each(['spool', 'slot'] as const)(
    'after any of its effects leaves nothing wrong while every core is busy, at the %s',
    async (door) => {
      loadProcessors(2);
      const { effects } = await dieAfter(0, door);
      const each = Array.from({ length: effects.length + 4 }, (_, n) => n + 1);
      for (let round = 0; round < 3; round++) expect((await dieAfterEach(each, door)).wrong).toEqual([]);
    },
  );
});

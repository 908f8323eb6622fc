import { describe, expect, it } from 'vitest';
import { stormOfKills } from '../../support/kill-storm.ts';

const SEED = 20_261_120;
/** Half of what test/long kills at a time. */
const [JOBS, KILLS] = [120, 10];

describe(`kill -9 in the middle of ${JOBS} jobs, ${KILLS} times`, () => {
  it('loses none and spoils none', async () => {
    const inHands = await stormOfKills(JOBS, KILLS, SEED);
    console.log(`seed ${SEED}: ${inHands} of ${KILLS} kills met something in hand`);
    // Otherwise the kills would have proved nothing.
    expect(inHands).toBeGreaterThan(1);
  }, 60_000);
});

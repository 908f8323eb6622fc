import { describe, expect, it } from 'vitest';
import { stormOfKills } from '../../support/kill-storm.ts';

const SEED = 20_261_120;

describe('kill -9 in the middle of 200 jobs, 20 times', () => {
  it('loses none and spoils none', async () => {
    const inHands = await stormOfKills(200, 20, SEED);
    console.log(`seed ${SEED}: ${inHands} of 20 kills met something in hand`);
    // Otherwise the kills would have proved nothing.
    expect(inHands).toBeGreaterThan(1);
  }, 60_000);
});

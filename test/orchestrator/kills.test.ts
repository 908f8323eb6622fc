import { expect, it } from 'vitest';
import { storm } from '../support/pair-storm.ts';
import { shelfObjections } from '../support/shelf-objections.ts';

const SEED = 20_261_120;

it('killed at 200 random moments, both daemons together leave one success and one cartridge for each of 200 scripts', {
  timeout: 180_000,
}, async () => {
  const { place, kills, interrupted, during, seconds } = await storm(200, 200, SEED);
  console.log(
    `seed ${SEED}: killed the renderer ${kills.renderer} and the orchestrator ${kills.orchestrator} times in ` +
      `${seconds.toFixed(0)} s; ${interrupted} runs cut off, ${during} scripts done during the storm`,
  );
  // A job of a dead orchestrator may have been in hand at three deaths: it is nobody's, and rightly poison.
  const objections = await shelfObjections(place);
  expect(objections.filter((one) => !one.startsWith('nothing is left in poison'))).toEqual([]);
  expect(kills.renderer + kills.orchestrator).toBe(200);
  // The storm met the work: it is no proof otherwise.
  expect(interrupted).toBeGreaterThan(20);
});

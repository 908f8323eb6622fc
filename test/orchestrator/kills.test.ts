import { expect, it } from 'vitest';
import { judgeStorm } from '../support/crowd-objections.ts';
import { crowdStorm } from '../support/crowd-storm.ts';

const SEED = 20_261_122;

it('four orchestrators and three renderers, killed and stopped at random moments, render each of 200 scripts once for each slot', {
  timeout: 180_000,
}, async () => {
  const storm = await crowdStorm({
    ...{ scripts: 200, scheduled: 2, durationMs: 5_000, seed: SEED },
    ...{ longestStopMs: 1_500, longestPeaceMs: 800 },
  });
  const { objections, events, done, runs, poison } = await judgeStorm(storm);
  const { kills, stops, stormS, quietS } = storm;
  console.log(
    `seed ${SEED}: ${kills} kills and ${stops} stops in ${stormS.toFixed(0)} s, quiet after ${quietS.toFixed(0)} s; ` +
      `${done} jobs done in ${runs} runs, ${poison} poison`,
  );
  expect(objections).toEqual([]);
  expect(storm.output).not.toMatch(/SQLITE_BUSY/);
  expect(kills).toBeGreaterThan(5);
  // The storm met the work: it is no proof otherwise.
  expect(events.filter(({ outcome }) => outcome === 'interrupted').length).toBeGreaterThan(20);
});

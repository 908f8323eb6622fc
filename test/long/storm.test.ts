/** Four orchestrators and three renderers in a storm of kills and stops: nothing lost, nothing twice, nothing starved. */
import { expect, it } from 'vitest';
import { BATCH } from '../../orchestrator/config.ts';
import { judgeStorm, type Verdict } from '../support/crowd-objections.ts';
import { type CrowdStorm, crowdStorm, ORCHESTRATORS } from '../support/crowd-storm.ts';
import { waitsOf } from '../support/job-history.ts';
import { PRIORITIES } from '../support/storm-plan.ts';

const SEED = Number(process.env.GVPIE_STORM_SEED ?? 20_261_122);
const SECONDS = Number(process.env.GVPIE_STORM_SECONDS ?? 300);
const SCRIPTS = Number(process.env.GVPIE_STORM_SCRIPTS ?? 5_000);

it(`${SCRIPTS} scripts in a storm of ${SECONDS} s over seven daemons are each rendered once for each slot, and none starves`, async () => {
  const storm = await crowdStorm({
    ...{ scripts: SCRIPTS, scheduled: 10, durationMs: 1_000 * SECONDS, seed: SEED },
    ...{ longestStopMs: 15_000, longestPeaceMs: 6_000 },
  });
  const verdict = await judgeStorm(storm);
  const overtaken = tell(storm, verdict);
  expect(verdict.objections).toEqual([]);
  expect(storm.output).not.toMatch(/SQLITE_BUSY/);
  // What an orchestrator had looked at when it was stopped is claimed when it goes on, whatever came meanwhile.
  expect(overtaken).toBeLessThanOrEqual(ORCHESTRATORS * BATCH);
  expect(storm.kills).toBeGreaterThan(SECONDS / 2);
});

/** Prints what the storm was like. @returns how many of a higher rank the most unlucky job saw pass */
function tell(storm: CrowdStorm, { events, ids, done, runs, poison }: Verdict): number {
  const priorities = new Map(storm.planned.map((one) => [ids.get(one.name) ?? 0, one]));
  const waits = waitsOf(events).filter(({ script }) => priorities.get(script ?? 0)?.kind === 'plain');
  const { kills, stops, killedAsleep, stormS, quietS } = storm;
  console.log(
    `seed ${SEED}: ${kills} kills and ${stops} stops in ${stormS.toFixed(0)} s, ${killedAsleep} killed asleep; quiet after ` +
      `${quietS.toFixed(0)} s; ${done} jobs done in ${runs} runs, ${poison} poison, ${events.length} moves and runs in the ` +
      `history; told: ${[...storm.told].map(([event, count]) => `${event} ${count}`).join(', ')}`,
  );
  const claims = events.filter(({ after }) => after === 'running');
  const gaps = claims.slice(1).map(({ at }, index) => at - (claims[index]?.at ?? at));
  console.log(`${claims.length} claims, at most ${Math.max(...gaps)} ms between two of them`);
  for (const priority of PRIORITIES) {
    const own = waits.filter(({ script }) => priorities.get(script ?? 0)?.priority === priority);
    const sorted = own.map(({ ms }) => ms).sort((a, b) => a - b);
    const [median = 0, longest = 0] = [sorted[sorted.length >> 1], sorted.at(-1)];
    const most = Math.max(...own.map((wait) => wait.overtaken));
    console.log(
      `priority ${priority}: ${own.length} waits, median ${median} ms, longest ${longest} ms, longest / median ` +
        `${(longest / Math.max(1, median)).toFixed(0)}; at most ${most} of a higher rank went before`,
    );
  }
  return Math.max(...waits.map((wait) => wait.overtaken));
}

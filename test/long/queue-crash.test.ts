/** An orchestrator dies after each effect of everything that is done to the queue, and another that lives puts it right. */
import { expect, it } from 'vitest';
import { crashQueueAfter, crashQueueAfterEach } from '../support/queue-crash.ts';

it('an orchestrator that dies at any file or statement of the queue leaves everything to one that lives', async () => {
  const { effects, killed, objections } = await crashQueueAfter(0);
  expect([killed, objections]).toEqual([false, []]);
  // Every kind of effect is there.
  for (const kind of KINDS)
    expect(
      effects.some((effect) => kind.test(effect)),
      `${kind}`,
    ).toBe(true);
  const numbers = Array.from({ length: effects.length + 4 }, (_, index) => index + 1);
  const { deaths, wrong } = await crashQueueAfterEach(numbers);
  console.log(`${effects.length} effects, ${deaths} deaths`);
  expect(wrong).toEqual([]);
  expect(deaths).toBeGreaterThanOrEqual(0.9 * effects.length);
});

const KINDS = [
  /INTO orchestrators/,
  /DELETE FROM orchestrators/,
  /UPDATE improvement_scripts/,
  /INTO jobs/,
  /UPDATE jobs/,
  /INTO improvement_runs/,
  /UPDATE improvement_runs/,
  /INTO cartridges/,
  /commit/,
  /remove cartridges\/\.left/,
  /rename socket\/inbox\/.* to socket\/tmp/,
  /half of write/,
  /rename .* to .*\.png$/,
];

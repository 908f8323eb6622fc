/** A million files that somebody has been at: read or refused with a code, within what each is worth, in memory that does not grow. */
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readMutants } from '../support/hostile-files.ts';

const SEED = 20_261_122;
const FILES = 1_000_000;
const STEP = 50_000;
const TURN = 500;
const MIB = 2 ** 20;

it('1,000,000 changed files crash no reader, cost what they are worth, and leave nothing behind', async () => {
  const start = process.cpuUsage();
  const ends = new Map<string, number>();
  const residentMiB: number[] = [];
  let dearest = 0;
  for (let from = 0; from < FILES; from += TURN) {
    const tally = readMutants(SEED, from, from + TURN);
    dearest = Math.max(dearest, tally.dearest);
    for (const [end, count] of tally.ends) ends.set(end, (ends.get(end) ?? 0) + count);
    // Node closes a stream that failed when the loop has its turn.
    await setImmediate();
    if ((from + TURN) % STEP === 0) residentMiB.push(Math.round(process.memoryUsage.rss() / MIB));
  }
  const { user, system } = process.cpuUsage(start);
  const perSecond = Math.round(FILES / ((user + system) / 1e6));
  console.log(`seed ${SEED}: ${FILES} files, ${perSecond} a second of a processor, by two readers each`);
  console.log(
    `at most ${dearest.toFixed(3)} of what a file is worth; MiB after each ${STEP}: ${residentMiB.join(' ')}`,
  );
  console.log(JSON.stringify(Object.fromEntries([...ends].sort())));
  // The first steps are V8's, warming up.
  const [settled, last] = [Math.max(...residentMiB.slice(2, 6)), Math.max(...residentMiB.slice(-4))];
  expect(last - settled).toBeLessThan(32);
  expect(ends.get('whole')).toBeGreaterThan(1_000);
});

/** A storm of kills: renderers die in the middle of jobs, again and again, and others take over. */
import { expect } from 'vitest';
import { seeded } from '../../shared/seeded.ts';
import { expectedPixels, samePixels } from './expected-pixels.ts';
import { goodProgram } from './good-program.ts';
import { endRenderer, inHand, namesIn, startRenderer } from './renderer-process.ts';
import { SpoolHand } from './spool-hand.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

/** Large enough that a job takes some milliseconds: most kills are to meet one in hand. */
const CANVAS = { width: 600, height: 400 };

/**
 * Offers jobs, kills the renderer at seeded numbers of answers, and holds every answer to its picture.
 *
 * @returns how many kills met a job in hand
 */
export async function stormOfKills(jobs: number, kills: number, seed: number): Promise<number> {
  const next = seeded(seed);
  const socket = temporaryFolder();
  const spool = new SpoolHand(socket);
  let renderer = await startRenderer(socket);
  for (let n = 0; n < jobs; n++) spool.offer(`job-${n}`, goodProgram(n), CANVAS);
  const answered = () => namesIn(socket, 'outbox').filter((name) => name.endsWith('.json')).length;
  // Only while most jobs are fresh: one that was in hand at a kill comes last, and three kills with the
  // same job in hand would rightly make it poison.
  const moments = Array.from({ length: kills }, () => 1 + Math.floor(next() * jobs * 0.8)).sort(
    (a, b) => a - b,
  );
  let inHands = 0;
  for (const moment of moments) {
    const enough = Math.max(moment, answered() + 1);
    await waitUntil(`${enough} answers`, () => answered() >= enough, 10_000, 0);
    await new Promise((resolve) => setTimeout(resolve, next() * 4));
    await endRenderer(renderer, 'SIGKILL');
    if (inHand(socket).length > 0) inHands++;
    renderer = await startRenderer(socket);
  }
  for (let n = 0; n < jobs; n++) {
    const { reply, pixels } = await spool.answer(`job-${n}`);
    expect(reply.status, `job-${n}, seed ${seed}`).toBe('ok');
    expect(samePixels(pixels, await expectedPixels(goodProgram(n), CANVAS)), `job-${n}, seed ${seed}`).toBe(
      true,
    );
  }
  await waitUntil('nothing in hand', () => inHand(socket).length === 0);
  for (const room of ['inbox', 'tmp', 'poison']) expect(namesIn(socket, room), room).toEqual([]);
  expect(namesIn(socket, 'work')).toHaveLength(1);
  expect(namesIn(socket, 'renderer')).toHaveLength(1);
  await endRenderer(renderer);
  return inHands;
}

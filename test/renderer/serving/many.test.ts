/** Many clients at one renderer at once: each gets its own answers, whole and right. */
import { describe, expect, it } from 'vitest';
import { samePixels } from '../../support/expected-pixels.ts';
import { goodPixels, goodProgram } from '../../support/good-program.ts';
import { inHand, namesIn, startRenderer } from '../../support/renderer-process.ts';
import { SpoolHand } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

const CLIENTS = 8;
const JOBS = 50;

describe(`${CLIENTS} clients with ${JOBS} jobs each`, () => {
  it('one job after the other: every answer is the asked one', async () => {
    const socket = temporaryFolder();
    await startRenderer(socket);
    const start = performance.now();
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        const spool = new SpoolHand(socket);
        for (let job = 0; job < JOBS; job++) {
          const id = `c${client}-j${job}`;
          const n = client * JOBS + job;
          spool.offer(id, goodProgram(n));
          const { pixels } = await spool.answer(id);
          expect(samePixels(pixels, await goodPixels(n)), id).toBe(true);
          spool.forget(id);
        }
      }),
    );
    console.log(
      `${CLIENTS * JOBS} jobs of ${CLIENTS} clients in ${Math.round(performance.now() - start)} ms`,
    );
    await waitUntil('nothing in hand', () => inHand(socket).length === 0);
    for (const room of ['tmp', 'inbox', 'outbox', 'poison']) expect(namesIn(socket, room), room).toEqual([]);
  });

  it('all jobs at once: every answer is the asked one', async () => {
    const socket = temporaryFolder();
    await startRenderer(socket);
    const spool = new SpoolHand(socket);
    for (let n = 0; n < CLIENTS * JOBS; n++) spool.offer(`j${n}`, goodProgram(n));
    for (let n = 0; n < CLIENTS * JOBS; n++) {
      expect(samePixels((await spool.answer(`j${n}`)).pixels, await goodPixels(n)), `j${n}`).toBe(true);
    }
  });
});

describe('the comparer of pictures', () => {
  it('objects to one flipped bit, to one byte less and to nothing', async () => {
    const expected = await goodPixels(1);
    expect(samePixels(Uint8Array.from(expected), expected)).toBe(true);
    for (const at of [0, 12_345, expected.length - 1]) {
      const flipped = Uint8Array.from(expected);
      flipped[at]! ^= 1;
      expect(samePixels(flipped, expected)).toBe(false);
    }
    expect(samePixels(expected.subarray(1), expected)).toBe(false);
    expect(samePixels(undefined, expected)).toBe(false);
  });

  it('would see two jobs exchanged: no two good programs in a row have one picture', async () => {
    for (let n = 0; n < 50; n++) expect(samePixels(await goodPixels(n), await goodPixels(n + 1))).toBe(false);
  });
});

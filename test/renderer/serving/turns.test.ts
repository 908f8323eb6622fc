/** Renderers that die while they render, one door's question in hand and the other's waiting. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startProgram } from '../../support/child.ts';
import { samePixels } from '../../support/expected-pixels.ts';
import { goodPixels, goodProgram } from '../../support/good-program.ts';
import { announcedPids, inHand, namesIn, startRenderer } from '../../support/renderer-process.ts';
import { SlotHand } from '../../support/slot-hand.ts';
import { SpoolHand } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** As often as a job may be in dead hands. */
const DEATHS = 3;
/** Longer than the renderer's slow scan: whatever it would take it has taken by then. */
const ONE_SCAN_MS = 300;
const DEADLY = { op: 'render_program', code: 'HALT', width: 13 };

/** A renderer that dies of DEADLY as soon as `die` is called. */
async function startDoomed(socket: string, ...how: readonly 'together'[]) {
  const go = join(socket, 'go');
  rmSync(go, { force: true });
  const child = startProgram('crashing-painter', [socket, ...how]);
  await waitUntil('it to announce itself', () => announcedPids(socket).includes(child.pid));
  return {
    async die(): Promise<void> {
      writeFileSync(go, '');
      expect((await child.ended).signal).toBe('SIGKILL');
    },
  };
}

const scan = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, ONE_SCAN_MS));

it('a death at the slot’s picture is not counted against the job that waits in the spool', async () => {
  const socket = temporaryFolder();
  const [slot, spool] = [new SlotHand(socket), new SpoolHand(socket)];
  const doomed = await startDoomed(socket);
  slot.send(DEADLY);
  await waitUntil('the command to be taken', () =>
    inHand(socket).some((path) => path.endsWith('/slot.json')),
  );
  spool.offer('waits', goodProgram(3));
  await scan();
  await doomed.die();
  expect(namesIn(socket, 'inbox')).toEqual(['waits.json']);
  expect(inHand(socket).map((path) => path.split('/')[1])).toEqual(['slot.json']);
  await startRenderer(socket);
  const { pixels } = await spool.answer('waits');
  expect(samePixels(pixels, await goodPixels(3))).toBe(true);
  expect(await slot.takeReply()).toMatchObject({ status: 'error', error: { code: 'RUN-E001' } });
});

it('deaths at a job of the spool are its own, and leave the slot’s command to the next renderer', async () => {
  const socket = temporaryFolder();
  const [slot, spool] = [new SlotHand(socket), new SpoolHand(socket)];
  for (let death = 0; death < DEATHS; death++) {
    const doomed = await startDoomed(socket);
    if (death === 0) spool.offerBytes('deadly', JSON.stringify(DEADLY));
    const name = `deadly~${death}.json`;
    await waitUntil(`${name} to be taken`, () => inHand(socket).some((path) => path.endsWith(`/${name}`)));
    // The last time: the successor would answer it before the deadly job comes back, which goes to poison.
    if (death === DEATHS - 1) slot.send({ op: 'render_program', id: 'waits', code: goodProgram(4) });
    await scan();
    expect(inHand(socket).map((path) => path.split('/')[1])).toEqual([name]);
    await doomed.die();
  }
  expect(existsSync(slot.command)).toBe(true);
  await startRenderer(socket);
  expect(await slot.takeReply()).toMatchObject({ status: 'ok', id: 'waits' });
  expect(samePixels(await slot.takePixels(), await goodPixels(4))).toBe(true);
  expect((await spool.answer('deadly')).reply).toMatchObject({ status: 'error', retryable: false });
});

it('a death with several jobs in hand is found out: the deadly one is alone from then on, and no other is charged again', async () => {
  const socket = temporaryFolder();
  const spool = new SpoolHand(socket);
  const names = () => inHand(socket).map((path) => path.split('/')[1]);
  const innocent = Array.from({ length: 8 }, (_, n) => `job-${n}`);
  const doomed = await startDoomed(socket, 'together');
  for (const [n, id] of innocent.entries()) {
    spool.offer(id, goodProgram(n));
    // In the middle, whatever of them was taken at once.
    if (n === 3) spool.offerBytes('deadly', JSON.stringify(DEADLY));
  }
  await waitUntil('all in hand', () => names().length === innocent.length + 1);
  await doomed.die();
  for (let death = 1; death < DEATHS; death++) {
    const next = await startDoomed(socket, 'together');
    await waitUntil('it to be in hand', () => names().includes(`deadly~${death}.json`), 10_000);
    // Whatever comes now, and what was in hand at the first death, waits or is answered.
    if (death === 1) spool.offer('late', goodProgram(20));
    await scan();
    expect(names()).toEqual([`deadly~${death}.json`]);
    expect(namesIn(socket, 'inbox').filter((name) => /~(?!1\.)/.test(name))).toEqual([]);
    await next.die();
  }
  await startRenderer(socket);
  for (const [n, id] of innocent.entries()) {
    const { reply, pixels } = await spool.answer(id);
    expect([reply.status, samePixels(pixels, await goodPixels(n))]).toEqual(['ok', true]);
  }
  expect((await spool.answer('deadly')).reply).toMatchObject({ status: 'error', retryable: false });
  expect((await spool.answer('late')).reply).toMatchObject({ status: 'ok' });
  expect(namesIn(socket, 'poison')).toEqual(['deadly.json', 'deadly.json.why']);
});

/** Several renderers at one socket: each job is answered once and right, whoever of them dies, stops or comes back. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAnnouncements } from '../../support/announcements.ts';
import { startProgram } from '../../support/child.ts';
import { samePixels } from '../../support/expected-pixels.ts';
import { goodPixels, goodProgram } from '../../support/good-program.ts';
import {
  announcedPids,
  endRenderer,
  inHand,
  namesIn,
  startRenderer,
} from '../../support/renderer-process.ts';
import { SlotHand } from '../../support/slot-hand.ts';
import { SpoolHand } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

const JOBS = 240;
const CLIENTS = 4;
/** A picture that a waiting painter holds in hand; any other paints it at once. */
const HELD = { op: 'render_program', code: 'RECT 1 1 5 5', width: 13 };
/** About a second until the others look, and as much again for a machine that is busy. */
const SOON_MS = 3_000;
/** Whoever would be taken for dead by its process has been by then. */
const TWO_LOOKS_MS = 2_200;

const slotOwners = (socket: string): number[] =>
  readAnnouncements(socket)
    .filter(({ slot }) => slot)
    .map(({ pid }) => pid);

describe('renderers at one socket, under load', () => {
  it.each([2, 3])(
    '%i of them share the jobs; none is lost, answered twice or answered wrong',
    async (count) => {
      const socket = temporaryFolder();
      const renderers = await Promise.all(Array.from({ length: count }, () => startRenderer(socket)));
      await waitUntil('one of them in the slot', () => slotOwners(socket).length === 1);
      const spool = new SpoolHand(socket);
      const painters = new Map<string, number>();
      // All offered before the first is waited for, so that they meet at every name.
      for (let n = 0; n < JOBS; n++) spool.offer(`j${n}`, goodProgram(n));
      await Promise.all(
        Array.from({ length: CLIENTS }, async (_, client) => {
          for (let n = client; n < JOBS; n += CLIENTS) {
            const { reply, pixels } = await spool.answer(`j${n}`);
            expect(samePixels(pixels, await goodPixels(n)), `j${n}`).toBe(true);
            const { renderer = '' } = reply;
            painters.set(renderer, (painters.get(renderer) ?? 0) + 1);
            spool.forget(`j${n}`);
          }
        }),
      );
      console.log(`${JOBS} jobs by ${count} renderers: ${[...painters.values()].sort().join(', ')}`);
      expect(painters.size).toBe(count);
      await waitUntil('nothing in hand', () => inHand(socket).length === 0);
      // A second answer to anybody would lie there.
      for (const room of ['tmp', 'inbox', 'outbox', 'poison'])
        expect(namesIn(socket, room), room).toEqual([]);
      const said = renderers.map((one) => one.output()).join('');
      expect(said).not.toMatch(/"level":"(warn|error)"/);
      expect(said.match(/"serves":"slot and spool"/g)).toHaveLength(1);
      await Promise.all(renderers.map((one) => endRenderer(one)));
      expect(namesIn(socket, 'work').concat(namesIn(socket, 'renderer'))).toEqual([]);
    },
  );
});

describe('renderers beside one another', () => {
  it('take over from the dead, the slot too, and leave one alone that is only stopped', async () => {
    const socket = temporaryFolder();
    const go = join(socket, 'go');
    const [slot, spool] = [new SlotHand(socket), new SpoolHand(socket)];
    const startPatient = async () => {
      const child = startProgram('waiting-painter', [socket, go]);
      await waitUntil('it to serve', () => child.output().includes('renderer:serving'));
      return child;
    };
    const taken = (name: string) => waitUntil(`${name} to be taken`, () => holderOf(socket, name));

    const owner = await startPatient();
    slot.send({ ...HELD, id: 'at-the-slot' });
    expect(await taken('slot.json')).toBe(owner.pid);
    const killed = await startPatient();
    spool.offerBytes('killed', JSON.stringify(HELD));
    expect(await taken('killed~0.json')).toBe(killed.pid);
    const stopped = await startPatient();
    spool.offerBytes('stopped', JSON.stringify(HELD));
    expect(await taken('stopped~0.json')).toBe(stopped.pid);
    stopped.process.kill('SIGSTOP');
    const heir = await startRenderer(socket);
    expect(slotOwners(socket)).toEqual([owner.pid]);
    // Whatever is taken over is taken over from now on.
    spool.offer('fresh', goodProgram(1));
    expect((await spool.answer('fresh')).reply).toMatchObject({ renderer: nameOf(heir.pid) });
    expect(existsSync(join(socket, 'outbox', 'killed.json'))).toBe(false);

    const begun = performance.now();
    await Promise.all([endRenderer(owner, 'SIGKILL'), endRenderer(killed, 'SIGKILL')]);
    const [atSlot, again] = await Promise.all([
      slot.takeReply().then((reply) => ({ reply, ms: performance.now() - begun })),
      spool.answer('killed').then(({ reply }) => ({ reply, ms: performance.now() - begun })),
    ]);
    console.log(`slot taken over in ${Math.round(atSlot.ms)} ms, job in ${Math.round(again.ms)} ms`);
    expect(atSlot.reply).toMatchObject({ id: 'at-the-slot', status: 'error', error: { code: 'RUN-E001' } });
    expect(again.reply).toMatchObject({ status: 'ok', renderer: nameOf(heir.pid) });
    expect(Math.max(atSlot.ms, again.ms)).toBeLessThan(SOON_MS);
    slot.send({ op: 'ping', id: 'next' });
    expect(await slot.takeReply()).toMatchObject({ id: 'next', renderer: nameOf(heir.pid) });
    await waitUntil('the heir in the slot', () => slotOwners(socket).join() === `${heir.pid}`);

    await new Promise((resolve) => setTimeout(resolve, TWO_LOOKS_MS));
    expect(holderOf(socket, 'stopped~0.json')).toBe(stopped.pid);
    expect(announcedPids(socket).sort()).toEqual([stopped.pid, heir.pid].sort());
    writeFileSync(go, '');
    stopped.process.kill('SIGCONT');
    const late = await spool.answer('stopped');
    expect(late.reply).toMatchObject({ status: 'ok', renderer: nameOf(stopped.pid) });
    expect(stopped.output()).not.toContain('job:late');
    await Promise.all([endRenderer(stopped), endRenderer(heir)]);
    expect(namesIn(socket, 'work').concat(namesIn(socket, 'renderer'))).toEqual([]);
  });
});

const nameOf = (pid: number) => expect.stringMatching(new RegExp(`^r${pid}-`));

/** The pid of whoever has a file of this name in its folder. */
function holderOf(socket: string, name: string): number | undefined {
  const [path] = inHand(socket).filter((one) => one.endsWith(`/${name}`));
  return path === undefined ? undefined : Number(/^r(\d+)-/.exec(path)?.[1]);
}

/** A renderer on a GPU, in a process of its own: its life, its cost at rest, and right bytes under all of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectedPixels, samePixels } from '../../support/expected-pixels.ts';
import { goodProgram } from '../../support/good-program.ts';
import { startGpuRenderer, ticksOf } from '../../support/gpu-renderer.ts';
import { endRenderer, inHand, namesIn } from '../../support/renderer-process.ts';
import { SlotHand } from '../../support/slot-hand.ts';
import { describeWithGpu } from '../../support/software-gpu.ts';
import { SpoolHand } from '../../support/spool-hand.ts';
import { type Later, temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** From one pixel to more than a hundred tiles, so that buffers grow, and hold the rests of larger pictures. */
const CANVASES = [
  { width: 1, height: 1 },
  { width: 640, height: 360 },
  { width: 33, height: 65 },
  { width: 128, height: 64 },
  { width: 7, height: 300 },
  { width: 500, height: 9 },
] as const;

const canvasOf = (n: number) => CANVASES[n % CANVASES.length]!;

/** A socket, a renderer on a GPU that serves it, and a client at either door. */
async function serving(later?: Later) {
  const socket = temporaryFolder(later);
  const renderer = await startGpuRenderer(socket, later);
  return { socket, renderer, spool: new SpoolHand(socket), slot: new SlotHand(socket) };
}

/** Holds the answer to a job of `goodProgram(n)` on its canvas to its picture, and gives the reply. */
async function answered(spool: SpoolHand, id: string, n: number) {
  const { reply, pixels } = await spool.answer(id, 20_000);
  expect(reply, id).toMatchObject({ status: 'ok' });
  expect(samePixels(pixels, await expectedPixels(goodProgram(n), canvasOf(n))), id).toBe(true);
  return reply;
}

describeWithGpu('a renderer on a GPU that serves for long', () => {
  const cleanUps: (() => unknown)[] = [];
  let at: Awaited<ReturnType<typeof serving>>;
  beforeAll(async () => {
    at = await serving((act) => cleanUps.push(act));
  }, 60_000);
  afterAll(async () => {
    for (const act of cleanUps.reverse()) await act();
  });

  it('gives three hundred jobs of mixed sizes, offered at once, and a slot client beside them, their own pictures', async () => {
    const { socket, spool, slot } = at;
    const jobs = Array.from({ length: 300 }, (_, n) => `large-and-small-${n}`);
    for (const [n, id] of jobs.entries()) spool.offer(id, goodProgram(n), canvasOf(n));
    let asked = 0;
    const isDone = () => jobs.every((id) => namesIn(socket, 'outbox').includes(`${id}.json`));
    for (let n = 1_000; asked < 20 || !isDone(); n++, asked++) {
      slot.send({ op: 'render_program', id: `slot-${n}`, code: goodProgram(n), ...canvasOf(n) });
      expect(await slot.takeReply()).toMatchObject({ id: `slot-${n}`, status: 'ok', backend: 'gpu' });
      const pixels = await slot.takePixels();
      expect(samePixels(pixels, await expectedPixels(goodProgram(n), canvasOf(n))), `slot-${n}`).toBe(true);
    }
    for (const [n, id] of jobs.entries()) {
      const reply = await answered(spool, id, n);
      expect(reply).toMatchObject({ backend: 'gpu', adapter: expect.stringMatching(/./), dispatches: 1 });
      expect(reply).toMatchObject({ reason: 'asked for' });
    }
    await waitUntil('nothing in hand', () => inHand(socket).length === 0);
    expect(namesIn(socket, 'poison')).toEqual([]);
  });

  it('paints each job of a mix with what it asks for, and all to the same bytes', async () => {
    const { spool } = at;
    const choices = ['cpu', 'gpu', 'auto', undefined] as const;
    const jobs = Array.from({ length: 96 }, (_, n) => ({
      id: `mixed-${n}`,
      // The same program and canvas for each choice in turn.
      picture: Math.floor(n / choices.length),
      backend: choices[n % choices.length],
    }));
    for (const { id, picture, backend } of jobs) {
      spool.offer(id, goodProgram(picture), { ...canvasOf(picture), backend });
    }
    for (const { id, picture, backend } of jobs) {
      const reply = await answered(spool, id, picture);
      expect(reply, id).toMatchObject({ backend: backend === 'cpu' ? 'cpu' : 'gpu' });
      expect(reply).toMatchObject({ reason: 'asked for' });
      if (backend === 'cpu') expect(reply).not.toHaveProperty('dispatches');
      else expect(reply).toMatchObject({ dispatches: 1 });
    }
  });

  it.runIf(process.platform === 'linux')('costs nothing while nobody asks it for anything', async () => {
    const { renderer, spool } = at;
    const work = async (ms: number): Promise<void> => {
      const end = performance.now() + ms;
      for (let n = 0; performance.now() < end; n++) {
        spool.offer(`job-${n}`, goodProgram(1), canvasOf(1));
        await spool.answer(`job-${n}`);
        spool.forget(`job-${n}`);
      }
    };
    const spentBy = async (act: () => Promise<void>): Promise<number> => {
      const began = performance.now();
      const before = ticksOf(renderer.pid);
      await act();
      return (ticksOf(renderer.pid) - before) / ((performance.now() - began) / 10);
    };
    // The control comes first: the same measure sees work, however little a busy machine leaves for it, and
    // the rest after work is the one that counts.
    expect(await spentBy(() => work(1_000)), 'cores at work').toBeGreaterThan(0.05);
    await sleep(300);
    expect(await spentBy(() => sleep(3_000)), 'cores at rest').toBeLessThan(0.02);
    await work(1);
  });
});

describeWithGpu('a renderer on a GPU', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends at %s with 0 within a second, its device open',
    async (signal) => {
      const { socket, renderer, spool } = await serving();
      spool.offer('a', goodProgram(3), canvasOf(3));
      await answered(spool, 'a', 3);
      const began = performance.now();
      await endRenderer(renderer, signal);
      expect(renderer.end()).toEqual({ code: 0, signal: null });
      expect(performance.now() - began).toBeLessThan(1_000);
      for (const room of ['renderer', 'work']) expect(namesIn(socket, room)).toEqual([]);
      // What it wrote on its way is its log alone.
      for (const line of renderer.output().trimEnd().split('\n')) JSON.parse(line);
    },
  );

  it('is killed with jobs in hand, three times, and its successors lose none', async () => {
    const socket = temporaryFolder();
    const spool = new SpoolHand(socket);
    let renderer = await startGpuRenderer(socket);
    const jobs = Array.from({ length: 80 }, (_, n) => `job-${n}`);
    for (const [n, id] of jobs.entries()) spool.offer(id, goodProgram(n), canvasOf(n));
    const count = () => namesIn(socket, 'outbox').filter((name) => name.endsWith('.json')).length;
    let inHands = 0;
    for (let kill = 1; kill <= 3; kill++) {
      await waitUntil('some answers', () => count() >= kill * 15 && inHand(socket).length > 0, 20_000, 0);
      await endRenderer(renderer, 'SIGKILL');
      if (inHand(socket).length > 0) inHands++;
      renderer = await startGpuRenderer(socket);
    }
    for (const [n, id] of jobs.entries()) {
      expect(await answered(spool, id, n)).toMatchObject({ backend: 'gpu' });
    }
    // Otherwise the kills would have proved nothing.
    expect(inHands).toBeGreaterThan(0);
    await waitUntil('nothing in hand', () => inHand(socket).length === 0);
    for (const room of ['inbox', 'tmp', 'poison']) expect(namesIn(socket, room), room).toEqual([]);
    expect(namesIn(socket, 'renderer')).toHaveLength(1);
  });
});

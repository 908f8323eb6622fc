/** The daemon at the spool where a GPU paints: several jobs in hand, each of them as if it were alone. */
import { describe, expect, it } from 'vitest';
import { HAND_JOBS } from '../../renderer/config.ts';
import { HostFault } from '../../shared/faults.ts';
import { fakeWorld, program } from './fake-world.ts';

const PAINT_MS = 10;
const DISK_FULL = new HostFault('write', '/x', 'disk full', { retryable: true });

/** A world whose GPU takes 10 ms, for however many pictures at once. */
function gpuWorld() {
  const world = fakeWorld();
  world.painting.standing = { ...world.painting.standing, backend: 'gpu' };
  delete world.painting.missing.gpu;
  world.painting.onPaint = () => world.clock.pause(PAINT_MS);
  const offer = (count: number, fields: object = {}): string[] => {
    const ids = Array.from({ length: count }, (_, n) => `j${String(n).padStart(3, '0')}`);
    for (const id of ids) world.waiting.set(`${id}.json`, program(fields));
    return ids;
  };
  const taken = (): string[] =>
    world.events.flatMap((event) => /^take (.+)\.json$/.exec(event)?.slice(1) ?? []);
  return { ...world, offer, taken };
}

describe('jobs of a burst', () => {
  it('are in hand together, and each answered in full: pixels, reply, done', async () => {
    const { offer, events, outbox, painting, clock, ring } = gpuWorld();
    const ids = offer(5);
    await ring();
    expect([painting.running, outbox.size]).toEqual([5, 0]);
    await clock.pass(PAINT_MS);
    expect([...outbox.keys()]).toEqual(ids);
    for (const id of ids) {
      const own = events.filter((event) => event.includes(id));
      expect(own).toEqual([`take ${id}.json`, `pixels ${id}`, `reply ${id}`, `done ${id}.json`]);
    }
  });

  it(`are ${HAND_JOBS} at a time at most, and the next ones follow as soon as some are answered`, async () => {
    const { offer, outbox, painting, clock, ring } = gpuWorld();
    const ids = offer(HAND_JOBS + 5);
    await ring();
    expect(painting.running).toBe(HAND_JOBS);
    await clock.pass(PAINT_MS);
    expect([outbox.size, painting.running]).toEqual([HAND_JOBS, 5]);
    await clock.pass(PAINT_MS);
    expect([...outbox.keys()]).toEqual(ids);
    expect(painting.most).toBe(HAND_JOBS);
  });

  it('are fewer where their canvases are large', async () => {
    const { offer, painting, clock, outbox, ring } = gpuWorld();
    // With their lists, 32 of half a MiB are as much as may be in hand.
    offer(40, { width: 512, height: 256 });
    await ring();
    expect(painting.running).toBe(32);
    for (let n = 0; n < 2; n++) await clock.pass(PAINT_MS);
    expect([painting.most, outbox.size]).toEqual([32, 40]);
  });

  it.each([
    ['whose canvases are too large for that', { width: 513, height: 256 }],
    ['with SHADEs', { code: 'SHADE 0 0 1 1\nSET r 1\nEND' }],
  ])('are one at a time where they are painted by themselves, as those %s', async (_, fields) => {
    const { offer, painting, clock, outbox, ring } = gpuWorld();
    offer(3, fields);
    await ring();
    for (let n = 0; n < 3; n++) await clock.pass(PAINT_MS);
    expect([painting.most, outbox.size]).toEqual([1, 3]);
  });

  it('are one at a time on the CPU, the control', async () => {
    const { offer, painting, clock, outbox, ring } = gpuWorld();
    painting.standing = { ...painting.standing, backend: 'cpu' };
    offer(3);
    await ring();
    for (let n = 0; n < 3; n++) await clock.pass(PAINT_MS);
    expect([painting.most, outbox.size]).toEqual([1, 3]);
  });

  it('are joined by those that come while they are painted, once one of them is answered', async () => {
    const { offer, waiting, painting, clock, taken, ring } = gpuWorld();
    offer(1);
    await ring();
    waiting.set('later.json', program());
    await ring();
    await clock.pass(PAINT_MS);
    expect([taken(), painting.running]).toEqual([['j000', 'later'], 1]);
  });

  it('are answered in their own words, whatever is wrong with their neighbours', async () => {
    const { waiting, outbox, clock, ring } = gpuWorld();
    waiting.set('a.json', program());
    waiting.set('b.json', '{"op":');
    waiting.set('c.json', program({ code: 'TXT ten' }));
    waiting.set('d.json', JSON.stringify({ op: 'ping' }));
    waiting.set('e.json', program({ id: 'e', width: 2, height: 3 }));
    await ring();
    await clock.pass(PAINT_MS);
    const statuses = [...outbox].map(([id, { status }]) => `${id} ${status}`).sort();
    expect(statuses).toEqual(['a ok', 'b refused', 'c refused', 'd pong', 'e ok']);
    expect(outbox.get('e')).toMatchObject({ id: 'e', bytes: 24, backend: 'gpu' });
  });

  it('hold one id once: the same one again waits for its answer', async () => {
    const { waiting, events, inHand, painting, clock, ring } = gpuWorld();
    waiting.set('a.json', program());
    waiting.set('b.json', program());
    await ring();
    waiting.set('a.json', program());
    await ring();
    expect([painting.running, inHand.size]).toEqual([2, 2]);
    await clock.pass(PAINT_MS);
    expect(events.filter((event) => event.includes(' a'))).toEqual([
      ...['take a.json', 'pixels a', 'reply a', 'done a.json'],
      ...['take a.json', 'republish a', 'done a.json'],
    ]);
  });
});

describe('a job that was in a dead renderer’s hands', () => {
  it('is taken when nothing else is in hand, and nothing else beside it', async () => {
    const { offer, waiting, taken, painting, clock, ring } = gpuWorld();
    offer(2);
    // They come after all others by the order of the inbox; here also in the order of names.
    for (const name of ['x~1', 'y~2', 'z']) waiting.set(`${name}.json`, program());
    await ring();
    expect([taken(), painting.running]).toEqual([['j000', 'j001'], 2]);
    await clock.pass(PAINT_MS);
    expect([taken().at(-1), painting.running]).toEqual(['x~1', 1]);
    await clock.pass(PAINT_MS);
    expect([taken().at(-1), painting.running]).toEqual(['y~2', 1]);
    await clock.pass(PAINT_MS);
    expect([taken().at(-1), painting.running]).toEqual(['z', 1]);
  });
});

describe('a fault of the world', () => {
  it('hands back the job that it strikes, and the others are answered', async () => {
    const { offer, waiting, inHand, outbox, broken, logged, clock, ring } = gpuWorld();
    offer(4);
    broken.set('pixels j001', DISK_FULL);
    await ring();
    await clock.pass(PAINT_MS);
    expect([...outbox.keys()]).toEqual(['j000', 'j002', 'j003']);
    expect([[...waiting.keys()], inHand.size]).toEqual([['j001.json'], 0]);
    expect(logged.filter((line) => line.startsWith('daemon:fault'))).toHaveLength(1);
    broken.clear();
    await clock.pass(200);
    await ring();
    await clock.pass(PAINT_MS);
    expect(outbox.get('j001')?.status).toBe('ok');
  });

  it('that strikes all in hand loses none of them', async () => {
    const { offer, waiting, inHand, outbox, broken, clock, ring } = gpuWorld();
    const ids = offer(3);
    for (const id of ids) broken.set(`reply ${id}`, DISK_FULL);
    await ring();
    await clock.pass(PAINT_MS);
    expect([waiting.size, inHand.size, outbox.size]).toEqual([3, 0, 0]);
    broken.clear();
    await clock.pass(200);
    await ring();
    await clock.pass(PAINT_MS);
    expect([...outbox.keys()].sort()).toEqual(ids);
  });
});

describe('the slot beside a burst', () => {
  it('has its turn when those in hand are answered; no more are taken before it', async () => {
    const { offer, waiting, slot, painting, events, clock, ring } = gpuWorld();
    offer(2);
    await ring();
    slot.command = program({ id: 's' });
    await ring();
    for (const id of ['k', 'l']) waiting.set(`${id}.json`, program());
    await ring();
    await clock.pass(PAINT_MS);
    expect([painting.running, events.at(-1)]).toEqual([1, 'slot take']);
    await clock.pass(PAINT_MS);
    expect(slot.answer?.reply).toMatchObject({ id: 's', status: 'ok' });
    expect(painting.running).toBe(2);
  });

  it('keeps the spool’s jobs out of hand while it is answered', async () => {
    const { offer, slot, inHand, clock, ring } = gpuWorld();
    slot.command = program({ id: 's' });
    await ring();
    offer(3);
    await ring();
    expect(inHand.size).toBe(0);
    await clock.pass(PAINT_MS);
    expect(inHand.size).toBe(3);
  });
});

describe('stopping', () => {
  it('finishes all that are in hand, and begins no other', async () => {
    const { offer, outbox, waiting, daemon, clock, ring } = gpuWorld();
    offer(HAND_JOBS + 1);
    await ring();
    let stopped = false;
    const stopping = daemon.stop().then(() => {
      stopped = true;
    });
    await ring();
    expect([stopped, outbox.size]).toEqual([false, 0]);
    await clock.pass(PAINT_MS);
    await stopping;
    expect([outbox.size, waiting.size]).toEqual([HAND_JOBS, 1]);
  });
});

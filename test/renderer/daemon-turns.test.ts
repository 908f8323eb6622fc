/** The two doors of the daemon at a painter that takes its time: who is in hand, and whose turn it is. */
import { describe, expect, it } from 'vitest';
import { HostFault } from '../../shared/faults.ts';
import { fakeWorld, program } from './fake-world.ts';

const PAINT_MS = 10;

/** A world whose painter takes 10 ms for a picture. */
function slowWorld() {
  const world = fakeWorld();
  world.painting.onPaint = () => world.clock.pause(PAINT_MS);
  return world;
}

describe('while the slot’s picture is painted', () => {
  it('no job of the spool is in hand; it is taken when the picture is published', async () => {
    const { slot, waiting, inHand, events, clock, ring } = slowWorld();
    slot.command = program({ id: 's' });
    await ring();
    waiting.set('a.json', program());
    await ring();
    await clock.pass(PAINT_MS - 1);
    expect([[...waiting.keys()], inHand.size]).toEqual([['a.json'], 0]);
    await clock.pass(1);
    expect(events).toEqual(['slot take', `slot publish at ${PAINT_MS}`, 'slot done', 'take a.json']);
    await clock.pass(PAINT_MS);
    expect(events.slice(4)).toEqual(['pixels a', 'reply a', 'done a.json']);
  });

  it('a job that its client withdraws is gone, and the next one served', async () => {
    const { slot, waiting, outbox, clock, ring } = slowWorld();
    slot.command = program({ id: 's' });
    await ring();
    for (const id of ['a', 'b']) waiting.set(`${id}.json`, program());
    await ring();
    waiting.delete('a.json');
    for (let n = 0; n < 2; n++) await clock.pass(PAINT_MS);
    expect([...outbox.keys()]).toEqual(['b']);
  });

  it('a stop lets it finish, and begins nothing at the spool', async () => {
    const { slot, waiting, inHand, events, daemon, clock, ring } = slowWorld();
    slot.command = program({ id: 's' });
    await ring();
    waiting.set('a.json', program());
    await ring();
    const stopped = daemon.stop();
    await clock.pass(PAINT_MS);
    await stopped;
    expect(slot.answer?.reply).toMatchObject({ id: 's', status: 'ok' });
    expect([[...waiting.keys()], inHand.size]).toEqual([['a.json'], 0]);
    await clock.pass(PAINT_MS);
    expect(events).toEqual(['slot take', `slot publish at ${PAINT_MS}`, 'slot done']);
  });
});

describe('while a picture of the spool is painted', () => {
  it('a command at the slot stays where it is; it is taken when the job is done', async () => {
    const { slot, waiting, events, clock, ring } = slowWorld();
    waiting.set('a.json', program());
    await ring();
    slot.command = program({ id: 's' });
    await ring();
    await clock.pass(PAINT_MS - 1);
    expect([slot.command, slot.taken]).toEqual([program({ id: 's' }), undefined]);
    await clock.pass(1);
    expect(events.slice(1)).toEqual(['slot withdraw', 'pixels a', 'reply a', 'done a.json', 'slot take']);
    await clock.pass(PAINT_MS);
    expect(slot.answer?.reply).toMatchObject({ id: 's', status: 'ok' });
  });

  it('an old answer at the slot is gone as soon as the next command waits', async () => {
    const { slot, waiting, clock, ring } = slowWorld();
    slot.command = program({ id: 'before' });
    await ring();
    await clock.pass(PAINT_MS);
    waiting.set('a.json', program());
    await ring();
    expect(slot.answer?.reply.id).toBe('before');
    slot.command = program({ id: 's' });
    await ring();
    expect(slot.answer?.reply.id).toBeUndefined();
  });

  it('a newer command at the slot takes the place of the one that waits', async () => {
    const { slot, waiting, events, clock, ring } = slowWorld();
    waiting.set('a.json', program());
    await ring();
    for (const id of ['old', 'new']) {
      slot.command = program({ id });
      await ring();
    }
    for (let n = 0; n < 2; n++) await clock.pass(PAINT_MS);
    expect(slot.answer?.reply.id).toBe('new');
    expect(events.filter((event) => event === 'slot take')).toHaveLength(1);
  });

  it('a command at the slot that is removed again is missed by nobody', async () => {
    const { slot, waiting, events, clock, ring } = slowWorld();
    waiting.set('a.json', program());
    await ring();
    slot.command = program({ id: 's' });
    await ring();
    slot.command = undefined;
    waiting.set('b.json', program());
    for (let n = 0; n < 2; n++) await clock.pass(PAINT_MS);
    expect(events).toContain('done b.json');
    expect(events).not.toContain('slot take');
  });

  it('a half-written command that was taken before is in hand, and has its turn once it is whole', async () => {
    const { slot, waiting, events, clock, ring } = slowWorld();
    slot.command = '{"op"';
    await ring();
    for (const id of ['a', 'b']) waiting.set(`${id}.json`, program());
    await ring();
    expect(events).toEqual(['slot take', 'take a.json']);
    slot.taken = program({ id: 's' });
    await clock.pass(PAINT_MS - 1);
    expect(slot.taken).toBeDefined();
    await clock.pass(1);
    await clock.pass(PAINT_MS);
    expect(events).toEqual([
      'slot take',
      ...['take a.json', 'pixels a', 'reply a', 'done a.json'],
      ...[`slot publish at ${2 * PAINT_MS}`, 'slot done'],
      'take b.json',
    ]);
  });

  it('a stop lets it finish, and leaves the slot’s command to the next renderer', async () => {
    const { slot, waiting, outbox, daemon, clock, events, ring } = slowWorld();
    waiting.set('a.json', program());
    await ring();
    slot.command = program({ id: 's' });
    await ring();
    const stopped = daemon.stop();
    await clock.pass(PAINT_MS);
    await stopped;
    expect(outbox.get('a')?.status).toBe('ok');
    expect(slot.command).toBeDefined();
    await clock.pass(PAINT_MS);
    expect(events).not.toContain('slot take');
  });
});

describe('the doors', () => {
  it('alternate while both have work: neither starves the other', async () => {
    const { slot, waiting, events, clock, ring } = slowWorld();
    let asked = 0;
    const ask = (): void => {
      slot.command = program({ id: `s${asked++}` });
    };
    // A client that asks anew as soon as it is answered.
    slot.onPublish = () => void Promise.resolve().then(ask);
    for (let n = 10; n < 30; n++) waiting.set(`j${n}.json`, program());
    ask();
    await ring();
    for (let n = 0; n < 30; n++) await clock.pass(PAINT_MS);
    const takes = events.filter((event) => event.includes('take')).map((event) => event.slice(0, 4));
    expect(takes.length).toBeGreaterThan(25);
    for (const [at, take] of takes.entries()) expect(take, `take ${at}`).not.toBe(takes[at + 1]);
  });

  it('do not wait for the 2 ms of an answer without an id', async () => {
    const { slot, waiting, events, painting, clock, ring } = slowWorld();
    painting.onPaint = () => {};
    slot.command = program();
    waiting.set('a.json', program());
    await ring();
    await clock.pass(1.9);
    expect(events).toContain('done a.json');
    expect(events.some((event) => event.startsWith('slot publish'))).toBe(false);
    await clock.pass(0.1);
    expect(events).toContain('slot publish at 2');
  });

  it('pass the turn on when the world fails one of them', async () => {
    const { slot, waiting, outbox, broken, clock, ring } = slowWorld();
    const fault = new HostFault('rename', '/x', 'disk full', { retryable: true });
    waiting.set('a.json', program());
    broken.set('take a.json', fault);
    slot.command = program({ id: 's' });
    await ring();
    await clock.pass(PAINT_MS);
    expect(slot.answer?.reply.id).toBe('s');
    broken.clear();
    broken.set('slot take', fault);
    slot.command = program({ id: 't' });
    await clock.pass(200);
    await ring();
    await clock.pass(PAINT_MS);
    expect(outbox.get('a')?.status).toBe('ok');
  });
});

describe('jobs of the spool', () => {
  it('are answered in a row for a millisecond, and then others have their turn', async () => {
    for (const [paintMs, breaths] of [
      [0, 0],
      [0.5, 5],
      [1, 10],
      [7, 10],
    ] as const) {
      const { painting, waiting, outbox, clock, world, ring } = fakeWorld();
      painting.onPaint = () => {
        clock.ms += paintMs;
      };
      for (let n = 0; n < 10; n++) waiting.set(`${n}.json`, program());
      await ring();
      expect([outbox.size, world.breaths], `${paintMs} ms`).toEqual([10, breaths]);
    }
  });
});

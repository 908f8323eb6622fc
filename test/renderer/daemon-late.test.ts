/** A renderer that was believed dead, and whose work another one has taken meanwhile: it harms nobody. */
import { describe, expect, it } from 'vitest';
import { HostFault } from '../../shared/faults.ts';
import { fakeWorld, program } from './fake-world.ts';

describe('a job that was given back while it was painted', () => {
  it('is not answered, not even in part, and the log says so', async () => {
    const world = fakeWorld();
    world.waiting.set('a.json', program());
    world.painting.onPaint = () => void world.inHand.clear();
    await world.ring();
    expect(world.events).toEqual(['take a.json']);
    expect([world.outbox.size, world.pixels.size]).toEqual([0, 0]);
    expect(world.logged.filter((line) => line.startsWith('job:'))).toEqual([
      expect.stringMatching(/^job:late \{"id":"a",.*dropped/),
    ]);
  });

  it('is answered when it comes again, as if it had never been here', async () => {
    const world = fakeWorld();
    world.waiting.set('a.json', program());
    world.painting.onPaint = () => {
      world.inHand.clear();
      world.waiting.set('a~1.json', program());
      world.painting.onPaint = () => {};
    };
    await world.ring();
    expect(world.events).toEqual(['take a.json', 'take a~1.json', 'pixels a', 'reply a', 'done a~1.json']);
  });

  it('is no fault of the world where its folder went too', async () => {
    const world = fakeWorld();
    world.waiting.set('a.json', program());
    world.broken.set('pixels a', new HostFault('write', 'work', 'no such folder', { retryable: true }));
    // Between the look and the writing.
    const { has } = world.inHand;
    let looks = 0;
    world.inHand.has = (path) => {
      const found = has.call(world.inHand, path);
      if (++looks === 1) world.inHand.clear();
      return found;
    };
    world.waiting.set('b.json', program());
    await world.ring();
    expect(world.events).toEqual(['take a.json', 'take b.json', 'pixels b', 'reply b', 'done b.json']);
    expect(world.logged.join()).not.toContain('daemon:fault');
  });

  it('is answered as ever while it is held, the control', async () => {
    const world = fakeWorld();
    world.waiting.set('a.json', program());
    await world.ring();
    expect(world.events).toEqual(['take a.json', 'pixels a', 'reply a', 'done a.json']);
  });
});

describe('a slot command that was taken away while it was painted', () => {
  it('is not answered', async () => {
    const world = fakeWorld();
    world.slot.command = program({ id: 'a' });
    world.painting.onPaint = () => {
      world.slot.taken = undefined;
    };
    await world.ring();
    expect(world.events).toEqual(['slot take', 'slot done']);
    expect(world.logged.join()).toContain('slot:superseded');
  });
});

/** The daemon at the seed's slot, step by step, with no disk and no time. */
import { describe, expect, it } from 'vitest';
import { HostFault, PeerFault } from '../../shared/faults.ts';
import { fakeWorld, program } from './fake-world.ts';

const NAMED = program({ id: 'a' });
const DISK_FULL = new HostFault('write', '/x', 'disk full', { retryable: true });

describe('a command at the slot', () => {
  it('is taken, answered and let go, in this order', async () => {
    const { slot, events, ring } = fakeWorld();
    slot.command = NAMED;
    await ring();
    expect(events).toEqual(['slot take', 'slot publish at 0', 'slot done']);
    expect(slot.answer).toMatchObject({
      reply: { id: 'a', status: 'ok', renderer: 'r-test', bytes: 32_768 },
      pixels: { length: 32_768 },
    });
  });

  it('without an id is answered no sooner than 2 ms after it was taken', async () => {
    const { slot, clock, events, ring } = fakeWorld();
    slot.command = program();
    await ring();
    await clock.pass(1.9);
    expect(events).toEqual(['slot take']);
    await clock.pass(0.1);
    expect(events).toEqual(['slot take', 'slot publish at 2', 'slot done']);
    expect(slot.answer?.reply.id).toBeUndefined();
  });

  it('without an id waits again when the timer was early', async () => {
    const { slot, clock, events, ring } = fakeWorld();
    clock.early = 0.75;
    slot.command = program();
    await ring();
    await clock.pass(10);
    expect(clock.pauses.length).toBeGreaterThan(1);
    expect(events.find((event) => event.startsWith('slot publish'))).toBe('slot publish at 2');
  });

  it('with an id, or that took longer than 2 ms, is not held back', async () => {
    const { slot, clock, painting, ring } = fakeWorld();
    slot.command = NAMED;
    await ring();
    painting.onPaint = () => clock.pause(5);
    slot.command = program();
    await ring();
    await clock.pass(5);
    expect(slot.answer?.reply.status).toBe('ok');
    expect(clock.pauses).toEqual([5]);
  });

  it('that is refused leaves a reply and no pixels', async () => {
    const { slot, ring } = fakeWorld();
    slot.command = program({ id: 'a', code: 'TXT' });
    await ring();
    expect(slot.answer).toMatchObject({ reply: { status: 'refused', id: 'a' }, pixels: undefined });
  });

  it('asks for the last canvas, or for a blank one of the asked size', async () => {
    const { slot, ring } = fakeWorld();
    const asked = JSON.stringify({ op: 'read_canvas', id: 'r', width: 3, height: 2 });
    slot.command = asked;
    await ring();
    expect([...slot.answer!.pixels!]).toEqual(Array(6).fill([0, 0, 0, 255]).flat());
    slot.command = program({ id: 'a', width: 5, height: 7 });
    await ring();
    const painted = slot.answer!.pixels;
    slot.command = asked;
    await ring();
    expect(slot.answer).toMatchObject({ reply: { status: 'ok', width: 5, height: 7 } });
    expect(slot.answer!.pixels).toBe(painted);
  });

  it('asks for a pong', async () => {
    const { slot, clock, ring } = fakeWorld();
    slot.command = '{"op":"ping"}';
    await ring();
    await clock.pass(2);
    expect(slot.answer?.reply).toMatchObject({ status: 'pong', backend: 'cpu', version: '0.0.0' });
    expect(Buffer.from(slot.answer!.pixels!).toString()).toBe('pong');
  });
});

describe('an answer that a newer command overtakes', () => {
  it('is never published when the newer one came before', async () => {
    const { slot, events, painting, ring } = fakeWorld();
    slot.command = program({ id: 'old' });
    painting.onPaint = () => {
      painting.onPaint = () => {};
      slot.command = program({ id: 'new' });
    };
    await ring();
    expect(events).toEqual(['slot take', 'slot done', 'slot take', 'slot publish at 0', 'slot done']);
    expect(slot.answer?.reply.id).toBe('new');
  });

  it('is withdrawn when the newer one came as it was published', async () => {
    const { slot, events, ring } = fakeWorld();
    slot.command = program({ id: 'old' });
    slot.onPublish = () => {
      slot.onPublish = () => {};
      slot.command = program({ id: 'new' });
    };
    await ring();
    expect(events).toEqual([
      'slot take',
      'slot publish at 0',
      'slot withdraw',
      'slot done',
      'slot take',
      'slot publish at 0',
      'slot done',
    ]);
    expect(slot.answer?.reply.id).toBe('new');
  });

  it('is dropped during its 2 ms too', async () => {
    const { slot, clock, events, ring } = fakeWorld();
    slot.command = program();
    await ring();
    await clock.pass(1);
    slot.command = program();
    await clock.pass(1);
    await clock.pass(2);
    expect(events).toEqual(['slot take', 'slot done', 'slot take', 'slot publish at 4', 'slot done']);
  });

  it('is dropped when it is a refusal of something unreadable', async () => {
    const { slot, events, ring } = fakeWorld();
    slot.command = new PeerFault('FILE-E001', 'a FIFO');
    slot.onPublish = () => {
      slot.onPublish = () => {};
      slot.command = NAMED;
    };
    await ring();
    expect(events.slice(0, 4)).toEqual([
      'slot take',
      'slot publish at 0',
      'slot withdraw',
      'slot poison: a FIFO',
    ]);
    expect(slot.answer?.reply.id).toBe('a');
  });
});

describe('an incomplete command', () => {
  it('is read again until it is complete', async () => {
    const { slot, clock, events, ring } = fakeWorld();
    slot.command = '';
    await ring();
    await clock.pass(1_000);
    slot.taken = NAMED.slice(0, -1);
    await clock.pass(990);
    expect(events).toEqual(['slot take']);
    slot.taken = NAMED;
    await clock.pass(16);
    expect(slot.answer?.reply).toMatchObject({ status: 'ok', id: 'a' });
  });

  it('is read again soon at first, and every 16 ms at last', async () => {
    const { slot, clock, ring } = fakeWorld();
    slot.command = '{';
    await ring();
    await clock.pass(100);
    expect(clock.pauses.slice(0, 8)).toEqual([0.5, 1, 2, 4, 8, 16, 16, 16]);
  });

  it('may be cut in the middle of a character', async () => {
    const { slot, clock, ring } = fakeWorld();
    const whole = Buffer.from(program({ id: 'a', code: 'TXT 0 0 é' }));
    const cut = whole.indexOf(0xc3) + 1;
    slot.command = whole.subarray(0, cut);
    await ring();
    slot.taken = whole;
    await clock.pass(1);
    expect(slot.answer?.reply.status).toBe('ok');
  });

  it('is poison after 2 s, not before', async () => {
    const { slot, clock, events, ring } = fakeWorld();
    slot.command = '{"op"';
    await ring();
    await clock.pass(1_999);
    expect(events).toEqual(['slot take']);
    await clock.pass(17);
    expect(events.slice(1)).toEqual([
      expect.stringMatching(/^slot publish at 20[01]\d(\.5)?$/),
      expect.stringContaining('slot poison: Expected JSON'),
      'slot done',
    ]);
    expect(slot.answer).toMatchObject({ reply: { status: 'refused', error: { code: 'CMD-E002' } } });
  });

  it('is given up without a word as soon as a newer command is there', async () => {
    const { slot, clock, events, ring } = fakeWorld();
    slot.command = '{"op"';
    await ring();
    await clock.pass(100);
    slot.command = NAMED;
    await clock.pass(16);
    expect(events).toEqual([
      'slot take',
      'slot done',
      'slot take',
      expect.stringContaining('publish'),
      'slot done',
    ]);
    expect(slot.answer?.reply.id).toBe('a');
  });

  it('delays nobody at the spool', async () => {
    const { slot, waiting, outbox, ring } = fakeWorld();
    slot.command = '{"op"';
    await ring();
    waiting.set('j.json', program());
    await ring();
    expect(outbox.get('j')?.status).toBe('ok');
  });

  it('is waited for even when the daemon is told to stop', async () => {
    const { slot, clock, daemon, ring } = fakeWorld();
    slot.command = '{"op"';
    await ring();
    const stopped = daemon.stop();
    slot.taken = NAMED;
    await clock.pass(16);
    await stopped;
    expect(slot.answer?.reply.status).toBe('ok');
  });

  it.each([
    ['CMD-E003', '[]'],
    ['CMD-E004', '{"op":"explode"}'],
  ])('is not what a whole but wrong one is (%s): answered at once', async (code, text) => {
    const { slot, clock, ring } = fakeWorld();
    slot.command = text;
    await ring();
    await clock.pass(2);
    expect(slot.answer?.reply).toMatchObject({ status: 'refused', error: { code } });
  });
});

describe('the slot', () => {
  it('lets go of a command whose answer the world refused, rests, and serves the next', async () => {
    const { slot, clock, events, broken, logged, ring } = fakeWorld();
    slot.command = NAMED;
    broken.set('slot publish at 0', DISK_FULL);
    await ring();
    expect(events).toEqual(['slot take', 'slot done']);
    expect(logged).toContain('daemon:fault {"message":"disk full"}');
    slot.command = program({ id: 'b' });
    await clock.pass(199);
    await ring();
    expect(events).toHaveLength(2);
    await clock.pass(1);
    await ring();
    expect(slot.answer?.reply.id).toBe('b');
  });

  it('says when it published an answer again', async () => {
    const { slot, logged, ring } = fakeWorld();
    slot.lost = true;
    await ring();
    await ring();
    expect(logged.filter((line) => line.startsWith('slot:republished'))).toHaveLength(1);
  });
});

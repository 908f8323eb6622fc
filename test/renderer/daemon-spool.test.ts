/** The daemon at the spool, step by step, with no disk and no time. */
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { HostFault, PeerFault } from '../../shared/faults.ts';
import { hostFault } from '../../shared/host/file-fault.ts';
import { fakeWorld, program } from './fake-world.ts';

const NO_SPACE = hostFault(
  'write',
  '/x',
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
);
const DISK_FULL = new HostFault('write', '/x', 'disk full', { retryable: true });

describe('a job in the spool', () => {
  it('is answered pixels first, then the reply, then the work goes', async () => {
    const { waiting, outbox, pixels, events, ring } = fakeWorld();
    const command = program({ id: 'a', width: 2, height: 3 });
    waiting.set('a.json', command);
    await ring();
    expect(events).toEqual(['take a.json', 'pixels a', 'reply a', 'done a.json']);
    expect(outbox.get('a')).toMatchObject({
      id: 'a',
      status: 'ok',
      bytes: 24,
      sha256: sha256Hex(pixels.get('a')!),
      command_sha256: sha256Hex(command),
      renderer: 'r-test',
      backend: 'cpu',
      timings_ms: { wait: 0, parse: 0, run: 0, paint: 0, publish: 0 },
    });
  });

  it('needs no id of its own, but may have no other', async () => {
    const { waiting, outbox, ring } = fakeWorld();
    waiting.set('a.json', program());
    waiting.set('b.json', program({ id: 'c' }));
    await ring();
    expect(outbox.get('a')?.status).toBe('ok');
    expect(outbox.get('b')).toMatchObject({
      status: 'refused',
      error: { code: 'CMD-E007', message: 'Expected "id" to be the file\'s name "b", found "c"' },
    });
    expect(outbox.has('c')).toBe(false);
  });

  it('is refused when it asks for the last canvas, which belongs to the slot', async () => {
    const { waiting, outbox, ring } = fakeWorld();
    waiting.set('a.json', '{"op":"read_canvas"}');
    await ring();
    expect(outbox.get('a')).toMatchObject({ status: 'refused', error: { code: 'CMD-E012' } });
  });

  it('is not rendered after its deadline', async () => {
    const { waiting, outbox, clock, ring } = fakeWorld();
    waiting.set('late.json', program({ deadline_ms: clock.now() - 1 }));
    waiting.set('just.json', program({ deadline_ms: clock.now() }));
    await ring();
    expect(outbox.get('just')?.status).toBe('ok');
    expect(outbox.get('late')).toMatchObject({ status: 'refused', error: { code: 'CMD-E009' } });
  });

  it('is rendered while no other is, whichever door the other came through', async () => {
    const { waiting, slot, painting, clock, outbox, ring } = fakeWorld();
    painting.onPaint = () => clock.pause(10);
    slot.command = program({ id: 's' });
    waiting.set('a.json', program());
    waiting.set('b.json', program());
    await ring();
    for (let n = 0; n < 10; n++) {
      await clock.pass(10);
      await ring();
    }
    expect(painting.most).toBe(1);
    expect([slot.answer?.reply.status, outbox.get('a')?.status, outbox.get('b')?.status]).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
  });
});

describe('a job that cannot be read', () => {
  it('is answered and quarantined, and the next one served', async () => {
    const { waiting, outbox, events, ring } = fakeWorld();
    waiting.set('a.json', '{"op":');
    waiting.set('b.json', new PeerFault('FILE-E001', 'a FIFO', 'no FIFOs'));
    waiting.set('c.json', program());
    await ring();
    expect(outbox.get('a')).toMatchObject({ id: 'a', status: 'refused', error: { code: 'CMD-E002' } });
    expect(outbox.get('b')).toMatchObject({
      error: { code: 'FILE-E001', message: 'a FIFO', hint: 'no FIFOs' },
    });
    expect(outbox.get('c')?.status).toBe('ok');
    expect(events).toContain('poison b.json: a FIFO');
  });

  it('gets the same answer when it comes again', async () => {
    const { waiting, since, ring } = fakeWorld();
    waiting.set('a.json', '{"op":');
    await ring();
    since();
    waiting.set('a.json', '{"op":');
    await ring();
    expect(since()).toEqual(['take a.json', 'republish a', 'done a.json']);
  });

  it('does not replace an answer that lies there', async () => {
    const { waiting, outbox, since, ring } = fakeWorld();
    waiting.set('a.json', program());
    await ring();
    since();
    waiting.set('a.json', new PeerFault('FILE-E001', 'a FIFO'));
    await ring();
    expect(since()).toEqual(['take a.json', 'poison a.json: a FIFO']);
    expect(outbox.get('a')?.status).toBe('ok');
  });
});

describe('an id that comes again', () => {
  it('with the same bytes, its answer still there: the answer is rung for again, and nothing rendered', async () => {
    const { waiting, since, ring } = fakeWorld();
    waiting.set('a.json', program());
    await ring();
    since();
    waiting.set('a.json', program());
    await ring();
    expect(since()).toEqual(['take a.json', 'republish a', 'done a.json']);
  });

  it('with the same bytes, its answer fetched: rendered again', async () => {
    const { waiting, outbox, since, ring } = fakeWorld();
    waiting.set('a.json', program());
    await ring();
    const first = outbox.get('a');
    outbox.delete('a');
    since();
    waiting.set('a.json', program());
    await ring();
    expect(since()).toEqual(['take a.json', 'pixels a', 'reply a', 'done a.json']);
    expect(outbox.get('a')).toMatchObject({
      status: 'ok',
      sha256: first && 'sha256' in first && first.sha256,
    });
  });

  it('with other bytes, its answer still there: quarantined, the answer stays', async () => {
    const { waiting, outbox, since, ring } = fakeWorld();
    waiting.set('a.json', program());
    await ring();
    const first = outbox.get('a');
    since();
    waiting.set('a.json', program({ width: 9 }));
    await ring();
    expect(since()).toEqual([
      'take a.json',
      expect.stringContaining('poison a.json: Expected a new id, found "a"'),
    ]);
    expect(outbox.get('a')).toBe(first);
  });

  it('with other bytes, its answer fetched: refused, again and again, and the first ones are still good', async () => {
    const { waiting, outbox, ring } = fakeWorld();
    const offer = async (fields: object) => {
      outbox.delete('a');
      waiting.set('a.json', program(fields));
      await ring();
      return outbox.get('a');
    };
    expect(await offer({})).toMatchObject({ status: 'ok' });
    for (let n = 0; n < 2; n++) {
      expect(await offer({ width: 9 })).toMatchObject({ status: 'refused', error: { code: 'CMD-E008' } });
    }
    expect(await offer({})).toMatchObject({ status: 'ok' });
  });

  it('is known for 10,000 ids', async () => {
    const { waiting, outbox, daemon, ring } = fakeWorld();
    const ping = (extra: object = {}) => JSON.stringify({ op: 'ping', ...extra });
    const offerAll = async (ids: readonly string[]) => {
      for (const id of ids) waiting.set(`${id}.json`, ping());
      daemon.ring();
      while (waiting.size > 0) await new Promise((done) => setImmediate(done));
      await ring();
      outbox.clear();
    };
    await offerAll(['oldest', 'second']);
    await offerAll(Array.from({ length: 9_999 }, (_, n) => `n${n}`));
    for (const [id, status] of [
      ['second', 'refused'],
      ['oldest', 'pong'],
    ] as const) {
      waiting.set(`${id}.json`, ping({ deadline_ms: 9e15 }));
      await ring();
      expect(outbox.get(id)?.status).toBe(status);
    }
  });
});

describe('a fault of the world', () => {
  it('hands the job back, rests, and service resumes when the world has mended', async () => {
    const { waiting, outbox, broken, events, logged, clock, ring } = fakeWorld();
    waiting.set('a.json', program());
    broken.set('pixels a', DISK_FULL);
    await ring();
    expect(events).toEqual(['take a.json', 'hand back a.json']);
    expect(logged).toContain('daemon:fault {"message":"disk full"}');
    // Handing back rings the bell itself: heard at once, it would spin for as long as the disk is full.
    await ring();
    await clock.pass(199);
    await ring();
    expect(events).toHaveLength(2);
    broken.clear();
    await clock.pass(1);
    await ring();
    expect(outbox.get('a')?.status).toBe('ok');
  });

  it.each(['pixels a', 'reply a', 'done a.json'])('loses nothing at "%s"', async (effect) => {
    const { waiting, inHand, outbox, broken, clock, ring } = fakeWorld();
    waiting.set('a.json', program());
    broken.set(effect, DISK_FULL);
    await ring();
    expect([...waiting.keys()]).toEqual(['a.json']);
    broken.clear();
    await clock.pass(200);
    await ring();
    expect(outbox.get('a')?.status).toBe('ok');
    expect([waiting.size, inHand.size]).toEqual([0, 0]);
  });

  it('that leaves no space for its pixels is its reply, and the next job is served', async () => {
    const { waiting, outbox, broken, events, logged, ring } = fakeWorld();
    for (const id of ['a', 'b']) waiting.set(`${id}.json`, program());
    broken.set('pixels a', NO_SPACE);
    await ring();
    expect(events).toEqual([
      ...['take a.json', 'withdraw a', 'reply a', 'done a.json'],
      ...['take b.json', 'pixels b', 'reply b', 'done b.json'],
    ]);
    const error = { code: 'RUN-E002', message: NO_SPACE.message, hint: NO_SPACE.hint };
    expect(outbox.get('a')).toMatchObject({ id: 'a', status: 'error', retryable: true, error });
    expect(logged.filter((line) => line.startsWith('daemon:fault'))).toEqual([]);
  });

  it('that leaves no space for a reply takes the pixels away, and the job is handed back', async () => {
    const { waiting, broken, events, ring } = fakeWorld();
    waiting.set('a.json', program());
    broken.set('reply a', NO_SPACE);
    await ring();
    expect(events).toEqual(['take a.json', 'pixels a', 'withdraw a', 'hand back a.json']);
  });

  it('hands back an unreadable job whose refusal cannot be written', async () => {
    const { waiting, broken, clock, outbox, ring } = fakeWorld();
    waiting.set('a.json', '{');
    broken.set('reply a', DISK_FULL);
    await ring();
    expect([...waiting.keys()]).toEqual(['a.json']);
    broken.clear();
    await clock.pass(200);
    await ring();
    expect(outbox.get('a')).toMatchObject({ status: 'refused' });
  });

  it('that strikes one job always does not hold up the others', async () => {
    const { waiting, outbox, broken, clock, ring } = fakeWorld();
    broken.set('pixels a', DISK_FULL);
    for (const id of ['a', 'b', 'c']) waiting.set(`${id}.json`, program());
    await ring();
    await clock.pass(200);
    await ring();
    expect([...outbox.keys()]).toEqual(['b', 'c']);
    await clock.pass(200);
    waiting.set('d.json', program());
    await ring();
    expect([...outbox.keys()]).toEqual(['b', 'c', 'd']);
    expect([...waiting.keys()]).toEqual(['a.json']);
  });

  it('at the spool leaves the slot awake', async () => {
    const { waiting, slot, broken, ring } = fakeWorld();
    waiting.set('a.json', program());
    broken.set('pixels a', DISK_FULL);
    await ring();
    slot.command = program({ id: 's' });
    await ring();
    expect(slot.answer?.reply.id).toBe('s');
  });
});

describe('stopping', () => {
  it('finishes the job in hand, begins no other, and hears no ring', async () => {
    const { waiting, outbox, painting, daemon, clock, events, ring } = fakeWorld();
    painting.onPaint = () => clock.pause(10);
    waiting.set('a.json', program());
    waiting.set('b.json', program());
    await ring();
    let stopped = false;
    const stopping = daemon.stop().then(() => {
      stopped = true;
    });
    await ring();
    expect([stopped, outbox.size]).toEqual([false, 0]);
    await clock.pass(10);
    await stopping;
    expect(outbox.get('a')?.status).toBe('ok');
    expect([...waiting.keys()]).toEqual(['b.json']);
    const { length } = events;
    await ring();
    expect(events).toHaveLength(length);
  });

  it('can be cut short: the job in hand is offered as before, and nothing comes of its picture', async () => {
    const { waiting, inHand, painting, daemon, clock, events, ring } = fakeWorld();
    painting.onPaint = () => clock.pause(10);
    waiting.set('a~1.json', program());
    await ring();
    const stopping = daemon.stop();
    daemon.abandon();
    expect([[...waiting.keys()], inHand.size]).toEqual([['a~1.json'], 0]);
    await clock.pass(10);
    await stopping;
    expect(events).toEqual(['take a~1.json', 'hand back a~1.json']);
    await ring();
    expect([...waiting.keys()]).toEqual(['a~1.json']);
  });

  it('is over at once when nothing is in hand', async () => {
    await fakeWorld().daemon.stop();
  });
});

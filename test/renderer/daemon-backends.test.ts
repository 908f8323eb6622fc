/** What the daemon says of who painted, step by step: chosen, missing, standing in and failing. */
import { describe, expect, it } from 'vitest';
import { HostFault } from '../../shared/faults.ts';
import { fakeWorld, program } from './fake-world.ts';

/** A world in which a GPU paints. */
function gpuWorld() {
  const world = fakeWorld();
  world.painting.standing = { backend: 'gpu', adapter: 'a card', reason: 'a real GPU', health: 'ok' };
  world.painting.missing = {};
  return {
    ...world,
    /** The reply to another job at the spool. */
    async reply(fields: object = {}) {
      const id = `job-${world.outbox.size}`;
      world.waiting.set(`${id}.json`, program(fields));
      await world.ring();
      return world.outbox.get(id);
    },
  };
}

describe('a reply', () => {
  it('names the GPU that painted, with its dispatches', async () => {
    const reply = await gpuWorld().reply();
    expect(reply).toMatchObject({ status: 'ok', backend: 'gpu', adapter: 'fake gpu', dispatches: 3 });
    expect(reply).toMatchObject({ reason: 'a real GPU' });
  });

  it('says why a backend was chosen for this picture, and of a picture that the CPU had to paint why it had to', async () => {
    const { painting, reply } = gpuWorld();
    painting.choice = '40 ms on the CPU, 6.0 ms on the GPU, as measured';
    expect(await reply()).toMatchObject({ backend: 'gpu', reason: painting.choice });
    painting.standIn = 'the device was lost';
    expect(await reply()).toMatchObject({ backend: 'cpu', reason: 'the device was lost' });
  });

  it('says what keeps a renderer from a GPU', async () => {
    const world = gpuWorld();
    world.painting.standing = { backend: 'cpu', adapter: 'fake cpu', reason: 'no driver', health: 'ok' };
    expect(await world.reply()).toMatchObject({ status: 'ok', backend: 'cpu', reason: 'no driver' });
  });

  it('names the CPU that was asked for, on a renderer with a GPU', async () => {
    const reply = await gpuWorld().reply({ backend: 'cpu' });
    expect(reply).toMatchObject({ status: 'ok', backend: 'cpu', adapter: 'fake cpu' });
    expect(reply).not.toHaveProperty('dispatches');
  });

  it('names the CPU that stood in, and why', async () => {
    const { painting, reply } = gpuWorld();
    painting.standIn = 'the device was lost';
    for (const backend of [undefined, 'gpu']) {
      const found = await reply({ backend });
      expect(found).toMatchObject({ status: 'ok', backend: 'cpu', reason: 'the device was lost' });
      expect(found).not.toHaveProperty('dispatches');
    }
  });

  it('to "read_canvas" names who painted that picture, not who would paint the next', async () => {
    const { slot, painting, reply, ring } = gpuWorld();
    slot.command = '{"op":"read_canvas","id":"blank","width":2,"height":1}';
    await ring();
    expect(slot.answer?.reply).toMatchObject({ backend: 'cpu', adapter: 'cpu (typescript)' });
    await reply();
    // What leaves no picture changes nothing.
    expect(await reply({ code: 'TXT' })).toMatchObject({ status: 'refused' });
    painting.standing = { ...painting.standing, backend: 'cpu', adapter: 'another' };
    slot.command = '{"op":"read_canvas","id":"last"}';
    await ring();
    expect(slot.answer?.reply).toMatchObject({ backend: 'gpu', adapter: 'fake gpu', dispatches: 3 });
  });

  it('to a ping says who would paint now, and why', async () => {
    const { slot, painting, ring } = gpuWorld();
    for (const health of ['ok', 'degraded'] as const) {
      painting.standing = { backend: 'gpu', adapter: 'a card', reason: `because ${health}`, health };
      slot.command = '{"op":"ping","id":"p"}';
      await ring();
      expect(slot.answer?.reply).toEqual({
        id: 'p',
        status: 'pong',
        backend: 'gpu',
        adapter: 'a card',
        reason: `because ${health}`,
        health,
        version: '0.0.0',
        renderer: 'r-test',
      });
    }
  });
});

describe('a job for which there is no painter', () => {
  it.each([true, false])('is told why and what to do, and whether to ask again: %s', async (retryable) => {
    const { painting, reply } = gpuWorld();
    const options = { retryable, hint: 'Ask for the CPU.' };
    painting.missing = { gpu: new HostFault('choose', 'gpu', 'Expected a GPU, found none', options) };
    expect(await reply({ backend: 'gpu' })).toMatchObject({
      status: 'error',
      retryable,
      error: { code: 'RUN-E003', message: 'Expected a GPU, found none. Ask for the CPU.' },
    });
    for (const backend of ['auto', 'cpu', undefined]) {
      expect(await reply({ backend })).toMatchObject({ status: 'ok' });
    }
  });

  it('is told as much when there is nothing to do', async () => {
    const { painting, reply } = gpuWorld();
    painting.missing = { gpu: new HostFault('choose', 'gpu', 'Expected a GPU', { retryable: false }) };
    expect(await reply({ backend: 'gpu' })).toMatchObject({ error: { message: 'Expected a GPU' } });
  });

  it.each([
    ['a defect of ours', new TypeError('a defect'), false],
    ['too little memory', new RangeError('Array buffer allocation failed'), true],
  ])(
    'because of %s fails, and may be asked for again only where that may help',
    async (_, fault, retryable) => {
      const { painting, reply } = gpuWorld();
      painting.missing = { auto: fault };
      expect(await reply()).toMatchObject({ status: 'error', retryable, error: { code: 'RUN-E002' } });
    },
  );
});

describe('a painter that fails', () => {
  it.each([
    ['an error', new Error('the device is gone'), true],
    ['a defect', new TypeError('the device is gone'), true],
    ['too little memory', new RangeError('the device is gone'), true],
    ['no error at all', 'the device is gone', true],
    ['a passing fault', new HostFault('paint', 'gpu', 'the device is gone', { retryable: true }), true],
    ['a lasting fault', new HostFault('paint', 'gpu', 'the device is gone', { retryable: false }), false],
  ])('with %s costs one job one answer, and the next is served', async (_, fault, retryable) => {
    const { painting, waiting, outbox, events, ring } = gpuWorld();
    let left = 2;
    // At once, and later: a painter may be asynchronous.
    painting.onPaint = () => {
      left--;
      if (left === 1) throw fault;
      return left === 0 ? Promise.reject(fault) : undefined;
    };
    for (const id of ['a', 'b', 'c']) waiting.set(`${id}.json`, program());
    await ring();
    for (const id of ['a', 'b']) {
      expect(outbox.get(id)).toMatchObject({
        status: 'error',
        retryable,
        error: { code: 'RUN-E002', message: expect.stringContaining('the device is gone') },
      });
      expect(events).toContain(`done ${id}.json`);
    }
    expect(outbox.get('c')?.status).toBe('ok');
  });
});

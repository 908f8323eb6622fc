/** When the daemon lets go of pixels, step by step: not before the last one who needs them. */
import { describe, expect, it } from 'vitest';
import { HostFault } from '../../shared/faults.ts';
import { fakeWorld, program } from './fake-world.ts';

/** A world, and a way to have a job rendered at the spool: its pixels. */
function world() {
  const made = fakeWorld();
  const job = async (id: string): Promise<Uint8Array> => {
    made.waiting.set(`${id}.json`, program());
    await made.ring();
    return made.pixels.get(id) as Uint8Array;
  };
  return { ...made, job };
}

const READ = JSON.stringify({ op: 'read_canvas', id: 'r', width: 3, height: 2 });

describe('pixels', () => {
  it('of the spool are released when another picture is shown, and once', async () => {
    const { job, painting } = world();
    const first = await job('a');
    expect(painting.released).toEqual([]);
    const second = await job('b');
    expect(painting.released).toEqual([first]);
    await job('c');
    expect(painting.released.map((pixels) => [first, second].indexOf(pixels))).toEqual([0, 1]);
  });

  it('that cannot be written are released all the same', async () => {
    const { job, painting, broken, pixels, clock } = world();
    const first = await job('a');
    broken.set('pixels b', new HostFault('write', '/x', 'disk full', { retryable: true }));
    expect(await job('b')).toBeUndefined();
    expect(painting.released).toEqual([first]);
    broken.clear();
    // It rests after a fault, and then renders both, what failed last.
    await clock.pass(10_000);
    await job('c');
    expect(painting.released).toHaveLength(3);
    expect(painting.released).not.toContain(pixels.get('b'));
  });

  it('of the slot are kept as long as its answer may be published again', async () => {
    const { job, slot, painting, ring } = world();
    slot.command = program({ id: 's' });
    await ring();
    const own = slot.answer?.pixels as Uint8Array;
    await job('a');
    await job('b');
    expect(painting.released).not.toContain(own);
    slot.letGo?.();
    expect(painting.released).toContain(own);
  });

  it('that are read again at the slot are kept for both readers', async () => {
    const { job, slot, painting, ring } = world();
    const shown = await job('a');
    slot.command = READ;
    await ring();
    expect(slot.answer?.pixels).toBe(shown);
    const letGo = slot.letGo;
    await job('b');
    expect(painting.released).toEqual([]);
    letGo?.();
    expect(painting.released).toEqual([shown]);
    // Let go of first, and shown still.
    slot.command = READ;
    await ring();
    slot.letGo?.();
    expect(painting.released).toEqual([shown]);
  });

  it('of an answer that a newer command has overtaken are let go', async () => {
    const { job, slot, painting, ring } = world();
    painting.onPaint = () => {
      painting.onPaint = () => {};
      slot.command = program({ id: 'newer' });
    };
    slot.command = program({ id: 'older' });
    await ring();
    expect(slot.answer?.reply.id).toBe('newer');
    expect(painting.released).toHaveLength(1);
    await job('a');
    slot.letGo?.();
    expect(painting.released).toHaveLength(2);
  });
});

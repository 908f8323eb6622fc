/** The painter of a single picture: what is opened for it, when, and what its clock says. */
import { describe, expect, it } from 'vitest';
import { paintAlone } from '../../cli/lone-painter.ts';
import type { OpenBackends } from '../../renderer/host/backends.ts';
import { paintedOnCpu, paintOnCpu } from '../../renderer/raster/cpu-painter.ts';
import type { Standing } from '../../renderer/raster/painter.ts';
import { render } from '../../renderer/render.ts';
import { HostFault } from '../../shared/faults.ts';
import type { BackendChoice } from '../../shared/protocol/command.ts';

const CANVAS = { width: 64, height: 32 };
const SMALL = 'TXT 1 1 Hello';
/** Estimated at a second of the CPU's; it is left at the first turn. */
const DEAR =
  'SHADE 0 0 64 32\nLOOP 40000\nBREAK x>=0\nADD r hypot(x, y)*isqrt(r)*x*y+g*b*a\nEND\nSET r 7\nEND';

function world(standing: Partial<Standing> = {}) {
  let now = 0;
  const seen = { opened: [] as BackendChoice[], closed: 0, painted: [] as BackendChoice[] };
  const open = async (choice: BackendChoice): Promise<OpenBackends> => {
    seen.opened.push(choice);
    now += 700;
    return {
      standing: { backend: 'gpu', adapter: 'a card', reason: 'a GPU is there', health: 'ok', ...standing },
      painterFor: (asked) => ({
        standing: { backend: 'gpu', adapter: 'a card', reason: '', health: 'ok' },
        paint(list) {
          seen.painted.push(asked);
          now += 30;
          return { ...paintedOnCpu(paintOnCpu(list)), backend: 'gpu', adapter: 'a card', dispatches: 1 };
        },
      }),
      async close() {
        seen.closed++;
      },
      onChange() {},
    };
  };
  const paint = (choice: BackendChoice, text: string, opened = open) =>
    paintAlone(
      choice,
      () => now,
      (painter, monotonic) => render(Buffer.from(text), CANVAS, painter, monotonic),
      opened,
    );
  return { seen, paint };
}

describe('the painter of a single picture', () => {
  it('opens nothing where nobody insists and the CPU is done sooner', async () => {
    const { seen, paint } = world();
    const { rendering, standIn } = await paint('auto', SMALL);
    expect([rendering.backend, rendering.dispatches, standIn]).toEqual(['cpu', 0, undefined]);
    expect(seen).toEqual({ opened: [], closed: 0, painted: [] });
  });

  it('opens a GPU for what takes longer, and does not count that as painting', async () => {
    const { seen, paint } = world();
    const { rendering } = await paint('auto', DEAR);
    expect(rendering).toMatchObject({ backend: 'gpu', timings: { parse: 0, run: 0, paint: 30 } });
    expect(rendering.pixels[0]).toBe(7);
    expect(seen).toEqual({ opened: ['auto'], closed: 1, painted: ['auto'] });
  });

  it.each(['gpu', 'cpu'] as const)('opens what is asked for with %s, for any picture', async (choice) => {
    const { seen, paint } = world();
    await paint(choice, SMALL);
    expect(seen).toEqual({ opened: [choice], closed: 1, painted: [choice] });
  });

  it('says why the CPU stood in for a GPU', async () => {
    const { paint } = world({ backend: 'cpu', reason: 'the probe differs', health: 'degraded' });
    expect((await paint('auto', DEAR)).standIn).toBe('the probe differs');
    expect((await paint('auto', SMALL)).standIn).toBeUndefined();
  });

  it('lets go of what it opened when the program is refused, and draws nothing where nothing opens', async () => {
    const { seen, paint } = world();
    await expect(paint('gpu', 'TXT')).rejects.toThrow();
    expect(seen).toEqual({ opened: ['gpu'], closed: 1, painted: [] });
    const fault = new HostFault('open', 'the GPU', 'no card', { retryable: false });
    await expect(paint('gpu', 'TXT', () => Promise.reject(fault))).rejects.toBe(fault);
  });
});

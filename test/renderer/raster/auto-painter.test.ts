/** The painter of `auto`: which of two machines, made up here, a picture goes to, and what is said of it. */
import { describe, expect, it } from 'vitest';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { encode } from '../../../renderer/display/encode.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { AutoPainter } from '../../../renderer/raster/auto-painter.ts';
import { Costs, type Rates } from '../../../renderer/raster/costs.ts';
import { cpuStanding } from '../../../renderer/raster/cpu-painter.ts';
import { type Effort, effortOf } from '../../../renderer/raster/effort.ts';
import type { Backend, Painted, Standing } from '../../../renderer/raster/painter.ts';

const SERVING: Standing = { backend: 'gpu', adapter: 'a card', reason: 'a GPU is there', health: 'ok' };
const BLANK = (side: number): EncodedList => encode([], { width: side, height: side });

const SHADED = (turns: number): EncodedList =>
  run(parse(sourceOf(`SHADE 0 0 64 64\nLOOP ${turns}\nADD r x\nEND\nEND`)), { width: 64, height: 64 }).list;

/** Guesses: a CPU that takes 10 ms for a million pixels, a GPU that takes 2 ms for a picture and 10 for a shade. */
const CPU: Rates = { pixels: 10, shaded: 100 };
const GPU: Rates = { picture: 2e6, pixels: 1, compiles: 1e7 };

/** @param truth what they take in truth, ns for each part */
function machines({ cpu = CPU, gpu = GPU }: { cpu?: Rates; gpu?: Rates } = {}) {
  let now = 0;
  const state = {
    standing: SERVING,
    standIn: undefined as string | undefined,
    /** Backends that painted, oldest first. */
    painted: [] as Backend[],
    compiled: new Set<string>(),
  };
  const take = (rates: Rates, effort: Effort): void => {
    for (const [name, rate] of Object.entries(rates)) now += (rate * effort[name as keyof Effort]) / 1e6;
  };
  const picture = (backend: Backend): Painted => {
    state.painted.push(backend);
    const dispatches = backend === 'gpu' ? 1 : 0;
    return { pixels: new Uint8Array(4), backend, adapter: backend, dispatches, standIn: undefined };
  };
  const painter = new AutoPainter({
    cpu: {
      costs: new Costs(CPU),
      painter: {
        standing: cpuStanding('asked for'),
        paint(list) {
          take(cpu, effortOf(list));
          return picture('cpu');
        },
      },
    },
    gpu: {
      costs: new Costs(GPU),
      painter: {
        get standing() {
          return state.standing;
        },
        lacking: (shades) => shades.filter(({ key }) => !state.compiled.has(key)),
        async paint(list) {
          if (state.standIn !== undefined) return { ...picture('cpu'), standIn: state.standIn };
          const lacking = list.shades.filter(({ key }) => !state.compiled.has(key));
          for (const { key } of lacking) state.compiled.add(key);
          take(gpu, effortOf(list, lacking.length));
          return picture('gpu');
        },
      },
    },
    monotonic: () => now,
  });
  return { painter, state };
}

describe('auto', () => {
  it('takes the CPU for a small canvas and the GPU for a large one, and says what each would take', async () => {
    const { painter, state } = machines();
    expect(await painter.paint(BLANK(100))).toMatchObject({
      backend: 'cpu',
      choice: '0.10 ms on the CPU, 2.0 ms on the GPU, as estimated',
    });
    expect(await painter.paint(BLANK(2_000))).toMatchObject({
      backend: 'gpu',
      choice: '40 ms on the CPU, 6.0 ms on the GPU, as estimated',
    });
    expect((await painter.paint(BLANK(1_000))).choice).toBe(
      '10 ms on the CPU, 3.0 ms on the GPU, as measured',
    );
    expect(state.painted).toEqual(['cpu', 'gpu', 'gpu']);
  });

  it('takes the CPU where both take as long', async () => {
    const ofPixels = (pixels: number) => encode([], { width: pixels, height: 1 });
    const of = async (cpu: Rates) => {
      const { state } = machines();
      const side = (backend: Backend, rates: Rates) => ({
        costs: new Costs(rates),
        painter: {
          standing: backend === 'gpu' ? SERVING : cpuStanding('asked for'),
          lacking: () => [],
          paint: () => {
            state.painted.push(backend);
            return { pixels: new Uint8Array(4), backend, adapter: '', dispatches: 1, standIn: undefined };
          },
        },
      });
      const gpu = side('gpu', { pixels: 64 });
      await new AutoPainter({ cpu: side('cpu', cpu), gpu, monotonic: () => 0 }).paint(ofPixels(512));
      return state.painted;
    };
    expect(await of({ pixels: 64 })).toEqual(['cpu']);
    expect(await of({ pixels: 64.001 })).toEqual(['gpu']);
  });

  it('learns that a GPU is slower than it was thought, and goes back to the CPU', async () => {
    const { painter, state } = machines({ gpu: { picture: 2e6, pixels: 40 } });
    for (let n = 0; n < 20; n++) await painter.paint(BLANK(1_000));
    expect(state.painted[0]).toBe('gpu');
    expect(state.painted.slice(-10)).toEqual(Array(10).fill('cpu'));
  });

  it('learns that a CPU is slower than it was thought, and goes to the GPU', async () => {
    const { painter, state } = machines({ cpu: { pixels: 60 } });
    for (let n = 0; n < 20; n++) await painter.paint(BLANK(400));
    expect(state.painted[0]).toBe('cpu');
    expect(state.painted.slice(-10)).toEqual(Array(10).fill('gpu'));
  });

  it('learns nothing from pictures that were painted at the same time: their time is nobody’s own', async () => {
    const { painter, state } = machines();
    const paint = () => painter.paint(BLANK(1_000));
    for (let n = 0; n < 2; n++) await paint();
    const { choice } = await paint();
    await Promise.all(Array.from({ length: 8 }, paint));
    expect((await paint()).choice).toBe(choice);
    expect(new Set(state.painted)).toEqual(new Set(['gpu']));
  });

  it('tries a GPU again that was slow for a while, in the end', async () => {
    const truth = { picture: 2e6, pixels: 1 };
    const { painter, state } = machines({ gpu: truth });
    truth.pixels = 100;
    for (let n = 0; n < 30; n++) await painter.paint(BLANK(1_000));
    expect(state.painted.at(-1)).toBe('cpu');
    truth.pixels = 1;
    for (let n = 0; n < 400; n++) await painter.paint(BLANK(1_000));
    expect(state.painted.slice(-10)).toEqual(Array(10).fill('gpu'));
    // While it was slow, few pictures were spent on it.
    expect(state.painted.slice(0, 30).filter((backend) => backend === 'gpu').length).toBeLessThan(5);
  });

  it('has a shade compiled that is worth it at once', async () => {
    const { painter, state } = machines();
    const { choice } = await painter.paint(SHADED(100));
    expect(choice).toMatch(
      /^\d+ ms on the CPU, 2\.0 ms on the GPU and 10 ms to compile its SHADEs, as estimated$/,
    );
    expect(state.painted).toEqual(['gpu']);
    expect((await painter.paint(SHADED(100))).choice).not.toContain('compile');
  });

  it('has a shade compiled that is shown again and again, when the CPU has lost as much with it', async () => {
    const { painter, state } = machines();
    // Some 6 ms on the CPU: it takes a few of them to be worth 10.
    for (let n = 0; n < 6; n++) await painter.paint(SHADED(3));
    const first = state.painted.indexOf('gpu');
    expect([first > 0, first < 6, state.compiled.size]).toEqual([true, true, 1]);
    expect(state.painted.slice(first)).toEqual(Array(6 - first).fill('gpu'));
    // Others, each shown once, are not worth it.
    const others = machines();
    for (let n = 0; n < 6; n++) {
      await others.painter.paint(
        run(parse(sourceOf(`SHADE 0 0 64 64\nLOOP 3\nADD r x+${n}\nEND\nEND`)), { width: 64, height: 64 })
          .list,
      );
    }
    expect(others.state.painted).toEqual(Array(6).fill('cpu'));
  });

  it("leaves to the GPU's painter who paints while the GPU does not serve, and learns nothing of that", async () => {
    const { painter, state } = machines();
    state.standing = { ...cpuStanding('the GPU failed'), health: 'degraded' };
    state.standIn = 'the GPU failed';
    expect(painter.standing).toEqual(state.standing);
    for (const side of [100, 2_000]) {
      const painted = await painter.paint(BLANK(side));
      expect(painted).toMatchObject({ backend: 'cpu', standIn: 'the GPU failed' });
      expect(painted).not.toHaveProperty('choice');
    }
    // Nor of a picture that it could not finish.
    state.standing = SERVING;
    const painted = await painter.paint(BLANK(2_000));
    expect(painted).toMatchObject({ standIn: 'the GPU failed' });
    expect(painted).not.toHaveProperty('choice');
    state.standIn = undefined;
    expect((await painter.paint(BLANK(2_000))).choice).toBe(
      '40 ms on the CPU, 6.0 ms on the GPU, as estimated',
    );
  });

  it('stands as the GPU does, and says that it chooses', () => {
    const { painter } = machines();
    expect(painter.standing).toEqual({
      ...SERVING,
      reason: 'a GPU is there: each picture is painted where it takes less time',
    });
  });
});

/** The engine on a real device: cut up in any way, beside poison, and with a shader that is wrong. */
import { expect, it } from 'vitest';
import { encode } from '../../../../renderer/display/encode.ts';
import { Engine, type EngineOptions } from '../../../../renderer/host/gpu/engine.ts';
import { readShader } from '../../../../renderer/host/gpu/shader.ts';
import { Progress } from '../../../../renderer/progress.ts';
import type { Case } from '../../../../renderer/raster/conformance/case.ts';
import { conform } from '../../../../renderer/raster/conformance/conform.ts';
import { rawImageCases } from '../../../../renderer/raster/conformance/raw-images.ts';
import { hostileCases } from '../../../../renderer/raster/conformance/raw-words.ts';
import { RANDOM_SEED, randomCases } from '../../../../renderer/raster/conformance/suite.ts';
import { GPU_BOUNDS } from '../../../../renderer/raster/gpu-bounds.ts';
import type { Painter } from '../../../../renderer/raster/painter.ts';
import { plan } from '../../../../renderer/raster/plan.ts';
import { type Hand, openFaulty } from '../../../support/faulty-gpu.ts';
import { describeWithGpu } from '../../../support/software-gpu.ts';

/** A painter that knows the GPU alone; `before` comes before each picture. */
function painterOn(engine: Engine, before: () => void = () => {}): Painter {
  const who = { backend: 'gpu' as const, adapter: 'under test' };
  return {
    standing: { ...who, reason: 'asked for', health: 'ok' },
    async paint(list) {
      before();
      return { ...(await engine.play(plan(list, engine.limits))), ...who, standIn: undefined };
    },
  };
}

async function engineWith(
  options: EngineOptions,
  hand: Hand = {},
  shader: string = readShader(),
): Promise<Engine> {
  const { device, isSoftware } = await openFaulty(hand);
  // As much at once as a GPU takes, so that nothing is cut but what a test cuts.
  const limits = { dispatchWork: GPU_BOUNDS.dispatchWork, ...options.limits };
  return Engine.on(device, shader, { isSoftware, ...options, limits });
}

const LISTS = 75;

describeWithGpu('the engine', () => {
  const cuts: readonly (readonly [string, EngineOptions['limits']])[] = [
    ['bands of a few rows', { bandBytes: 3_000 }],
    ['bands of one row', { bandBytes: 4 }],
    ['dispatches of one entry of one tile', { dispatchWork: 1 }],
    ['dispatches of a few entries of a few tiles', { dispatchWork: 8_000, workgroups: 3 }],
    ['bands and dispatches at once', { bandBytes: 20_000, dispatchWork: 5_000 }],
    ['tiles as large as a small binding demands', { bindingBytes: 4_000 }],
  ];
  it.each(cuts)(
    `paints the same bytes in %s, random lists from ${RANDOM_SEED}`,
    { timeout: 120_000 },
    async (_, limits) => {
      const few = limits?.bandBytes === 4 || limits?.dispatchWork === 1 ? 20 : LISTS;
      // Thousands of submissions take their time where others compute too.
      const painter = painterOn(await engineWith({ limits: limits ?? {}, pictureMs: 60_000 }));
      const found = await conform(painter, randomCases(few), { atMost: 40 });
      expect(found.failures.filter(({ words }) => !words.includes('fits a binding'))).toEqual([]);
      expect(found.cases).toBe(few);
    },
  );

  it('cuts pictures where its limits say so, and not elsewhere', async () => {
    const cut = painterOn(await engineWith({ limits: { bandBytes: 3_000 } }));
    const whole = painterOn(await engineWith({}));
    const [inBands, atOnce] = [await conform(cut, randomCases(20)), await conform(whole, randomCases(20))];
    expect(atOnce.dispatches).toBe(20);
    expect(inBands.dispatches).toBeGreaterThan(60);
  });

  it('shows nothing of what lay in its buffers before', async () => {
    const buffers: GPUBuffer[] = [];
    let queue: GPUQueue | undefined;
    const engine = await engineWith(
      { limits: { bandBytes: 30_000 } },
      {
        buffer: (descriptor) => ({ ...descriptor, usage: descriptor.usage | GPUBufferUsage.COPY_DST }),
        made: (buffer, device) => {
          buffers.push(buffer);
          queue = device.queue;
        },
      },
    );
    let poisoned = 0;
    const painter = painterOn(engine, () => {
      for (const buffer of buffers.filter(({ mapState }) => mapState === 'unmapped')) {
        queue?.writeBuffer(buffer, 0, new Uint8Array(buffer.size).fill(0xef));
        poisoned++;
      }
    });
    expect((await conform(painter, randomCases(LISTS), { atMost: 3 })).failures).toEqual([]);
    expect(poisoned).toBeGreaterThan(LISTS);
  });

  it('hangs nothing on its device that stays there', async () => {
    let looks = 0;
    const { device, isSoftware } = await openFaulty({});
    const counted = new Proxy(device, {
      get(target, name) {
        if (name === 'lost') looks++;
        return Reflect.get(target, name, target);
      },
    });
    const painter = painterOn(await Engine.on(counted, readShader(), { isSoftware }));
    await conform(painter, randomCases(30));
    expect(looks).toBe(1);
  });

  it('makes its buffers once for pictures that fit them', async () => {
    let made = 0;
    let destroyed = 0;
    const engine = await engineWith(
      {},
      {
        made(buffer) {
          made++;
          const { destroy } = buffer;
          Object.assign(buffer, {
            destroy() {
              destroyed++;
              return destroy.apply(buffer);
            },
          });
        },
      },
    );
    const painter = painterOn(engine);
    await conform(painter, randomCases(1));
    const first = made;
    await conform(painter, randomCases(60));
    // Grown a few times at most, to the next power of two.
    expect(first).toBe(4);
    expect(made).toBeLessThanOrEqual(4 * 5);
    expect(destroyed).toBe(made - 4);
    // One that needs more than they hold.
    await painter.paint(encode([], { width: 4_000, height: 1_000 }));
    expect([made % 4, destroyed]).toEqual([0, made - 4]);
  });

  it('counts the dispatches that are done, of all that its plan has, while it plays', async () => {
    const engine = await engineWith({ limits: { bandBytes: 4 * 40 * 4 } });
    const progress = new Progress();
    progress.paint();
    const counts: number[] = [];
    const list = encode([], { width: 40, height: 40 });
    let isOver = false;
    const playing = engine.play(plan(list, engine.limits), progress).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      counts.push(progress.count?.done ?? 0);
      await new Promise((next) => setImmediate(next));
    }
    const { dispatches } = await playing;
    expect(progress.count).toEqual({ done: dispatches, of: dispatches });
    expect(dispatches).toBe(10);
    expect(counts).toEqual([...counts].sort((one, other) => one - other));
    expect(new Set(counts).size).toBeGreaterThan(2);
  });
});

/** Every list that no builder makes. */
function* hostile(): Generator<Case> {
  yield* hostileCases();
  yield* rawImageCases();
}

describeWithGpu('raw lists', () => {
  const guards: readonly (readonly [string, string])[] = [
    ['(first < pool.size) &', 'true &'],
    ['& (further < pool.size - first)', '& true'],
    ['min(columns, pool.size)', 'columns'],
  ];
  it.each(guards)(
    'are told apart by the suite of a shader that says `%s` as `%s`, which the probe lets pass',
    async (was, is) => {
      const shader = readShader();
      expect(shader).toContain(was);
      const engine = await engineWith({}, {}, shader.replace(was, is));
      const { failures } = await conform(painterOn(engine), hostile());
      expect(failures.length).toBeGreaterThan(0);
    },
  );

  it('are painted by the shader as it is, as the suite says', async () => {
    expect((await conform(painterOn(await engineWith({})), hostile())).failures).toEqual([]);
  });
});

/** The GPU painter against a device that fails it: every picture is painted, and rightly. */
import { afterEach, expect, it } from 'vitest';
import { encode } from '../../../../renderer/display/encode.ts';
import type { Absence } from '../../../../renderer/host/gpu/device.ts';
import { Engine, type EngineOptions } from '../../../../renderer/host/gpu/engine.ts';
import { GpuPainter } from '../../../../renderer/host/gpu/gpu-painter.ts';
import { GpuFault } from '../../../../renderer/host/gpu/guard.ts';
import { readShader } from '../../../../renderer/host/gpu/shader.ts';
import { openTrusted, type TrustedGpu } from '../../../../renderer/host/gpu/trust.ts';
import { randomList } from '../../../../renderer/raster/conformance/random-list.ts';
import { paintedOnCpu, paintOnCpu } from '../../../../renderer/raster/cpu-painter.ts';
import { GPU_BOUNDS } from '../../../../renderer/raster/gpu-bounds.ts';
import type { Painted } from '../../../../renderer/raster/painter.ts';
import { type Hand, openFaulty } from '../../../support/faulty-gpu.ts';
import { describeWithGpu } from '../../../support/software-gpu.ts';
import { waitUntil } from '../../../support/wait-until.ts';

interface Scene {
  readonly painter: GpuPainter;
  readonly hand: Hand;
  /** Milliseconds until the device is opened again; none when nothing is planned. */
  readonly rests: number[];
  readonly reasons: string[];
  /** Oldest first. */
  readonly devices: GPUDevice[];
  clock: number;
  /** Opens the next device, or has it be absent. */
  absent: Absence | undefined;
  shader: string;
  /** Lets the rest be over, and waits for what comes of it. */
  wake(): Promise<void>;
}

const opened: GpuPainter[] = [];
afterEach(async () => {
  for (const painter of opened.splice(0)) await painter.close();
});

/** How a scene opens a device: in tests of trust by the probe, which takes longer than most of the others do. */
type Opening = (hand: Hand, shader: string, options: EngineOptions) => Promise<TrustedGpu | Absence>;

const unprobed: Opening = async (hand, shader, options) => {
  const gpu = await openFaulty(hand);
  const engine = await Engine.on(gpu.device, shader, { isSoftware: gpu.isSoftware, ...options });
  return { ...gpu, engine, trials: [] };
};

const probed: Opening = (hand, shader, options) => openTrusted(() => openFaulty(hand), shader, options);

async function scene(options: EngineOptions = {}, open: Opening = unprobed): Promise<Scene> {
  const hand: Hand = {};
  const planned: (() => void)[] = [];
  const made = {
    hand,
    rests: [] as number[],
    reasons: [] as string[],
    devices: [] as GPUDevice[],
    clock: 0,
    absent: undefined as Absence | undefined,
    shader: readShader(),
  };
  const reopen = async (): Promise<TrustedGpu | Absence> => {
    if (made.absent !== undefined) return made.absent;
    const gpu = await open(hand, made.shader, options);
    if ('device' in gpu) made.devices.push(gpu.device);
    return gpu;
  };
  const first = await reopen();
  if ('absent' in first) throw new Error(first.absent);
  const painter = new GpuPainter(first, {
    reopen,
    standIn: (list, why) => paintedOnCpu(paintOnCpu(list), why),
    reason: 'asked for',
    monotonic: () => made.clock,
    later(ms, act) {
      made.rests.push(ms);
      planned.push(act);
      return () => planned.splice(planned.indexOf(act), 1);
    },
  });
  painter.onChange((standing) => made.reasons.push(standing.reason));
  opened.push(painter);
  return Object.assign(made, {
    painter,
    async wake() {
      const before = made.reasons.length;
      planned.shift()?.();
      await waitUntil('what comes of it', () => made.reasons.length > before);
    },
  });
}

/** Paints one list and holds it to the CPU's bytes. */
async function paintRightly({ painter }: Scene, seed: number): Promise<Painted> {
  const list = randomList(seed);
  const painted = await painter.paint(list);
  expect(Buffer.compare(painted.pixels, paintOnCpu(list)), `random list ${seed}`).toBe(0);
  return painted;
}

/** Breaks the device before the so-many-eth call from now. */
function breakAt({ hand }: Scene, call: number): { readonly broke: () => string | undefined } {
  let calls = 0;
  let broke: string | undefined;
  hand.before = (step, device) => {
    if (calls++ !== call) return;
    broke = step;
    device.destroy();
  };
  return { broke: () => broke };
}

describeWithGpu('a GPU painter', () => {
  it('paints on the GPU, and says so', async () => {
    const at = await scene({}, probed);
    expect(await paintRightly(at, 1)).toMatchObject({ backend: 'gpu', dispatches: 1, standIn: undefined });
    expect(at.painter.standing).toMatchObject({ backend: 'gpu', health: 'ok', reason: 'asked for' });
    expect(at.painter.standing.adapter).not.toBe('');
  });

  it('paints every picture rightly when the device is lost before any call of a paint', {
    timeout: 120_000,
  }, async () => {
    const steps: string[] = [];
    for (let call = 0; ; call++) {
      const at = await scene({ limits: { bandBytes: 20_000 } });
      const { broke } = breakAt(at, call);
      const list = encode([], { width: 100, height: 60 });
      const painted = await at.painter.paint(list);
      expect(Buffer.compare(painted.pixels, paintOnCpu(list)), `loss at call ${call}`).toBe(0);
      const step = broke();
      await at.painter.close();
      if (step === undefined) {
        expect(painted.backend).toBe('gpu');
        break;
      }
      steps.push(step);
      expect(painted).toMatchObject({ backend: 'cpu', dispatches: 0 });
      expect(painted.standIn).toMatch(/^lost: /);
      expect(at.rests).toEqual([250]);
    }
    // Both bands were seen to the end: from the first scope to the last unmapping.
    expect(steps.filter((step) => step === 'buffer.unmap')).toHaveLength(2);
    for (const step of ['device.pushErrorScope', 'queue.writeBuffer', 'queue.submit', 'buffer.mapAsync']) {
      expect(steps).toContain(step);
    }
  });

  it('answers a hundred pictures across five losses, each with the right bytes', {
    timeout: 120_000,
  }, async () => {
    const at = await scene();
    const byBackend = { gpu: 0, cpu: 0 };
    let losses = 0;
    for (let n = 0; n < 100; n++) {
      at.clock += 60_000;
      if (n % 20 === 10) {
        breakAt(at, 3 + losses);
        losses++;
      }
      const { backend, standIn } = await paintRightly(at, n);
      byBackend[backend]++;
      expect(standIn === undefined).toBe(backend === 'gpu');
      at.hand.before = undefined;
      // Every third picture after a loss the rest is over.
      if (n % 20 === 13) {
        await at.wake();
        expect(at.painter.standing.backend).toBe('gpu');
      }
    }
    expect([losses, at.rests.length]).toEqual([5, 5]);
    expect(byBackend).toEqual({ gpu: 80, cpu: 20 });
  });

  it('rests longer after each fault that follows another, and gives up after the fifth', async () => {
    const at = await scene();
    for (let n = 0; n < 4; n++) {
      expect(at.painter.mayReturn).toBe(true);
      breakAt(at, 4);
      await paintRightly(at, n);
      at.hand.before = undefined;
      expect(at.painter.standing).toMatchObject({ backend: 'cpu', health: 'degraded' });
      expect(at.painter.standing.reason).toMatch(/^the GPU failed \(lost: .*\) and is tried again$/);
      await at.wake();
    }
    expect(at.rests).toEqual([250, 1_000, 4_000, 16_000]);
    breakAt(at, 4);
    await paintRightly(at, 5);
    expect(at.painter.mayReturn).toBe(false);
    expect(at.painter.standing).toMatchObject({ backend: 'cpu', health: 'degraded' });
    expect(at.painter.standing.reason).toMatch(/^the GPU failed 5 times, the last time so: lost: /);
    expect((await paintRightly(at, 6)).standIn).toBe(at.painter.standing.reason);
    expect(at.rests).toHaveLength(4);
  });

  it('counts no fault that is more than ten minutes old', async () => {
    const at = await scene();
    for (let n = 0; n < 8; n++) {
      at.clock += 600_000 / 4 + 1;
      breakAt(at, 4);
      await paintRightly(at, n);
      at.hand.before = undefined;
      await at.wake();
    }
    // Four within ten minutes at most, the one at hand counted.
    expect(at.rests).toEqual([250, 1_000, 4_000, 16_000, 16_000, 16_000, 16_000, 16_000]);
    expect(at.painter.standing.backend).toBe('gpu');
  });

  it('hears of a loss while nothing is painted', async () => {
    const at = await scene();
    at.devices.at(-1)?.destroy();
    await waitUntil('the word of it', () => at.reasons.length > 0);
    expect(at.painter.standing.reason).toMatch(/^the GPU failed \(lost: /);
    await at.wake();
    expect(await paintRightly(at, 2)).toMatchObject({ backend: 'gpu' });
  });

  it('takes an exhausted memory for what it is', { timeout: 120_000 }, async () => {
    // Megapixels in software, beside other tests, have all the time that they want.
    const limits = { bandBytes: 2 ** 22 };
    const at = await scene({ limits, pictureMs: 60_000, silenceMs: 60_000 });
    const list = encode([{ kind: 'rect', x0: 5, y0: 5, x1: 4_000, y1: 1_000, color: 0xff00ff00 }], {
      width: 4_096,
      height: 1_024,
    });
    // As large as the adapter says that a buffer may be: no memory has that much room in software.
    at.hand.buffer = (descriptor) =>
      descriptor.label === 'band' ? { ...descriptor, size: 2 ** 30 } : descriptor;
    const painted = await at.painter.paint(list);
    expect([painted.backend, painted.standIn]).toEqual(['cpu', expect.stringMatching(/^out-of-memory: /)]);
    expect(Buffer.compare(painted.pixels, paintOnCpu(list))).toBe(0);
    at.hand.buffer = undefined;
    await at.wake();
    // The control: with its memory back, the same picture is the GPU's, in bands.
    const again = await at.painter.paint(list);
    expect([again.backend, again.standIn]).toEqual(['gpu', undefined]);
    expect(again.dispatches).toBeGreaterThanOrEqual(4);
    expect(Buffer.compare(again.pixels, painted.pixels)).toBe(0);
  });

  it('takes a call that WebGPU refuses for what it is', async () => {
    const at = await scene();
    at.hand.buffer = (descriptor) =>
      descriptor.label === 'readback' ? { ...descriptor, usage: GPUBufferUsage.MAP_READ } : descriptor;
    const list = encode([], { width: 1_000, height: 1_000 });
    expect((await at.painter.paint(list)).standIn).toMatch(/^validation: /);
  });

  it('waits for a readback that never comes no longer than its deadline', async () => {
    const at = await scene({ silenceMs: 300 });
    at.hand.map = () => 'never';
    const began = performance.now();
    const painted = await paintRightly(at, 1);
    expect(painted.standIn).toBe('silent: the GPU has not answered for 300 ms');
    expect(performance.now() - began).toBeGreaterThanOrEqual(290);
    expect(at.rests).toEqual([250]);
  });

  it('paints on the CPU what is too large a task, and blames no device', async () => {
    const at = await scene({ limits: { pictureWork: 2 ** 23 } });
    const list = encode([], { width: 4_000, height: 3_000 });
    const painted = await at.painter.paint(list);
    expect(painted.standIn).toContain('pixels times shapes or fewer for the GPU');
    expect(at.rests).toEqual([]);
    expect(at.painter.standing).toMatchObject({ backend: 'gpu', health: 'ok' });
  });

  it('trusts no device that comes back with other pixels', async () => {
    const at = await scene({}, probed);
    breakAt(at, 4);
    await paintRightly(at, 1);
    at.hand.before = undefined;
    at.shader = at.shader.replace('0x800080u', '0x7f0080u');
    await at.wake();
    expect(at.painter.mayReturn).toBe(false);
    expect(at.painter.standing.reason).toContain('the probe picture differs on ');
  });

  it('rests on when no device comes back', async () => {
    const at = await scene();
    breakAt(at, 4);
    await paintRightly(at, 1);
    at.hand.before = undefined;
    at.absent = { absent: 'unplugged', hint: '' };
    await at.wake();
    expect(at.painter.standing.reason).toBe('the GPU failed (unplugged) and is tried again');
    at.absent = undefined;
    await at.wake();
    expect(at.rests).toEqual([250, 1_000]);
    expect(await paintRightly(at, 2)).toMatchObject({ backend: 'gpu' });
  });

  it('paints on the CPU what takes the GPU too long, and blames no device', async () => {
    // A device that is warm: the first dispatch of a shader in software takes long.
    const at = await scene({ limits: { bandBytes: 4_000 } }, probed);
    const list = encode([], { width: 1_000, height: 40 });
    expect((await at.painter.paint(list)).dispatches).toBe(40);
    const clock = new Int32Array(new SharedArrayBuffer(4));
    at.hand.before = (step) => {
      if (step === 'queue.submit') Atomics.wait(clock, 0, 0, GPU_BOUNDS.pictureMs / 20);
    };
    const { backend, standIn, pixels } = await at.painter.paint(list);
    expect([backend, standIn]).toEqual([
      'cpu',
      expect.stringMatching(/^the GPU was not done after 3\d\d\d ms$/),
    ]);
    expect(Buffer.compare(pixels, paintOnCpu(list))).toBe(0);
    expect(at.rests).toEqual([]);
    at.hand.before = undefined;
    expect((await paintRightly(at, 1)).backend).toBe('gpu');
  });

  it('does not take our own want of memory for a fault of the device', async () => {
    const at = await scene({ limits: { pictureWork: Number.POSITIVE_INFINITY } });
    const list = encode([], { width: 70_000, height: 70_000 });
    await expect(at.painter.paint(list)).rejects.toThrow(RangeError);
    expect(at.rests).toEqual([]);
    expect((await paintRightly(at, 1)).backend).toBe('gpu');
  });

  it('destroys a device that has failed', async () => {
    const at = await scene({ silenceMs: 300 });
    at.hand.map = () => 'never';
    await paintRightly(at, 1);
    expect((await at.devices[0]?.lost)?.reason).toBe('destroyed');
  });

  it('is asked for the next picture while it paints one, and paints both', async () => {
    const at = await scene();
    const both = await Promise.all([paintRightly(at, 1), paintRightly(at, 2)]);
    expect(both.map(({ backend }) => backend)).toEqual(['gpu', 'gpu']);
  });

  it('begins at rest when the first device fails while it is opened', async () => {
    const acts: (() => void)[] = [];
    const painter = new GpuPainter(new GpuFault('lost', 'gone'), {
      reopen: async () => openTrusted(() => openFaulty({}), readShader()),
      standIn: (list, why) => paintedOnCpu(paintOnCpu(list), why),
      reason: 'a GPU is there',
      monotonic: () => 0,
      later(_, act) {
        acts.push(act);
        return () => {};
      },
    });
    opened.push(painter);
    expect(painter.standing).toMatchObject({ backend: 'cpu', health: 'degraded' });
    expect((await painter.paint(randomList(1))).standIn).toBe(
      'the GPU failed (lost: gone) and is tried again',
    );
    acts[0]?.();
    await waitUntil('the GPU', () => painter.standing.backend === 'gpu');
    expect((await painter.paint(randomList(1))).backend).toBe('gpu');
  });
});

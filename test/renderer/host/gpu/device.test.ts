/** The GPU's door: what it opens, and what it says where there is nothing to open. */
import { spawnSync } from 'node:child_process';
import { describe, expect, inject, it } from 'vitest';
import { type Gpu, openGpu, type Wanted } from '../../../../renderer/host/gpu/device.ts';
import { openApart } from '../../../support/backends-apart.ts';
import { describeWithGpu } from '../../../support/software-gpu.ts';

const found = inject('gpu');
const isSoftware = 'adapter' in found && found.adapter.endsWith('(software)');

async function opened(wanted: Wanted): Promise<Gpu> {
  const gpu = await openGpu(wanted);
  if ('absent' in gpu) throw new Error(gpu.absent);
  return gpu;
}

describeWithGpu('the GPU’s door', () => {
  it('opens any adapter that is there, and names it', async () => {
    const { device, adapter, isSoftware: inSoftware } = await opened('any');
    expect(inSoftware).toBe(isSoftware);
    // A name, then the driver's own words; Dawn pads some names with dashes.
    expect(adapter).toMatch(/^[^()]*[^-() ]( \(.+\))?$/);
    if (isSoftware) expect(adapter).toMatch(/^swiftshader\S* \(SwiftShader driver [\d.]+\)$/);
    device.destroy();
  });

  it.runIf(isSoftware)('takes no adapter in software where a real one is wanted', async () => {
    const { device, adapter } = await opened('any');
    expect(await openGpu('real')).toEqual({
      absent: `only a software adapter: ${adapter}`,
      hint: expect.stringContaining('--backend gpu'),
    });
    device.destroy();
  });

  it.skipIf(isSoftware)('takes a real adapter where one is wanted', async () => {
    const { device } = await opened('real');
    device.destroy();
  });

  it('opens devices that are apart: the end of one is not the end of another', async () => {
    const [one, other] = await Promise.all([opened('any'), opened('any')]);
    one.device.destroy();
    expect((await one.device.lost).reason).toBe('destroyed');
    const buffer = other.device.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST });
    other.device.queue.writeBuffer(buffer, 0, new Uint8Array(16));
    await other.device.queue.onSubmittedWorkDone();
    const isLost = other.device.lost.then(() => true);
    expect(await Promise.race([isLost, Promise.resolve(false)])).toBe(false);
    other.device.destroy();
    expect(await isLost).toBe(true);
  });

  it.runIf(isSoftware)('opens a device with all that its adapter offers', async () => {
    const { device } = await opened('any');
    // WebGPU promises 128 MiB of a binding and 256 MiB of a buffer, and gives no more to who does not ask.
    expect(device.limits.maxStorageBufferBindingSize).toBeGreaterThan(2 ** 27);
    expect(device.limits.maxBufferSize).toBeGreaterThan(2 ** 28);
    device.destroy();
  });
});

/** Leaves a process to what the machine itself has. */
const BARE = { LD_LIBRARY_PATH: undefined, VK_DRIVER_FILES: undefined };

/** Asked of Python: the product asks in a way of its own. */
function hasOwnLoader(): boolean {
  const { LD_LIBRARY_PATH: _, ...env } = process.env;
  const { status } = spawnSync('python3', ['-c', 'import ctypes; ctypes.CDLL("libvulkan.so.1")'], { env });
  return status === 0;
}

const noLoader =
  process.platform !== 'linux'
    ? 'the loader is missed on Linux only'
    : hasOwnLoader()
      ? 'this machine has a Vulkan loader'
      : undefined;

describe.skipIf(noLoader !== undefined)(
  `a machine without a Vulkan loader${noLoader === undefined ? '' : ` (skipped: ${noLoader})`}`,
  () => {
    const missing = 'no Vulkan loader: libvulkan.so.1 is not installed';

    it('paints on the CPU, says why, and loads nothing that would write to stderr', async () => {
      const { code, stderr, standing, refusal, loaded } = await openApart('auto', BARE);
      expect([code, stderr]).toEqual([0, '']);
      expect(standing).toEqual({
        backend: 'cpu',
        adapter: 'cpu (typescript)',
        reason: missing,
        health: 'ok',
      });
      expect(refusal).toMatchObject({
        name: 'HostFault',
        message: expect.stringContaining(missing),
        hint: expect.stringContaining('libvulkan1'),
        retryable: false,
      });
      expect(loaded).toBe(false);
    });

    it('has nothing for who insists on a GPU', async () => {
      const { code, stderr, fault, loaded } = await openApart('gpu', BARE);
      expect([code, stderr, loaded]).toEqual([0, '', false]);
      expect(fault).toMatchObject({ name: 'HostFault', message: expect.stringContaining(missing) });
      expect(fault?.hint).toMatch(/libvulkan1.*--backend auto or --backend cpu/);
    });
  },
);

describeWithGpu('a machine with a Vulkan loader and no driver', () => {
  const none = { VK_DRIVER_FILES: '/nonexistent' };
  const missing = 'no adapter: no Vulkan driver serves WebGPU';
  /** Dawn's own words, and what the C++ behind it adds. */
  const DAWN = /^(Warning: .*|\s+at .*|)$/;

  it.runIf(process.platform === 'linux')('paints on the CPU, and says why in words of its own', async () => {
    const { code, stderr, standing, refusal } = await openApart('auto', none);
    expect(code).toBe(0);
    expect(standing).toMatchObject({ backend: 'cpu', reason: missing, health: 'ok' });
    expect(refusal).toMatchObject({ message: expect.stringContaining(missing), retryable: false });
    expect(stderr.split('\n').filter((line) => !DAWN.test(line))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('has nothing for who insists on a GPU', async () => {
    const { code, fault } = await openApart('gpu', none);
    expect(code).toBe(0);
    expect(fault).toMatchObject({
      name: 'HostFault',
      message: expect.stringContaining(missing),
      retryable: false,
    });
    expect(fault?.hint).toMatch(/driver.*--backend auto or --backend cpu/);
  });
});

describeWithGpu('a process that opens its backends', () => {
  it.runIf(process.platform === 'linux')(
    'loads WebGPU for a GPU, and nothing of it for the CPU',
    async () => {
      const [cpu, gpu] = await Promise.all([openApart('cpu'), openApart('gpu')]);
      expect(cpu).toMatchObject({ code: 0, stderr: '', loaded: false });
      expect(cpu.standing).toEqual({
        backend: 'cpu',
        adapter: 'cpu (typescript)',
        reason: 'asked for',
        health: 'ok',
      });
      expect(cpu.refusal?.message).toContain('it was told to paint on the CPU');
      // It ends by itself, and not by a crash of what it has loaded.
      expect(gpu).toMatchObject({ code: 0, stderr: '', loaded: true });
      expect(gpu.standing).toMatchObject({ backend: 'gpu', reason: 'asked for', health: 'ok' });
      expect(gpu).not.toHaveProperty('refusal');
    },
  );
});

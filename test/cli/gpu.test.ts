/** The commands on a GPU, as people run them: whole processes, both daemons, and machines without an adapter. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { startChild } from '../support/child.ts';
import { expectedPixels, samePixels } from '../support/expected-pixels.ts';
import { startGpuRenderer } from '../support/gpu-renderer.ts';
import { cli, Pair, type PairRun } from '../support/pair.ts';
import { announcedPids } from '../support/renderer-process.ts';
import { describeWithGpu } from '../support/software-gpu.ts';
import { waitUntil } from '../support/wait-until.ts';
import { Workplace } from './gvpie.ts';

const PROGRAM = 'TXT 4 4 Both daemons\nRECT 4 16 100 3';

const found = inject('gpu');
const isSoftware = 'adapter' in found && found.adapter.endsWith('(software)');

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

describeWithGpu('gvpie render on a GPU', () => {
  it('ends by itself with 0, and again, and says nothing but what it did', async () => {
    place.write('a.pxl', PROGRAM);
    for (let n = 0; n < 2; n++) {
      const { code, stdout, stderr } = await place.run(['render', 'a.pxl', '--backend', 'gpu']);
      expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
      expect(stdout).toMatch(/^a\.png {2}128×64, \d[\d,]* bytes, painted on gpu\n/);
    }
  });

  it('gives raw bytes to a pipe, and they are the CPU’s', async () => {
    place.write('a.pxl', PROGRAM);
    const args = ['render', 'a.pxl', '--size', '300x70', '--raw', '-o'];
    const { code } = await place.run([...args, 'gpu.raw', '--backend', 'gpu']);
    expect(code).toBe(EXIT.ok);
    const expected = await expectedPixels(PROGRAM, { width: 300, height: 70 });
    expect(samePixels(place.read('gpu.raw'), expected)).toBe(true);
  });
});

describeWithGpu('an orchestrator that asks for a GPU', () => {
  async function runWith(pair: Pair): Promise<PairRun> {
    await pair.orchestrator('--backend', 'gpu');
    pair.insert('mine', PROGRAM);
    return pair.run('mine');
  }

  it('gets cartridges from a renderer on a GPU that say so, and that prove themselves', async () => {
    const pair = new Pair();
    await startGpuRenderer(pair.socket);
    const run = await runWith(pair);
    expect(run).toMatchObject({ outcome: 'success', success: 1 });
    const cartridge = pair.cartridge(run);
    expect(cartridge.run).toMatchObject({ backend: 'gpu', adapter: expect.stringMatching(/./) });
    expect(cartridge.run?.adapter).not.toContain('cpu');
    expect(samePixels(cartridge.pixels, await expectedPixels(PROGRAM))).toBe(true);
    const path = join(pair.cartridges, run.cartridge_path!);
    const { code, stdout } = await place.run(['verify', path]);
    expect(code, stdout).toBe(EXIT.ok);
  });

  it('is told of a renderer that has none, and presses nothing', async () => {
    const pair = new Pair();
    await rendererOnCpu(pair.socket);
    const run = await runWith(pair);
    expect(run).toMatchObject({ outcome: 'failed', success: 0, cartridge_path: null });
    expect(JSON.parse(run.stderr ?? '')).toMatchObject({
      status: 'error',
      error: { code: 'RUN-E003', message: expect.stringContaining('it was told to paint on the CPU') },
    });
    expect(pair.shelf()).toEqual([]);
  });
});

async function rendererOnCpu(socket: string): Promise<void> {
  const child = cli('renderer', '--socket', socket, '--backend', 'cpu');
  await waitUntil('a renderer to announce itself', () => announcedPids(socket).includes(child.pid));
}

/** Starts a renderer in an environment of its own, and gives its first line when it serves. */
async function servingIn(environment: readonly string[], ...flags: string[]) {
  const main = join(import.meta.dirname, '../../dist/cli/main.js');
  const args = [main, 'renderer', '--socket', place.at('socket'), ...flags];
  const child = startChild('env', [...environment, process.execPath, ...args]);
  const line = await waitUntil('it to serve', () => {
    if (child.end() !== undefined) throw new Error(`the renderer ended: ${child.output()}`);
    return child
      .output()
      .split('\n')
      .find((one) => one.includes('"renderer:serving"') && one.endsWith('}'));
  });
  child.process.kill('SIGTERM');
  expect(await child.ended).toEqual({ code: 0, signal: null });
  return JSON.parse(line) as Record<string, unknown>;
}

describe('a renderer to which it is all the same', () => {
  it.runIf(process.platform === 'linux')(
    'serves on the CPU where there is no driver, and that is well',
    async () => {
      const line = await servingIn(['VK_DRIVER_FILES=/nonexistent']);
      expect(line).toMatchObject({ level: 'info', backend: 'cpu', health: 'ok' });
      // Where there is no loader either, that comes first.
      expect(line.reason).toMatch(/^no (adapter: no Vulkan driver serves WebGPU|Vulkan loader: libvulkan)/);
    },
  );
});

describeWithGpu('a renderer to which it is all the same', () => {
  it.runIf(isSoftware)('serves on the CPU where there is an adapter in software only', async () => {
    expect(await servingIn([], '--backend', 'auto')).toMatchObject({
      level: 'info',
      backend: 'cpu',
      adapter: 'cpu (typescript)',
      reason: expect.stringMatching(/^only a software adapter: ./),
      health: 'ok',
    });
  });

  it.skipIf(isSoftware)('serves on the GPU that is there', async () => {
    const reason = 'a GPU is there: each picture is painted where it takes less time';
    expect(await servingIn([])).toMatchObject({ backend: 'gpu', reason, health: 'ok' });
  });
});

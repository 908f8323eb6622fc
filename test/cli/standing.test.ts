/** What the commands say of who paints. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asksFor, describePainting } from '../../cli/banner.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import { openBackends } from '../../renderer/host/backends.ts';
import { type Serving, serveRenderer } from '../../renderer/host/serve.ts';
import type { Standing } from '../../renderer/raster/painter.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { BACKEND_CHOICES } from '../../shared/protocol/backend-choices.ts';
import { describeWithGpu } from '../support/software-gpu.ts';
import { Workplace } from './gvpie.ts';

const GPU: Standing = { backend: 'gpu', adapter: 'a card', reason: 'a real GPU', health: 'ok' };
const LOST: Standing = {
  backend: 'cpu',
  adapter: 'cpu (x)',
  reason: 'the device was lost',
  health: 'degraded',
};

let place: Workplace;
let serving: Serving | undefined;
beforeEach(() => {
  place = new Workplace();
  serving = undefined;
});
afterEach(async () => {
  await serving?.stop();
  await place.clear();
});

/** Serves the workplace's socket from this process, as a renderer of that standing. */
async function serveAs(standing: Standing): Promise<void> {
  serving = await serveRenderer(
    { socketDir: place.at('socket'), backend: 'cpu' },
    silentJournal,
    diskFiles,
    async (choice) => ({ ...(await openBackends(choice)), standing }),
  );
}

describe('a renderer on a GPU', () => {
  it('is shown with its card and the reason, by status and ping', async () => {
    await serveAs(GPU);
    const [status, ping] = await Promise.all([place.run(['status']), place.run(['ping'])]);
    expect(status.stdout).toMatch(/^renderer +pid \d+ since .* paints on gpu, a card: a real GPU$/m);
    expect(ping.stdout).toMatch(/ paints on gpu, a card: a real GPU\n$/);
    expect(status.stdout + ping.stdout).not.toContain('DEGRADED');
  });
});

describe('a renderer whose CPU stands in for a GPU', () => {
  it('is shown as degraded, with the reason', async () => {
    await serveAs(LOST);
    const [status, ping] = await Promise.all([place.run(['status']), place.run(['ping'])]);
    expect([status.code, ping.code]).toEqual([EXIT.ok, EXIT.ok]);
    const words = 'paints on cpu (x), DEGRADED: the device was lost';
    expect(status.stdout).toContain(words);
    expect(ping.stdout).toContain(words);
  });

  it('is degraded in JSON too', async () => {
    await serveAs(LOST);
    const [status, ping] = await Promise.all([
      place.run(['status', '--json']),
      place.run(['ping', '--json']),
    ]);
    expect(JSON.parse(status.stdout).renderers).toMatchObject([LOST]);
    expect(JSON.parse(ping.stdout)).toMatchObject(LOST);
  });
});

describe('the words for who paints', () => {
  it('do not say twice that it is the CPU, and leave out what an older renderer does not say', () => {
    expect(describePainting({ backend: 'cpu', adapter: 'cpu (typescript)' })).toBe('cpu (typescript)');
    expect(describePainting({ backend: 'gpu', adapter: 'a card', reason: '' })).toBe('gpu, a card');
    expect(describePainting({ ...GPU, health: 'degraded' })).toBe('gpu, a card, DEGRADED: a real GPU');
  });

  it('before anybody has looked are those of the choice', () => {
    for (const choice of BACKEND_CHOICES) expect(asksFor(choice)).toMatch(new RegExp(`^${choice}\\b`));
  });
});

describeWithGpu('a GPU that is asked for', () => {
  it('paints in gvpie render, which counts its dispatches, and gives the bytes of the CPU', async () => {
    place.write('a.pxl', 'TXT 3 4 Hello\nRECT 1 1 100 20');
    const [onGpu, onCpu] = await Promise.all(
      ['gpu', 'cpu'].map(async (backend) => {
        const { code, stdout } = await place.run([
          'render',
          'a.pxl',
          '-o',
          `${backend}.png`,
          '--json',
          '--backend',
          backend,
        ]);
        expect(code).toBe(EXIT.ok);
        return JSON.parse(stdout);
      }),
    );
    expect(onGpu).toMatchObject({ backend: 'gpu', dispatches: expect.any(Number) });
    expect(onGpu.dispatches).toBeGreaterThan(0);
    expect(onCpu.backend).toBe('cpu');
    expect(onCpu).not.toHaveProperty('dispatches');
    expect(onGpu.checksum).toBe(onCpu.checksum);
    for (const report of [onGpu, onCpu]) expect(report).not.toHaveProperty('reason');
  });

  it('paints for gvpie up, whose renderer says which it is', async () => {
    const { code, stdout, stderr } = await place.run(['up', '--once', '--backend', 'gpu']);
    expect(code, stdout + stderr).toBe(EXIT.ok);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'renderer:serving',
        backend: 'gpu',
        reason: 'asked for',
        health: 'ok',
      }),
    );
    expect(events).toContainEqual(expect.objectContaining({ event: 'run:success', backend: 'gpu' }));
  });
});

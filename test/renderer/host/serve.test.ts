/** The backends in a renderer's life: opened first, closed last, and told of while it lives. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { openBackends } from '../../../renderer/host/backends.ts';
import { serveRenderer } from '../../../renderer/host/serve.ts';
import { meaning, semanticsOf } from '../../../renderer/machine/meaning.ts';
import { paintedOnCpu, paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Standing } from '../../../renderer/raster/painter.ts';
import { HostFault } from '../../../shared/faults.ts';
import { diskFiles } from '../../../shared/host/files.ts';
import { silentJournal } from '../../../shared/host/journal.ts';
import type { Journal } from '../../../shared/world.ts';
import { readAnnouncements } from '../../support/announcements.ts';
import { inHand } from '../../support/renderer-process.ts';
import { SpoolHand } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

const GPU: Standing = { backend: 'gpu', adapter: 'a card', reason: 'a real GPU', health: 'ok' };
const LOST: Standing = { backend: 'cpu', adapter: 'cpu', reason: 'the device was lost', health: 'degraded' };

/** Backends whose pictures and standing are in the test's hands, and what happened to them. */
function fakeBackends() {
  const events: string[] = [];
  const logged: { level: string; event: string; fields: object }[] = [];
  const listeners: ((standing: Standing) => void)[] = [];
  const state = { standing: GPU, paint: Promise.resolve() };
  const open: typeof openBackends = async (choice) => {
    events.push(`open ${choice}`);
    return {
      get standing() {
        return state.standing;
      },
      painterFor: () => ({
        standing: state.standing,
        async paint(list) {
          await state.paint;
          events.push('painted');
          return paintedOnCpu(paintOnCpu(list));
        },
      }),
      async close() {
        events.push('close');
      },
      onChange: (listener) => listeners.push(listener),
    };
  };
  const log =
    (level: string) =>
    (event: string, fields: object = {}): void => {
      logged.push({ level, event, fields });
    };
  const journal: Journal = {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
  };
  return {
    events,
    logged,
    journal,
    open,
    change(standing: Standing) {
      state.standing = standing;
      for (const listener of listeners) listener(standing);
    },
    /** Holds every picture back until the returned function is called. */
    holdPictures(): () => void {
      let go: () => void = () => {};
      state.paint = new Promise((resolve) => {
        go = resolve;
      });
      return go;
    },
  };
}

const serve = (socketDir: string, { journal, open }: ReturnType<typeof fakeBackends>) =>
  serveRenderer({ socketDir, backend: 'auto' }, journal, diskFiles, open);

describe('a renderer that may not start', () => {
  it('because nothing paints leaves no trace', async () => {
    const socket = join(temporaryFolder(), 'socket');
    const fault = new HostFault('choose', 'gpu', 'no GPU', { retryable: false });
    const refused = serveRenderer({ socketDir: socket, backend: 'gpu' }, silentJournal, diskFiles, () =>
      Promise.reject(fault),
    );
    await expect(refused).rejects.toBe(fault);
    expect(existsSync(socket)).toBe(false);
  });

  it('because its socket is no directory closes what it opened', async () => {
    const socket = join(temporaryFolder(), 'socket');
    writeFileSync(socket, 'a file');
    const backends = fakeBackends();
    await expect(serve(socket, backends)).rejects.toThrow('found a file');
    expect(backends.events).toEqual(['open auto', 'close']);
  });
});

describe('a renderer beside another', () => {
  it('serves the spool alone, says so, and leaves nothing of the other’s changed', async () => {
    const socket = temporaryFolder();
    const [first, second] = [fakeBackends(), fakeBackends()];
    const [one, other] = [await serve(socket, first), await serve(socket, second)];
    expect([one.slot, other.slot]).toEqual([true, false]);
    const said = (backends: ReturnType<typeof fakeBackends>) =>
      backends.logged.find(({ event }) => event === 'renderer:serving')?.fields;
    expect([said(first), said(second)]).toMatchObject([{ serves: 'slot and spool' }, { serves: 'spool' }]);
    const slots = () =>
      Object.fromEntries(readAnnouncements(socket).map(({ renderer, slot }) => [renderer, slot]));
    expect(slots()).toEqual({ [one.renderer]: true, [other.renderer]: false });
    await other.stop();
    expect(slots()).toEqual({ [one.renderer]: true });
    await one.stop();
    expect([first.events, second.events]).toEqual([
      ['open auto', 'close'],
      ['open auto', 'close'],
    ]);
  });
});

describe('a renderer that is stopped', () => {
  it('finishes the picture in hand, and closes the backends after that', async () => {
    const socket = temporaryFolder();
    const backends = fakeBackends();
    const serving = await serve(socket, backends);
    const go = backends.holdPictures();
    const spool = new SpoolHand(socket);
    spool.offer('a', 'HALT');
    await waitUntil('the job to be taken', () => inHand(socket).length > 0);
    const stopped = serving.stop();
    setTimeout(go, 20);
    await stopped;
    expect(backends.events).toEqual(['open auto', 'painted', 'close']);
    expect(spool.look('a')?.reply.status).toBe('ok');
    expect(readAnnouncements(socket)).toEqual([]);
  });

  it('closes the backends even where it cannot leave as it came', async () => {
    const backends = fakeBackends();
    const files = {
      ...diskFiles,
      remove(path: string): boolean {
        if (!path.includes('/renderer/')) return diskFiles.remove(path);
        throw new HostFault('remove', path, 'read-only', { retryable: true });
      },
    };
    const { open, journal } = backends;
    const settings = { socketDir: temporaryFolder(), backend: 'cpu' as const };
    const serving = await serveRenderer(settings, journal, files, open);
    await expect(serving.stop()).rejects.toThrow('read-only');
    expect(backends.events).toEqual(['open cpu', 'close']);
  });
});

describe('what a renderer says of its painter', () => {
  it('is announced with what the language means, the same whatever paints', async () => {
    const semantics = semanticsOf(meaning());
    for (const standing of [GPU, LOST]) {
      const socket = temporaryFolder();
      const backends = fakeBackends();
      backends.change(standing);
      const serving = await serve(socket, backends);
      expect(readAnnouncements(socket)).toMatchObject([{ backend: standing.backend, semantics }]);
      await serving.stop();
    }
  });

  it('stands in its announcement and its log, when it begins and whenever it changes', async () => {
    const socket = temporaryFolder();
    const backends = fakeBackends();
    const serving = await serve(socket, backends);
    expect(serving.standing).toEqual(GPU);
    expect(readAnnouncements(socket)).toMatchObject([{ ...GPU, heartbeat: 0 }]);
    backends.change(LOST);
    expect(readAnnouncements(socket)).toMatchObject([{ ...LOST, heartbeat: 1 }]);
    const spool = new SpoolHand(socket);
    spool.offerBytes('p', '{"op":"ping"}');
    expect((await spool.answer('p')).reply).toMatchObject({ status: 'pong', ...LOST });
    backends.change(GPU);
    expect(readAnnouncements(socket)).toMatchObject([GPU]);
    await serving.stop();
    const told = backends.logged.filter(({ event }) => /^(renderer:serving|painter:changed)$/.test(event));
    expect(told).toEqual([
      { level: 'info', event: 'renderer:serving', fields: expect.objectContaining(GPU) },
      { level: 'warn', event: 'painter:changed', fields: LOST },
      { level: 'info', event: 'painter:changed', fields: GPU },
    ]);
  });

  it('is a warning from the start where the CPU stands in from the start', async () => {
    const backends = fakeBackends();
    backends.change(LOST);
    const serving = await serve(temporaryFolder(), backends);
    await serving.stop();
    expect(backends.logged).toContainEqual(
      expect.objectContaining({ level: 'warn', event: 'renderer:serving' }),
    );
  });
});

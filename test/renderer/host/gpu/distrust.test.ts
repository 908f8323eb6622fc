/** What a renderer keeps and says when its GPU paints one bit of the probe wrong. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { expect, it } from 'vitest';
import { openBackends } from '../../../../renderer/host/backends.ts';
import { type Serving, serveRenderer } from '../../../../renderer/host/serve.ts';
import { probeList } from '../../../../renderer/raster/conformance/probe.ts';
import { paintOnCpu } from '../../../../renderer/raster/cpu-painter.ts';
import { HostFault } from '../../../../shared/faults.ts';
import { diskFiles } from '../../../../shared/host/files.ts';
import type { BackendChoice } from '../../../../shared/protocol/command.ts';
import { VERSION } from '../../../../shared/version.ts';
import type { Journal } from '../../../../shared/world.ts';
import { readAnnouncements } from '../../../support/announcements.ts';
import { expectedPixels, samePixels } from '../../../support/expected-pixels.ts';
import { type FaultyOpener, faultyOpener, flipBit } from '../../../support/faulty-opener.ts';
import { goodProgram } from '../../../support/good-program.ts';
import { namesIn } from '../../../support/renderer-process.ts';
import { describeWithGpu } from '../../../support/software-gpu.ts';
import { SpoolHand } from '../../../support/spool-hand.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { waitUntil } from '../../../support/wait-until.ts';

const CANARY = { readback: 0, byte: 54_321, bit: 6 };

interface Line {
  readonly level: string;
  readonly event: string;
  readonly fields: Record<string, unknown>;
}

/** A journal that is read afterwards. */
function openNotes(): { lines: Line[]; journal: Journal } {
  const lines: Line[] = [];
  const note =
    (level: string) =>
    (event: string, fields: object = {}): void => {
      lines.push({ level, event, fields: fields as Record<string, unknown> });
    };
  const journal = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  return { lines, journal };
}

/** Serves a socket with devices of the opener's. */
function serve(socketDir: string, backend: BackendChoice, opener: FaultyOpener, journal: Journal) {
  return serveRenderer({ socketDir, backend }, journal, diskFiles, (choice, options) =>
    openBackends(choice, { ...options, open: opener.open }),
  );
}

function distrusted(): FaultyOpener {
  const opener = faultyOpener({ isSoftware: false });
  flipBit(opener.hand, CANARY);
  return opener;
}

const readPng = (path: string): PNG => PNG.sync.read(readFileSync(path));

/** Holds what lies in `reports/` to the canary: that bit, and no other. */
function expectReport(socket: string, adapter: string | undefined): void {
  const folder = join(socket, 'reports');
  expect(namesIn(folder)).toEqual(['probe-cpu.png', 'probe-gpu.png', 'probe.json']);
  const [cpu, gpu] = [readPng(join(folder, 'probe-cpu.png')), readPng(join(folder, 'probe-gpu.png'))];
  const { canvas } = probeList();
  const right = Buffer.from(paintOnCpu(probeList()));
  for (const { width, height } of [cpu, gpu]) expect({ width, height }).toEqual(canvas);
  expect(Buffer.compare(cpu.data, right)).toBe(0);
  const falsified = Buffer.from(right);
  falsified[CANARY.byte]! ^= 1 << CANARY.bit;
  expect(Buffer.compare(gpu.data, falsified)).toBe(0);
  expect(Buffer.compare(gpu.data, right)).not.toBe(0);
  const words = JSON.parse(readFileSync(join(folder, 'probe.json'), 'utf8'));
  expect(words).toEqual({
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    version: VERSION,
    adapter,
    ...canvas,
    difference: expect.stringMatching(/; 1 of \d+ pixels differ$/),
  });
  const pixel = Math.floor(CANARY.byte / 4);
  expect(words.difference).toContain(`(${pixel % canvas.width}, ${Math.floor(pixel / canvas.width)})`);
}

describeWithGpu('a renderer whose GPU paints one bit of the probe wrong', () => {
  it('keeps both pictures and the words for it, says that it is degraded, and serves on the CPU', async () => {
    const socket = join(temporaryFolder(), 'socket');
    const { lines, journal } = openNotes();
    const opener = distrusted();
    const serving: Serving = await serve(socket, 'auto', opener, journal);
    expectReport(socket, opener.opened[0]?.adapter);
    expect(statSync(socket).mode & 0o777).toBe(0o700);
    const [distrust] = lines.filter(({ event }) => event === 'gpu:distrusted');
    expect(distrust).toEqual({
      level: 'error',
      event: 'gpu:distrusted',
      fields: {
        adapter: opener.opened[0]?.adapter,
        message: expect.stringMatching(/; 1 of \d+ pixels differ$/),
        kept: join(socket, 'reports'),
      },
    });
    const degraded = {
      backend: 'cpu',
      health: 'degraded',
      reason: expect.stringMatching(/^the probe picture differs on /),
    };
    expect(readAnnouncements(socket)).toMatchObject([degraded]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        event: 'renderer:serving',
        fields: expect.objectContaining(degraded),
      }),
    );
    const spool = new SpoolHand(socket);
    for (const backend of ['auto', 'cpu', 'gpu']) spool.offer(backend, goodProgram(9), { backend });
    for (const backend of ['auto', 'cpu']) {
      const { reply, pixels } = await spool.answer(backend);
      expect(reply).toMatchObject({ status: 'ok', backend: 'cpu' });
      expect(samePixels(pixels, await expectedPixels(goodProgram(9)))).toBe(true);
    }
    expect((await spool.answer('gpu')).reply).toMatchObject({
      status: 'error',
      retryable: false,
      error: { code: 'RUN-E003', message: expect.stringContaining('the probe picture differs on ') },
    });
    // It is kept for a person: neither its own end nor a renderer that is well takes it away.
    await serving.stop();
    expectReport(socket, opener.opened[0]?.adapter);
    await (await serve(socket, 'auto', faultyOpener({ isSoftware: false }), journal)).stop();
    expectReport(socket, opener.opened[0]?.adapter);
  });

  it('keeps them too where somebody insists on that GPU, and serves nothing', async () => {
    const socket = temporaryFolder();
    const { lines, journal } = openNotes();
    const opener = distrusted();
    await expect(serve(socket, 'gpu', opener, journal)).rejects.toBeInstanceOf(HostFault);
    expectReport(socket, opener.opened[0]?.adapter);
    expect(lines.map(({ event }) => event)).toEqual(['gpu:distrusted']);
    expect(readAnnouncements(socket)).toEqual([]);
    expect(existsSync(join(socket, 'slot.lock'))).toBe(false);
  });

  it('replaces an older report, and is no less well off where it cannot keep any', async () => {
    const socket = temporaryFolder();
    const reports = join(socket, 'reports');
    mkdirSync(reports);
    writeFileSync(join(reports, 'probe.json'), 'old, and longer than the new one: '.repeat(50));
    const opener = distrusted();
    await (await serve(socket, 'auto', opener, openNotes().journal)).stop();
    expectReport(socket, opener.opened[0]?.adapter);

    rmSync(reports, { recursive: true });
    writeFileSync(reports, 'a file in its way');
    const { lines, journal } = openNotes();
    flipBit(opener.hand, CANARY);
    const serving = await serve(socket, 'auto', opener, journal);
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: 'gpu:distrusted',
        fields: expect.objectContaining({ kept: expect.stringMatching(/^not all: ./) }),
      }),
    );
    const spool = new SpoolHand(socket);
    spool.offer('a', goodProgram(2));
    expect((await spool.answer('a')).reply).toMatchObject({ status: 'ok', backend: 'cpu' });
    await serving.stop();
  });
});

describeWithGpu('a renderer whose GPU is lost, and comes back with one bit wrong', () => {
  it('keeps the report, and is degraded for good', async () => {
    const socket = temporaryFolder();
    const { lines, journal } = openNotes();
    const opener = faultyOpener({ isSoftware: false });
    const serving = await serve(socket, 'auto', opener, journal);
    expect(readAnnouncements(socket)).toMatchObject([{ backend: 'gpu', health: 'ok' }]);
    expect(existsSync(join(socket, 'reports'))).toBe(false);
    flipBit(opener.hand, CANARY);
    opener.opened[0]?.device.destroy();
    const changes = await waitUntil('both changes', () => {
      const found = lines.filter(({ event }) => event === 'painter:changed');
      return found.length === 2 && found;
    });
    expect(changes).toMatchObject([
      {
        level: 'warn',
        fields: { backend: 'cpu', health: 'degraded', reason: expect.stringContaining('lost') },
      },
      {
        level: 'warn',
        fields: { backend: 'cpu', health: 'degraded', reason: expect.stringContaining('probe') },
      },
    ]);
    expectReport(socket, opener.opened[0]?.adapter);
    expect(readAnnouncements(socket)).toMatchObject([changes[1]?.fields]);
    await serving.stop();
  });
});

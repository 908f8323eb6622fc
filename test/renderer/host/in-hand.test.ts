/** What a renderer announces of a long picture, read as any client reads it. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openBackends } from '../../../renderer/host/backends.ts';
import { serveRenderer } from '../../../renderer/host/serve.ts';
import type { Standing } from '../../../renderer/raster/painter.ts';
import { diskFiles } from '../../../shared/host/files.ts';
import { silentJournal } from '../../../shared/host/journal.ts';
import { readAnnouncements } from '../../support/announcements.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('a long SHADE is announced with what rises from tile to tile, and is not in hand once it is answered', async () => {
  const socketDir = join(temporaryFolder(), 'socket');
  let beat = (): void => {};
  const serving = await serveRenderer({ socketDir, backend: 'cpu' }, silentJournal, diskFiles, async () => {
    const backends = await openBackends('cpu');
    // Each word of another standing is announced at once: a heart that beats as often as the test likes.
    const onChange = (listener: (standing: Standing) => void) => {
      beat = () => listener(backends.standing);
    };
    return { ...backends, onChange };
  });
  onTestFinished(() => serving.stop());
  const inHand = () => {
    beat();
    return readAnnouncements(socketDir)[0]?.in_hand;
  };
  expect(inHand()).toEqual([]);
  const lines = [
    'SHADE 0 0 width height',
    'SET s x+y',
    'LOOP 4000',
    'SET s (s*5+3)&255',
    'END',
    'SET r s',
    'END',
  ];
  const command = { op: 'render_program', id: 'long', code: lines.join('\n'), width: 256, height: 256 };
  const [wet, offered] = [join(socketDir, 'tmp/long.json'), join(socketDir, 'inbox/long.json')];
  const before = Date.now();
  writeFileSync(wet, JSON.stringify(command));
  renameSync(wet, offered);
  const seen: { readonly done: number; readonly of: number }[] = [];
  while (diskFiles.fact(join(socketDir, 'outbox/long.json')) === undefined) {
    const [held, ...others] = inHand() ?? [];
    expect(others).toEqual([]);
    if (held !== undefined) {
      expect(held.id).toBe('long');
      expect(Date.parse(held.since)).toBeGreaterThanOrEqual(before);
      if (held.done !== undefined && held.of !== undefined) seen.push({ done: held.done, of: held.of });
    }
    await new Promise((next) => setTimeout(next, 5));
  }
  const done = seen.map((count) => count.done);
  expect(new Set(seen.map(({ of }) => of))).toEqual(new Set([16]));
  expect(done).toEqual([...done].sort((one, other) => one - other));
  expect(new Set(done).size).toBeGreaterThan(3);
  await new Promise((next) => setTimeout(next, 20));
  expect(inHand()).toEqual([]);
});

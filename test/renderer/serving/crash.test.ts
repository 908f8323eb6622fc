/** A crash after a third of the numbered effects of a renderer, from its start to its clean end; `test/long` has all of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskFiles } from '../../../shared/host/files.ts';
import { countingFiles } from '../../support/counting-files.ts';
import {
  crashAfter,
  crashAfterEach,
  crashBesideAnother,
  effectsOfRecovery,
} from '../../support/crash-after.ts';
import { askSlot, objections, setScene } from '../../support/crash-scene.ts';
import { isInShare } from '../../support/share.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('a renderer that crashes', () => {
  it('after any of a third of its effects leaves nothing that its successor does not put right', async () => {
    const undisturbed = await crashAfter(0);
    expect(undisturbed).toMatchObject({ killed: false, objections: [] });
    const count = undisturbed.effects.length;
    console.log(`${count} effects, a crash after a third of them`);
    expect(count).toBeGreaterThan(50);
    const effects = Array.from({ length: count }, (_, n) => n + 1).filter((effect) => isInShare(effect, 3));
    expect(await crashAfterEach(effects, 4)).toEqual([]);
  }, 120_000);

  it('while it finds what the dead left is put right by another that lives', async () => {
    const count = await effectsOfRecovery();
    console.log(`${count} effects of a recovery, a crash after every third`);
    expect(count).toBeGreaterThan(12);
    const effects = Array.from({ length: Math.floor(count / 3) }, (_, n) => 3 * n + 3);
    expect(await crashAfterEach(effects, 4, crashBesideAnother)).toEqual([]);
  }, 60_000);

  it('would be objected to: a scene that nobody serves, and one wrong byte', async () => {
    const socket = temporaryFolder();
    setScene(socket);
    askSlot(socket);
    expect((await objections(socket)).length).toBeGreaterThan(8);
  });
});

describe('counted effects', () => {
  it('are those that change something, and a write is two', () => {
    const folder = temporaryFolder();
    const heard: string[] = [];
    const files = countingFiles(diskFiles, (effect, name) =>
      heard.push(`${effect} ${name.replaceAll(`${folder}/`, '')}`),
    );
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    files.rename(a, b);
    files.remove(a);
    files.write(a, 'text');
    files.rename(a, b);
    files.remove(b);
    files.makeFolder(a);
    files.makeFolder(a);
    files.removeFolder(b);
    files.removeFolder(a);
    expect(heard).toEqual([
      '1 half of write a',
      '2 write a',
      '3 rename a to b',
      '4 remove b',
      '5 make folder a',
      '6 remove folder a',
    ]);
  });

  it('stop the world with half of a write on the disk', () => {
    const path = join(temporaryFolder(), 'a');
    writeFileSync(path, '');
    const files = countingFiles(diskFiles, (_, name) => {
      if (name.startsWith('half')) throw new Error('stop');
    });
    expect(() => files.write(path, '12345678')).toThrow('stop');
    expect(Buffer.from(diskFiles.read(path, 10)!).toString()).toBe('1234');
  });
});

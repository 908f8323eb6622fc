/** The second names of cartridges: how the shelf makes them, and goes on where it cannot. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { HostFault } from '../../shared/faults.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import { countingFiles } from '../support/counting-files.ts';
import { objectOf, shelfWithObjects, storedCartridge, storeIn } from '../support/kept-store.ts';
import { nameless, namesOn } from '../support/names-on.ts';
import { fill, noSmallDisk, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const one = storedCartridge(1);
const other = storedCartridge(2);

function world(files: Files = diskFiles) {
  const store = storeIn(temporaryFolder());
  const said: string[] = [];
  const shelf = shelfWithObjects(store.cartridges, files, (why) => said.push(why));
  const put = (fileName: string, bytes = one) => shelf.put([{ fileName, bytes }]);
  return { store, shelf, said, put, at: (name: string) => join(store.cartridges, name) };
}

/** A fault as the disk has it. */
function fault(code: string, path: string): HostFault {
  const cause = Object.assign(new Error(code), { code });
  return new HostFault('link', path, code, { retryable: true, cause });
}

describe('a cartridge that is put on the shelf', () => {
  it('is one file under its name and its checksum, and equal bytes are that file, too', async () => {
    const { store, put, at, said } = world();
    expect(await put('a.png')).toEqual([undefined]);
    const { ino, nlink } = statSync(at('a.png'));
    expect([statSync(objectOf(store, one)).ino, nlink]).toEqual([ino, 2]);
    await put('b.png');
    expect([statSync(at('b.png')).ino, statSync(at('b.png')).nlink]).toEqual([ino, 3]);
    await put('c.png', other);
    expect(statSync(at('c.png')).ino).not.toBe(ino);
    expect([namesOn(store.cartridges).sort(), said]).toEqual([['a.png', 'b.png', 'c.png'], []]);
  });

  it('takes the place of whatever lies under its name, and follows no symlink there', async () => {
    const { store, put, at } = world();
    await put('a.png', other);
    writeFileSync(join(store.folder, 'outside'), 'mine');
    symlinkSync('../outside', at('b.png'));
    await put('a.png');
    await put('b.png');
    await put('b.png');
    for (const name of ['a.png', 'b.png']) expect(readFileSync(at(name)).equals(one), name).toBe(true);
    expect(readFileSync(join(store.folder, 'outside'), 'utf8')).toBe('mine');
    expect(namesOn(store.cartridges).sort()).toEqual(['a.png', 'b.png']);
  });

  it('is written anew where its object was damaged', async () => {
    const { store, put, at } = world();
    await put('a.png');
    rmSync(at('a.png'));
    writeFileSync(objectOf(store, one), 'x'.repeat(one.length));
    await put('a.png');
    expect(readFileSync(at('a.png')).equals(one)).toBe(true);
    expect(readFileSync(objectOf(store, one)).equals(one)).toBe(true);
  });

  it.each(['EPERM', 'EXDEV', 'EMLINK'])(
    'has its name alone where the file system says %s, and the first time that is for good it is said',
    async (code) => {
      const link = (_: string, to: string): boolean => {
        throw fault(code, to);
      };
      const { store, put, at, said } = world({ ...diskFiles, link });
      expect([await put('a.png'), await put('b.png', other)]).toEqual([[undefined], [undefined]]);
      expect(readFileSync(at('a.png')).equals(one)).toBe(true);
      expect([existsSync(objectOf(store, one)), said.length]).toEqual([false, code === 'EMLINK' ? 0 : 1]);
      expect(namesOn(store.cartridges).sort()).toEqual(['a.png', 'b.png']);
    },
  );

  it('has its name alone where the objects would lie outside the shelf', async () => {
    const { store, put, at, said } = world();
    const elsewhere = join(store.folder, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(store.cartridges);
    symlinkSync(elsewhere, at('.objects'));
    expect(await put('a.png')).toEqual([undefined]);
    expect([readdirSync(elsewhere), said]).toEqual([[], [expect.stringContaining('found something else')]]);
    expect(readFileSync(at('a.png')).equals(one)).toBe(true);
  });

  it('is there although somebody has removed the objects, and has one again', async () => {
    const { store, put, at } = world();
    await put('a.png');
    rmSync(at('.objects'), { recursive: true });
    expect(await put('b.png')).toEqual([undefined]);
    expect(await put('c.png', other)).toEqual([undefined]);
    expect(existsSync(objectOf(store, other))).toBe(true);
  });
});

describe('a cartridge that is taken back', () => {
  it('takes its object with it, rejected too, and none that another name has', async () => {
    const { store, shelf, put } = world();
    await put('a.png');
    await put('b-rejected.png', other);
    shelf.discard('a.png');
    shelf.discard('b.png');
    expect([namesOn(store.cartridges), nameless(store.cartridges)]).toEqual([[], []]);
    expect([existsSync(objectOf(store, one)), existsSync(objectOf(store, other))]).toEqual([false, false]);
    await put('c.png');
    await put('d.png');
    shelf.discard('c.png');
    expect([namesOn(store.cartridges), existsSync(objectOf(store, one))]).toEqual([['d.png'], true]);
  });

  it('leaves neither name nor object where the folder cannot be synced, and what was there before', async () => {
    let isBroken = false;
    const syncFolder = async (path: string): Promise<void> => {
      if (isBroken) throw fault('EIO', path);
    };
    const { store, shelf, put } = world({ ...diskFiles, syncFolder });
    await put('a.png');
    rmSync(join(store.cartridges, 'a.png'));
    isBroken = true;
    const batch = [
      { fileName: 'b.png', bytes: one },
      { fileName: 'c.png', bytes: other },
    ];
    expect((await shelf.put(batch)).map((error) => error?.message)).toEqual(['EIO', 'EIO']);
    expect(namesOn(store.cartridges)).toEqual([]);
    // The object of a cartridge whose name somebody has removed.
    expect([existsSync(objectOf(store, one)), existsSync(objectOf(store, other))]).toEqual([true, false]);
  });

  it('whose process dies at any step of it has no object without a name', async () => {
    const died: string[] = [];
    for (let last = 1; last <= 8; last++) {
      let isDead = false;
      const counting = countingFiles(diskFiles, (effect, name) => {
        if (effect !== last) return;
        died.push(name.split(' ')[0] ?? '');
        isDead = true;
        throw new Error('killed');
      });
      // The dead do nothing more, not even put things right.
      const files = new Proxy(counting, {
        get(_, name) {
          const act = counting[name as keyof Files] as (...paths: unknown[]) => unknown;
          return (...paths: unknown[]) => {
            if (isDead) throw new Error('killed');
            return act(...paths);
          };
        },
      });
      const { store, put } = world(files);
      await put('a.png');
      if (existsSync(store.cartridges)) expect(nameless(store.cartridges), `after ${last}`).toEqual([]);
    }
    expect(died).toEqual(['make', 'half', 'write', 'rename', 'make', 'make', 'link', 'sync']);
  });
});

describe('a cartridge that retention removes', () => {
  it('takes the object with it that goes with it, and no other one', async () => {
    const { store, shelf, put } = world();
    await put('a.png');
    await put('b.png');
    const sum = sha256Hex(one);
    shelf.remove('a.png', null);
    expect(existsSync(objectOf(store, one))).toBe(true);
    shelf.remove('b.png', sum);
    expect([existsSync(objectOf(store, one)), namesOn(store.cartridges)]).toEqual([false, []]);
    shelf.remove('b.png', sum);
    shelf.remove('c.png', '../../outside');
    shelf.remove('c.png', null);
  });
});

const reason = noSmallDisk();
if (reason !== undefined) console.warn(`SKIPPED, a full disk is not tested: ${reason}`);

describe.skipIf(reason !== undefined)('a shelf on a full disk', () => {
  it('holds no half of a cartridge, under neither name, and goes on when there is room', async () => {
    const store = storeIn(temporaryFolder());
    smallDisk(store.cartridges, 256);
    const shelf = shelfWithObjects(store.cartridges);
    await shelf.put([{ fileName: 'a.png', bytes: one }]);
    const free = fill(store.cartridges);
    const [full] = await shelf.put([{ fileName: 'b.png', bytes: other }]);
    expect(full?.message).toContain('ENOSPC');
    expect([existsSync(join(store.cartridges, 'b.png')), existsSync(objectOf(store, other))]).toEqual([
      false,
      false,
    ]);
    free();
    expect(await shelf.put([{ fileName: 'b.png', bytes: other }])).toEqual([undefined]);
    expect(readFileSync(objectOf(store, other)).equals(other)).toBe(true);
  });
});

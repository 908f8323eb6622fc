import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TURN_BYTES } from '../../orchestrator/config.ts';
import { CartridgeShelf } from '../../orchestrator/host/shelf.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { labelOf } from '../../shared/cartridge/label.ts';
import { press } from '../../shared/cartridge/press.ts';
import { HostFault } from '../../shared/faults.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import type { Params } from '../../shared/params.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const canvas = { width: 4, height: 2 };
const pixels = new Uint8Array(32).fill(255);

function cartridge(program = 'RECT 0 0 4 2', params: Params = {}): Uint8Array {
  return press({
    pixels,
    canvas,
    label: labelOf({ program, canvas, params, checksum: sha256Hex(pixels) }),
    run: { id: 'job-1', backend: 'cpu', adapter: 'cpu', renderer: 'r1' },
    createdAt: '2026-01-01T00:00:00.000Z',
  });
}

function shelfIn(folder = join(temporaryFolder(), 'cartridges'), files: Files = diskFiles) {
  return { folder, shelf: new CartridgeShelf(files, folder, 'durable') };
}

describe('a shelf', () => {
  it('writes a long file beside the loop even where nothing is synced, and a short one at once', async () => {
    const written: string[] = [];
    const files: Files = {
      ...diskFiles,
      write: (path, data) => {
        written.push(`at once ${data.length}`);
        diskFiles.write(path, data);
      },
      writeSynced: (path, data) => {
        written.push(`beside ${data.length}`);
        return diskFiles.writeSynced(path, data);
      },
    };
    const shelf = new CartridgeShelf(files, temporaryFolder(), 'fast');
    const lengths = [TURN_BYTES, TURN_BYTES + 1];
    const batch = lengths.map((length) => ({ fileName: `${length}.png`, bytes: new Uint8Array(length) }));
    expect(await shelf.put(batch)).toEqual([undefined, undefined]);
    expect(written.sort()).toEqual([`at once ${TURN_BYTES}`, `beside ${TURN_BYTES + 1}`]);
  });

  it.each(['durable', 'fast'] as const)(
    'holds what was put on it, whole, and no half of it (%s)',
    async (mode) => {
      const folder = join(temporaryFolder(), 'cartridges');
      const shelf = new CartridgeShelf(diskFiles, folder, mode);
      const batch = ['a.png', 'b.png', 'c.png'].map((fileName) => ({ fileName, bytes: cartridge(fileName) }));
      expect(await shelf.put(batch)).toEqual([undefined, undefined, undefined]);
      expect(readdirSync(folder).sort()).toEqual(['a.png', 'b.png', 'c.png']);
      expect(shelf.whole('b.png')?.cartridge.label.program).toBe('b.png');
      expect(shelf.whole('b.png')?.bytes).toBe(batch[1]?.bytes.length);
    },
  );

  it('stamps a file so that one put in its place, however like it, is another', async () => {
    const { folder, shelf } = shelfIn();
    expect(shelf.stamp('a.png')).toBeUndefined();
    const put = () => shelf.put([{ fileName: 'a.png', bytes: cartridge('a') }]);
    await put();
    const first = shelf.stamp('a.png');
    expect(first).toBeDefined();
    expect(shelf.stamp('a.png')).toBe(first);
    // Both are there for a while, so that the second has an inode of its own.
    renameSync(join(folder, 'a.png'), join(folder, 'b.png'));
    await put();
    expect(shelf.stamp('a.png')).not.toBe(first);
    expect(shelf.stamp('b.png')).toBe(first);
    writeFileSync(join(folder, 'b.png'), 'longer'.repeat(999));
    expect(shelf.stamp('b.png')).not.toBe(first);
  });

  it('says of each cartridge by itself that it could not be put there, and leaves no half of it', async () => {
    const { folder, shelf } = shelfIn(undefined, {
      ...diskFiles,
      async writeSynced(path, data) {
        writeFileSync(path, data.subarray(0, 10));
        if (path.includes('full')) throw new HostFault('write', path, 'ENOSPC', { retryable: true });
        await diskFiles.writeSynced(path, data);
      },
    });
    const faults = await shelf.put(
      ['a.png', 'full.png'].map((fileName) => ({ fileName, bytes: cartridge() })),
    );
    expect(faults.map((fault) => fault?.message)).toEqual([undefined, 'ENOSPC']);
    expect(readdirSync(folder)).toEqual(['a.png']);
  });

  it.each(['makeFolder', 'syncFolder'] as const)('holds nothing of a batch when %s fails', async (act) => {
    const folder = join(temporaryFolder(), 'cartridges');
    mkdirSync(folder);
    const fail = () => {
      throw new HostFault(act, folder, 'EIO', { retryable: true });
    };
    const { shelf } = shelfIn(folder, { ...diskFiles, [act]: fail });
    const faults = await shelf.put(['a.png', 'b.png'].map((fileName) => ({ fileName, bytes: cartridge() })));
    expect(faults.map((fault) => fault?.message)).toEqual(['EIO', 'EIO']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('knows a cartridge that is not whole: absent, torn, flipped, or something else', async () => {
    const { folder, shelf } = shelfIn();
    await shelf.put([{ fileName: 'a.png', bytes: cartridge() }]);
    expect(shelf.whole('a.png')).toBeDefined();
    const bytes = readFileSync(join(folder, 'a.png'));
    writeFileSync(join(folder, 'torn.png'), bytes.subarray(0, -20));
    const flipped = Uint8Array.from(bytes);
    flipped[bytes.length - 20] = (flipped[bytes.length - 20] ?? 0) ^ 1;
    writeFileSync(join(folder, 'flipped.png'), flipped);
    writeFileSync(join(folder, 'text.png'), 'hello');
    symlinkSync('a.png', join(folder, 'link.png'));
    mkdirSync(join(folder, 'folder.png'));
    for (const name of ['absent', 'torn', 'flipped', 'text', 'link', 'folder']) {
      expect(shelf.whole(`${name}.png`), name).toBeUndefined();
    }
  });

  it('discards a cartridge with its half-written twin, and what is not there', async () => {
    const { folder, shelf } = shelfIn();
    await shelf.put([{ fileName: 'a.png', bytes: cartridge() }]);
    writeFileSync(join(folder, '.a.png.wet'), 'half');
    shelf.discard('a.png');
    shelf.discard('a.png');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the path of a cartridge', () => {
  it('is absolute, and there only where a file is', async () => {
    const { folder, shelf } = shelfIn();
    await shelf.put([{ fileName: 'a.png', bytes: cartridge() }]);
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'deep', 'b.png'), cartridge());
    writeFileSync(join(folder, '../outside.png'), cartridge());
    symlinkSync('a.png', join(folder, 'link.png'));
    symlinkSync('deep', join(folder, 'link'));
    expect(shelf.locate('a.png')).toBe(join(folder, 'a.png'));
    expect(shelf.locate('deep/b.png')).toBe(join(folder, 'deep/b.png'));
    const { length } = readFileSync(join(folder, 'a.png'));
    const sizes = [length - 1, length, length + 1];
    expect(sizes.map((bytes) => shelf.has('a.png', bytes))).toEqual([false, true, false]);
    expect(shelf.has('c.png', length)).toBe(false);
    for (const name of [
      ...['none.png', 'none/a.png', 'a.png/b.png', 'deep', '.', '', 'link.png', 'link/b.png'],
      ...['../outside.png', '/etc/passwd', 'a.png\0', 'x'.repeat(5_000)],
    ]) {
      expect(shelf.locate(name), name.slice(0, 40)).toBeUndefined();
    }
  });

  it('is told from a shelf that cannot be looked at', () => {
    const fact = () => {
      throw new HostFault('look at', 'a.png', 'EIO', { retryable: true });
    };
    const { shelf } = shelfIn(undefined, { ...diskFiles, fact });
    expect(() => shelf.locate('a.png')).toThrow('EIO');
  });
});

describe('a shelf that is gone', () => {
  it('says so, of a path and of a program, until it is back', async () => {
    const { folder, shelf } = shelfIn();
    await shelf.put([{ fileName: 'a.png', bytes: cartridge() }]);
    const asked = [() => shelf.locate('a.png'), () => shelf.program('a.png')];
    renameSync(folder, `${folder}.away`);
    for (const ask of asked) {
      expect(ask).toThrow(HostFault);
      expect(ask).toThrow(`Expected the folder of cartridges ${folder}, found none`);
    }
    writeFileSync(folder, '');
    for (const ask of asked) expect(ask).toThrow(HostFault);
    rmSync(folder);
    symlinkSync(`${folder}.gone`, folder);
    for (const ask of asked) expect(ask).toThrow(HostFault);
    // A symlink to a folder is a folder, and one that lacks only the file is no fault.
    rmSync(folder);
    symlinkSync(`${folder}.away`, folder);
    expect(shelf.locate('a.png')).toBe(join(folder, 'a.png'));
    expect(shelf.locate('b.png')).toBeUndefined();
    expect(shelf.program('b.png')).toContain('found none');
  });
});

describe('the program inside a cartridge', () => {
  const filled = async () => {
    const { folder, shelf } = shelfIn();
    mkdirSync(join(folder, 'deep'), { recursive: true });
    await shelf.put([{ fileName: 'a.png', bytes: cartridge('HALT') }]);
    writeFileSync(join(folder, 'deep', 'b.png'), cartridge('RECT 0 0 1 1'));
    return { folder, shelf };
  };

  it('is found by its name, by its path, with the folder’s name in front, and as runs print it', async () => {
    const { folder, shelf } = await filled();
    for (const reference of [
      'a.png',
      './a.png',
      'deep/../a.png',
      'cartridges/a.png',
      join(folder, 'a.png'),
    ]) {
      expect(shelf.program(reference), reference).toEqual({ program: 'HALT', canvas, params: {} });
    }
    expect(shelf.program('deep/b.png')).toEqual({ program: 'RECT 0 0 1 1', canvas, params: {} });
  });

  it('comes with the params it was drawn with', async () => {
    const { shelf } = shelfIn();
    await shelf.put([{ fileName: 'a.png', bytes: cartridge('HALT', { count: 3 }) }]);
    expect(shelf.program('a.png')).toEqual({ program: 'HALT', canvas, params: { count: 3 } });
  });

  it.each([
    ['../outside.png', 'leads outside'],
    ['/etc/passwd', 'leads outside'],
    ['a.png\0', 'leads outside'],
    ['', 'leads outside'],
    ['.', 'leads outside'],
    ['none.png', 'found none'],
    ['none/a.png', 'found none'],
    ['a.png/b.png', 'found none'],
    ['deep', 'regular file'],
    ['x'.repeat(5_000), 'leads nowhere'],
    ['link.png', 'regular file'],
    ['link/b.png', 'found none'],
    ['fake.png', 'Expected'],
  ])('is not had from %.20s, in few words', async (reference, why) => {
    const { folder, shelf } = await filled();
    writeFileSync(join(folder, '../outside.png'), cartridge());
    writeFileSync(join(folder, 'fake.png'), 'no picture');
    symlinkSync('../outside.png', join(folder, 'link.png'));
    symlinkSync('deep', join(folder, 'link'));
    const found = shelf.program(reference);
    expect(found).toEqual(expect.stringContaining(why));
    expect(String(found).length).toBeLessThan(400);
    expect(existsSync(join(folder, 'a.png'))).toBe(true);
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HostFault, PeerFault } from '../../../shared/faults.ts';
import { diskFiles } from '../../../shared/host/files.ts';
import { packageRoot } from '../../../shared/host/package-root.ts';
import { faultOf } from '../../support/fault-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const peerFault = (path: string, maxBytes = 100) => {
  const fault = faultOf(() => diskFiles.read(path, maxBytes));
  expect(fault).toBeInstanceOf(PeerFault);
  return (fault as PeerFault).code;
};

describe('a file that takes long', () => {
  it('is written and removed in a thread, with the same faults', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a');
    await diskFiles.writeLong(path, Buffer.from('abc'));
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['abc', 0o600]);
    expect([await diskFiles.removeLong(path), await diskFiles.removeLong(path)]).toEqual([true, false]);
    await expect(diskFiles.writeLong(join(path, 'b'), Buffer.from('abc'))).rejects.toThrow(HostFault);
    await expect(diskFiles.removeLong(folder)).rejects.toThrow(HostFault);
  });
});

describe('reading a file that somebody else wrote', () => {
  it('gives its bytes, and nothing when it is not there', () => {
    const path = join(temporaryFolder(), 'a');
    expect(diskFiles.read(path, 100)).toBeUndefined();
    writeFileSync(path, Buffer.from([0, 255, 10]));
    expect([...diskFiles.read(path, 100)!]).toEqual([0, 255, 10]);
    writeFileSync(path, '');
    expect(diskFiles.read(path, 100)).toHaveLength(0);
  });

  it('says when it was last changed', () => {
    const path = join(temporaryFolder(), 'a');
    expect(diskFiles.readDated(path, 100)).toBeUndefined();
    writeFileSync(path, 'abc');
    utimesSync(path, 5, 7);
    expect(diskFiles.readDated(path, 100)).toEqual({ bytes: Buffer.from('abc'), modifiedMs: 7_000 });
  });

  it('reads as many bytes as the limit, and refuses one more', () => {
    const path = join(temporaryFolder(), 'a');
    writeFileSync(path, 'x'.repeat(100));
    expect(diskFiles.read(path, 100)).toHaveLength(100);
    expect(peerFault(path, 99)).toBe('FILE-E002');
    expect(faultOf(() => diskFiles.read(path, 99)).message).toBe(
      `Expected at most 99 bytes, found 100 in ${path}`,
    );
  });

  it('refuses 10 GB that take no space, at once', () => {
    const path = join(temporaryFolder(), 'sparse');
    writeFileSync(path, '');
    truncateSync(path, 10 * 2 ** 30);
    const start = performance.now();
    expect(peerFault(path)).toBe('FILE-E002');
    expect(performance.now() - start).toBeLessThan(100);
  });

  it('refuses a folder, a FIFO, a socket and a device, without waiting for any of them', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder'));
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    const server = createServer().listen(join(folder, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      for (const path of ['folder', 'fifo', 'socket'].map((name) => join(folder, name))) {
        expect(peerFault(path), path).toBe('FILE-E001');
      }
      expect(peerFault('/dev/zero')).toBe('FILE-E001');
    } finally {
      server.close();
    }
  });

  it('follows no symlink, whether it leads to a file, a folder or nowhere', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'x');
    for (const target of ['file', '.', 'nowhere', 'link']) {
      const link = join(folder, `to-${target === '.' ? 'folder' : target}`);
      symlinkSync(target, link);
      expect(peerFault(link), target).toBe('FILE-E001');
    }
  });

  it('gives a file that grew between two readings as it was at each', () => {
    const path = join(temporaryFolder(), 'a');
    writeFileSync(path, '{"op":');
    expect(Buffer.from(diskFiles.read(path, 100)!).toString()).toBe('{"op":');
    appendFileSync(path, '"ping"}');
    expect(Buffer.from(diskFiles.read(path, 100)!).toString()).toBe('{"op":"ping"}');
  });

  it.runIf(process.getuid?.() !== 0)('refuses a file that is closed to us', () => {
    const path = join(temporaryFolder(), 'a');
    writeFileSync(path, 'x');
    chmodSync(path, 0);
    expect(peerFault(path)).toBe('FILE-E003');
  });
});

describe('moving', () => {
  it('replaces what is there, and says whether there was something to move', () => {
    const folder = temporaryFolder();
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    expect(diskFiles.rename(from, to)).toBe(false);
    writeFileSync(from, 'new');
    writeFileSync(to, 'old');
    expect(diskFiles.rename(from, to)).toBe(true);
    expect(readFileSync(to, 'utf8')).toBe('new');
    expect(existsSync(from)).toBe(false);
  });

  it('is a fault when the target’s folder is not there, so that the file does not pass for absent', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'from'), 'x');
    const fault = faultOf(() => diskFiles.rename(join(folder, 'from'), join(folder, 'gone', 'to')));
    expect(fault).toBeInstanceOf(HostFault);
    expect((fault as HostFault).retryable).toBe(true);
    expect(diskFiles.rename(join(folder, 'absent'), join(folder, 'gone', 'to'))).toBe(false);
  });
});

describe('the other effects', () => {
  it('write private files and folders', () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    diskFiles.makeFolder(folder);
    diskFiles.makeFolder(folder);
    diskFiles.write(join(folder, 'file'), 'x');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'file')).mode & 0o777).toBe(0o600);
  });

  it('make folders above them, and end where none can be made', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('nowhere', join(folder, 'dangling'));
    symlinkSync('.', join(folder, 'here'));
    diskFiles.makeFolder(join(folder, 'here', 'a', 'b', 'c'));
    diskFiles.makeFolder(join(folder, 'here'));
    expect(statSync(join(folder, 'a', 'b', 'c')).isDirectory()).toBe(true);
    for (const bad of ['file', 'file/a', 'dangling', 'dangling/a/b', `a/${'n'.repeat(300)}/b`]) {
      expect(() => diskFiles.makeFolder(join(folder, bad)), bad).toThrow(HostFault);
    }
    diskFiles.makeFolder('/');
  });

  // Whoever tries there for ever can only be ended from outside.
  it.skipIf(!existsSync('/proc/self'))(
    'make no folders where the system says ENOENT whatever is there',
    () => {
      const module = join(packageRoot(), 'dist/shared/host/folders.js');
      for (const path of ['/proc/gvpie', '/proc/gvpie/a/b']) {
        const program = `import(${JSON.stringify(module)}).then(({ makeFolders }) => makeFolders('${path}'))`;
        const { status, signal, stderr } = spawnSync(process.execPath, ['-e', program], { timeout: 10_000 });
        expect([status, signal, String(stderr)]).toEqual([1, null, expect.stringContaining('ENOENT')]);
      }
    },
  );

  it.each([
    ['write', async (path: string, data: Buffer) => diskFiles.write(path, data)],
    ['writeLong', diskFiles.writeLong],
    ['writeSynced', diskFiles.writeSynced],
  ])('of which %s opens nothing that lies there already', async (_, write) => {
    const folder = temporaryFolder();
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('other'), 'untouched');
    writeFileSync(at('file'), 'old', { mode: 0o644 });
    symlinkSync('other', at('link'));
    symlinkSync('nowhere', at('dangling'));
    execFileSync('mkfifo', [at('fifo')]);
    for (const name of ['file', 'link', 'dangling', 'fifo']) {
      for (const bytes of [4, 65_537]) {
        await write(at(name), Buffer.alloc(bytes, 'new'));
        const found = diskFiles.fact(at(name));
        expect([found?.kind, found?.sizeBytes, found?.mode], name).toEqual(['file', bytes, 0o600]);
      }
    }
    expect([readFileSync(at('other'), 'utf8'), existsSync(at('nowhere'))]).toEqual(['untouched', false]);
    mkdirSync(at('folder'));
    await expect(write(at('folder'), Buffer.from('new'))).rejects.toThrow(HostFault);
    expect(diskFiles.fact(at('folder'))?.kind).toBe('folder');
  });

  it('write and sync, short and long', async () => {
    const folder = temporaryFolder();
    for (const bytes of [0, 65_536, 65_537]) {
      await diskFiles.writeSynced(join(folder, 'b'), Buffer.alloc(bytes, 7));
      expect(readFileSync(join(folder, 'b')).equals(Buffer.alloc(bytes, 7)), `${bytes}`).toBe(true);
      expect(statSync(join(folder, 'b')).mode & 0o777).toBe(0o600);
      await expect(diskFiles.writeSynced(folder, Buffer.alloc(bytes))).rejects.toThrow(HostFault);
    }
    await diskFiles.writeSynced(join(folder, 'a'), Buffer.from('synced'));
    await diskFiles.syncFolder(folder);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('synced');
    await expect(diskFiles.writeSynced(join(folder, 'no', 'a'), Buffer.from(''))).rejects.toThrow(HostFault);
    await expect(diskFiles.syncFolder(join(folder, 'no'))).rejects.toThrow(HostFault);
  });

  it('remove files and empty folders, and say whether they were there', () => {
    const folder = temporaryFolder();
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    writeFileSync(join(inner, 'a'), '');
    expect(diskFiles.removeFolder(inner)).toBe(false);
    expect(diskFiles.remove(join(inner, 'a'))).toBe(true);
    expect(diskFiles.remove(join(inner, 'a'))).toBe(false);
    expect(diskFiles.removeFolder(inner)).toBe(true);
    expect(diskFiles.removeFolder(inner)).toBe(false);
    expect(() => diskFiles.remove(folder)).toThrow(HostFault);
  });

  it('list names, none where there is no folder', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a'), '');
    writeFileSync(join(folder, '.b'), '');
    expect(diskFiles.list(folder).sort()).toEqual(['.b', 'a']);
    expect(diskFiles.list(join(folder, 'no'))).toEqual([]);
    expect(() => diskFiles.list(join(folder, 'a'))).toThrow(HostFault);
  });

  it('look at what lies at a path without following it', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'four');
    symlinkSync('file', join(folder, 'link'));
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    chmodSync(folder, 0o1700);
    expect(diskFiles.fact(join(folder, 'no'))).toBeUndefined();
    expect(diskFiles.fact(join(folder, 'file'))).toMatchObject({ kind: 'file', sizeBytes: 4 });
    expect(diskFiles.fact(join(folder, 'link'))?.kind).toBe('symlink');
    expect(diskFiles.fact(join(folder, 'fifo'))?.kind).toBe('other');
    expect(diskFiles.fact(folder)).toMatchObject({ kind: 'folder', mode: 0o1700, uid: process.getuid?.() });
  });

  it('say what failed, where, and what to do about it', () => {
    const fault = faultOf(() => diskFiles.write('/proc/gvpie', 'x')) as HostFault;
    expect(fault).toBeInstanceOf(HostFault);
    expect(fault).toMatchObject({ op: 'write', path: '/proc/gvpie', retryable: true });
    expect(fault.message).toMatch(/^Could not write \/proc\/gvpie: E/);
  });
});

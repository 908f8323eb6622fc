/** Disks that are full, read-only or gone: it is said, what was there is whole, and all is well once the cause is gone. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskBulk } from '../../orchestrator/host/bulk.ts';
import { restoreBackup } from '../../orchestrator/host/restore.ts';
import { Vault } from '../../orchestrator/host/vault.ts';
import { HostFault } from '../../shared/faults.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import { backUp, contentsOf, dump, engineIn, keptEngine } from '../support/kept-engine.ts';
import { cli, Pair } from '../support/pair.ts';
import { fill, noSmallDisk, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { waitUntil } from '../support/wait-until.ts';

const reason = noSmallDisk();
if (reason !== undefined) console.warn(`SKIPPED, full disks are not tested: ${reason}`);

async function faultOf(work: Promise<unknown>): Promise<HostFault> {
  const found = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (found instanceof HostFault) return found;
  throw new Error(`expected a fault of the world, found ${found}`);
}

const restoreTo = (backups: string, to: string) => {
  const { database, cartridges } = engineIn(to);
  return restoreBackup({ files: diskFiles, bulk: diskBulk }, { folder: backups, database, cartridges });
};

/** Without the lock, whose content means nothing. */
const vaultOf = (backups: string) => contentsOf(backups, (path) => !path.startsWith('backup.lock'));

describe('a backup of which a write fails', () => {
  it.each(['/objects/', 'manifest.json'])(
    'at %s leaves what was there, and nothing of its own but objects',
    async (part) => {
      const folder = temporaryFolder();
      const engine = await keptEngine(folder);
      const backups = join(folder, 'backups');
      await backUp(engine, backups);
      if (part === '/objects/') rmSync(join(backups, 'objects'), { recursive: true });
      const before = vaultOf(backups);
      const files: Files = {
        ...diskFiles,
        async writeSynced(path, data) {
          if (path.includes(part)) throw new HostFault('write', path, 'ENOSPC', { retryable: true });
          return diskFiles.writeSynced(path, data);
        },
      };
      await faultOf(backUp(engine, backups, { files }));
      expect(vaultOf(backups)).toEqual(before);
      expect((await backUp(engine, backups)).troubles).toEqual([]);
    },
  );
});

describe.skipIf(reason !== undefined)('a disk for backups', () => {
  it('that is full fails the next one, harms none before it, and takes one again once space returns', async () => {
    const folder = temporaryFolder();
    const engine = await keptEngine(folder);
    const backups = join(folder, 'backups');
    smallDisk(backups, 2_048);
    await backUp(engine, backups);
    const before = vaultOf(backups);
    const release = fill(backups);
    const fault = await faultOf(backUp(engine, backups));
    expect(fault.message).toMatch(/full|ENOSPC/);
    expect(fault.hint).toContain('space');
    release();
    expect(vaultOf(backups)).toEqual(before);
    await restoreTo(backups, join(folder, 'restored'));
    expect((await backUp(engine, backups)).added.cartridges).toBe(0);
  });

  it('that is read-only is said to be so; what is on it can be restored', async () => {
    const folder = temporaryFolder();
    const engine = await keptEngine(folder);
    const backups = join(folder, 'backups');
    smallDisk(backups, 2_048);
    await backUp(engine, backups);
    execFileSync('mount', ['-o', 'remount,ro', backups]);
    const fault = await faultOf(backUp(engine, backups));
    expect(fault.message).toMatch(/read-?only|EROFS/i);
    await restoreTo(backups, join(folder, 'restored'));
    expect(dump(join(folder, 'restored/daemon.db'))).toEqual(dump(engine.database));
    const checked = cli('restore', backups, '--check');
    expect((await checked.ended).code).toBe(70);
    expect(checked.output()).toMatch(/read-only/);
    const elsewhere = cli('restore', backups, '--check', '--at', folder);
    expect((await elsewhere.ended).code).toBe(0);
    execFileSync('mount', ['-o', 'remount,rw', backups]);
    await backUp(engine, backups);
  });

  it('that somebody emptied is begun anew', async () => {
    const folder = temporaryFolder();
    const engine = await keptEngine(folder);
    const backups = join(folder, 'backups');
    await backUp(engine, backups);
    rmSync(backups, { recursive: true });
    expect((await backUp(engine, backups)).added.cartridges).toBe(6);
  });

  it('that is full harms no orchestrator: it says so, renders on, and status tells', async () => {
    const folder = temporaryFolder();
    const backups = join(folder, 'backups');
    smallDisk(backups, 64);
    const pair = new Pair(folder);
    const flags = ['--backup-dir', backups, '--backup-every', 'every 366d'];
    const [, orchestrator] = await Promise.all([pair.renderer(), pair.orchestrator(...flags)]);
    await waitUntil('the word of it', () => orchestrator.output().includes('backup:failed'), 20_000);
    pair.insert('later', 'TXT 1 1 later');
    expect((await pair.run('later')).outcome).toBe('success');
    expect(new Vault(diskFiles, backups).names()).toEqual([]);
    const status = cli('status', '--db', pair.database, '--socket', pair.socket, '--backup-dir', backups);
    await status.ended;
    expect(status.output()).toMatch(/^backup +FAILED for .*(full|ENOSPC).*none before$/m);
    expect(orchestrator.end()).toBeUndefined();
  });
});

describe.skipIf(reason !== undefined)('a disk that is restored to', () => {
  it('and that is full has no database, and goes on where it ended once there is space', async () => {
    const folder = temporaryFolder();
    const engine = await keptEngine(folder);
    const backups = join(folder, 'backups');
    await backUp(engine, backups);
    const to = join(folder, 'restored');
    smallDisk(to, 96);
    const fault = await faultOf(restoreTo(backups, to));
    expect(fault.message).toContain('ENOSPC');
    expect(readdirSync(to)).toEqual(['cartridges']);
    expect(existsSync(engineIn(to).database)).toBe(false);
    execFileSync('mount', ['-o', 'remount,size=2048k', to]);
    expect((await restoreTo(backups, to)).kept).toBe(7);
    expect(dump(engineIn(to).database)).toEqual(dump(engine.database));
  });
});

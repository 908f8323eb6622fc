/** Backups: everything that is needed comes back, nothing is copied twice, and whatever goes wrong is said and harms nothing. */

import { execFileSync } from 'node:child_process';
import fs, {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type Bulk, diskBulk } from '../../orchestrator/host/bulk.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { OBJECTS_FOLDER } from '../../orchestrator/host/objects.ts';
import { type RestorePlace, restoreBackup } from '../../orchestrator/host/restore.ts';
import { Vault } from '../../orchestrator/host/vault.ts';
import { KeepingRefusal } from '../../orchestrator/keeping-refusal.ts';
import { encodeManifest, type ManifestContent } from '../../orchestrator/manifest.ts';
import { HostFault } from '../../shared/faults.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import { LockHeld } from '../../shared/host/lock.ts';
import { countingFiles } from '../support/counting-files.ts';
import {
  backUp,
  contentsOf,
  dump,
  type Engine,
  engineIn,
  fileOf,
  keptEngine,
  rowsOf,
} from '../support/kept-engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What every test begins with. */
let model: string;
beforeAll(async () => {
  const later: (() => void)[] = [];
  model = temporaryFolder((cleanUp) => later.push(cleanUp as () => void));
  await keptEngine(model);
  return () => {
    for (const cleanUp of later) cleanUp();
  };
});

/** A fresh copy of the model, and a folder for backups. */
function scene(): { engine: Engine; backups: string; folder: string } {
  const folder = temporaryFolder();
  execFileSync('cp', ['-r', `${model}/.`, folder]);
  return { engine: engineIn(folder), backups: join(folder, 'backups'), folder };
}

function restore(backups: string, to: string, name?: string, files = diskFiles) {
  const { database, cartridges } = engineIn(to);
  return restoreBackup({ files, bulk: diskBulk }, { folder: backups, name, database, cartridges });
}

const rejection = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: Error) => error,
  );

const objects = (backups: string) => contentsOf(join(backups, 'objects'));
const manifestOf = (backups: string, name: string): ManifestContent => {
  const content = new Vault(diskFiles, backups).manifest(name);
  if (typeof content !== 'object') throw new Error(`no manifest of ${name}: ${content}`);
  return content;
};

describe('a backup', () => {
  it('comes back as it was: every row, and every cartridge to the byte, but for what nothing names', async () => {
    const { engine, backups, folder } = scene();
    const before = dump(engine.database);
    const { content, troubles, added, name } = await backUp(engine, backups);
    expect(troubles).toEqual([]);
    expect(content.counts).toEqual({ scripts: 7, jobs: 7, runs: 7, foreign: 1 });
    expect(content.missing).toEqual([]);
    // Three, one that draws the first, one from the file by hand, the rejected one, and the file by hand itself.
    expect(content.cartridges).toHaveLength(7);
    expect(content.cartridges.map(({ path }) => path)).toContain('by-hand.png');
    expect(content.cartridges.filter(({ path }) => path.endsWith('-rejected.png'))).toHaveLength(1);
    // The one by hand has the first one's bytes.
    expect(added.cartridges).toBe(6);
    expect(objects(backups).size).toBe(6);

    const to = join(folder, 'restored');
    const report = await restore(backups, to);
    expect(report).toMatchObject({ name, kept: 0, troubles: [] });
    expect(dump(engineIn(to).database)).toEqual(before);
    expect(dump(engine.database)).toEqual(before);
    const isKept = (path: string): boolean => path !== 'stranger.png' && !path.startsWith(OBJECTS_FOLDER);
    const shelf = contentsOf(engine.cartridges, isKept);
    expect(contentsOf(engineIn(to).cartridges)).toEqual(shelf);
    expect(readdirSync(to).sort()).toEqual(['cartridges', 'daemon.db']);
    expect(statSync(engineIn(to).database).mode & 0o777).toBe(0o600);
  });

  it('of what is known already writes no cartridge again, and has them all the same', async () => {
    const { engine, backups, folder } = scene();
    await backUp(engine, backups);
    const before = objects(backups);
    const effects: string[] = [];
    const second = await backUp(engine, backups, {
      files: countingFiles(diskFiles, (_, name) => effects.push(name)),
    });
    expect(effects.filter((name) => name.includes('/objects/'))).toEqual([]);
    expect(effects.filter((name) => name.includes('manifest.json'))).not.toEqual([]);
    expect(second.added).toEqual({ cartridges: 0, bytes: 0 });
    expect(objects(backups)).toEqual(before);
    await restore(backups, join(folder, 'restored'), second.name);
    expect(contentsOf(join(folder, 'restored/cartridges')).size).toBe(7);
  });

  it('writes an object anew that lost bytes', async () => {
    const { engine, backups } = scene();
    await backUp(engine, backups);
    const before = objects(backups);
    const [torn = ''] = before.keys();
    writeFileSync(join(backups, 'objects', torn), 'x');
    expect((await backUp(engine, backups)).added.cartridges).toBe(1);
    expect(objects(backups)).toEqual(before);
  });

  it('without one cartridge says so, has everything else, and keeps what an earlier one has of it', async () => {
    const { engine, backups, folder } = scene();
    const second = fileOf(engine, 'second');
    renameSync(second, join(folder, 'away.png'));
    const first = await backUp(engine, backups);
    expect(first.troubles).toEqual([
      { path: basename(second), message: 'Expected a cartridge on the shelf, found none' },
    ]);
    expect(first.content.missing).toEqual([basename(second)]);
    expect(first.content.cartridges).toHaveLength(6);

    renameSync(join(folder, 'away.png'), second);
    const whole = await backUp(engine, backups);
    expect([whole.troubles, whole.content.missing]).toEqual([[], []]);

    const bytes = readFileSync(second);
    const third = fileOf(engine, 'third');
    rmSync(third);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] as number) ^ 1;
    writeFileSync(second, bytes);
    // The oldest go, and what is only there any more goes with none of them.
    const last = await backUp(engine, backups, { keep: 1 });
    expect(last.troubles.map(({ path }) => path).sort()).toEqual([basename(second), basename(third)].sort());
    for (const { message } of last.troubles) expect(message).toMatch(/; kept as an earlier backup has it$/);
    expect(last.content.missing).toEqual([]);
    expect(last.content.cartridges).toEqual(whole.content.cartridges);
    await restore(backups, join(folder, 'restored'));
    expect(contentsOf(join(folder, 'restored/cartridges')).size).toBe(7);
  });

  it('does not take another whole cartridge for the one that the registry has', async () => {
    const { engine, backups } = scene();
    writeFileSync(fileOf(engine, 'second'), readFileSync(fileOf(engine, 'third')));
    const { troubles } = await backUp(engine, backups);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]?.message).toMatch(/^Expected pixels of checksum/);
  });

  it('complains of no cartridge that was removed from shelf and registry while it was made', async () => {
    const { engine, backups } = scene();
    const second = fileOf(engine, 'second');
    let removed = false;
    const { troubles, content } = await backUp(engine, backups, {
      hear(what) {
        if (what !== 'cartridges' || removed) return;
        removed = true;
        rmSync(second);
        rowsOf(engine.database, `DELETE FROM cartridges WHERE file_name = '${basename(second)}' RETURNING 1`);
      },
    });
    expect(troubles).toEqual([]);
    expect(content.missing).toEqual([basename(second)]);
  });

  it('says which names of the registry lead outside, and follows none of them', async () => {
    const { engine, backups, folder } = scene();
    writeFileSync(join(folder, 'secret.png'), readFileSync(fileOf(engine, 'first')));
    symlinkSync(join(folder, 'secret.png'), join(engine.cartridges, 'link.png'));
    const insert = `INSERT INTO cartridges (file_name, checksum, width, height, bytes, created_at)
      VALUES ('../secret.png', 'x', 1, 1, 1, ''), ('link.png', 'x', 1, 1, 1, '') RETURNING 1`;
    rowsOf(engine.database, insert);
    const { troubles, content } = await backUp(engine, backups);
    expect(troubles.map(({ path }) => path)).toEqual(['"../secret.png"', 'link.png']);
    expect(content.cartridges).toHaveLength(7);
  });

  it('is not made of an engine whose shelf is gone: that is one fault, not a thousand', async () => {
    const { engine, backups } = scene();
    const good = await backUp(engine, backups);
    renameSync(engine.cartridges, `${engine.cartridges}-gone`);
    const fault = await rejection(backUp(engine, backups));
    expect(fault).toBeInstanceOf(HostFault);
    expect(fault.message).toMatch(/^Expected the folder of cartridges .*, found none$/);
    expect(new Vault(diskFiles, backups).names()).toEqual([good.name]);
    renameSync(`${engine.cartridges}-gone`, engine.cartridges);
    expect((await backUp(engine, backups)).troubles).toEqual([]);
  });

  it('of a database of the seed, or of an older gvpie, has what there is', async () => {
    const { backups, folder } = scene();
    const database = join(folder, 'seed.db');
    const sql = readFileSync(join(import.meta.dirname, '../fixtures/seed-plain.sql'), 'utf8');
    execFileSync(
      'python3',
      ['-c', `import sqlite3,sys; sqlite3.connect('${database}').executescript(sys.stdin.read())`],
      {
        input: sql,
      },
    );
    const { content } = await backUp({ database, cartridges: join(folder, 'cartridges') }, backups);
    expect([content.migration, content.identity]).toEqual([0, undefined]);
    expect(content.counts.scripts).toBeGreaterThan(0);
    expect(content.cartridges).toEqual([]);
  });
});

describe('the folder of backups', () => {
  it('is no folder among the cartridges, not by a symlink either, nor the one that they lie in', async () => {
    const { engine, backups, folder } = scene();
    symlinkSync(engine.cartridges, join(folder, 'link'));
    mkdirSync(join(folder, 'vault/objects'), { recursive: true });
    symlinkSync(join(folder, 'vault/objects'), join(folder, 'shelf-in-vault'));
    writeFileSync(join(folder, 'file'), '');
    const before = contentsOf(engine.cartridges);
    for (const bad of [
      engine.cartridges,
      join(engine.cartridges, 'deep/er'),
      join(folder, 'link'),
      join(folder, 'link/x'),
    ]) {
      expect((await rejection(backUp(engine, bad))).message).toMatch(/apart from the cartridges/);
    }
    const inside = { ...engine, cartridges: join(folder, 'shelf-in-vault') };
    expect(await rejection(backUp(inside, join(folder, 'vault')))).toBeInstanceOf(KeepingRefusal);
    expect((await rejection(backUp(engine, join(folder, 'file')))).message).toMatch(/found something else$/);
    expect(contentsOf(engine.cartridges)).toEqual(before);
    // A neighbour whose name only begins alike is none of them.
    await backUp(engine, `${engine.cartridges}-backups`);
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), backups);
    await backUp(engine, backups);
    expect(readdirSync(join(folder, 'real')).sort()).toEqual(['backup.lock', 'backups', 'objects']);
  });

  it('takes one backup at a time', async () => {
    const { engine, backups } = scene();
    const both = await Promise.allSettled([backUp(engine, backups), backUp(engine, backups)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [refused] = both.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused?.reason).toBeInstanceOf(LockHeld);
    await backUp(engine, backups);
    expect(new Vault(diskFiles, backups).names()).toHaveLength(2);
  });

  it('keeps the newest so many, and of cartridges those that they name', async () => {
    const { engine, backups } = scene();
    const first = await backUp(engine, backups);
    const gone = fileOf(engine, 'second');
    rowsOf(engine.database, `DELETE FROM cartridges WHERE file_name = '${basename(gone)}' RETURNING 1`);
    rmSync(gone);
    const second = await backUp(engine, backups, { keep: 2 });
    expect(second.pruned).toEqual({ backups: [], objects: 0, unreadable: [] });
    expect(objects(backups).size).toBe(6);
    const third = await backUp(engine, backups, { keep: 2 });
    expect(third.pruned).toEqual({ backups: [first.name], objects: 1, unreadable: [] });
    expect(objects(backups).size).toBe(5);
    expect(new Vault(diskFiles, backups).names()).toEqual([second.name, third.name]);
  });

  it('has the backups of one database: another is refused, and removes nothing; a restored one goes on', async () => {
    const { engine, backups, folder } = scene();
    const first = await backUp(engine, backups);
    expect(first.content.identity).toMatch(/^[0-9a-f]{32}$/);
    const away = join(folder, 'away.db');
    renameSync(engine.database, away);
    openDatabase(engine.database, { durability: 'fast' }).close();
    const before = [...contentsOf(backups, (path) => !path.includes('.lock'))];
    const fault = await rejection(backUp(engine, backups, { keep: 1 }));
    expect(fault).toBeInstanceOf(KeepingRefusal);
    expect(fault.message).toContain(`found ${first.name} of another one`);
    expect([...contentsOf(backups, (path) => !path.includes('.lock'))]).toEqual(before);
    // Elsewhere it may.
    const other = await backUp(engine, join(folder, 'other'));
    expect(other.content.identity).not.toBe(first.content.identity);

    rmSync(engine.database);
    const to = engineIn(join(folder, 'restored'));
    await restore(backups, join(folder, 'restored'));
    openDatabase(to.database, { durability: 'fast' }).close();
    const next = await backUp(to, backups, { keep: 1 });
    expect(next.pruned?.backups).toEqual([first.name]);
  });

  it('never removes what is of another database, however it came there', async () => {
    const { engine, backups } = scene();
    const theirs = await backUp(engine, backups);
    const file = join(backups, 'backups', theirs.name, 'manifest.json');
    const { identity, ...old } = theirs.content;
    const gone = fileOf(engine, 'second');
    rowsOf(engine.database, `DELETE FROM cartridges WHERE file_name = '${basename(gone)}' RETURNING 1`);
    rmSync(gone);
    const ours = await backUp(engine, backups);
    writeFileSync(file, encodeManifest({ ...old, identity: 'f'.repeat(32) }));
    const second = await backUp(engine, backups, { keep: 1 });
    expect(second.pruned).toEqual({ backups: [ours.name], objects: 0, unreadable: [] });
    expect(objects(backups).size).toBe(6);
    // One of before databases were known from each other is anybody's.
    writeFileSync(file, encodeManifest(old));
    const third = await backUp(engine, backups, { keep: 1 });
    expect(third.pruned).toEqual({ backups: [theirs.name, second.name], objects: 1, unreadable: [] });
    expect(identity).toBe(third.content.identity);
  });

  it('loses no cartridge and no manifest while there is one that it cannot read', async () => {
    const { engine, backups } = scene();
    const first = await backUp(engine, backups);
    const file = join(backups, 'backups', first.name, 'manifest.json');
    const whole = readFileSync(file);
    for (const content of [
      Buffer.from('{}'),
      encodeManifest({ ...manifestOf(backups, first.name), format: 2 as 1 }),
    ]) {
      writeFileSync(file, content);
      rmSync(fileOf(engine, 'second'), { force: true });
      rowsOf(
        engine.database,
        `DELETE FROM cartridges WHERE file_name = '${basename(fileOf(engine, 'second'))}' RETURNING 1`,
      );
      const { pruned } = await backUp(engine, backups, { keep: 1 });
      expect(pruned).toMatchObject({ objects: 0, unreadable: [first.name] });
      expect(objects(backups).size).toBe(6);
    }
    writeFileSync(file, whole);
    const { pruned } = await backUp(engine, backups, { keep: 1 });
    expect(pruned).toMatchObject({ objects: 1, unreadable: [] });
    expect(pruned?.backups).toContain(first.name);
  });

  it('takes no backup whose manifest is longer than one that is read, and is not the worse for it', async () => {
    const { engine, backups } = scene();
    const { name, content } = await backUp(engine, backups, {});
    const { length } = encodeManifest(content);
    const exact = new Vault(diskFiles, backups, length);
    await exact.finish(name, content);
    expect(exact.manifest(name)).toEqual(content);
    const short = new Vault(diskFiles, backups, length - 1);
    const other = '20260101T000000000Z-00000000';
    short.begin(other);
    const refused = await rejection(short.finish(other, content));
    expect(refused).toBeInstanceOf(KeepingRefusal);
    expect(refused.message).toBe(
      `Expected a manifest of at most ${length - 1} bytes, found ${length}: it names 7 cartridges`,
    );
    expect(short.manifest(other)).toBeUndefined();
    // So that this one can still take away what is old, which it could not beside an unreadable one.
    expect(exact.prune(1, content.identity).unreadable).toEqual([]);
  });

  it('is swept of what was never finished, and of nothing else', async () => {
    const { engine, backups } = scene();
    const first = await backUp(engine, backups);
    const half = join(backups, 'backups/20200101T000000000Z-00000000');
    mkdirSync(half);
    writeFileSync(join(half, 'daemon.db'), 'half');
    writeFileSync(join(half, 'daemon.db-journal'), 'half');
    const [object = ''] = objects(backups).keys();
    writeFileSync(join(backups, 'objects', `${object}.wet`), 'half');
    for (const name of ['notes.txt', 'objects/notes.txt', 'backups/notes.txt', 'backups/2026/x']) {
      mkdirSync(join(backups, name, '..'), { recursive: true });
      writeFileSync(join(backups, name), 'mine');
    }
    const second = await backUp(engine, backups, { keep: 7 });
    expect(existsSync(half)).toBe(false);
    expect(existsSync(join(backups, 'objects', `${object}.wet`))).toBe(false);
    for (const name of ['notes.txt', 'objects/notes.txt', 'backups/notes.txt', 'backups/2026/x']) {
      expect(readFileSync(join(backups, name), 'utf8')).toBe('mine');
    }
    expect(new Vault(diskFiles, backups).names()).toEqual([first.name, second.name]);
  });
});

describe('a restore', () => {
  it('puts its database over none that is made in the very last moment', async () => {
    const { engine, backups, folder } = scene();
    await backUp(engine, backups);
    const { database } = engineIn(join(folder, 'late'));
    // Just before it is put there: between the look and the deed there is nothing else that can be heard.
    const wet = join(folder, 'late/.daemon.db.restoring');
    const make = vi.spyOn(fs, 'linkSync').mockImplementationOnce((from, to) => {
      writeFileSync(database, 'mine');
      make.mockRestore();
      fs.linkSync(from, to);
    });
    syncBuiltinESMExports();
    try {
      expect((await rejection(restore(backups, join(folder, 'late')))).message).toContain(
        'Expected no database',
      );
    } finally {
      make.mockRestore();
      syncBuiltinESMExports();
    }
    expect(readFileSync(database, 'utf8')).toBe('mine');
    rmSync(database);
    await restore(backups, join(folder, 'late'));
    expect([existsSync(wet), statSync(database).nlink]).toEqual([false, 1]);
  });

  it('is refused where a database is, or only its log, and changes nothing there', async () => {
    const { engine, backups, folder } = scene();
    await backUp(engine, backups);
    for (const file of ['daemon.db', 'daemon.db-wal', 'daemon.db-shm', 'daemon.db-journal']) {
      const to = join(folder, `to-${file}`);
      mkdirSync(to);
      writeFileSync(join(to, file), 'mine');
      const fault = await rejection(restore(backups, to));
      expect(fault).toBeInstanceOf(KeepingRefusal);
      expect(fault.message).toContain(join(to, file));
      expect([...contentsOf(to).keys()]).toEqual([file]);
    }
  });

  it('is refused where a symlink is that leads nowhere, and so is a backup into one', async () => {
    const { engine, backups, folder } = scene();
    symlinkSync(join(folder, 'unmounted'), join(folder, 'link'));
    expect((await rejection(backUp(engine, join(folder, 'link')))).message).toMatch(
      /a symlink that leads nowhere$/,
    );
    await backUp(engine, backups);
    const place = { folder: backups, ...engineIn(join(folder, 'restored')), database: join(folder, 'link') };
    const fault = await rejection(restoreBackup({ files: diskFiles, bulk: diskBulk }, place));
    expect(fault).toBeInstanceOf(KeepingRefusal);
    expect(fault.message).toMatch(/^Expected no database at /);
  });

  it('is refused where other cartridges are, and takes a folder with a hidden file for empty', async () => {
    const { engine, backups, folder } = scene();
    const { content } = await backUp(engine, backups);
    const to = join(folder, 'restored');
    mkdirSync(join(to, 'cartridges'), { recursive: true });
    writeFileSync(join(to, 'cartridges/.gitkeep'), '');
    const name = content.cartridges[0]?.path ?? '';
    for (const other of ['mine.png', 'notes.txt', name]) {
      writeFileSync(join(to, 'cartridges', other), 'mine');
      const fault = await rejection(restore(backups, to));
      expect(fault.message).toContain(`found ${JSON.stringify(other)} there`);
      rmSync(join(to, 'cartridges', other));
    }
    mkdirSync(join(to, 'cartridges/deep'));
    writeFileSync(join(to, 'cartridges/deep/mine.png'), 'mine');
    expect((await rejection(restore(backups, to))).message).toContain('deep/mine.png');
    rmSync(join(to, 'cartridges/deep'), { recursive: true });
    expect(existsSync(join(to, 'daemon.db'))).toBe(false);
    await restore(backups, to);
    expect(contentsOf(join(to, 'cartridges')).size).toBe(8);
  });

  it('goes on where an interrupted one ended', async () => {
    const { engine, backups, folder } = scene();
    const { content } = await backUp(engine, backups);
    const to = join(folder, 'restored');
    mkdirSync(join(to, 'cartridges'), { recursive: true });
    for (const { path } of content.cartridges.slice(0, 3)) {
      writeFileSync(join(to, 'cartridges', path), readFileSync(join(engine.cartridges, path)));
    }
    writeFileSync(join(to, '.daemon.db.restoring'), 'half');
    expect((await restore(backups, to)).kept).toBe(3);
    expect(dump(join(to, 'daemon.db'))).toEqual(dump(engine.database));
    expect(existsSync(join(to, '.daemon.db.restoring'))).toBe(false);
  });

  it('goes to one place once at a time, and whoever comes second has touched nothing of the first', async () => {
    const { engine, backups, folder } = scene();
    await backUp(engine, backups);
    const to = join(folder, 'restored');
    const other = engineIn(join(folder, 'other'));
    const place = { folder: backups, ...engineIn(to) };
    const late: Error[] = [];
    const attempts: RestorePlace[] = [
      place,
      { ...place, cartridges: other.cartridges },
      { ...place, database: other.database },
    ];
    let heard = false;
    const copy: Bulk['copy'] = async (from, path, hear) => {
      const tally = await diskBulk.copy(from, path, hear);
      // What one has written aside, and not yet moved to its place.
      if (!heard) {
        heard = true;
        for (const one of attempts) {
          late.push(await rejection(restoreBackup({ files: diskFiles, bulk: diskBulk }, one)));
        }
      }
      return tally;
    };
    await restoreBackup({ files: diskFiles, bulk: { ...diskBulk, copy } }, place);
    expect(late.map(({ name }) => name)).toEqual(['LockHeld', 'LockHeld', 'LockHeld']);
    expect(dump(join(to, 'daemon.db'))).toEqual(dump(engine.database));
    expect(readdirSync(to).sort()).toEqual(['cartridges', 'daemon.db']);
    expect(readdirSync(join(to, 'cartridges'))).toHaveLength(7);
    // Nothing of a lock is left that would keep the next one out.
    rmSync(join(to, 'daemon.db'));
    expect((await restore(backups, to)).kept).toBe(7);
  });

  it.each(['cartridges', 'database'] as const)(
    'whose backup is removed before it comes to the %s takes the newest again',
    async (what) => {
      const { engine, backups, folder } = scene();
      const first = await backUp(engine, backups);
      const gone = fileOf(engine, 'second');
      rowsOf(engine.database, `DELETE FROM cartridges WHERE file_name = '${basename(gone)}' RETURNING 1`);
      rmSync(gone);
      const pruning = (): { files: Files; bulk: Bulk } => {
        let isDone = false;
        const prune = async (): Promise<void> => {
          if (!isDone) await backUp(engine, backups, { keep: 1 });
          isDone = true;
        };
        return {
          files: diskFiles,
          bulk: {
            async tally(path) {
              const tally = await diskBulk.tally(path);
              if (what === 'cartridges') await prune();
              return tally;
            },
            async copy(from, to, hear) {
              if (what === 'database') await prune();
              return diskBulk.copy(from, to, hear);
            },
          },
        };
      };
      const to = engineIn(join(folder, 'restored'));
      const report = await restoreBackup(pruning(), { folder: backups, ...to });
      const [newest] = new Vault(diskFiles, backups).names();
      expect(report).toMatchObject({ name: newest, troubles: [] });
      expect(newest).not.toBe(first.name);
      expect(readdirSync(to.cartridges)).toHaveLength(6);
      expect(dump(to.database)).toEqual(dump(engine.database));

      // One that was named is not replaced by another.
      const kept = newest ?? '';
      const other = engineIn(join(folder, 'other'));
      const fault = await rejection(restoreBackup(pruning(), { folder: backups, name: kept, ...other }));
      expect(fault).toBeInstanceOf(KeepingRefusal);
      expect(fault.message).toBe(`Expected the backup ${kept} to stay, found that it was removed meanwhile`);
      expect(existsSync(other.database)).toBe(false);
    },
  );

  it('of a damaged database is refused before anything is written', async () => {
    const { engine, backups, folder } = scene();
    const { name } = await backUp(engine, backups);
    const file = join(backups, 'backups', name, 'daemon.db');
    const whole = readFileSync(file);
    const bytes = Buffer.from(whole);
    bytes[5_000] = (bytes[5_000] as number) ^ 1;
    for (const content of [bytes, whole.subarray(0, -1), Buffer.concat([whole, Buffer.of(0)])]) {
      writeFileSync(file, content);
      const fault = await rejection(restore(backups, join(folder, 'restored')));
      expect(fault.message).toContain('checksum');
      expect(existsSync(join(folder, 'restored'))).toBe(false);
    }
    writeFileSync(file, whole);
    await restore(backups, join(folder, 'restored'));
  });

  it('with a damaged cartridge has all others, and names it', async () => {
    const { engine, backups, folder } = scene();
    const { content } = await backUp(engine, backups);
    const [one, other] = content.cartridges.filter(
      ({ path }) => path.startsWith('s') || path.startsWith('t'),
    );
    if (one === undefined || other === undefined) throw new Error('there are two');
    const place = ({ sha256 }: { sha256: string }) =>
      join(backups, 'objects', sha256.slice(0, 2), `${sha256}.png`);
    appendFileSync(place(one), 'x');
    rmSync(place(other));
    const { troubles } = await restore(backups, join(folder, 'restored'));
    expect(troubles.map(({ path }) => path).sort()).toEqual([one.path, other.path].sort());
    expect(contentsOf(join(folder, 'restored/cartridges')).size).toBe(5);
  });

  it('takes the newest, or the one that is named, and none that it cannot read', async () => {
    const { engine, backups, folder } = scene();
    expect((await rejection(restore(backups, folder))).message).toContain('Expected a backup in');
    const first = await backUp(engine, backups);
    const second = await backUp(engine, backups);
    const at = (name: string) => restore(backups, join(folder, name), name);
    await expect(restore(backups, join(folder, 'newest'))).resolves.toMatchObject({ name: second.name });
    await expect(at(first.name)).resolves.toMatchObject({ name: first.name });
    for (const name of ['..', '../backups', 'x', `${first.name}/`]) {
      expect((await rejection(at(name))).message).toContain('found none named');
    }
    const manifest = join(backups, 'backups', second.name, 'manifest.json');
    const content = manifestOf(backups, second.name);
    for (const [bytes, words] of [
      [Buffer.from('x'), 'in JSON'],
      [encodeManifest({ ...content, format: 9 as 1 }), 'a newer gvpie wrote it'],
      [encodeManifest({ ...content, migration: 1_000 }), 'found version 1000'],
    ] as const) {
      writeFileSync(manifest, bytes);
      expect((await rejection(restore(backups, join(folder, 'none')))).message).toContain(words);
    }
    // One that was never finished is none.
    rmSync(manifest);
    await expect(restore(backups, join(folder, 'older'))).resolves.toMatchObject({ name: first.name });
    expect((await rejection(at(second.name))).message).toContain('never finished');
  });
});

describe('what is written while a backup is made', () => {
  it('is in the next one: the snapshot is of one moment, and is not begun anew', async () => {
    const { engine, backups, folder } = scene();
    // Long enough that it takes several steps.
    rowsOf(
      engine.database,
      `INSERT INTO improvement_runs (started_at, stdout) SELECT '', hex(zeroblob(3000)) FROM json_each('[${Array(3_000).fill(0)}]') RETURNING 1`,
    );
    let written = 0;
    const { content } = await backUp(engine, backups, {
      hear(what) {
        if (what !== 'database') return;
        rowsOf(
          engine.database,
          `INSERT INTO improvement_scripts (name, lang, code) VALUES ('late-${++written}', 'pixel', 'HALT') RETURNING id`,
        );
      },
    });
    expect(written).toBeGreaterThan(2);
    expect(content.counts.scripts).toBe(7);
    await restore(backups, join(folder, 'restored'));
    const restored = rowsOf<{ n: number }>(
      join(folder, 'restored/daemon.db'),
      'SELECT count(*) AS n FROM improvement_scripts',
    );
    expect(restored).toEqual([{ n: 7 }]);
    expect((await backUp(engine, backups)).content.counts.scripts).toBe(7 + written);
  });
});

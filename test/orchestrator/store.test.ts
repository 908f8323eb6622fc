/** The store: what a walk finds, what repair puts back, what a registry made of files has, and what goes. */
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blows } from '../../orchestrator/fuse.ts';
import { rebuildStore } from '../../orchestrator/host/store-rebuild.ts';
import { StoreRepair } from '../../orchestrator/host/store-repair.ts';
import { QUIET_MS, sweepStore } from '../../orchestrator/host/store-sweep.ts';
import { judgeStored, type Place } from '../../orchestrator/store-verdict.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import {
  filesOf,
  findings,
  type KeptStore,
  keptStore,
  NEVER_FUSED,
  objectOf,
  QUIET,
  rowsOf,
  shelfWithObjects,
  storedCartridge,
  withWalk,
} from '../support/kept-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const breathe = async (): Promise<void> => {};
const at = (store: KeptStore, name: string): string => join(store.cartridges, name);

/** Puts another file in the place of a name, as tools do that write anew. */
function replace(store: KeptStore, name: string, bytes: Uint8Array | string): void {
  rmSync(at(store, name));
  writeFileSync(at(store, name), bytes);
}

async function repair(
  store: KeptStore,
  backup?: (sha256: string) => Uint8Array | undefined,
): Promise<unknown[]> {
  return withWalk(store, async (walk) => {
    const hand = new StoreRepair(walk, backup);
    const done: unknown[] = [];
    for (const finding of walk.cartridges())
      if (finding !== undefined) done.push((await hand.repair(finding)).did);
    return done;
  });
}

const rebuild = (store: KeptStore, order = NEVER_FUSED, hear = QUIET) =>
  withWalk(store, (walk) => rebuildStore(walk, order, hear, breathe));

const gc = (store: KeptStore, isMeant = true, isForced = false, nowMs = Date.now()) =>
  withWalk(store, (walk) => sweepStore(walk, { isMeant, isForced, nowMs }, breathe));

describe('a walk of the store', () => {
  it('finds nothing where nothing is the matter, and each kind of what is', async () => {
    const store = await keptStore(temporaryFolder(), 9);
    expect(await findings(store)).toEqual([]);
    rmSync(at(store, 'c0.png'));
    renameSync(at(store, 'c1.png'), at(store, 'mine.png'));
    replace(store, 'c2.png', storedCartridge(77));
    replace(store, 'c3.png', readFileSync(at(store, 'c3.png')).subarray(0, 100));
    rmSync(at(store, 'c4.png'));
    symlinkSync('c5.png', at(store, 'c4.png'));
    rmSync(objectOf(store, storedCartridge(5)));
    replace(store, 'c6.png', storedCartridge(6, 'another run'));
    // The name is a file of its own, as after a restore, and the object is damaged.
    copyFileSync(at(store, 'c7.png'), at(store, 'copy'));
    renameSync(at(store, 'copy'), at(store, 'c7.png'));
    writeFileSync(objectOf(store, storedCartridge(7)), 'x');
    writeFileSync(at(store, 'stranger.png'), 'x');
    mkdirSync(at(store, 'folder'));
    writeFileSync(at(store, '.c1.png.wet'), 'half');
    writeFileSync(join(objectOf(store, storedCartridge(8)), '../other'), 'x');
    const nobodys = storedCartridge(99);
    mkdirSync(join(objectOf(store, nobodys), '..'), { recursive: true });
    writeFileSync(objectOf(store, nobodys), nobodys);
    expect(await findings(store)).toEqual([
      'foreign folder',
      'foreign stranger.png',
      'leftover .c1.png.wet',
      'missing c0.png',
      'missing c1.png',
      'not-a-file c4.png',
      'object-missing c5.png',
      'object-rotten c7.png',
      `orphan ${objectOf(store, nobodys).slice(store.cartridges.length + 1)}`,
      'overwritten c2.png',
      'renamed mine.png',
      'resaved c6.png',
      'rotten c3.png',
      `stray ${join(objectOf(store, storedCartridge(8)), '../other').slice(store.cartridges.length + 1)}`,
    ]);
  });

  it('notices each single byte of a file that is not as it was, under both names', () => {
    const bytes = storedCartridge(1);
    const row = {
      id: 1,
      fileName: 'a',
      checksum: openCartridge(bytes).text.checksum,
      sha256: sha256Hex(bytes),
    };
    const place = (content: Uint8Array, identity = '1'): Place => ({
      kind: 'file',
      bytes: content,
      identity,
    });
    expect(judgeStored(row, place(bytes), place(bytes)).problem).toBeUndefined();
    for (let index = 0; index < bytes.length; index++) {
      const flipped = Uint8Array.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      expect(judgeStored(row, place(flipped), place(flipped)), `byte ${index}`).toMatchObject({
        ...{ problem: 'rotten', object: 'rotten' },
      });
      expect(judgeStored(row, place(flipped), place(bytes, '2')).object, `byte ${index}`).toBe('intact');
      expect(judgeStored(row, place(bytes), place(flipped, '2')).problem, `byte ${index}`).toBe(
        'object-rotten',
      );
    }
  });

  it('looks neither outside the shelf nor through symlinks, whatever the registry names', async () => {
    const store = await keptStore(temporaryFolder(), 1);
    writeFileSync(join(store.folder, 'outside.png'), storedCartridge(5));
    const sum = sha256Hex(storedCartridge(5));
    await withWalk(store, (_, database) =>
      database.exec(`INSERT INTO cartridges (file_name, checksum, width, height, bytes, created_at, file_sha256)
        VALUES ('../outside.png', 'x', 2, 2, 1, '2026', '${sum}'), ('${join(store.folder, 'outside.png')}', 'x', 2, 2, 1, '2026', '../../x')`),
    );
    expect((await findings(store)).map((line) => line.split(' ')[0])).toEqual(['missing', 'missing']);
    expect(await repair(store)).toEqual(['nothing', 'nothing']);
    renameSync(at(store, '.objects'), join(store.folder, 'elsewhere'));
    symlinkSync('../elsewhere', at(store, '.objects'));
    expect(await findings(store)).toContain('object-missing c0.png');
  });

  it('has no shelf taken away for cartridges that are missing', async () => {
    const store = await keptStore(temporaryFolder(), 2);
    renameSync(store.cartridges, `${store.cartridges}.away`);
    await expect(findings(store)).rejects.toThrow('Expected the folder of cartridges');
    await expect(rebuild(store, { isForced: true, fuse: () => false })).rejects.toThrow(
      'Expected the folder',
    );
    expect(rowsOf(store)).toHaveLength(2);
  });
});

describe('a repair', () => {
  it('gives names back to what was removed, renamed or written over, and removes nothing', async () => {
    const store = await keptStore(temporaryFolder(), 6);
    const before = filesOf(store);
    rmSync(at(store, 'c0.png'));
    renameSync(at(store, 'c1.png'), at(store, 'mine.png'));
    replace(store, 'c2.png', storedCartridge(77));
    rmSync(objectOf(store, storedCartridge(3)));
    replace(store, 'c4.png', 'no picture');
    symlinkSync('../outside', at(store, 'link'));
    renameSync(at(store, 'link'), at(store, 'c5.png'));
    expect(await repair(store)).toEqual(['name', 'name', 'name', 'object', 'name', 'name']);
    expect(lstatSync(at(store, 'c5-found-other.png')).isSymbolicLink()).toBe(true);
    rmSync(at(store, 'c5-found-other.png'));
    const found77 = sha256Hex(storedCartridge(77));
    const foundText = sha256Hex('no picture');
    expect(filesOf(store)).toEqual({
      ...before,
      'mine.png': sha256Hex(storedCartridge(1)),
      [`c2-found-${found77.slice(0, 12)}.png`]: found77,
      [`c4-found-${foundText.slice(0, 12)}.png`]: foundText,
    });
    expect(statSync(at(store, 'c0.png')).ino).toBe(statSync(objectOf(store, storedCartridge(0))).ino);
    expect(await repair(store)).toEqual([]);
  });

  it('can do nothing about what was written over in its place, unless a backup has it', async () => {
    const store = await keptStore(temporaryFolder(), 2);
    const whole = storedCartridge(0);
    writeFileSync(at(store, 'c0.png'), storedCartridge(5));
    expect(await findings(store)).toEqual(['overwritten c0.png']);
    expect(await repair(store)).toEqual(['nothing']);
    expect(await repair(store, (sum) => (sum === sha256Hex(whole) ? whole : undefined))).toEqual(['name']);
    expect(readFileSync(at(store, 'c0.png')).equals(whole)).toBe(true);
    const aside = `c0-found-${sha256Hex(storedCartridge(5)).slice(0, 12)}.png`;
    expect(readFileSync(at(store, aside)).equals(storedCartridge(5))).toBe(true);
    expect(await findings(store)).toEqual([`foreign ${aside}`]);
  });

  it('gives no name back to what retention has given up meanwhile', async () => {
    const store = await keptStore(temporaryFolder(), 1);
    rmSync(at(store, 'c0.png'));
    await withWalk(store, async (walk, database) => {
      const [finding] = [...walk.cartridges()];
      database.exec("UPDATE cartridges SET swept_at = '2026'");
      expect(finding && (await new StoreRepair(walk).repair(finding)).did).toBe('nothing');
    });
    expect([existsSync(at(store, 'c0.png')), existsSync(at(store, '.c0.png.wet'))]).toEqual([false, false]);
  });
});

describe('a registry that is made of files', () => {
  it('is as it was, the oldest first, and making it again changes nothing', async () => {
    const store = await keptStore(temporaryFolder(), 12);
    const before = rowsOf(store);
    expect(before.map((row) => (row as { file_name: string }).file_name)).toEqual(
      Array.from({ length: 12 }, (_, n) => `c${n}.png`),
    );
    expect(await rebuild(store)).toMatchObject({ files: 12, added: 0, changed: 0, objects: 0, forgotten: 0 });
    await withWalk(store, (_, database) => {
      database.exec(
        "DELETE FROM cartridges WHERE id < 5; UPDATE cartridges SET checksum = 'x', width = 9 WHERE id = 7",
      );
    });
    rmSync(at(store, '.objects'), { recursive: true });
    expect(await rebuild(store)).toMatchObject({ added: 4, changed: 1, objects: 12 });
    rmSync(store.database);
    expect(await rebuild(store)).toMatchObject({ added: 12, objects: 0 });
    expect(rowsOf(store)).toEqual(before);
    expect(await findings(store)).toEqual([]);
  });

  it('names what cannot be read, and has none of it', async () => {
    const store = await keptStore(temporaryFolder(), 2);
    writeFileSync(at(store, 'torn.png'), storedCartridge(5).subarray(0, -20));
    writeFileSync(at(store, 'note.txt'), 'x');
    symlinkSync('c0.png', at(store, 'link.png'));
    replace(store, 'c1.png', storedCartridge(9));
    const said: string[] = [];
    const hear = {
      ...QUIET,
      unread: (path: string, why: string) => said.push(`${path}: ${why.slice(0, 30)}`),
    };
    expect(await rebuild(store, NEVER_FUSED, hear)).toMatchObject({
      files: 4,
      added: 0,
      changed: 0,
      left: 1,
    });
    expect(said.sort()).toEqual([
      'c1.png: Expected the file that the reg',
      'link.png: Expected a regular file, found',
      expect.stringContaining('torn.png: Expected'),
    ]);
  });

  it('leads to scripts and runs, and leaves what is under way, or was given up, to those whose it is', async () => {
    const store = await keptStore(temporaryFolder(), 4);
    await withWalk(store, (_, database) => {
      database.exec(`DELETE FROM cartridges WHERE file_name <> 'c3.png';
        UPDATE cartridges SET swept_at = '2026', bytes = 1;
        INSERT INTO improvement_scripts (id, name, lang, code) VALUES (50, 'script 0', 'pixel', 'HALT'), (60, 'else', 'pixel', 'HALT');
        INSERT INTO improvement_runs (id, script_id, started_at, spool_id, finished_at, outcome)
        VALUES (7, 60, '2026', 'job-1', '2026', 'success'), (8, 60, '2026', 'job-2', NULL, NULL)`);
    });
    expect(await rebuild(store)).toMatchObject({ added: 2, left: 2 });
    await withWalk(store, (_, database) => {
      expect(
        database
          .prepare('SELECT file_name, script_id, run_id, bytes FROM cartridges ORDER BY file_name')
          .raw()
          .all(),
      ).toEqual([
        ['c0.png', 50, null, storedCartridge(0).length],
        ['c1.png', 60, 7, storedCartridge(1).length],
        ['c3.png', null, null, 1],
      ]);
    });
  });

  it('forgets files that are nowhere, up to a fifth of all, and those with objects never', async () => {
    const store = await keptStore(temporaryFolder(), 10);
    const lose = (n: number): void => {
      rmSync(at(store, `c${n}.png`));
      rmSync(objectOf(store, storedCartridge(n)));
    };
    rmSync(at(store, 'c9.png'));
    lose(0);
    lose(1);
    lose(2);
    const fused = { isForced: false, fuse: blows };
    expect(await rebuild(store, fused)).toMatchObject({ gone: { of: 10, go: 3 }, forgotten: 0 });
    await shelfWithObjects(store.cartridges).put([{ fileName: 'c2.png', bytes: storedCartridge(2) }]);
    expect(await rebuild(store, fused)).toMatchObject({ gone: { of: 10, go: 2 }, forgotten: 2 });
    lose(3);
    lose(4);
    expect(await rebuild(store, { ...fused, isForced: true })).toMatchObject({ forgotten: 2 });
    expect(await findings(store)).toEqual(['missing c9.png']);
  });
});

describe('a sweep of the store', () => {
  /** Objects whose names and rows are gone, as old as a sweep wants them. */
  async function withOrphans(size: number, orphans: number): Promise<KeptStore> {
    const store = await keptStore(temporaryFolder(), size);
    await withWalk(store, (_, database) => database.exec(`DELETE FROM cartridges WHERE id <= ${orphans}`));
    for (let n = 0; n < orphans; n++) {
      rmSync(at(store, `c${n}.png`));
      age(objectOf(store, storedCartridge(n)));
    }
    return store;
  }
  const age = (path: string, ms = QUIET_MS + 1_000): void => utimesSync(path, 1, (Date.now() - ms) / 1_000);

  it('removes a fifth, and not more unless it is meant, and nothing until it is told to', async () => {
    const five = await withOrphans(5, 1);
    expect(await gc(five, false)).toMatchObject({ status: 'counted', objects: { of: 5, go: 1 } });
    expect(await findings(five)).toHaveLength(1);
    expect(await gc(five)).toMatchObject({ status: 'swept', gone: { objects: 1 } });
    expect(await findings(five)).toEqual([]);
    const four = await withOrphans(4, 1);
    expect(await gc(four)).toMatchObject({ status: 'fuse', gone: { objects: 0 } });
    expect(await findings(four)).toHaveLength(1);
    expect(await gc(four, true, true)).toMatchObject({ status: 'swept', gone: { objects: 1 } });
  });

  it('leaves what has a name or a row, whoever gave it, what is young, and what is not its own', async () => {
    const store = await withOrphans(12, 2);
    linkSync(objectOf(store, storedCartridge(0)), at(store, 'mine.png'));
    rmSync(at(store, 'c5.png'));
    const half = at(store, '.c3.png.wet');
    writeFileSync(half, 'half');
    age(half);
    writeFileSync(at(store, '.new.png.wet'), 'half');
    age(at(store, '.new.png.wet'), QUIET_MS - 10_000);
    writeFileSync(join(objectOf(store, storedCartridge(8)), '../stray'), 'x');
    age(join(objectOf(store, storedCartridge(8)), '../stray'));
    age(objectOf(store, storedCartridge(1)), QUIET_MS - 10_000);
    expect(await gc(store)).toMatchObject({ gone: { objects: 0, leftovers: 1 } });
    age(objectOf(store, storedCartridge(1)));
    expect(await gc(store)).toMatchObject({ gone: { objects: 1, leftovers: 0 } });
    expect((await findings(store)).map((line) => line.split(' ')[0])).toEqual([
      ...['foreign', 'leftover', 'missing', 'stray'],
    ]);
  });
});

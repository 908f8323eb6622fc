/** Cartridges that are signed on the shelf: registry and objects follow, and until then the store tells them for what they are. */
import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { followSigned } from '../../orchestrator/host/signed-file.ts';
import { rebuildStore } from '../../orchestrator/host/store-rebuild.ts';
import { StoreRepair } from '../../orchestrator/host/store-repair.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { withSignature } from '../../shared/cartridge/signed.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import {
  findings,
  type KeptStore,
  keptStore,
  NEVER_FUSED,
  objectOf,
  QUIET,
  storedCartridge,
  withWalk,
} from '../support/kept-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const at = (store: KeptStore, name: string): string => join(store.cartridges, name);
const signed = (bytes: Uint8Array, ...by: string[]): Uint8Array =>
  by.reduce((file, name) => withSignature(file, JSON.stringify({ by: name })), bytes);

/** Puts bytes in the place of a name, as `gvpie sign` does. */
function replace(store: KeptStore, name: string, bytes: Uint8Array): void {
  writeFileSync(at(store, 'next'), bytes);
  renameSync(at(store, 'next'), at(store, name));
}

const follow = (store: KeptStore, fileName: string, bytes: Uint8Array, files: Files = diskFiles) =>
  withWalk(store, (_, database) => followSigned(database, files, store.cartridges, { fileName, bytes }));

const rebuild = (store: KeptStore) =>
  withWalk(store, (walk) => rebuildStore(walk, NEVER_FUSED, QUIET, async () => {}));

const row = (store: KeptStore, name: string): Promise<unknown> =>
  withWalk(store, (_, database) =>
    database.prepare('SELECT file_sha256, bytes FROM cartridges WHERE file_name = ?').raw().get(name),
  );

const rowOf = (bytes: Uint8Array): unknown => [sha256Hex(bytes), bytes.length];

describe('a cartridge that was signed on the shelf', () => {
  it('is said to be signed, is not put back to what it was, and rebuild has the registry know it', async () => {
    const store = await keptStore(temporaryFolder(), 6);
    const twice = signed(storedCartridge(0), 'ann', 'bob');
    replace(store, 'c0.png', twice);
    expect(await findings(store)).toEqual(['signed c0.png']);
    await withWalk(store, async (walk) => {
      const repair = new StoreRepair(walk);
      for (const one of walk.cartridges()) {
        if (one === undefined) continue;
        expect([repair.can(one), (await repair.repair(one)).did]).toEqual([false, 'nothing']);
        expect(one.message).toContain('2 more');
      }
    });
    expect(await rebuild(store)).toMatchObject({ changed: 1, left: 0, objects: 1 });
    expect(await row(store, 'c0.png')).toEqual(rowOf(twice));
    expect(statSync(objectOf(store, twice)).ino).toBe(statSync(at(store, 'c0.png')).ino);
    // What it was has neither a name nor a row: gvpie store gc.
    expect((await findings(store)).map((line) => line.split(' ')[0])).toEqual(['orphan']);
  });

  it('has its row and its object with it, and what it was is gone', async () => {
    const store = await keptStore(temporaryFolder(), 3);
    const once = signed(storedCartridge(0), 'ann');
    replace(store, 'c0.png', once);
    expect([await follow(store, 'c0.png', once), await findings(store)]).toEqual([true, []]);
    expect(await row(store, 'c0.png')).toEqual(rowOf(once));
    expect([existsSync(objectOf(store, storedCartridge(0))), existsSync(objectOf(store, once))]).toEqual([
      ...[false, true],
    ]);
    const twice = signed(once, 'bob');
    replace(store, 'c0.png', twice);
    expect([await follow(store, 'c0.png', twice), await findings(store)]).toEqual([true, []]);
    expect(await follow(store, 'c0.png', twice)).toBe(true);
    // Of a row from before there were checksums the label says what it is of.
    await withWalk(store, (_, database) => database.exec('UPDATE cartridges SET file_sha256 = NULL'));
    expect([await follow(store, 'c0.png', twice), await row(store, 'c0.png')]).toEqual([true, rowOf(twice)]);
    expect(await follow(store, 'c1.png', twice)).toBe(false);
  });

  it('is not followed where it is more than signed, given up or nobody’s', async () => {
    const store = await keptStore(temporaryFolder(), 3);
    for (const [name, bytes, problem] of [
      ['c0.png', signed(storedCartridge(7), 'ann'), 'overwritten'],
      ['c0.png', signed(storedCartridge(0, 'another run'), 'ann'), 'resaved'],
    ] as const) {
      replace(store, name, bytes);
      expect([await follow(store, name, bytes), await findings(store)]).toEqual([
        false,
        [`${problem} ${name}`],
      ]);
      expect(existsSync(objectOf(store, bytes))).toBe(false);
    }
    const once = signed(storedCartridge(1), 'ann');
    replace(store, 'c1.png', once);
    copyFileSync(at(store, 'c1.png'), at(store, 'mine.png'));
    await withWalk(store, (_, database) =>
      database.exec("UPDATE cartridges SET swept_at = '2026' WHERE file_name = 'c1.png'"),
    );
    expect([await follow(store, 'c1.png', once), await follow(store, 'mine.png', once)]).toEqual([
      ...[false, false],
    ]);
    expect(existsSync(objectOf(store, once))).toBe(false);
  });

  it('leaves what it was to another cartridge of the same file', async () => {
    const store = await keptStore(temporaryFolder(), 1);
    linkSync(at(store, 'c0.png'), at(store, 'twin.png'));
    await rebuild(store);
    rmSync(at(store, 'twin.png'));
    const once = signed(storedCartridge(0), 'ann');
    replace(store, 'c0.png', once);
    expect(await follow(store, 'c0.png', once)).toBe(true);
    expect(await findings(store)).toEqual(['missing twin.png']);
    expect(existsSync(objectOf(store, storedCartridge(0)))).toBe(true);
  });

  it.each(['link', 'remove'] as const)(
    'is whole where its signer dies at the %s, and is followed then',
    async (step) => {
      for (const before of [true, false]) {
        const store = await keptStore(temporaryFolder(), 1);
        const once = signed(storedCartridge(0), 'ann');
        replace(store, 'c0.png', once);
        const dying = (...paths: [string, string]): boolean => {
          if (!before) (diskFiles[step] as (...paths: string[]) => boolean)(...paths);
          throw new Error('killed');
        };
        await expect(follow(store, 'c0.png', once, { ...diskFiles, [step]: dying })).rejects.toThrow(
          'killed',
        );
        const found = (await findings(store)).map((line) => line.split(' ')[0]);
        if (step === 'link') expect(found).toEqual(['signed']);
        else expect(found).toEqual(before ? ['orphan'] : []);
        expect(await follow(store, 'c0.png', once)).toBe(true);
        expect(await row(store, 'c0.png')).toEqual(rowOf(once));
        expect((await findings(store)).every((line) => line.startsWith('orphan'))).toBe(true);
      }
    },
  );
});

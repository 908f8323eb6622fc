/** What a registry that is made of files has of lineage and of pictures by others, and what is found of these. */
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { blows } from '../../orchestrator/fuse.ts';
import type { Database } from '../../orchestrator/host/migrate.ts';
import { pictureFindings } from '../../orchestrator/host/store-pictures.ts';
import { rebuildStore } from '../../orchestrator/host/store-rebuild.ts';
import { sweepStore } from '../../orchestrator/host/store-sweep.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import {
  findings,
  type KeptStore,
  keptStore,
  NEVER_FUSED,
  QUIET,
  shelfWithObjects,
  storedCartridge,
  withWalk,
} from '../support/kept-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const breathe = async (): Promise<void> => {};
const at = (store: KeptStore, name: string): string => join(store.cartridges, name);

const rebuild = (store: KeptStore, order = NEVER_FUSED, hear = QUIET) =>
  withWalk(store, (walk) => rebuildStore(walk, order, hear, breathe));

const rows = (store: KeptStore, sql: string): Promise<unknown[]> =>
  withWalk(store, (_, database: Database) => database.prepare(sql).raw().all());

const PICTURES =
  'SELECT file_name, checksum, width, height, bytes, imported_at FROM inputs ORDER BY file_name';

const pixelsOf = (n: number): Uint8Array => new Uint8Array(2 * 3 * 4).fill(n);

/** Puts a picture under a name of the store. */
function draw(store: KeptStore, name: string, n: number, { width = 2, level = 9 } = {}): void {
  const png = new PNG({ width, height: 6 / width });
  png.data.set(pixelsOf(n));
  writeFileSync(at(store, `inputs/${name}`), PNG.sync.write(png, { deflateLevel: level }));
}

/** A store with pictures `p0.png`, `p1.png` and so on, which are in their table. */
async function withPictures(size: number): Promise<KeptStore> {
  const store = await keptStore(temporaryFolder(), 1);
  mkdirSync(at(store, 'inputs'));
  for (let n = 0; n < size; n++) {
    draw(store, `p${n}.png`, n);
    utimesSync(at(store, `inputs/p${n}.png`), n, n);
  }
  await rebuild(store);
  return store;
}

async function pictureProblems(store: KeptStore): Promise<string[]> {
  const found = await withWalk(store, (walk) => [...pictureFindings(walk)]);
  return found.flatMap((one) => (one === undefined ? [] : [`${one.problem} ${one.path}`]));
}

describe('a registry that is made of files', () => {
  it('has the parents that labels name, in their order, and in their table', async () => {
    const store = await keptStore(temporaryFolder(), 1);
    const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
    const bytes = storedCartridge(5, 'job-5', [two, one]);
    await shelfWithObjects(store.cartridges).put([{ fileName: 'child.png', bytes }]);
    expect(await rebuild(store)).toMatchObject({ added: 1, changed: 0 });
    const parents = "SELECT parents FROM cartridges WHERE file_name = 'child.png'";
    const table = 'SELECT parent, file_name FROM cartridge_parents JOIN cartridges ON id = cartridge_id';
    const before = [await rows(store, parents), await rows(store, table)];
    expect(before).toEqual([
      [[JSON.stringify([two, one])]],
      [
        [one, 'child.png'],
        [two, 'child.png'],
      ],
    ]);
    expect(await rows(store, "SELECT parents FROM cartridges WHERE file_name = 'c0.png'")).toEqual([[null]]);
    await withWalk(store, (_, database) =>
      database.exec("UPDATE cartridges SET parents = NULL WHERE file_name = 'child.png'"),
    );
    expect(await rows(store, table)).toEqual([]);
    expect(await rebuild(store)).toMatchObject({ added: 0, changed: 1 });
    expect([await rows(store, parents), await rows(store, table)]).toEqual(before);
    expect(await rebuild(store)).toMatchObject({ added: 0, changed: 0 });
  });

  it('has the pictures, by their pixels, and keeps of them what only it knows', async () => {
    const store = await withPictures(2);
    const row = (n: number, imported: string) => {
      const bytes = readFileSync(at(store, `inputs/p${n}.png`)).length;
      return [`inputs/p${n}.png`, sha256Hex(pixelsOf(n)), 2, 3, bytes, imported];
    };
    const times = ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:01.000Z'] as const;
    expect(await rows(store, PICTURES)).toEqual([row(0, times[0]), row(1, times[1])]);
    await withWalk(store, (_, database) =>
      database.exec(
        "UPDATE inputs SET imported_at = '2026', checksum = 'x' WHERE file_name = 'inputs/p1.png'",
      ),
    );
    expect(await rebuild(store)).toMatchObject({ pictures: { files: 2, written: 1, forgotten: 0 } });
    expect(await rows(store, PICTURES)).toEqual([row(0, times[0]), row(1, '2026')]);
    rmSync(store.database);
    expect(await rebuild(store)).toMatchObject({ pictures: { files: 2, written: 2 } });
    expect(await rows(store, PICTURES)).toEqual([row(0, times[0]), row(1, times[1])]);
    expect(await rebuild(store)).toMatchObject({ pictures: { written: 0 } });
  });

  it('names what is no picture, and forgets those whose files are nowhere, up to a fifth', async () => {
    const store = await withPictures(5);
    writeFileSync(at(store, 'inputs/no.png'), 'no');
    writeFileSync(at(store, 'inputs/note.txt'), 'x');
    symlinkSync('p0.png', at(store, 'inputs/link.png'));
    const said: string[] = [];
    const hear = { ...QUIET, unread: (path: string) => said.push(path) };
    expect(await rebuild(store, NEVER_FUSED, hear)).toMatchObject({ pictures: { files: 7, written: 0 } });
    expect(said.sort()).toEqual(['inputs/link.png', 'inputs/no.png']);
    const fused = { isForced: false, fuse: blows };
    rmSync(at(store, 'inputs/p0.png'));
    rmSync(at(store, 'inputs/p1.png'));
    expect(await rebuild(store, fused)).toMatchObject({ pictures: { gone: { of: 5, go: 2 }, forgotten: 0 } });
    draw(store, 'p1.png', 1);
    expect(await rebuild(store, fused)).toMatchObject({ pictures: { gone: { of: 5, go: 1 }, forgotten: 1 } });
    rmSync(at(store, 'inputs'), { recursive: true });
    expect(await rebuild(store, { ...fused, isForced: true })).toMatchObject({ pictures: { forgotten: 4 } });
    expect(await rows(store, PICTURES)).toEqual([]);
  });

  it('has no pictures of a folder elsewhere', async () => {
    const store = await withPictures(1);
    renameSync(at(store, 'inputs'), join(store.folder, 'elsewhere'));
    symlinkSync('../elsewhere', at(store, 'inputs'));
    expect(await rebuild(store)).toMatchObject({ pictures: { files: 0, forgotten: 1 } });
    expect(await findings(store)).toEqual(['foreign inputs']);
  });
});

describe('a walk of the store', () => {
  it('finds nothing where all pictures are there, in whatever bytes, and each kind of what is the matter', async () => {
    const store = await withPictures(6);
    const before = readFileSync(at(store, 'inputs/p5.png'));
    draw(store, 'p5.png', 5, { level: 0 });
    expect(before.equals(readFileSync(at(store, 'inputs/p5.png')))).toBe(false);
    expect([await pictureProblems(store), await findings(store)]).toEqual([[], []]);
    rmSync(at(store, 'inputs/p0.png'));
    draw(store, 'p1.png', 77);
    draw(store, 'p2.png', 2, { width: 3 });
    writeFileSync(at(store, 'inputs/p3.png'), readFileSync(at(store, 'inputs/p3.png')).subarray(0, 50));
    rmSync(at(store, 'inputs/p4.png'));
    symlinkSync('p5.png', at(store, 'inputs/p4.png'));
    writeFileSync(at(store, 'inputs/mine.png'), 'x');
    writeFileSync(at(store, 'inputs/.p9.png.wet'), 'half');
    utimesSync(at(store, 'inputs/.p9.png.wet'), 1, 1);
    expect(await pictureProblems(store)).toEqual([
      ...['missing inputs/p0.png', 'overwritten inputs/p1.png', 'overwritten inputs/p2.png'],
      ...['rotten inputs/p3.png', 'missing inputs/p4.png'],
    ]);
    expect(await findings(store)).toEqual(['foreign inputs/mine.png', 'leftover inputs/.p9.png.wet']);
    await withWalk(store, (walk) =>
      sweepStore(walk, { isMeant: true, isForced: false, nowMs: Date.now() }, breathe),
    );
    expect(await findings(store)).toEqual(['foreign inputs/mine.png']);
  });
});

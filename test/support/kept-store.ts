/** A store to be damaged: a shelf with cartridges that have objects and rows, and what of it a test compares. */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase } from '../../orchestrator/host/migrate.ts';
import { Objects } from '../../orchestrator/host/objects.ts';
import { type CartridgeShelf, shelfWithObjects as openShelf } from '../../orchestrator/host/shelf.ts';
import { type HearRebuild, type RebuildOrder, rebuildStore } from '../../orchestrator/host/store-rebuild.ts';
import { StoreTable } from '../../orchestrator/host/store-table.ts';
import { StoreWalk } from '../../orchestrator/host/store-walk.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { labelOf } from '../../shared/cartridge/label.ts';
import { press } from '../../shared/cartridge/press.ts';
import { errorCode } from '../../shared/faults.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';

const canvas = { width: 2, height: 2 };

/** The bytes of a cartridge; each number has a picture, a program and a time of its own. */
export function storedCartridge(
  number: number,
  id = `job-${number}`,
  parents: readonly string[] = [],
): Uint8Array {
  const pixels = new Uint8Array(16).fill(255);
  new DataView(pixels.buffer).setUint16(0, number);
  return press({
    pixels,
    canvas,
    label: labelOf({
      program: `DATA ${number}`,
      canvas,
      params: {},
      checksum: sha256Hex(pixels),
      script: { name: `script ${number}`, revision: 1 },
      parents: parents.map((checksum) => ({ checksum })),
    }),
    run: { id, backend: 'cpu', adapter: 'cpu', renderer: 'r1' },
    createdAt: new Date(Date.UTC(2026, 0, 1) + number * 1_000).toISOString(),
  });
}

export interface KeptStore {
  readonly folder: string;
  readonly database: string;
  readonly cartridges: string;
}

/** Where a store has its things in a folder. */
export function storeIn(folder: string): KeptStore {
  return { folder, database: join(folder, 'daemon.db'), cartridges: join(folder, 'cartridges') };
}

/** A store of cartridges `c0.png`, `c1.png` and so on, all of them with objects and rows. */
export async function keptStore(folder: string, size: number): Promise<KeptStore> {
  const store = storeIn(folder);
  mkdirSync(store.cartridges, { recursive: true });
  const shelf = shelfWithObjects(store.cartridges);
  await shelf.put(
    Array.from({ length: size }, (_, n) => ({ fileName: `c${n}.png`, bytes: storedCartridge(n) })),
  );
  await withWalk(store, (walk) => rebuildStore(walk, NEVER_FUSED, QUIET, async () => {}));
  return store;
}

export const NEVER_FUSED: RebuildOrder = { isForced: false, fuse: () => false };
export const QUIET: HearRebuild = { unread: () => {}, step: () => {} };

export function shelfWithObjects(
  cartridges: string,
  files: Files = diskFiles,
  hear: (why: string) => void = () => {},
): CartridgeShelf {
  return openShelf(files, cartridges, 'durable', hear);
}

/** Does something with a store, which is opened and closed. */
export async function withWalk<Result>(
  store: KeptStore,
  work: (walk: StoreWalk, database: Database) => Result | Promise<Result>,
  files: Files = diskFiles,
): Promise<Result> {
  const database = openDatabase(store.database, { durability: 'fast' });
  const walk = new StoreWalk(files, store.cartridges, new StoreTable(database));
  try {
    return await work(walk, database);
  } finally {
    walk.close();
    database.close();
  }
}

/** All that a walk finds, as `problem path`, in order. */
export function findings(store: KeptStore): Promise<string[]> {
  return withWalk(store, (walk) => {
    const found = [...walk.cartridges(), ...walk.besides()];
    for (const { finding } of walk.amongObjects()) found.push(finding);
    return found.flatMap((one) => (one === undefined ? [] : [`${one.problem} ${one.path}`])).sort();
  });
}

/** Where the object of a cartridge lies. */
export function objectOf({ cartridges }: KeptStore, bytes: Uint8Array): string {
  return new Objects(diskFiles, cartridges).path(sha256Hex(bytes));
}

/** Each file of the shelf, objects too, by its path: the checksum of its content. Locks do not count. */
export function filesOf({ cartridges }: KeptStore, under = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(cartridges, under)).sort()) {
    const path = join(under, name);
    if (name.startsWith('store.lock')) continue;
    if (statSync(join(cartridges, path)).isDirectory())
      Object.assign(found, filesOf(storeAt(cartridges), path));
    else found[path] = sha256Hex(readFileSync(join(cartridges, path)));
  }
  return found;
}

function storeAt(cartridges: string): KeptStore {
  return { folder: '', database: '', cartridges };
}

/** The registry, in its order, without what is counted. */
export function rowsOf({ database }: KeptStore): unknown[] {
  try {
    const open = openDatabase(database, { durability: 'fast' });
    try {
      return open
        .prepare(
          'SELECT file_name, checksum, bytes, created_at, file_sha256, swept_at FROM cartridges ORDER BY id',
        )
        .all();
    } finally {
      open.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Restoring: a backup's cartridges go onto a shelf, and as the last thing its database to where it is to be. Until then
 * there is none: whoever is interrupted begins again, and what lies there already is kept.
 */
import { linkSync, lstatSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sha256Hex } from '../../shared/bytes.ts';
import { errorCode, PeerFault } from '../../shared/faults.ts';
import { type Files, moveIn } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import { KeepingRefusal } from '../keeping-refusal.ts';
import type { ManifestContent, ManifestEntry } from '../manifest.ts';
import { requireApart } from './apart.ts';
import type { Tally } from './bulk.ts';
import { chosen, requireKnown } from './chosen-backup.ts';
import type { KeepingDoors, Trouble } from './keeping.ts';
import { lockTarget } from './restore-lock.ts';
import { SyncedBatch } from './synced-batch.ts';
import { Vault } from './vault.ts';

export interface RestorePlace {
  /** Where backups lie. */
  readonly folder: string;
  /** Which of them; undefined: the newest. */
  readonly name?: string | undefined;
  /** The file that is to be. */
  readonly database: string;
  /** The folder that is to hold the cartridges. */
  readonly cartridges: string;
  /** Whether it is only looked at and taken away again: then nobody waits for the disk. */
  readonly isTemporary?: boolean;
}

export interface RestoreReport {
  readonly name: string;
  readonly content: ManifestContent;
  /** Cartridges that lay on the shelf already, as an interrupted restore leaves them. */
  readonly kept: number;
  /** Cartridges whose objects are damaged, or not there: they alone are not restored. */
  readonly troubles: readonly Trouble[];
}

interface Target {
  readonly name: string;
  readonly content: ManifestContent;
  /** Absolute. */
  readonly database: string;
  readonly shelf: string;
  /** Gives it back; done once more, it does nothing. */
  readonly release: () => void;
}

/** How often the newest is taken, where each is removed while it is read. */
const TRIES = 5;

/** What SQLite keeps beside a database. */
const BESIDE = ['-wal', '-shm', '-journal'];

/**
 * Restores a backup where nothing is.
 *
 * @throws {KeepingRefusal} when there is no such backup, or something lies where it is to go: then nothing was written
 * @throws {LockHeld} when another restore goes there
 * @throws {HostFault} when it cannot be read, or something cannot be written: then there is no database, and the same once
 *   more goes on from there
 */
export async function restoreBackup(doors: KeepingDoors, place: RestorePlace): Promise<RestoreReport> {
  const vault = new Vault(doors.files, requireApart(place.folder, place.cartridges));
  for (let tries = 1; ; tries++) {
    const { name, content } = chosen(vault, place);
    try {
      return await restoreThis(doors, place, vault, { name, content });
    } catch (error) {
      // A cleaner takes the manifest first: what fails while that lies there has another cause.
      if (vault.isThere(name)) throw error;
    }
    if (place.name === undefined && tries < TRIES) continue;
    throw removed(name, place.folder);
  }
}

function removed(name: string, folder: string): KeepingRefusal {
  return new KeepingRefusal(
    `Expected the backup ${name} to stay, found that it was removed meanwhile`,
    `gvpie backup ${folder} --list shows what there is`,
  );
}

async function restoreThis(
  doors: KeepingDoors,
  place: RestorePlace,
  vault: Vault,
  { name, content }: Pick<Target, 'name' | 'content'>,
): Promise<RestoreReport> {
  const { files, bulk } = doors;
  const [database, shelf] = [resolve(place.database), resolve(place.cartridges)];
  requireNoDatabase(database);
  requireKnown(content, name);
  requireRoom(files, shelf, content);

  const source = vault.database(name);
  requireWhole(await bulk.tally(source), content, source);

  files.makeFolder(shelf);
  files.makeFolder(dirname(database));
  const release = lockTarget(database, shelf);
  try {
    return await fill(doors, place, vault, { name, content, database, shelf, release });
  } finally {
    release();
  }
}

/** A restore that has its place for itself. */
async function fill(
  { files, bulk, hear }: KeepingDoors,
  place: RestorePlace,
  vault: Vault,
  { name, content, database, shelf, release }: Target,
): Promise<RestoreReport> {
  // Whoever had it until now may have been at work since we looked.
  requireNoDatabase(database);
  const there = requireRoom(files, shelf, content);
  const source = vault.database(name);
  const write = (path: string, bytes: Uint8Array): Promise<void> =>
    place.isTemporary ? files.writeLong(path, bytes) : files.writeSynced(path, bytes);
  const wet = join(dirname(database), `.${basename(database)}.restoring`);
  let troubles: Trouble[];
  try {
    troubles = await layOut(
      { ...files, writeSynced: write },
      vault,
      shelf,
      content.cartridges,
      there,
      (done) => hear?.('cartridges', done, content.cartridges.length),
    );
    if (troubles.length > 0 && !vault.isThere(name)) throw removed(name, place.folder);
    files.remove(wet);
    const tally = await bulk.copy(source, wet, (done) => hear?.('database', done, content.database.bytes));
    requireWhole(tally, content, source);
  } catch (error) {
    // What there is of a backup that went would be in the way of the next.
    if (!vault.isThere(name)) {
      for (const { path } of content.cartridges) if (!there.has(path)) files.remove(join(shelf, path));
    }
    throw error;
  }
  // Whoever is killed once the database is there leaves nothing else. Nobody gets as far as its copy before the move.
  release();
  requireNoDatabase(database);
  putWhereNoneIs(files, wet, database);
  await files.syncFolder(dirname(database));
  return { name, content, kept: there.size, troubles };
}

function requireWhole({ bytes, sha256 }: Tally, { database }: ManifestContent, source: string): void {
  if (bytes === database.bytes && sha256 === database.sha256) return;
  throw new KeepingRefusal(
    `Expected ${database.bytes} bytes of checksum ${database.sha256} in ${source}, found ${bytes} of checksum ${sha256}`,
    'the database of this backup is damaged: --backup NAME takes another',
  );
}

/** A log that an older database left would be taken for the restored one's. */
function requireNoDatabase(database: string): void {
  for (const path of [database, ...BESIDE.map((suffix) => database + suffix)]) {
    // A symlink that leads nowhere is somebody's too.
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) continue;
    throw new KeepingRefusal(
      `Expected no database at ${database}, found ${path}`,
      'stop its daemons and move it away, or name another file with --db',
    );
  }
}

/** A rename would put it over one that somebody has made since; where there are no links, it is what there is. */
function putWhereNoneIs(files: Files, wet: string, database: string): void {
  try {
    linkSync(wet, database);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') requireNoDatabase(database);
    moveIn(files, wet, database);
    return;
  }
  files.remove(wet);
}

/** Paths that lie on the shelf already as they are to be. @throws {KeepingRefusal} when anything else lies there */
function requireRoom(files: Files, shelf: string, { cartridges }: ManifestContent): ReadonlySet<string> {
  const there = new Set<string>();
  const named = new Map(cartridges.map((entry) => [entry.path, entry]));
  const others: string[] = [];
  const look = (folder: string, prefix: string): void => {
    for (const name of files.list(folder)) {
      const path = prefix + name;
      // Ours of a restore that was interrupted, or .gitkeep and its like.
      if (name.startsWith('.') && !named.has(path)) continue;
      if (files.fact(join(folder, name))?.kind === 'folder') look(join(folder, name), `${path}/`);
      else if (isAs(files, join(folder, name), named.get(path))) there.add(path);
      else others.push(path);
    }
  };
  const fact = files.fact(`${shelf}/.`);
  if (fact !== undefined && fact.kind === 'folder') look(shelf, '');
  else if (files.fact(shelf) !== undefined) {
    throw new KeepingRefusal(`Expected a folder for cartridges at ${shelf}, found something else`);
  }
  if (others.length === 0) return there;
  const more = others.length === 1 ? '' : ` and ${others.length - 1} more that are not in the backup`;
  throw new KeepingRefusal(
    `Expected room for the cartridges in ${shelf}, found ${JSON.stringify(others.sort()[0])} there${more}`,
    'move them away, or name another folder with --cartridges',
  );
}

function isAs(files: Files, path: string, entry: ManifestEntry | undefined): boolean {
  if (entry === undefined || files.fact(path)?.sizeBytes !== entry.bytes) return false;
  try {
    const bytes = files.read(path, LIMITS.cartridgeBytes);
    return bytes !== undefined && sha256Hex(bytes) === entry.sha256;
  } catch (error) {
    if (error instanceof PeerFault) return false;
    throw error;
  }
}

/** Puts cartridges onto the shelf, each written aside and synced, and held to its checksum on the way. */
async function layOut(
  files: Files,
  vault: Vault,
  shelf: string,
  entries: readonly ManifestEntry[],
  there: ReadonlySet<string>,
  hear: (done: number) => void,
): Promise<Trouble[]> {
  const troubles: Trouble[] = [];
  const folders = new Set([shelf]);
  const batch = new SyncedBatch();
  const put = async (path: string, content: Uint8Array): Promise<void> => {
    const wet = join(
      dirname(path),
      `.${basename(path).slice(0, 60)}.${sha256Hex(basename(path)).slice(0, 12)}.wet`,
    );
    await files.writeSynced(wet, content);
    moveIn(files, wet, path);
  };
  for (const [index, entry] of entries.entries()) {
    hear(index);
    const path = join(shelf, entry.path);
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) {
      files.makeFolder(folder);
      folders.add(folder);
    }
    if (there.has(entry.path)) continue;
    if (!batch.hasRoom(entry.bytes)) await batch.settle();
    const content = vault.object(entry);
    if (typeof content === 'string') troubles.push({ path: entry.path, message: content });
    else batch.add(put(path, content), content.length);
  }
  await batch.settle();
  hear(entries.length);
  for (const folder of folders) await files.syncFolder(folder);
  return troubles;
}

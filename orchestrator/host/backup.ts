/** A backup: the database as it is at one moment, and every cartridge that it names, while daemons work. */
import { resolve } from 'node:path';
import { HostFault } from '../../shared/faults.ts';
import { hostFault } from '../../shared/host/file-fault.ts';
import { acquireLock, type Lock } from '../../shared/host/lock.ts';
import { VERSION } from '../../shared/version.ts';
import type { Clock } from '../../shared/world.ts';
import { backupName } from '../backup-name.ts';
import { KeepingRefusal } from '../keeping-refusal.ts';
import { MANIFEST_FORMAT, type ManifestContent } from '../manifest.ts';
import { requireApart } from './apart.ts';
import { Collector } from './collector.ts';
import type { KeepingDoors, Trouble } from './keeping.ts';
import { settleSnapshot, stillRegistered, takeSnapshot } from './snapshot.ts';
import { type Pruned, Vault } from './vault.ts';

export interface BackupPlace {
  readonly database: string;
  readonly cartridges: string;
  /** Where backups lie. */
  readonly folder: string;
  /** How many backups stay, 1 or more; undefined: all. */
  readonly keep?: number | undefined;
}

export interface BackupDoors extends KeepingDoors {
  readonly clock: Clock;
  /** 8 lower-case hex digits. */
  readonly newId: () => string;
}

export interface BackupReport {
  readonly name: string;
  readonly content: ManifestContent;
  /** Cartridges that no earlier backup had. */
  readonly added: { readonly cartridges: number; readonly bytes: number };
  /** Cartridges that are damaged, or not there; what an earlier backup has of them is in this one too. */
  readonly troubles: readonly Trouble[];
  /** Undefined where all backups stay. */
  readonly pruned: Pruned | undefined;
}

/**
 * Makes a backup. Whatever it fails with, backups that were there before are whole.
 *
 * @throws {KeepingRefusal} when the folder will not do, or has the backups of another database
 * @throws {LockHeld} when another backup is made there
 * @throws {HostFault} when the database cannot be read, or the backup not be written
 */
export async function makeBackup(doors: BackupDoors, place: BackupPlace): Promise<BackupReport> {
  const { files, clock } = doors;
  const vault = new Vault(files, requireApart(place.folder, place.cartridges));
  files.makeFolder(vault.folder);
  const lock = locked(vault.lock, clock.iso());
  try {
    vault.sweep(clock.now());
    const name = backupName(clock.now(), doors.newId(), vault.names());
    const created = clock.iso();
    try {
      vault.begin(name);
      const made = await fill(doors, place, vault, name, created);
      await vault.finish(name, made.content);
      const pruned = place.keep === undefined ? undefined : vault.prune(place.keep, made.content.identity);
      return { name, ...made, pruned };
    } catch (error) {
      // Where even that fails, the next one sweeps it up.
      tryTo(() => {
        if (typeof vault.manifest(name) !== 'object') vault.drop(name);
      });
      throw error;
    }
  } finally {
    lock.release();
  }
}

/** As `acquireLock`, with what helps against a full disk. */
function locked(path: string, since: string): Lock {
  try {
    return acquireLock(path, since);
  } catch (error) {
    throw error instanceof HostFault && error.cause !== undefined
      ? hostFault('lock', path, error.cause)
      : error;
  }
}

function tryTo(act: () => void): void {
  try {
    act();
  } catch {}
}

/** A database that was lost and is made anew would in time push out the backups that could bring it back. */
function requireOwn(vault: Vault, identity: string | undefined, database: string): void {
  const owner = identity === undefined ? undefined : vault.owner();
  if (owner === undefined || owner.identity === identity) return;
  throw new KeepingRefusal(
    `Expected backups of the database ${database} in ${vault.folder}, found ${owner.name} of another one`,
    `where it was lost and made anew, stop its daemons, move it away, and run: gvpie restore ${vault.folder}; otherwise choose another folder`,
  );
}

/**
 * The database comes first: a cartridge is on the shelf before its run is committed, so whatever the snapshot names is
 * there, unless somebody removed it.
 */
async function fill(
  { files, bulk, hear }: BackupDoors,
  { database, cartridges }: BackupPlace,
  vault: Vault,
  name: string,
  created: string,
): Promise<Pick<BackupReport, 'content' | 'added' | 'troubles'>> {
  const snapshot = vault.database(name);
  await takeSnapshot(resolve(database), snapshot, (done, total) => hear?.('database', done, total));
  const found = settleSnapshot(snapshot);
  const { identity } = found;
  requireOwn(vault, identity, database);
  const tally = await bulk.tally(snapshot);

  const collector = new Collector(files, vault, resolve(cartridges), name);
  await collector.collect(found, hear);
  const gone = collector.absent.map(({ path }) => path);
  const wanted = gone.length === 0 ? new Set<string>() : stillRegistered(resolve(database), gone);
  const troubles = [...collector.troubles, ...collector.absent.filter(({ path }) => wanted.has(path))];
  return {
    content: {
      format: MANIFEST_FORMAT,
      gvpie: VERSION,
      migration: found.migration,
      semantics: found.semantics,
      created_at: created,
      ...(identity === undefined ? {} : { identity }),
      database: tally,
      cartridges: collector.entries(),
      missing: collector.missing(),
      counts: { ...found.counts, foreign: collector.foreign() },
    },
    added: collector.added,
    troubles: troubles.sort((one, other) => (one.path < other.path ? -1 : 1)),
  };
}

/** The store for commands: opened, walked and closed, and where it is changed, by one command at a time. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Objects } from '../orchestrator/host/objects.ts';
import { StoreTable } from '../orchestrator/host/store-table.ts';
import { StoreWalk } from '../orchestrator/host/store-walk.ts';
import { systemClock } from '../shared/host/clock.ts';
import { diskFiles } from '../shared/host/files.ts';
import { acquireLock, LockHeld } from '../shared/host/lock.ts';
import type { Settings } from '../shared/settings.ts';
import { withDatabase, withDatabaseToRead, withNewDatabase } from './database.ts';
import { badInput, unavailable } from './refusal.ts';

/** Does `work` with the store. @throws {Refusal} when there is no database, or no shelf */
export async function withStore<Result>(
  settings: Settings,
  work: (walk: StoreWalk) => Promise<Result>,
): Promise<Result> {
  const folder = requireShelf(settings);
  return withDatabase(settings, (database) =>
    walking(new StoreWalk(diskFiles, folder, new StoreTable(database)), work),
  );
}

/** The same to read: nothing is migrated, created or left behind. */
export async function withStoreToRead<Result>(
  settings: Settings,
  work: (walk: StoreWalk) => Promise<Result>,
): Promise<Result> {
  const folder = requireShelf(settings);
  return withDatabaseToRead(settings, (database) =>
    walking(new StoreWalk(diskFiles, folder, new StoreTable(database)), work),
  );
}

/** The same where the database is made when there is none. */
export async function withNewStore<Result>(
  settings: Settings,
  work: (walk: StoreWalk) => Promise<Result>,
): Promise<Result> {
  const folder = requireShelf(settings);
  return withNewDatabase(settings, (database) =>
    walking(new StoreWalk(diskFiles, folder, new StoreTable(database)), work),
  );
}

async function walking<Result>(walk: StoreWalk, work: (walk: StoreWalk) => Promise<Result>): Promise<Result> {
  try {
    return await work(walk);
  } finally {
    walk.close();
  }
}

function requireShelf({ cartridges }: Settings): string {
  const folder = resolve(cartridges);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw badInput(`Expected the folder of cartridges ${folder}, found none`, '--cartridges says where it is');
}

/** Does `work` while no other command changes the store. @throws {Refusal} when one does */
export async function alone<Result>(settings: Settings, work: () => Promise<Result>): Promise<Result> {
  const objects = new Objects(diskFiles, requireShelf(settings));
  objects.prepareFolder();
  try {
    const lock = acquireLock(objects.lock, systemClock.iso());
    try {
      return await work();
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    throw unavailable(`another command is changing the store: ${error.message}`, 'wait for its end');
  }
}

/** A turn for whoever else has something to do, such as a signal. */
export function breathe(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

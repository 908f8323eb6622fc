/** The thread that makes a backup, so that the daemon's own goes on meanwhile. */
import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { HostFault } from '../../shared/faults.ts';
import { systemClock } from '../../shared/host/clock.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { LockHeld } from '../../shared/host/lock.ts';
import { KeepingRefusal } from '../keeping-refusal.ts';
import { type BackupPlace, type BackupReport, makeBackup } from './backup.ts';
import { diskBulk } from './bulk.ts';

/** A report without what may name a million cartridges, but for the figures of it. */
export type BackupMade = Omit<BackupReport, 'content'> & {
  readonly cartridges: number;
  readonly databaseBytes: number;
};

/** What comes back. */
export type BackupResult =
  | BackupMade
  | { readonly fault: string; readonly hint: string | undefined }
  /** Somebody else makes one there now. */
  | { readonly busy: string };

if (parentPort !== null) parentPort.postMessage(await make(workerData as BackupPlace));

async function make(place: BackupPlace): Promise<BackupResult> {
  const newId = (): string => randomBytes(4).toString('hex');
  try {
    const report = await makeBackup({ files: diskFiles, bulk: diskBulk, clock: systemClock, newId }, place);
    const { content, ...made } = report;
    return { ...made, cartridges: content.cartridges.length, databaseBytes: content.database.bytes };
  } catch (error) {
    if (error instanceof LockHeld) return { busy: error.message };
    const hint = error instanceof HostFault || error instanceof KeepingRefusal ? error.hint : undefined;
    return { fault: (error as Error).message, hint };
  }
}

/** The thread that makes a backup, so that the daemon's own goes on meanwhile. */
import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { HostFault } from '../../shared/faults.ts';
import { systemClock } from '../../shared/host/clock.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { LockHeld } from '../../shared/host/lock.ts';
import { KeepingRefusal } from '../keeping-refusal.ts';
import { type BackupPlace, makeBackup } from './backup.ts';
import { diskBulk } from './bulk.ts';
import type { Trouble } from './keeping.ts';

/** What comes back. */
export type BackupResult =
  | {
      readonly name: string;
      readonly cartridges: number;
      readonly added: { readonly cartridges: number; readonly bytes: number };
      readonly databaseBytes: number;
      readonly troubles: readonly Trouble[];
      readonly removed: number;
      readonly unreadable: readonly string[];
    }
  | { readonly fault: string; readonly hint: string | undefined }
  /** Somebody else makes one there now. */
  | { readonly busy: string };

if (parentPort !== null) parentPort.postMessage(await make(workerData as BackupPlace));

async function make(place: BackupPlace): Promise<BackupResult> {
  const newId = (): string => randomBytes(4).toString('hex');
  try {
    const report = await makeBackup({ files: diskFiles, bulk: diskBulk, clock: systemClock, newId }, place);
    const { name, content, added, troubles, pruned } = report;
    return {
      name,
      cartridges: content.cartridges.length,
      added,
      databaseBytes: content.database.bytes,
      troubles,
      removed: pruned?.backups.length ?? 0,
      unreadable: pruned?.unreadable ?? [],
    };
  } catch (error) {
    if (error instanceof LockHeld) return { busy: error.message };
    const hint = error instanceof HostFault || error instanceof KeepingRefusal ? error.hint : undefined;
    return { fault: (error as Error).message, hint };
  }
}

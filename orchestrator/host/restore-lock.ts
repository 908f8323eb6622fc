/** The lock of a restore: of two that go to one place, one waits outside. It lies where it is needed only as long as that. */
import { rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../shared/faults.ts';
import { systemClock } from '../../shared/host/clock.ts';
import { acquireLock, type Lock, LockHeld } from '../../shared/host/lock.ts';

/**
 * Takes a database that is to be, and the shelf that goes with it: what is written aside has one name, whoever writes it.
 *
 * @param database absolute; its folder is there
 * @param shelf absolute, and there
 * @returns gives both back
 * @throws {LockHeld} when another restore goes to either
 * @throws {HostFault} when a lock cannot be made there
 */
export function lockTarget(database: string, shelf: string): () => void {
  const releases: (() => void)[] = [];
  const release = (): void => {
    for (const one of releases.splice(0).reverse()) one();
  };
  try {
    const beside = join(dirname(database), `.${basename(database)}.restoring.lock`);
    for (const path of [beside, join(shelf, '.restoring.lock')]) releases.push(passingLock(path));
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

/** A lock whose file goes with it. */
function passingLock(path: string): () => void {
  const before = inodeOf(path);
  let lock: Lock;
  try {
    lock = acquireLock(path, systemClock.iso());
  } catch (error) {
    // Its owner took the file away as we came.
    if (errorCode(error) === 'ENOENT') throw new LockHeld(path, undefined);
    throw error;
  }
  // What was opened may be a file that its owner has taken away since, and that keeps nobody out.
  if (!lock.touch() || (before !== undefined && before !== inodeOf(path))) {
    lock.release();
    throw new LockHeld(path, undefined);
  }
  return () => {
    // While it is held: afterwards it might be another's.
    rmSync(path, { force: true });
    rmSync(`${path}.holder`, { force: true });
    lock.release();
  };
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/**
 * A lock with one owner that the kernel frees when its process ends, however it ends: an SQLite
 * exclusive transaction on a file of its own. Who holds it stands beside it, for messages only.
 */
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { errorCode, HostFault } from '../faults.ts';

export interface Lock {
  /**
   * Shows cleaners of old files that the lock is in use.
   *
   * @returns false when the file was removed or replaced: the lock then keeps nobody out any more
   */
  touch(): boolean;
  release(): void;
}

export interface LockHolder {
  readonly pid: number;
  readonly since: string;
}

/** How long a look by somebody else is waited for, ms. */
const LOOK_MS = 200;

/**
 * Takes the lock now or not at all.
 *
 * @param patienceMs how long the process stands still at most until one that only looks has let go; 0 for who tries again
 * @throws {LockHeld} when another process holds it
 * @throws {HostFault} when the lock file cannot be used
 */
export function acquireLock(path: string, since: string, patienceMs = LOOK_MS): Lock {
  let database: Database.Database | undefined;
  try {
    // Somebody who only looks at the lock's state holds it for less than a millisecond.
    database = new Database(path, { timeout: patienceMs });
    // No journal file: nothing is ever written, and a killed owner leaves nothing to roll back.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (errorCode(error)?.startsWith('SQLITE_BUSY')) throw new LockHeld(path, lockHolder(path));
    throw new HostFault('lock', path, `Could not lock ${path}: ${(error as Error).message}`, {
      retryable: false,
      cause: error,
    });
  }
  const held = database;
  const inode = statSync(path).ino;
  const release = (): void => {
    if (statSync(path, { throwIfNoEntry: false })?.ino === inode) rmSync(`${path}.holder`, { force: true });
    held.close();
  };
  try {
    writeFileSync(`${path}.holder`, JSON.stringify({ pid: process.pid, since } satisfies LockHolder), {
      mode: 0o600,
    });
  } catch (error) {
    release();
    throw new HostFault('lock', path, `Could not name the holder of ${path}: ${(error as Error).message}`, {
      retryable: true,
      cause: error,
    });
  }
  return {
    touch() {
      if (statSync(path, { throwIfNoEntry: false })?.ino !== inode) return false;
      const now = new Date();
      for (const file of [path, `${path}.holder`]) utimesSync(file, now, now);
      return true;
    },
    release,
  };
}

/** Whether somebody holds the lock now, and who says to; undefined when it is free. */
export function lockState(path: string): LockHolder | undefined {
  let probe: Database.Database | undefined;
  try {
    probe = new Database(path, { timeout: 0, fileMustExist: true });
    probe.exec('BEGIN EXCLUSIVE');
    return undefined;
  } catch (error) {
    return errorCode(error)?.startsWith('SQLITE_BUSY')
      ? (lockHolder(path) ?? { pid: 0, since: '' })
      : undefined;
  } finally {
    probe?.close();
  }
}

/** The lock is another process's; `holder` is undefined when it could not be read. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld';
  readonly path: string;
  readonly holder: LockHolder | undefined;

  constructor(path: string, holder: LockHolder | undefined) {
    super(
      `${path} is held by ${holder === undefined ? 'another process' : `pid ${holder.pid} since ${holder.since}`}`,
    );
    this.path = path;
    this.holder = holder;
  }
}

function lockHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(`${path}.holder`, 'utf8')) as LockHolder;
  } catch {
    return undefined;
  }
}

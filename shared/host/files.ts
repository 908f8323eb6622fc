/**
 * The door to the file system: the few effects that both daemons have on it, each one call, so that
 * a test can stop the world after any of them.
 */

import * as fs from 'node:fs';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, HostFault, PeerFault } from '../faults.ts';
import { hostFault } from './file-fault.ts';
import { makeFolders } from './folders.ts';
import { writeFile, writeLongFile, writeSyncedFile } from './new-file.ts';

export interface FileFact {
  readonly kind: 'file' | 'folder' | 'symlink' | 'other';
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly uid: number;
  /** Permission bits, including the sticky bit. */
  readonly mode: number;
  /** How many names the file has. */
  readonly links: number;
  /** Tells what lies there from whatever lies there later: an inode alone may be used again. */
  readonly identity: string;
}

export interface Files {
  /** Writes a whole new file, in place of what lies there. Where that fails, nothing of it is left. */
  write(path: string, data: Uint8Array | string): void;
  /** As `write`, in a thread: for what would keep the loop from its next turn. */
  writeLong(path: string, data: Uint8Array): Promise<void>;
  /** Writes a whole file and waits until the disk holds its content. */
  writeSynced(path: string, data: Uint8Array): Promise<void>;
  /** Waits until the disk holds the folder's entries. */
  syncFolder(path: string): Promise<void>;
  /**
   * Moves within one file system, replacing what is there; false when `from` is not there (any more).
   *
   * @throws {HostFault} also when the folder of `to` is not there, so that no file is lost silently
   */
  rename(from: string, to: string): boolean;
  /**
   * Gives a file another name within one file system; false where something lies there already.
   *
   * @throws {HostFault} also when `from` is not there, and where the file system has no such names
   */
  link(from: string, to: string): boolean;
  /** Removes a file or a symlink; false when it is not there. */
  remove(path: string): boolean;
  /** As `remove`, in a thread: a memory file system frees a large file's pages for tens of milliseconds. */
  removeLong(path: string): Promise<boolean>;
  makeFolder(path: string): void;
  /** Removes an empty folder; false when it is absent or not empty. */
  removeFolder(path: string): boolean;
  /** Names in a folder, unsorted; none when the folder is not there. */
  list(folder: string): string[];
  /** The same a few at a time, so that a folder of many takes no memory. */
  each(folder: string): Iterable<string>;
  /** What lies at the path itself (a symlink is not followed); undefined when nothing does. */
  fact(path: string): FileFact | undefined;
  /**
   * Reads a file that somebody else wrote: regular files only, never through a symlink at its end,
   * never more than `maxBytes`. Undefined when it is not there.
   *
   * @throws {PeerFault} FILE-E001 not a regular file, FILE-E002 larger than `maxBytes`, FILE-E003 closed to us
   */
  read(path: string, maxBytes: number): Uint8Array | undefined;
  /** As `read`, with the time of the last change, Unix epoch ms: to look at it beforehand would be a call more. */
  readDated(path: string, maxBytes: number): DatedBytes | undefined;
}

export interface DatedBytes {
  readonly bytes: Uint8Array;
  readonly modifiedMs: number;
}

/**
 * Puts a finished file of ours under its name.
 *
 * @throws {HostFault} when somebody removed it meanwhile, or as `rename`
 */
export function moveIn(files: Files, wet: string, path: string): void {
  if (files.rename(wet, path)) return;
  throw new HostFault('rename', wet, `Expected ${wet} to be there still, found that somebody removed it`, {
    retryable: true,
  });
}

/** From here on what is done with a file takes so long that a thread does it, bytes: about a millisecond. */
export const LONG_BYTES = 2 ** 20;

/** Names that are read from a folder at a time. */
const ENTRIES = 256;

/** The real file system. Folders are made 0700, files 0600 (both before umask). */
export const diskFiles: Files = {
  write: writeFile,
  writeLong: writeLongFile,
  writeSynced: writeSyncedFile,

  async syncFolder(path) {
    try {
      const handle = await open(path, constants.O_RDONLY);
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      // Windows cannot open a folder; there is nothing to sync by hand then.
      if (errorCode(error) !== 'EISDIR' && errorCode(error) !== 'EPERM') throw hostFault('sync', path, error);
    }
  },

  rename(from, to) {
    if (unlessAbsent('rename', from, () => fs.renameSync(from, to))) return true;
    // The system says ENOENT for a missing target folder too; a file that waits must not pass for absent.
    const homeless =
      !fs.existsSync(dirname(to)) && fs.lstatSync(from, { throwIfNoEntry: false }) !== undefined;
    if (homeless)
      throw new HostFault('rename', to, `Could not rename ${from}: no folder for ${to}`, { retryable: true });
    return false;
  },
  link(from, to) {
    try {
      fs.linkSync(from, to);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw hostFault('link', to, error);
    }
  },
  remove: (path) => unlessAbsent('remove', path, () => fs.unlinkSync(path)),

  async removeLong(path) {
    try {
      await fs.promises.unlink(path);
      return true;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw hostFault('remove', path, error);
    }
  },

  makeFolder(path) {
    attempt('make folder', path, () => makeFolders(path, 0o700));
  },

  removeFolder(path) {
    try {
      fs.rmdirSync(path);
      return true;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false;
      throw hostFault('remove folder', path, error);
    }
  },

  list(folder) {
    try {
      return fs.readdirSync(folder);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw hostFault('list', folder, error);
    }
  },

  *each(folder) {
    let directory: fs.Dir;
    try {
      directory = fs.opendirSync(folder, { bufferSize: ENTRIES });
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      throw hostFault('list', folder, error);
    }
    try {
      const next = () => attempt('list', folder, () => directory.readSync());
      for (let entry = next(); entry !== null; entry = next()) yield entry.name;
    } finally {
      directory.closeSync();
    }
  },

  fact(path) {
    const stats = attempt('look at', path, () => fs.lstatSync(path, { throwIfNoEntry: false }));
    if (stats === undefined) return undefined;
    return {
      kind: stats.isFile()
        ? 'file'
        : stats.isDirectory()
          ? 'folder'
          : stats.isSymbolicLink()
            ? 'symlink'
            : 'other',
      sizeBytes: stats.size,
      modifiedMs: stats.mtimeMs,
      uid: stats.uid,
      mode: stats.mode & 0o7777,
      links: stats.nlink,
      identity: `${stats.ino} ${stats.birthtimeMs}`,
    };
  },

  read: (path, maxBytes) => readDated(path, maxBytes)?.bytes,
  readDated,
};

function readDated(path: string, maxBytes: number): DatedBytes | undefined {
  let descriptor: number;
  try {
    // O_NONBLOCK: opening a FIFO without it would block for ever.
    descriptor = fs.openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP' || code === 'EMLINK' || code === 'ENXIO') throw notRegular(path);
    if (code === 'EACCES' || code === 'EPERM') throw closedToUs(path);
    throw hostFault('open', path, error);
  }
  try {
    const stats = fs.fstatSync(descriptor);
    if (!stats.isFile()) throw notRegular(path);
    if (stats.size > maxBytes) throw tooLarge(path, stats.size, maxBytes);
    // No further than its size now: a file that grows is read as it was, one that shrinks as it is.
    const buffer = Buffer.allocUnsafe(stats.size);
    let length = 0;
    while (length < buffer.length) {
      const got = fs.readSync(descriptor, buffer, length, buffer.length - length, null);
      if (got === 0) break;
      length += got;
    }
    return { bytes: buffer.subarray(0, length), modifiedMs: stats.mtimeMs };
  } catch (error) {
    if (error instanceof PeerFault) throw error;
    throw hostFault('read', path, error);
  } finally {
    fs.closeSync(descriptor);
  }
}

function notRegular(path: string): PeerFault {
  return new PeerFault(
    'FILE-E001',
    `Expected a regular file, found something else at ${path}`,
    'Symlinks, folders, FIFOs and devices are not read.',
  );
}

function closedToUs(path: string): PeerFault {
  return new PeerFault(
    'FILE-E003',
    `Expected a file that its owner lets us read, found ${path} closed to us`,
  );
}

function tooLarge(path: string, found: number, limit: number): PeerFault {
  return new PeerFault('FILE-E002', `Expected at most ${limit} bytes, found ${found} in ${path}`);
}

function attempt<T>(op: string, path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw hostFault(op, path, error);
  }
}

function unlessAbsent(op: string, path: string, act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw hostFault(op, path, error);
  }
}

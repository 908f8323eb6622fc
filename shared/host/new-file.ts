/**
 * A new file: written whole, or nothing of it is left behind. What lies in its place is removed, not opened: a FIFO would
 * be waited for, and through a symlink another file would be written.
 */
import * as fs from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from '../faults.ts';
import { hostFault } from './file-fault.ts';

/** Of a file that is written at once, bytes: it takes less than 0.1 ms, and a disk that is busy may hold up a longer one. */
const SMALL_BYTES = 65_536;

/** Only where nothing lies, not even a symlink. */
const NEW = { mode: 0o600, flag: 'wx' };

/** @throws {HostFault} */
export function writeFile(path: string, data: Uint8Array | string): void {
  try {
    anew(path, () => fs.writeFileSync(path, data, NEW));
  } catch (error) {
    throw unwritten(path, error);
  }
}

/** As writeFile, in a thread. */
export async function writeLongFile(path: string, data: Uint8Array): Promise<void> {
  try {
    await writeLong(path, data, false);
  } catch (error) {
    throw unwritten(path, error);
  }
}

/** As writeFile, and waits until the disk holds its content. */
export async function writeSyncedFile(path: string, data: Uint8Array): Promise<void> {
  try {
    await (data.length <= SMALL_BYTES ? writeSmallSynced(path, data) : writeLong(path, data, true));
  } catch (error) {
    throw unwritten(path, error);
  }
}

async function writeLong(path: string, data: Uint8Array, isSynced: boolean): Promise<void> {
  const handle = await openNew(path);
  try {
    await handle.writeFile(data);
    if (isSynced) await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, NEW.flag, NEW.mode);
  } catch (error) {
    makeRoom(path, error);
    return open(path, NEW.flag, NEW.mode);
  }
}

/** The sync alone waits for the disk: opening, writing and closing in other threads would take three more ways there. */
async function writeSmallSynced(path: string, data: Uint8Array): Promise<void> {
  const descriptor = anew(path, () => fs.openSync(path, NEW.flag, NEW.mode));
  try {
    for (let written = 0; written < data.length; ) written += fs.writeSync(descriptor, data, written);
    await sync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

const sync = promisify(fs.fsync);

/** @param make fails where something lies already */
function anew<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    makeRoom(path, error);
    return make();
  }
}

/** Removes what lies there. @throws {unknown} the error, if it is not for that */
function makeRoom(path: string, error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
  fs.unlinkSync(path);
}

/** The fault, and what was half written for want of space is gone: it would keep the space that is left. */
function unwritten(path: string, error: unknown): Error {
  try {
    fs.unlinkSync(path);
  } catch {
    // Why it could not be written is the one to tell.
  }
  return hostFault('write', path, error);
}

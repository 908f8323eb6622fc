/** A new file: written whole, or nothing of it is left behind. */
import * as fs from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { hostFault } from './file-fault.ts';

/** Of a file that is written at once, bytes: it takes less than 0.1 ms, and a disk that is busy may hold up a longer one. */
const SMALL_BYTES = 65_536;

/** @throws {HostFault} */
export function writeFile(path: string, data: Uint8Array | string): void {
  try {
    fs.writeFileSync(path, data, { mode: 0o600 });
  } catch (error) {
    throw unwritten(path, error);
  }
}

/** As writeFile, in a thread. */
export async function writeLongFile(path: string, data: Uint8Array): Promise<void> {
  try {
    await fs.promises.writeFile(path, data, { mode: 0o600 });
  } catch (error) {
    throw unwritten(path, error);
  }
}

/** As writeFile, and waits until the disk holds its content. */
export async function writeSyncedFile(path: string, data: Uint8Array): Promise<void> {
  try {
    await (data.length <= SMALL_BYTES ? writeSmallSynced(path, data) : writeLongSynced(path, data));
  } catch (error) {
    throw unwritten(path, error);
  }
}

async function writeLongSynced(path: string, data: Uint8Array): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The sync alone waits for the disk: opening, writing and closing in other threads would take three more ways there. */
async function writeSmallSynced(path: string, data: Uint8Array): Promise<void> {
  const descriptor = fs.openSync(path, 'w', 0o600);
  try {
    for (let written = 0; written < data.length; ) written += fs.writeSync(descriptor, data, written);
    await sync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

const sync = promisify(fs.fsync);

/** The fault, and what was half written for want of space is gone: it would keep the space that is left. */
function unwritten(path: string, error: unknown): Error {
  try {
    fs.unlinkSync(path);
  } catch {
    // Why it could not be written is the one to tell.
  }
  return hostFault('write', path, error);
}

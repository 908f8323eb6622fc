/** The PNGs beside a cartridge, and the checksums that their first bytes say that they have. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isPng } from '../shared/cartridge/chunk.ts';

/** Most files that are looked at; the beginning of ten thousand takes half a second. */
export const MOST_BESIDE = 10_000;
/** The checksum stands in the first 200 bytes of what gvpie writes. */
const HEAD_BYTES = 1_024;

/** Paths of all that a folder has under names that end in `.png`, in the order of their names. */
export function pngsIn(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => /\.png$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * The checksum that a file says that it has; what it holds is still to be seen. Undefined for folders, symlinks, what
 * cannot be read, and what says nothing.
 */
export function saidChecksum(path: string): string | undefined {
  return claimOf(headOf(path));
}

/** None where the folder may not be listed. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The first bytes of a regular file; none where it is anything else, or may not be read. */
function headOf(path: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  let descriptor: number;
  try {
    // O_NONBLOCK: opening a FIFO without it would block for ever.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return Buffer.alloc(0);
  }
  try {
    if (!fstatSync(descriptor).isFile()) return Buffer.alloc(0);
    return head.subarray(0, readSync(descriptor, head));
  } catch {
    return Buffer.alloc(0);
  } finally {
    closeSync(descriptor);
  }
}

const CLAIM = 'checksum\0';

/** The checksum that the first chunks of a PNG claim. */
function claimOf(head: Buffer): string | undefined {
  if (!isPng(head)) return undefined;
  for (let at = 8; at + 8 <= head.length; ) {
    const data = at + 8;
    const end = data + head.readUInt32BE(at);
    const isText = head.toString('latin1', at + 4, data) === 'tEXt';
    if (isText && end <= head.length && head.toString('latin1', data, data + CLAIM.length) === CLAIM) {
      return head.toString('latin1', data + CLAIM.length, end);
    }
    at = end + 4;
  }
  return undefined;
}

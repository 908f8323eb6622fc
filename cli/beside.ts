/** The cartridges beside another: those whose first bytes say that they have one of the checksums that are looked for. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isPng } from '../shared/cartridge/input-pixels.ts';

/** Most files that are looked at; the beginning of ten thousand takes half a second. */
const FILES = 10_000;
/** The checksum stands in the first 200 bytes of what gvpie writes. */
const HEAD_BYTES = 1_024;

/**
 * Paths of PNGs of a folder that say so, in the order of their names; what they hold is still to be seen. Subfolders,
 * symlinks and what cannot be read are passed over.
 *
 * @param wanted checksums as keys
 * @param except a name that is not looked at
 */
export function* cartridgesSaying(
  wanted: ReadonlyMap<string, unknown>,
  folder: string,
  except: string,
  most = FILES,
): Generator<string> {
  const names = namesIn(folder)
    .filter((name) => /\.png$/i.test(name) && name !== except)
    .sort()
    .slice(0, most);
  for (const name of names) {
    const path = join(folder, name);
    const checksum = claimOf(headOf(path));
    if (checksum !== undefined && wanted.has(checksum)) yield path;
  }
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

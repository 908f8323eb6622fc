/**
 * What the first 100 bytes of a database file say (fileformat2.html, "The Database Header"), read
 * without SQLite: even a read-only connection to a database in WAL mode leaves a -wal and a -shm.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { HostFault } from '../../shared/faults.ts';

const HEADER_BYTES = 100;

export interface DatabaseIdentity {
  /** `PRAGMA user_version`. */
  readonly version: number;
  /** `PRAGMA application_id`. */
  readonly applicationId: number;
}

/**
 * Whose database the file at `path` is; undefined when there is none yet, or an empty file.
 *
 * @throws {HostFault} not retryable: it is not a file, not a database, or does not hold UTF-8
 */
export function readIdentity(path: string): DatabaseIdentity | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || (stat.isFile() && stat.size === 0)) return undefined;
  if (!stat.isFile()) {
    const found = stat.isDirectory() ? 'a directory' : 'something that is not a file';
    throw refusal(path, `Expected a database file at ${path}, found ${found}`);
  }
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  if (stat.size < HEADER_BYTES || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw refusal(path, `Expected a SQLite database at ${path}, found a file of another kind`);
  }
  // 1 is UTF-8, 0 not settled yet. From UTF-16 the code's bytes would not be those that its author wrote.
  if (header.readUInt32BE(56) > 1) {
    const hint = 'copy it: sqlite3 OLD .dump | sqlite3 NEW';
    throw refusal(path, `Expected the database ${path} to hold UTF-8, found UTF-16`, hint);
  }
  return { version: header.readInt32BE(60), applicationId: header.readInt32BE(68) };
}

/** A database that is not to be opened, whatever happens in the world meanwhile. */
export function refusal(
  path: string,
  message: string,
  hint = 'choose another file with GVPIE_DB',
): HostFault {
  return new HostFault('open', path, message, { retryable: false, hint });
}

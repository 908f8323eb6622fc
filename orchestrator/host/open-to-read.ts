/** Opens the database for a look: nothing is created, migrated or left behind. */
import { existsSync, readFileSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { attempt } from './database-fault.ts';
import { readIdentity } from './database-header.ts';
import type { Database } from './migrate.ts';

/** How long a statement waits for another program's transaction. */
const BUSY_MS = 5000;
/** Where the header says how the file is written and read: 2 is WAL, 1 a rollback journal. */
const WRITE_VERSION = 18;
const READ_VERSION = 19;

/**
 * The database at `path`, to be read only; undefined when there is none, or an empty file.
 *
 * @throws {HostFault} when it is not a database, or cannot be read
 */
export function openToRead(path: string): Database | undefined {
  return attempt('read', path, () => {
    if (readIdentity(path) === undefined) return undefined;
    // Somebody has it open: its log and its index are there, and reading adds nothing to them.
    if (existsSync(`${path}-wal`) || existsSync(`${path}-journal`)) {
      return new BetterSqlite3(path, { readonly: true, timeout: BUSY_MS });
    }
    // Nobody has: a connection would leave a log and an index behind, so the bytes are read instead.
    const bytes = readFileSync(path);
    bytes[WRITE_VERSION] = 1;
    bytes[READ_VERSION] = 1;
    return new BetterSqlite3(bytes, { readonly: true });
  });
}

/** Opens the database for a look: nothing is created, migrated or left behind. */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { attempt } from './database-fault.ts';
import { readIdentity } from './database-header.ts';
import { BUSY_MS, type Database } from './migrate.ts';

/** Where the header says how the file is written and read: 2 is WAL, 1 a rollback journal. */
const WRITE_VERSION = 18;
const READ_VERSION = 19;
/** A database that nobody has open is read into memory up to here, some 30 ms; a Buffer has no room for more than 2 GiB. */
const MEMORY_BYTES = 67_108_864;

/**
 * The database at `path`, to be read only; undefined when there is none, or an empty file. Its faults name `path`.
 *
 * @param memoryBytes a longer one is opened in its place: as long as it is open, a log and an index lie beside it
 * @throws {HostFault} when it is not a database, or cannot be read
 */
export function openToRead(path: string, memoryBytes = MEMORY_BYTES): Database | undefined {
  return attempt('read', path, () => {
    if (readIdentity(path) === undefined) return undefined;
    // Somebody has it open: its log and its index are there, and reading adds nothing to them.
    if (existsSync(`${path}-wal`) || existsSync(`${path}-journal`)) {
      return new BetterSqlite3(path, { readonly: true, timeout: BUSY_MS });
    }
    if (statSync(path).size > memoryBytes && mayWrite(path)) {
      // One that could write takes its log and its index away with it; one that is to read alone leaves them behind.
      const database = new BetterSqlite3(path, { fileMustExist: true, timeout: BUSY_MS });
      database.pragma('query_only = ON');
      return database;
    }
    // Nobody has: a connection would leave a log and an index behind, so the bytes are read instead.
    const bytes = readFileSync(path);
    bytes[WRITE_VERSION] = 1;
    bytes[READ_VERSION] = 1;
    // Otherwise it would go by the name of :memory:.
    return Object.create(new BetterSqlite3(bytes, { readonly: true }), { name: { value: path } });
  });
}

function mayWrite(path: string): boolean {
  try {
    for (const place of [path, dirname(path)]) accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Opens the database: refuses, untouched, what it must not touch; migrates what is older; then settles
 * how it is written. Migrations are db/NNNNNN-name.sql, and `PRAGMA user_version` is the last one applied.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { errorCode, invariant } from '../../shared/faults.ts';
import { makeFolders } from '../../shared/host/folders.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import type { Durability } from '../../shared/settings.ts';
import { adoptTable } from './adopt.ts';
import { attempt } from './database-fault.ts';
import { type DatabaseIdentity, readIdentity, refusal } from './database-header.ts';

/** An open database; everybody but this module uses it through JobTable and ScriptCatalog. */
export type Database = BetterSqlite3.Database;

/** How long a statement waits for another program's transaction. */
export const BUSY_MS = 5000;

/** `PRAGMA application_id`: "gvpi" in ASCII. */
const APPLICATION_ID = 0x67767069;

/** Columns that the seed declares in every form; a table without them is not the seed's. */
const SEED_COLUMNS = {
  improvement_scripts: 'id name lang code enabled created_at last_run_at run_count success_count'.split(' '),
  improvement_runs: 'id script_id started_at finished_at success stdout stderr duration_ms'.split(' '),
} as const;

/** Columns whose declaration becomes ours on adoption; see adopt.ts. */
const RETAKEN = ['lang', 'created_at', 'script_id'];

/** Columns that the seed declares in one of its forms only. */
const LATE_COLUMNS = ['backend', 'cartridge_path'];

/**
 * Opens the database at `path`, creating it, and its folder, when there is none.
 *
 * @throws {HostFault} when it is newer than this code, of another program, not a database, not writable,
 *   or locked for longer than 5 s; only the last is retryable, and none of them changes the file
 */
export function openDatabase(path: string, options: { readonly durability: Durability }): Database {
  return attempt('open', path, () => {
    inspect(path);
    makeFolders(dirname(path));
    const database = new BetterSqlite3(path, { timeout: BUSY_MS });
    try {
      migrate(database);
      enterWal(database);
      database.pragma(`synchronous = ${options.durability === 'durable' ? 'FULL' : 'NORMAL'}`);
      database.pragma('foreign_keys = ON');
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Refuses a database that is not for this code, without touching it. */
function inspect(path: string): void {
  const identity = readIdentity(path);
  if (identity === undefined) return;
  refuseForeign(path, identity);

  // What is not in the file yet is in its log, which is there already: reading adds at most the -shm.
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  const database = new BetterSqlite3(path, { readonly: true, timeout: BUSY_MS });
  try {
    refuseForeign(path, identityOf(database));
  } finally {
    database.close();
  }
}

/** @throws {HostFault} not retryable: an open database is newer than this code, or of another program */
export function requireOurs(database: Database): void {
  refuseForeign(database.name, identityOf(database));
}

function refuseForeign(path: string, { version, applicationId }: DatabaseIdentity): void {
  const last = migrations().length;
  if (version > last) {
    throw refusal(
      path,
      `Expected the database ${path} to have version ${last} or older, found version ${version}`,
      'a newer gvpie wrote it: update this one, or choose another file with GVPIE_DB',
    );
  }
  // The seed's schema, like an empty file, leaves both at 0.
  const unclaimed = version === 0 && applicationId === 0;
  if (!unclaimed && (applicationId !== APPLICATION_ID || version < 0)) {
    throw refusal(path, `Expected a database of gvpie or of the seed at ${path}, found another program's`);
  }
}

function identityOf(database: Database): DatabaseIdentity {
  return { version: pragma(database, 'user_version'), applicationId: pragma(database, 'application_id') };
}

/** All that is missing in one transaction, so that a database that cannot be migrated stays as it was. */
function migrate(database: Database): void {
  const identity = identityOf(database);
  refuseForeign(database.name, identity);
  if (identity.version === newestVersion()) tryToWrite(database);
  else carryOutMissing(database);
}

/** Finds a read-only place now, not at the first run. Whoever writes at the moment has found none, and is not waited for. */
function tryToWrite(database: Database): void {
  database.pragma('busy_timeout = 0');
  try {
    database.transaction(() => {}).immediate();
  } catch (error) {
    if (!errorCode(error)?.startsWith('SQLITE_BUSY')) throw error;
  } finally {
    database.pragma(`busy_timeout = ${BUSY_MS}`);
  }
}

function carryOutMissing(database: Database): void {
  database.pragma('foreign_keys = OFF');
  database.unsafeMode(true); // the schema's text cannot be edited otherwise
  try {
    database
      .transaction(() => {
        // Read inside: whoever held the lock before us may have migrated, or may be newer than us.
        const identity = identityOf(database);
        refuseForeign(database.name, identity);
        const missing = migrations().slice(identity.version);
        if (missing.length === 0) return;
        if (identity.version === 0) adopt(database);
        for (const sql of missing) database.exec(sql);
        database.pragma(`application_id = ${APPLICATION_ID}`);
        database.pragma(`user_version = ${migrations().length}`);
      })
      .immediate();
  } finally {
    database.unsafeMode(false);
  }
}

/** The version that a database has once this code has opened it. */
export function newestVersion(): number {
  return migrations().length;
}

/** The migrations in order; the number in a file's name is the version that it leads to. */
function migrations(): readonly string[] {
  loaded ??= readdirSync(join(packageRoot(), 'db'))
    .filter((name) => /^\d{6}-.*\.sql$/.test(name))
    .sort()
    .map((name, index) => {
      invariant(Number(name.slice(0, 6)) === index + 1, `migration ${name} is number ${index + 1}`);
      return readFileSync(join(packageRoot(), 'db', name), 'utf8');
    });
  return loaded;
}
let loaded: readonly string[] | undefined;

/** Gives the tables that the seed's schema made, where there are any, the declarations of db/000001-seed.sql. */
function adopt(database: Database): void {
  const model = new BetterSqlite3(':memory:');
  try {
    model.exec(migrations()[0] ?? '');
    for (const [table, required] of Object.entries(SEED_COLUMNS)) {
      const theirs = tableText(database, table);
      const ours = tableText(model, table);
      invariant(ours !== undefined, `${table} is in the first migration`);
      if (theirs === undefined) continue;
      const missing = required.filter((column) => !columns(database, table).includes(column));
      if (missing.length > 0) {
        throw refusal(
          database.name,
          `Expected ${table} in ${database.name} to be the seed's table, found it without ${missing.join(', ')}`,
        );
      }
      rewrite(database, table, adoptTable(theirs, ours, RETAKEN));
      for (const column of LATE_COLUMNS) {
        if (!columns(model, table).includes(column) || columns(database, table).includes(column)) continue;
        database.exec(`ALTER TABLE ${table} ADD COLUMN ${column} TEXT`);
      }
    }
  } finally {
    model.close();
  }
}

function rewrite(database: Database, table: string, sql: string): void {
  const version = pragma(database, 'schema_version');
  database.pragma('writable_schema = ON');
  database
    .prepare(`UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ? COLLATE NOCASE`)
    .run(sql, table);
  // Another version makes every connection, this one too, read the schema again.
  database.pragma(`schema_version = ${version + 1}`);
  database.pragma('writable_schema = OFF');
  const complaint = database.pragma(`quick_check('${table}')`, { simple: true });
  if (complaint !== 'ok') {
    throw refusal(database.name, `Expected a whole table ${table} in ${database.name}, found: ${complaint}`);
  }
}

function tableText(database: Database, table: string): string | undefined {
  return database
    .prepare<[string], string>(
      `SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE`,
    )
    .pluck()
    .get(table);
}

function columns(database: Database, table: string): string[] {
  const found = database.pragma(`table_xinfo('${table}')`) as { name: string }[];
  return found.map((column) => column.name.toLowerCase());
}

/** Write-ahead logging: readers and the writer do not wait for each other. It is a property of the file. */
function enterWal(database: Database): void {
  const deadline = performance.now() + BUSY_MS;
  for (;;) {
    try {
      const mode = database.pragma('journal_mode = WAL', { simple: true });
      if (mode === 'wal') return;
      throw refusal(
        database.name,
        `Expected ${database.name} to take a write-ahead log, found mode ${mode}`,
        'its file system has no shared memory: choose another place with GVPIE_DB',
      );
    } catch (error) {
      // SQLite does not wait by itself here, and two processes may create one database at once.
      const busy = error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!busy || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function pragma(database: Database, name: string): number {
  return database.pragma(name, { simple: true }) as number;
}

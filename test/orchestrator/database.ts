/** Databases for tests: each in a folder of its own, written by gvpie, by a bare connection, or by Python. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach } from 'vitest';
import { type Database, openDatabase } from '../../orchestrator/host/migrate.ts';
import { packageRoot } from '../../shared/host/package-root.ts';

const folders: string[] = [];
const open: Database[] = [];

afterEach(() => {
  for (const database of open.splice(0)) database.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new folder, removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gvpie-database-'));
  folders.push(folder);
  return folder;
}

/** A database as gvpie opens it, closed after the test. */
export function opened(path = join(temporaryFolder(), 'daemon.db')): Database {
  const database = openDatabase(path, { durability: 'fast' });
  open.push(database);
  return database;
}

/** Runs SQL as any client does that knows nothing of gvpie: no pragmas, foreign keys off. */
export function foreign(path: string, sql: string): void {
  const database = new BetterSqlite3(path);
  try {
    database.pragma('foreign_keys = OFF');
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** The same, as another process: Python's sqlite3, autocommit. */
export function python(path: string, sql: string): void {
  const program =
    'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.close()';
  execFileSync('python3', ['-c', program, path, sql], { stdio: 'pipe' });
}

/** A database made by one of the seed's schemas, test/fixtures/<name>.sql. */
export function seedDatabase(name: string): string {
  const path = join(temporaryFolder(), 'daemon.db');
  foreign(path, readFileSync(join(packageRoot(), 'test/fixtures', `${name}.sql`), 'utf8'));
  return path;
}

/** A database of gvpie as the first `count` migrations left it, and then some SQL; its path. */
export function older(count: number, sql: string): string {
  const path = `${temporaryFolder()}/daemon.db`;
  const folder = join(packageRoot(), 'db');
  const first = readdirSync(folder)
    .filter((name) => /^\d{6}-.*\.sql$/.test(name))
    .sort()
    .slice(0, count);
  for (const name of first) foreign(path, readFileSync(join(folder, name), 'utf8'));
  foreign(path, `${sql}; PRAGMA application_id = ${0x67767069}; PRAGMA user_version = ${count}`);
  return path;
}

/** All rows of a query, through a connection of its own. */
export function rows(path: string, sql: string): unknown[] {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

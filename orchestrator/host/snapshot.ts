/** A snapshot of the database while others write to it, and what it names. */
import BetterSqlite3 from 'better-sqlite3';
import { HostFault } from '../../shared/faults.ts';
import type { ManifestCounts } from '../manifest.ts';
import { attempt } from './database-fault.ts';
import { BUSY_MS, type Database, requireOurs } from './migrate.ts';

/** Pages of the database that are copied in one go: a few milliseconds. */
const PAGES = 1_000;
/** Characters of a row of `cartridge` that may be a path. */
const REFERENCE = 1_024;

/** A number by chance that a database has had since it was made. */
const IDENTITY = /^[0-9a-f]{32}$/;

/** A cartridge as the registry has it. */
export interface Registered {
  readonly fileName: string;
  /** Of the pixels. */
  readonly checksum: string;
  /** 1 of a PNG that is no cartridge. */
  readonly isInput: 0 | 1;
}

export interface SnapshotContent {
  /** Which database it is, and its copies are: 32 lower-case hex digits; undefined for one of before there were such. */
  readonly identity: string | undefined;
  readonly migration: number;
  readonly semantics: string | null;
  readonly counts: Omit<ManifestCounts, 'foreign'>;
  /** What is on the shelf. */
  readonly registered: readonly Registered[];
  /** Names of files that were given up: gone, or about to go. */
  readonly swept: ReadonlySet<string>;
  /** What runs and rows of the lang `cartridge` name beside that: it may be there, or not. */
  readonly mentioned: readonly string[];
}

/**
 * Copies the database as it is at this moment, whoever writes to it meanwhile.
 *
 * @param source its file
 * @param target where nothing lies yet
 * @param hear hears of each step how many pages are done, and of how many
 * @throws {HostFault} when there is none, when it is not for this code, or when the copy cannot be written
 */
export async function takeSnapshot(
  source: string,
  target: string,
  hear: (done: number, total: number) => void = () => {},
): Promise<void> {
  const database = attempt(
    'open',
    source,
    () => new BetterSqlite3(source, { fileMustExist: true, timeout: BUSY_MS }),
  );
  try {
    // Asked of SQLite: to open and close the file by hand would take the locks away that this process has on it.
    attempt('read', source, () => {
      requireOurs(database);
      // Within a transaction of ours it stays as it is: otherwise each write of another's would begin the copy anew.
      database.exec('BEGIN');
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
    });
    await database
      .backup(target, {
        progress({ totalPages, remainingPages }) {
          hear(totalPages - remainingPages, totalPages);
          return PAGES;
        },
      })
      .catch((error: unknown) =>
        attempt('write', target, () => {
          throw error;
        }),
      );
  } finally {
    database.close();
  }
}

/**
 * Makes a snapshot one file, without a log beside it, and reads what it names.
 *
 * @throws {HostFault} when it is not whole
 */
export function settleSnapshot(path: string): SnapshotContent {
  return attempt('read', path, () => {
    const database = new BetterSqlite3(path, { fileMustExist: true });
    try {
      database.pragma('journal_mode = DELETE');
      requireIntegrity(database);
      return contentOf(database);
    } finally {
      database.close();
    }
  });
}

/** @throws {HostFault} when its pages contradict each other */
export function requireIntegrity(database: Database): void {
  const found = database.pragma('integrity_check(1)', { simple: true });
  if (found === 'ok') return;
  throw new HostFault('read', database.name, `Expected a whole database ${database.name}, found: ${found}`, {
    retryable: false,
    hint: 'gvpie backup DIR --list shows what there is to restore',
  });
}

/** Which of these cartridges are still to be on the shelf: in the registry, and not given up. */
export function stillRegistered(path: string, fileNames: readonly string[]): Set<string> {
  return attempt('read', path, () => {
    const database = new BetterSqlite3(path, { fileMustExist: true, timeout: BUSY_MS });
    try {
      return new Set(
        database
          .prepare<[string], string>(
            `SELECT CAST(file_name AS TEXT) FROM cartridges
             WHERE ${onShelf(database)} AND file_name IN (SELECT value FROM json_each(?))`,
          )
          .pluck()
          .all(JSON.stringify(fileNames)),
      );
    } finally {
      database.close();
    }
  });
}

function hasColumn(database: Database, table: string, column: string): boolean {
  const columns = database.pragma(`table_info('${table}')`) as { name: string }[];
  return columns.some(({ name }) => name === column);
}

/** Whether a cartridge has not been given up; before there were sweeps, none was. */
function onShelf(database: Database): string {
  return hasColumn(database, 'cartridges', 'swept_at') ? 'swept_at IS NULL' : '1';
}

/** Of an older database, or of the seed's, some tables and columns are not there. */
function contentOf(database: Database): SnapshotContent {
  const has = (table: string, column: string): boolean => hasColumn(database, table, column);
  const count = (table: string, column: string): number =>
    has(table, column) ? (database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number) : 0;
  const texts = (sql: string): string[] => database.prepare<[], string>(sql).pluck().all();
  const registered = (rest: string): Registered[] =>
    database
      .prepare<[], Registered>(
        `SELECT CAST(file_name AS TEXT) AS fileName, CAST(checksum AS TEXT) AS checksum, ${rest}`,
      )
      .all();
  const [semantics = null] = has('cartridges', 'semantics')
    ? texts(
        'SELECT CAST(semantics AS TEXT) FROM cartridges WHERE semantics IS NOT NULL ORDER BY id DESC LIMIT 1',
      )
    : [];
  const [identity = ''] = has('identity', 'value') ? texts('SELECT CAST(value AS TEXT) FROM identity') : [];
  return {
    identity: IDENTITY.test(identity) ? identity : undefined,
    migration: database.pragma('user_version', { simple: true }) as number,
    semantics: semantics?.slice(0, 1_000) ?? null,
    counts: {
      scripts: count('improvement_scripts', 'id'),
      jobs: count('jobs', 'id'),
      runs: count('improvement_runs', 'id'),
    },
    registered: [
      ...(has('cartridges', 'file_name')
        ? registered(`0 AS isInput FROM cartridges WHERE ${onShelf(database)} ORDER BY id`)
        : []),
      ...(has('inputs', 'file_name') ? registered('1 AS isInput FROM inputs ORDER BY file_name') : []),
    ],
    swept: new Set(
      has('cartridges', 'swept_at')
        ? texts('SELECT CAST(file_name AS TEXT) FROM cartridges WHERE swept_at IS NOT NULL')
        : [],
    ),
    mentioned: [
      ...(has('improvement_runs', 'cartridge_path')
        ? texts(
            `SELECT DISTINCT CAST(cartridge_path AS TEXT) FROM improvement_runs
             WHERE cartridge_path IS NOT NULL AND octet_length(cartridge_path) <= ${REFERENCE}`,
          )
        : []),
      ...(has('improvement_scripts', 'lang')
        ? texts(
            `SELECT DISTINCT CAST(code AS TEXT) FROM improvement_scripts
             WHERE lang = 'cartridge' AND octet_length(code) <= ${REFERENCE}`,
          ).map((code) => code.trim())
        : []),
    ],
  };
}

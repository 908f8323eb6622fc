import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { HostFault } from '../../shared/faults.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { foreign, opened, rows, seedDatabase, temporaryFolder } from './database.ts';

const LAST = readdirSync(join(packageRoot(), 'db')).filter((name) => /^\d{6}-/.test(name)).length;

/** The refusal of `path`, and proof that nothing of its folder changed. */
function refusal(path: string): HostFault {
  const before = fingerprint(dirname(path));
  const fault = faultOf(() => openDatabase(path, { durability: 'fast' }).close());
  expect(fingerprint(dirname(path))).toEqual(before);
  return fault;
}

function faultOf(work: () => void): HostFault {
  try {
    work();
  } catch (error) {
    if (error instanceof HostFault) return error;
    throw error;
  }
  throw new Error('expected a HostFault, found none');
}

function fingerprint(folder: string): Record<string, string> {
  const files = readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return [name, statSync(path).isFile() ? sha256Hex(readFileSync(path)) : 'other'] as const;
  });
  return Object.fromEntries(files);
}

/** Other processes run what was built: Node 20 does not read TypeScript. */
const BUILT = join(packageRoot(), 'dist/orchestrator/host/migrate.js');

describe('the fingerprint of a folder', () => {
  it('objects to one flipped bit and to one new file', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a'), Buffer.from([1]));
    const before = fingerprint(folder);
    expect(fingerprint(folder)).toEqual(before);
    writeFileSync(join(folder, 'a'), Buffer.from([0]));
    expect(fingerprint(folder)).not.toEqual(before);
    writeFileSync(join(folder, 'a'), Buffer.from([1]));
    writeFileSync(join(folder, 'a-shm'), '');
    expect(fingerprint(folder)).not.toEqual(before);
  });
});

describe('opening a database', () => {
  it('creates the file and its folders', () => {
    const path = join(temporaryFolder(), 'a/b/daemon.db');
    opened(path);
    expect(existsSync(path)).toBe(true);
  });

  it('takes an empty file for a new database', () => {
    const path = join(temporaryFolder(), 'daemon.db');
    writeFileSync(path, '');
    expect(opened(path).pragma('user_version', { simple: true })).toBe(LAST);
  });

  it.each([
    ['durable', 2],
    ['fast', 1],
  ] as const)('settles how it is written: %s is synchronous %i', (durability, synchronous) => {
    const database = openDatabase(join(temporaryFolder(), 'daemon.db'), { durability });
    const settled = ['journal_mode', 'busy_timeout', 'foreign_keys', 'synchronous'].map((name) =>
      database.pragma(name, { simple: true }),
    );
    database.close();
    expect(settled).toEqual(['wal', 5000, 1, synchronous]);
  });

  it('does not leave the schema open to edits', () => {
    const database = opened();
    expect(() => database.exec("UPDATE sqlite_schema SET sql = ''")).toThrow(/may not be modified/);
    database.pragma('writable_schema = ON');
    expect(() => database.exec("UPDATE sqlite_schema SET sql = ''")).toThrow(/may not be modified/);
  });

  it('opens what it made, twice over, without a change to the schema', () => {
    const path = join(temporaryFolder(), 'daemon.db');
    const schemas = [1, 2, 3].map(() => {
      const database = openDatabase(path, { durability: 'fast' });
      const version = database.pragma('schema_version', { simple: true });
      database.close();
      return version;
    });
    expect(new Set(schemas).size).toBe(1);
  });

  it('lets ten processes create one database at once', async () => {
    const path = join(temporaryFolder(), 'daemon.db');
    expect(await race(path)).toEqual(Array(10).fill(`1 ${LAST}\n`));
  });

  it('lets ten processes adopt one database of the seed at once', async () => {
    const path = seedDatabase('seed-check');
    expect(await race(path)).toEqual(Array(10).fill(`3 ${LAST}\n`));
  });
});

/** Ten processes open `path` at the same moment and print how many scripts and which version they found. */
async function race(path: string): Promise<string[]> {
  const program = `
    const { openDatabase } = await import(process.argv[1]);
    while (Date.now() < Number(process.argv[3])) {}
    const db = openDatabase(process.argv[2], { durability: 'fast' });
    console.log(db.prepare('SELECT count(*) FROM improvement_scripts').pluck().get(), db.pragma('user_version', { simple: true }));
    db.close();`;
  const start = Date.now() + 1000;
  const processes = Array.from({ length: 10 }, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, BUILT, path, String(start)]);
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    await once(child, 'close');
    return output;
  });
  return Promise.all(processes);
}

describe('refusing a database', () => {
  it.each(['delete', 'wal'])('refuses a newer one, journal mode %s, and leaves every byte', (mode) => {
    const path = join(temporaryFolder(), 'daemon.db');
    opened(path).close();
    foreign(path, `PRAGMA journal_mode = ${mode}; PRAGMA user_version = ${LAST + 1}`);
    const fault = refusal(path);
    expect(fault.message).toBe(
      `Expected the database ${path} to have version ${LAST} or older, found version ${LAST + 1}`,
    );
    expect(fault.retryable).toBe(false);
    expect(fault.hint).toMatch(/newer gvpie.*GVPIE_DB/);
  });

  it('takes the newest version it knows', () => {
    const path = join(temporaryFolder(), 'daemon.db');
    opened(path).close();
    foreign(path, `PRAGMA user_version = ${LAST}`);
    expect(opened(path).pragma('user_version', { simple: true })).toBe(LAST);
  });

  it('sees a newer version that is only in the log yet', () => {
    const path = join(temporaryFolder(), 'daemon.db');
    opened(path).close();
    const newer = new BetterSqlite3(path);
    newer.pragma('wal_autocheckpoint = 0');
    newer.pragma(`user_version = ${LAST + 1}`);
    const before = [readFileSync(path), readFileSync(`${path}-wal`)];
    const fault = faultOf(() => openDatabase(path, { durability: 'fast' }));
    const after = [readFileSync(path), readFileSync(`${path}-wal`)];
    newer.close();
    expect(before[0]?.readInt32BE(60)).toBe(LAST);
    expect(after).toEqual(before);
    expect(fault.message).toMatch(`found version ${LAST + 1}`);
  });

  it.each([
    ['another application_id', 'PRAGMA application_id = 5'],
    ['a version that the seed never set', 'PRAGMA user_version = 1'],
    ['a negative version', 'PRAGMA user_version = -1'],
  ])("refuses another program's: %s", (_, sql) => {
    const path = join(temporaryFolder(), 'daemon.db');
    foreign(path, `CREATE TABLE theirs (x); ${sql}`);
    expect(refusal(path).message).toMatch(/another program's$/);
  });

  it.each([
    ['text', 'not a database, but long enough to hold a header'.repeat(9)],
    ['a few bytes', 'SQLite format 3'],
  ])('refuses a file that is not SQLite: %s', (_, text) => {
    const path = join(temporaryFolder(), 'daemon.db');
    writeFileSync(path, text);
    const fault = refusal(path);
    expect(fault.message).toBe(`Expected a SQLite database at ${path}, found a file of another kind`);
    expect([fault.retryable, fault.hint]).toEqual([false, 'choose another file with GVPIE_DB']);
  });

  it('refuses a file that only begins like SQLite', () => {
    const path = join(temporaryFolder(), 'daemon.db');
    writeFileSync(path, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4080)]));
    expect(refusal(path).retryable).toBe(false);
  });

  it('refuses a directory, and a FIFO without waiting for its writer', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'daemon.db'));
    spawnSync('mkfifo', [join(folder, 'pipe.db')]);
    expect(refusal(join(folder, 'daemon.db')).message).toMatch(/found a directory$/);
    expect(refusal(join(folder, 'pipe.db')).message).toMatch(/found something that is not a file$/);
  });

  it('refuses UTF-16, in which the bytes of a program are not those of its author', () => {
    const path = join(temporaryFolder(), 'daemon.db');
    foreign(path, "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (x)");
    expect(refusal(path).message).toMatch(/to hold UTF-8, found UTF-16$/);
  });

  it('refuses a path below a file', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const fault = faultOf(() => openDatabase(join(folder, 'file', 'daemon.db'), { durability: 'fast' }));
    expect([fault.retryable, fault.op]).toEqual([false, 'open']);
  });

  it.each([
    ['a folder in which it may not write', 0o555, undefined],
    ['a file that it may not write', 0o755, 0o444],
  ])('refuses %s', (_, folderMode, fileMode) => {
    const folder = temporaryFolder();
    const path = join(folder, 'daemon.db');
    if (fileMode !== undefined) {
      opened(path).close();
      chmodSync(path, fileMode);
    }
    chmodSync(folder, folderMode);
    const program = `
      const { openDatabase } = await import(process.argv[1]);
      try { openDatabase(process.argv[2], { durability: 'fast' }); }
      catch (fault) { console.log(fault.name, fault.retryable, fault.hint); }`;
    // Root may write anywhere, so the question is asked by nobody.
    const child = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', program, BUILT, path],
      process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {},
    );
    chmodSync(folder, 0o755);
    expect(`${child.stdout}${child.stderr}`).toMatch(
      /^HostFault false make the file and its folder writable/,
    );
  });

  it('says that waiting helps when another program holds one that has to be migrated', () => {
    const path = seedDatabase('seed-plain');
    const holder = new BetterSqlite3(path);
    holder.exec('BEGIN IMMEDIATE');
    const fault = faultOf(() => openDatabase(path, { durability: 'fast' }));
    holder.close();
    expect(fault.retryable).toBe(true);
    expect(fault.message).toMatch(/another program has begun to write there and does not end$/);
  });

  it('waits for nobody where nothing is to be written', () => {
    const path = join(temporaryFolder(), 'daemon.db');
    opened(path).close();
    const holder = new BetterSqlite3(path);
    holder.exec('BEGIN IMMEDIATE');
    const begun = performance.now();
    const reader = openDatabase(path, { durability: 'fast' });
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(reader.pragma('busy_timeout', { simple: true })).toBe(5_000);
    reader.close();
    holder.close();
  });

  it('leaves a database of the seed that it cannot migrate as it was', () => {
    const path = seedDatabase('seed-plain');
    foreign(path, 'ALTER TABLE improvement_runs ADD COLUMN spool_id REAL');
    const before = rows(path, 'SELECT name, sql FROM sqlite_schema');
    expect(refusal(path).message).toMatch(/duplicate column name: spool_id$/);
    expect(rows(path, 'SELECT name, sql FROM sqlite_schema')).toEqual(before);
  });

  it("refuses a table that is not the seed's, naming what is missing", () => {
    const path = join(temporaryFolder(), 'daemon.db');
    foreign(path, 'CREATE TABLE improvement_scripts (id INTEGER PRIMARY KEY, name, code, enabled)');
    expect(refusal(path).message).toMatch(
      /found it without lang, created_at, last_run_at, run_count, success_count$/,
    );
  });
});

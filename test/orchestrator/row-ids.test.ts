/** Ids of rows: what any client may give them, and where AUTOINCREMENT goes on. */
import { describe, expect, it } from 'vitest';
import type { Database } from '../../orchestrator/host/migrate.ts';
import { older, opened } from './database.ts';

/** Half of what a double holds exactly, the largest of that, and the first that it does not hold. */
const HALF = 2n ** 52n;
const LARGEST = 2n ** 53n - 1n;
const BEYOND = 2n ** 53n;

const INSERTS = {
  improvement_runs: (id: string) => `INSERT INTO improvement_runs (id, started_at) VALUES (${id}, '')`,
  jobs: (id: string) => `INSERT INTO jobs (id, script_id, slot, revision, lang, rank, state, due_at)
    VALUES (${id}, 1, 'x' || random(), 1, 'pixel', 1, 'done', '')`,
  cartridges: (
    id: string,
  ) => `INSERT INTO cartridges (id, file_name, checksum, width, height, bytes, created_at)
    VALUES (${id}, 'x' || random(), '', 1, 1, 1, '')`,
};
const TABLES = Object.keys(INSERTS) as (keyof typeof INSERTS)[];

const ids = (database: Database, table: string) =>
  database.prepare<[], bigint>(`SELECT id FROM ${table} ORDER BY id`).pluck().safeIntegers().all();

describe.each(TABLES)('an id in %s', (table) => {
  const insert = (database: Database, id: bigint | 'NULL') => database.exec(INSERTS[table](String(id)));

  it('is given up to half of what a double holds exactly, and goes on from there', () => {
    const database = opened();
    database.exec(`DELETE FROM ${table}`);
    for (const id of [HALF + 1n, HALF + 2n, LARGEST, BEYOND, -BEYOND, 2n ** 63n - 1n]) {
      expect(() => insert(database, id), String(id)).toThrow('Expected an id of at most 4503599627370496');
    }
    for (const policy of ['IGNORE', 'REPLACE']) {
      const sql = INSERTS[table](String(BEYOND)).replace('INSERT', `INSERT OR ${policy}`);
      expect(() => database.exec(sql), policy).toThrow('Expected an id');
    }
    expect(ids(database, table)).toEqual([]);
    insert(database, -LARGEST);
    insert(database, HALF);
    insert(database, 'NULL');
    insert(database, 'NULL');
    expect(ids(database, table)).toEqual([-LARGEST, HALF, HALF + 1n, HALF + 2n]);
    expect(() => insert(database, LARGEST)).toThrow('Expected an id');
  });

  it('is changed no further, by whichever name', () => {
    const database = opened();
    database.exec(`DELETE FROM ${table}`);
    insert(database, 1n);
    for (const name of ['id', 'rowid', 'oid', '_rowid_']) {
      const change = (to: bigint) => database.exec(`UPDATE ${table} SET ${name} = ${to}`);
      for (const to of [HALF + 1n, BEYOND, -BEYOND]) {
        expect(() => change(to), `${name} ${to}`).toThrow('Expected an id of at most 4503599627370496');
      }
      change(HALF);
    }
    expect(ids(database, table)).toEqual([HALF]);
  });
});

it('an id of a script is changed no further than a double holds exactly, by whichever name', () => {
  const database = opened();
  database.exec('DELETE FROM jobs');
  for (const name of ['id', 'rowid', 'oid', '_rowid_']) {
    const change = (to: bigint) => database.exec(`UPDATE improvement_scripts SET ${name} = ${to}`);
    expect(() => change(BEYOND), name).toThrow('Expected an id of at most 9007199254740991');
    change(LARGEST);
  }
});

describe('older rows with ids that nobody may give them now', () => {
  it('are numbered anew behind the others, and so is what comes later', () => {
    const database = opened(
      older(
        5,
        `INSERT INTO improvement_runs (id, started_at) VALUES
           (-5, 'a'), (7, 'b'), (${HALF + 1n}, 'c'), (${BEYOND + 1n}, 'd'), (${-BEYOND}, 'e');
         INSERT INTO cartridges (id, file_name, run_id, checksum, width, height, bytes, created_at) VALUES
           (${BEYOND + 1n}, 'd.png', ${BEYOND + 1n}, '', 1, 1, 1, ''), (3, 'b.png', 7, '', 1, 1, 1, ''),
           (${LARGEST}, 'c.png', ${HALF + 1n}, '', 1, 1, 1, '')`,
      ),
    );
    for (const table of TABLES) database.exec(INSERTS[table]('NULL'));
    const runs = database.prepare('SELECT id, started_at FROM improvement_runs ORDER BY id').raw().all();
    expect(runs).toEqual([
      ...[
        [-5, 'a'],
        [7, 'b'],
        [8, 'e'],
        [9, 'c'],
        [10, 'd'],
      ],
      [11, ''],
    ]);
    const cartridges = database
      .prepare('SELECT id, coalesce(run_id, 0) FROM cartridges ORDER BY id')
      .raw()
      .all();
    expect(cartridges).toEqual([
      [3, 7],
      [4, 9],
      [5, 10],
      [6, 0],
    ]);
    expect(database.pragma('foreign_key_check')).toEqual([]);
  });

  it('leave no large number behind where they were deleted', () => {
    const sql = `INSERT INTO improvement_runs (id, started_at) VALUES (3, ''), (${LARGEST}, '');
      DELETE FROM improvement_runs WHERE id > 3`;
    const database = opened(older(5, sql));
    database.exec(INSERTS.improvement_runs('NULL'));
    expect(ids(database, 'improvement_runs')).toEqual([3n, 4n]);
  });
});

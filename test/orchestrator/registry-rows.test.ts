/** Rows of the registry that no gvpie writes: refused where they are written, and passed over where they stand already. */
import { describe, expect, it } from 'vitest';
import type { Database } from '../../orchestrator/host/migrate.ts';
import { sweep } from '../../orchestrator/sweep.ts';
import { ago, HOUR_MS, order, sweepDoors, sweepNow } from '../support/sweep-world.ts';
import { opened } from './database.ts';

const OLD = ago(9 * HOUR_MS);
const TEXTS = 'Expected file_name and checksum to be texts';
const BYTES = 'Expected bytes to be a whole number from 0 to 9007199254740991';
const INPUTS = 'Expected inputs to be a JSON array of checksums';

/** What is written into a row, as SQL, and why it is refused. */
const BAD = [
  ['file_name', "x'612e706e67'", TEXTS],
  ['checksum', "x'ff'", TEXTS],
  ['bytes', "'notanint'", BYTES],
  ['bytes', '1e300', BYTES],
  ['bytes', '0.5', BYTES],
  ['bytes', '-1', BYTES],
  ['bytes', '9007199254740992', BYTES],
  ['inputs', "'notjson'", INPUTS],
  ['inputs', `'"text"'`, INPUTS],
  ['inputs', `'{"a":"b"}'`, INPUTS],
  ['inputs', "'[1]'", INPUTS],
  ['inputs', "'[null]'", INPUTS],
  ['inputs', "x'5b5d'", INPUTS],
] as const;
const GOOD = [
  ['bytes', '0'],
  ['bytes', '9007199254740991'],
  ['inputs', 'NULL'],
  ['inputs', "'[]'"],
  ['inputs', `'["ab"]'`],
] as const;

function insert(database: Database, id: number, column = 'bytes', value = '10'): void {
  const row = { file_name: `'${id}.png'`, checksum: "'c'", bytes: '10', inputs: "'[]'", [column]: value };
  database.exec(`INSERT INTO cartridges (id, width, height, created_at, ${Object.keys(row)})
    VALUES (${id}, 1, 1, '${OLD}', ${Object.values(row)})`);
}

describe('a row of the registry', () => {
  it.each(BAD)('is not written with the %s %s', (column, value, why) => {
    const database = opened();
    insert(database, 1);
    expect(() => insert(database, 2, column, value)).toThrow(why);
    expect(() => database.exec(`UPDATE cartridges SET ${column} = ${value}`)).toThrow(why);
    expect(() => database.exec(`UPDATE OR IGNORE cartridges SET ${column} = ${value}`)).toThrow(why);
  });

  it.each(GOOD)('is written with the %s %s', (column, value) => {
    const database = opened();
    insert(database, 1, column, value);
    insert(database, 2);
    database.exec(`UPDATE cartridges SET ${column} = ${value}`);
  });

  it.each(BAD)(
    'that is there already with the %s %s holds up no sweep, and hides nothing from the fuse',
    async (column, value) => {
      const database = opened();
      database.exec('DROP TRIGGER gvpie_cartridges_facts_inserted');
      const files = new Set(['a.png']);
      for (const id of [1, 2, 3, 4, 5]) {
        insert(database, id, ...(id === 3 ? [column, value] : []));
        files.add(`${id}.png`);
      }
      const world = { sql: database, files };
      const stopped = await sweepNow(world, { cartridges: '1h' }, { isForced: false });
      // A row whose inputs nobody can read has a label that tells them.
      const goes = column === 'inputs' ? 5 : 4;
      const ofBytes = 10 * goes;
      expect(stopped).toMatchObject({
        status: 'fuse',
        tallies: { cartridges: { of: 5, go: goes, ofBytes, goBytes: ofBytes } },
      });
      expect(await sweepNow(world, { cartridges: '1h' })).toMatchObject({
        gone: { cartridges: goes },
        left: 0,
      });
      // What is no text is no name: a file of such bytes belongs to others.
      expect([...files]).toEqual(goes === 5 ? ['a.png'] : ['a.png', '3.png']);
    },
  );

  it('without a text for its name, once given up, leaves the file of that name alone', async () => {
    const database = opened();
    database.exec('DROP TRIGGER gvpie_cartridges_facts_inserted');
    insert(database, 1, 'file_name', "x'612e706e67'");
    insert(database, 2);
    database.exec(`UPDATE cartridges SET swept_at = '${OLD}'`);
    const files = new Set(['a.png', '2.png']);
    expect(await sweepNow({ sql: database, files }, { cartridges: '1h' })).toMatchObject({ left: 0 });
    expect([...files]).toEqual(['a.png']);
  });

  it('has inputs that its label tells where they stand there unreadable', async () => {
    const database = opened();
    database.exec('DROP TRIGGER gvpie_cartridges_facts_inserted');
    const used = 'a'.repeat(64);
    insert(database, 1, 'checksum', `'${used}'`);
    insert(database, 2, 'inputs', "'notjson'");
    database.exec(`UPDATE cartridges SET created_at = '${ago(0)}' WHERE id = 2`);
    const files = new Set(['1.png', '2.png']);
    const labels = new Map([['2.png', [used]]]);
    await sweepNow({ sql: database, files, labels }, { cartridges: '1h' });
    expect([...files]).toEqual(['1.png', '2.png']);
    await sweepNow({ sql: database, files }, { cartridges: '1h' });
    expect([...files]).toEqual(['2.png']);
  });
});

it('a file that two sweeps have removed at once counts as gone in one of them', async () => {
  const database = opened();
  for (const id of [1, 2, 3]) insert(database, id);
  // A run that mentions them keeps their rows.
  database.exec(
    `INSERT INTO improvement_runs (id, started_at) VALUES (1, ''); UPDATE cartridges SET run_id = 1`,
  );
  const world = { sql: database, files: new Set(['1.png', '2.png', '3.png']) };
  const rules = { cartridges: '1h' };
  const one = sweepDoors(world);
  let other = 0;
  const shelf = {
    ...one.shelf,
    // It comes between the files' removal and the registry's word of it.
    sync: async () => {
      other += (await sweepNow(world, rules)).gone.cartridges;
    },
  };
  const { gone } = await sweep({ ...one, shelf }, order(rules));
  expect([gone.cartridges, other]).toEqual([0, 3]);
  expect(database.prepare('SELECT sum(file_gone) FROM cartridges').pluck().get()).toBe(3);
});

/** Parents: what rows may say of them, what labels and the registry make of that. */
import { describe, expect, it } from 'vitest';
import { LineageTable } from '../../orchestrator/host/lineage-table.ts';
import { opened } from './database.ts';

const digest = (letter: string): string => letter.repeat(64);
const REFUSED = 'Expected parents to be a JSON array of 1 to 16 checksums of cartridges';

function add(database: ReturnType<typeof opened>, file: string, checksum: string, parents: unknown): void {
  database
    .prepare(
      `INSERT INTO cartridges (file_name, checksum, width, height, bytes, created_at, parents)
       VALUES (?, ?, 1, 1, 1, '', ?)`,
    )
    .run(file, checksum, parents);
}

describe('the parents of a row', () => {
  const list = (count: number): string =>
    JSON.stringify(Array.from({ length: count }, (_, n) => n.toString(16).padStart(64, '0')));
  const insert = (parents: unknown) => () =>
    opened()
      .prepare("INSERT INTO improvement_scripts (name, lang, code, parents) VALUES ('a', 'pixel', 'HALT', ?)")
      .run(parents);

  it.each([null, list(1), list(16)])('may be %j', (parents) => {
    expect(insert(parents)).not.toThrow();
  });

  it.each([
    ...['', 'x', '{}', '"a"', '[]', '[1]', '["ab"]', '[null]', list(17), 5],
    JSON.stringify([digest('A')]),
    JSON.stringify([digest('g')]),
    JSON.stringify([`${digest('a')}a`]),
  ])('may not be %j, when a row is added or changed', (parents) => {
    expect(insert(parents)).toThrow(REFUSED);
    const database = opened();
    database.exec("INSERT INTO improvement_scripts (name, lang, code) VALUES ('a', 'pixel', 'HALT')");
    const update = database.prepare("UPDATE improvement_scripts SET parents = ? WHERE name = 'a'");
    expect(() => update.run(parents)).toThrow(REFUSED);
    expect(() => update.run(list(2))).not.toThrow();
  });

  it('change no revision: they are where a picture is from, not what it is', () => {
    const database = opened();
    database.exec("INSERT INTO improvement_scripts (name, lang, code) VALUES ('a', 'pixel', 'HALT')");
    const revision = () =>
      database.prepare("SELECT revision FROM improvement_scripts WHERE name = 'a'").pluck().get();
    database.prepare("UPDATE improvement_scripts SET parents = ? WHERE name = 'a'").run(list(1));
    expect(revision()).toBe(1);
    database.exec("UPDATE improvement_scripts SET code = 'RECT 1 1 1 1' WHERE name = 'a'");
    expect(revision()).toBe(2);
  });
});

describe('the registry', () => {
  it('knows parents and children, whoever writes, changes and deletes its rows', () => {
    const database = opened();
    const table = new LineageTable(database);
    const [a, b, c] = ['a', 'b', 'c'].map(digest) as [string, string, string];
    add(database, 'a.png', a, null);
    add(database, 'c.png', c, JSON.stringify([a, b]));
    add(database, 'b.png', b, JSON.stringify([a]));
    expect(table.childrenOf(a, 9)).toEqual([c, b]);
    expect(table.childrenOf(a, 1)).toEqual([c]);
    expect(table.parentsOf(c)).toEqual([a, b]);
    database.prepare("UPDATE cartridges SET parents = ? WHERE file_name = 'c.png'").run(JSON.stringify([b]));
    expect(table.parentsOf(c)).toEqual([b]);
    expect(table.childrenOf(a, 9)).toEqual([b]);
    database.exec("DELETE FROM cartridges WHERE file_name = 'b.png'");
    expect(table.childrenOf(a, 9)).toEqual([]);
    expect(database.prepare('SELECT count(*) FROM cartridge_parents').pluck().get()).toBe(1);
  });

  it('takes whatever stands there for no parents, and nobody for its own', () => {
    const database = opened();
    const table = new LineageTable(database);
    for (const [n, parents] of ['x', '{}', '[1, null]', 7, Buffer.from('[')].entries()) {
      add(database, `${n}.png`, digest('e'), parents);
    }
    add(database, 'own.png', digest('f'), JSON.stringify([digest('f')]));
    expect(table.parentsOf(digest('e'))).toEqual([]);
    expect([table.parentsOf(digest('f')), table.childrenOf(digest('f'), 9)]).toEqual([[], []]);
  });
});

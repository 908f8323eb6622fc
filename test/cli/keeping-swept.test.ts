/** Backups of an engine that was swept: they are whole, hold nothing of what went, and come back as things stand. */
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import {
  backUp,
  contentsOf,
  type Engine,
  engineIn,
  fileOf,
  keptEngine,
  rowsOf,
} from '../support/kept-engine.ts';
import { namesOn } from '../support/names-on.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
let engine: Engine;
/** The cartridges that go: of scripts that are gone, though runs of theirs stay. */
let going: string[];

beforeEach(async () => {
  place = new Workplace();
  engine = await keptEngine(place.folder);
  going = [fileOf(engine, 'second'), fileOf(engine, 'third')].map((path) => basename(path));
  rowsOf(engine.database, `DELETE FROM improvement_scripts WHERE name IN ('second', 'third') RETURNING id`);
  rowsOf(
    engine.database,
    `UPDATE cartridges SET created_at = '2025-01-01T00:00:00.000Z' WHERE script_id IS NULL RETURNING id`,
  );
});
afterEach(() => place.clear());

const mark = (names: readonly string[]): unknown =>
  rowsOf(
    engine.database,
    `UPDATE cartridges SET swept_at = '2026-01-01T00:00:00.000Z', file_gone = 1
     WHERE file_name IN (SELECT value FROM json_each('${JSON.stringify(names)}')) RETURNING id`,
  );
const gone = (database: string): string[] =>
  rowsOf<{ name: string }>(
    database,
    'SELECT file_name AS name FROM cartridges WHERE swept_at IS NOT NULL ORDER BY name',
  ).map(({ name }) => name);

describe('a backup after a sweep', () => {
  it('is whole, sheds what went with the last backup that had it, and is restored without it', async () => {
    expect((await place.run(['backup', 'bk'])).code).toBe(EXIT.ok);
    const all = contentsOf(place.at('bk/objects')).size;
    const swept = await place.run(['gc', '--keep-cartridges', '1d', '--sweep', '--yes']);
    expect([swept.code, gone(engine.database)]).toEqual([EXIT.ok, [...going].sort()]);

    const { code, stdout } = await place.run(['backup', 'bk', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ troubles: [], missing: 0, cartridges: 5, foreign: 1 });
    expect(code).toBe(EXIT.ok);
    expect((await place.run(['backup', 'new'])).code).toBe(EXIT.ok);
    // Until then the first backup has them still.
    expect(contentsOf(place.at('bk/objects')).size).toBe(all);
    expect((await place.run(['backup', 'bk', '--keep', '1'])).code).toBe(EXIT.ok);
    expect(contentsOf(place.at('bk/objects')).size).toBe(all - 2);

    const check = await place.run(['restore', 'bk', '--check']);
    expect([check.code, check.stderr]).toEqual([EXIT.ok, '']);
    const to = engineIn(place.at('restored'));
    const target = ['--db', to.database, '--cartridges', to.cartridges];
    expect((await place.run(['restore', 'bk', ...target])).code).toBe(EXIT.ok);
    expect(namesOn(to.cartridges)).toHaveLength(5);
    expect(gone(to.database)).toEqual([...going].sort());
  });

  it('has no file that was given up, also where it lies there still or a row names it', async () => {
    const [second = '', third = ''] = going;
    rowsOf(
      engine.database,
      `INSERT INTO improvement_scripts (name, lang, code, enabled) VALUES ('names', 'cartridge', 'cartridges/${third}', 0) RETURNING id`,
    );
    mark([second, third]);
    const { content, troubles } = await backUp(engine, place.at('bk'));
    expect(troubles).toEqual([]);
    expect(content.counts.foreign).toBe(1);
    expect(content.missing).toEqual([]);
    expect(content.cartridges.map(({ path }) => path).filter((path) => going.includes(path))).toEqual([]);
  });

  it('complains of no cartridge that is swept while it is made, and of one that is only lost', async () => {
    const [second = '', third = ''] = going;
    let isSwept = false;
    const { troubles, content } = await backUp(engine, place.at('bk'), {
      hear(what) {
        if (what !== 'cartridges' || isSwept) return;
        isSwept = true;
        mark([second]);
        for (const name of going) rmSync(join(engine.cartridges, name));
      },
    });
    expect(troubles.map(({ path }) => path)).toEqual([third]);
    expect(content.missing).toEqual([...going].sort());
  });
});

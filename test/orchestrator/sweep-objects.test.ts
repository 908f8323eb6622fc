/** What retention does with the objects of the cartridges that it lets go: each goes with the last cartridge that has it. */
import { copyFileSync, existsSync, linkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GIVEN_UP } from '../../orchestrator/host/given-up.ts';
import type { Database } from '../../orchestrator/host/migrate.ts';
import { rebuildStore } from '../../orchestrator/host/store-rebuild.ts';
import { StoreRepair } from '../../orchestrator/host/store-repair.ts';
import { sweep } from '../../orchestrator/sweep.ts';
import {
  findings,
  type KeptStore,
  keptStore,
  NEVER_FUSED,
  objectOf,
  QUIET,
  shelfWithObjects,
  storedCartridge,
  withWalk,
} from '../support/kept-store.ts';
import { namesOn } from '../support/names-on.ts';
import { order, sweepDoors } from '../support/sweep-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const at = (store: KeptStore, name: string): string => join(store.cartridges, name);
const sql = <Result>(
  store: KeptStore,
  work: (database: Database) => Result | Promise<Result>,
): Promise<Result> => withWalk(store, (_, database) => work(database));

/** Lets all cartridges go that are made older than a day by then. */
function sweepAway(store: KeptStore, ...names: string[]): Promise<void> {
  return sql(store, async (database) => {
    database.exec(`UPDATE cartridges SET created_at = '2026-05-31T23:00:00.000Z';
      UPDATE cartridges SET created_at = '2026-01-01' WHERE file_name IN ('${names.join("','")}')`);
    const shelf = shelfWithObjects(store.cartridges);
    await sweep({ ...sweepDoors({ sql: database, files: new Set() }), shelf }, order({ cartridges: '24h' }));
  });
}

/** A store of one cartridge under two names, `c0.png` and `twin.png`, made so before or after they are in the registry. */
async function withTwins(how: 'link' | 'copy'): Promise<KeptStore> {
  const store = await keptStore(temporaryFolder(), 1);
  if (how === 'link') linkSync(at(store, 'c0.png'), at(store, 'twin.png'));
  else copyFileSync(at(store, 'c0.png'), at(store, 'twin.png'));
  await withWalk(store, (walk) => rebuildStore(walk, NEVER_FUSED, QUIET, async () => {}));
  return store;
}

describe('an object', () => {
  it('goes with its cartridge, also where the name was removed, renamed or written over before', async () => {
    const store = await keptStore(temporaryFolder(), 5);
    rmSync(at(store, 'c1.png'));
    linkSync(at(store, 'c2.png'), at(store, 'mine.png'));
    rmSync(at(store, 'c2.png'));
    rmSync(at(store, 'c3.png'));
    copyFileSync(at(store, 'c4.png'), at(store, 'c3.png'));
    await sweepAway(store, 'c0.png', 'c1.png', 'c2.png', 'c3.png');
    expect(namesOn(store.cartridges).sort()).toEqual(['c4.png', 'mine.png']);
    expect([0, 1, 2, 3, 4].map((n) => existsSync(objectOf(store, storedCartridge(n))))).toEqual([
      ...[false, false, false, false, true],
    ]);
    expect(await findings(store)).toEqual(['foreign mine.png']);
  });

  it.each(['link', 'copy'] as const)(
    'stays for the other cartridge of its file (a %s), whichever goes first',
    async (how) => {
      for (const [first, second] of [
        ['c0.png', 'twin.png'],
        ['twin.png', 'c0.png'],
      ] as const) {
        const store = await withTwins(how);
        // Its name is gone, so that the object is all that is left of it.
        rmSync(at(store, second));
        await sweepAway(store, first);
        expect(await findings(store), `${first} first`).toEqual([`missing ${second}`]);
        await withWalk(store, async (walk) => {
          for (const one of walk.cartridges())
            if (one) expect(await new StoreRepair(walk).repair(one)).toMatchObject({ did: 'name' });
        });
        await sweepAway(store, second);
        expect([await findings(store), namesOn(store.cartridges)]).toEqual([[], []]);
        expect(existsSync(objectOf(store, storedCartridge(0)))).toBe(false);
      }
    },
  );

  it('goes with the second of two that go together', async () => {
    const store = await withTwins('copy');
    await sweepAway(store, 'c0.png', 'twin.png');
    expect([await findings(store), namesOn(store.cartridges)]).toEqual([[], []]);
    expect(existsSync(objectOf(store, storedCartridge(0)))).toBe(false);
  });

  it('is asked for by indexes, and where a file is nobody else’s, not by its picture', async () => {
    const store = await keptStore(temporaryFolder(), 1);
    const plan = await sql(store, (database) =>
      database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${GIVEN_UP}`).all(),
    );
    const others = plan.map(({ detail }) => detail).filter((detail) => detail.includes(' other '));
    expect(others).toEqual([
      expect.stringContaining('INDEX gvpie_cartridges_sharing (file_sha256=?'),
      expect.stringContaining('INDEX gvpie_cartridges_checksum (checksum=?'),
    ]);
    // Many of one picture and of a file each: an answer takes no longer than one of them.
    const steps = (rows: number): Promise<number> =>
      sql(store, (database) => {
        database.exec(`DELETE FROM cartridges;
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
          INSERT INTO cartridges (file_name, checksum, width, height, bytes, created_at, file_sha256, swept_at)
          SELECT 'f' || i, 'same', 1, 1, 1, '2026', 'sha' || i, CASE WHEN i % 2 THEN '2026' END FROM n`);
        const begun = performance.now();
        expect(database.prepare(GIVEN_UP).all()).toHaveLength(rows / 2);
        return performance.now() - begun;
      });
    await steps(100);
    // A list of all for each would take some 10 s.
    expect(await steps(20_000)).toBeLessThan(2_000);
  });
});

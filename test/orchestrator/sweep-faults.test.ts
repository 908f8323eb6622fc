/** Sweeps that are cut off after each of their effects, that meet each other, and that may not do what they are to do. */
import { chmodSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { newestVersion, openDatabase } from '../../orchestrator/host/migrate.ts';
import { Objects } from '../../orchestrator/host/objects.ts';
import { CartridgeShelf, shelfWithObjects } from '../../orchestrator/host/shelf.ts';
import { sweep } from '../../orchestrator/sweep.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { startProgram } from '../support/child.ts';
import { nameless, namesOn } from '../support/names-on.ts';
import { fill, noSmallDisk, smallDisk } from '../support/small-disk.ts';
import { history } from '../support/sweep-history.ts';
import { dangling, order, type Rules, sweepDoors, sweepNow, type World } from '../support/sweep-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const RULES: Rules = { runs: '100h', logs: '1', cartridges: '100h' };

/** A history on the disk, with its files; what hung before is gone. */
function place(
  seed: number,
  folder = temporaryFolder(),
): World & { folder: string; cartridges: string; database: string } {
  const world = history(seed);
  const [database, cartridges] = [join(folder, 'daemon.db'), join(folder, 'cartridges')];
  world.sql.exec('DELETE FROM improvement_runs WHERE job_id NOT IN (SELECT id FROM jobs)');
  world.sql.exec(`VACUUM INTO '${database}'`);
  // A copy by VACUUM is no gvpie's until it says so.
  const copy = new BetterSqlite3(database);
  copy.pragma('application_id = 0x67767069');
  copy.pragma(`user_version = ${newestVersion()}`);
  mkdirSync(cartridges);
  const objects = new Objects(diskFiles, cartridges);
  const sum = copy.prepare('UPDATE cartridges SET file_sha256 = ? WHERE file_name = ?');
  for (const name of world.files) {
    writeFileSync(join(cartridges, name), name);
    const sha256 = sha256Hex(name);
    sum.run(sha256, name);
    objects.prepare(sha256);
    linkSync(join(cartridges, name), objects.path(sha256));
  }
  copy.close();
  return { ...world, folder, cartridges, database };
}

/** As it is on the disk now. */
function standing({ database, cartridges }: { database: string; cartridges: string }): World {
  return { sql: openDatabase(database, { durability: 'fast' }), files: new Set(namesOn(cartridges)) };
}

/** All that a sweep leaves, as text: two that have left the same have done the same. */
function account({ sql, files }: World): string {
  const all = (text: string): unknown[] => sql.prepare(text).raw().all();
  return JSON.stringify([
    all('SELECT id, state FROM jobs ORDER BY id'),
    all('SELECT id, stdout, stderr FROM improvement_runs ORDER BY id'),
    all('SELECT id, swept_at, file_gone FROM cartridges ORDER BY id'),
    all('SELECT script_id, first, last FROM swept_slots ORDER BY 1, 2'),
    [...files].sort(),
  ]);
}

/** What is wrong with the objects: each is of a file that has its name. */
function objectless(world: World, cartridges: string): string[] {
  const objects = new Objects(diskFiles, cartridges);
  return [
    ...nameless(cartridges).map((object) => `${object} has no name`),
    ...[...world.files]
      .filter((name) => !objects.fact(sha256Hex(name)))
      .map((name) => `${name} has no object`),
  ];
}

async function finish(world: World, cartridges: string): Promise<void> {
  const shelf = shelfWithObjects(diskFiles, cartridges, 'fast');
  await sweep({ ...sweepDoors(world), shelf }, order(RULES));
}

describe('a sweep that is killed', () => {
  it('after any of its effects leaves nothing dangling, and the next one finishes it', async () => {
    class Cut extends Error {}
    let cuts = 0;
    for (const seed of [3, 4, 7]) {
      const whole = history(seed);
      whole.sql.exec('DELETE FROM improvement_runs WHERE job_id NOT IN (SELECT id FROM jobs)');
      let effects = 0;
      await sweep(
        sweepDoors(whole, () => effects++),
        order(RULES),
      );
      expect(effects).toBeGreaterThan(6);
      for (let last = 1; last <= effects; last++) {
        const world = history(seed);
        world.sql.exec('DELETE FROM improvement_runs WHERE job_id NOT IN (SELECT id FROM jobs)');
        let count = 0;
        const hear = (): void => {
          if (++count === last) throw new Cut();
        };
        await sweep(sweepDoors(world, hear), order(RULES)).catch((error) => {
          // What a file's removal throws is told of in the end.
          if (!(error instanceof Cut)) throw error;
        });
        const open = dangling(world).filter((one) => !isGivenUp(world, one));
        expect(open, `seed ${seed}, effect ${last}`).toEqual([]);
        await sweepNow(world, RULES);
        expect(dangling(world), `seed ${seed}, effect ${last}`).toEqual([]);
        expect(account(world), `seed ${seed}, effect ${last}`).toBe(account(whole));
        cuts++;
        world.sql.close();
      }
      whole.sql.close();
    }
    expect(cuts).toBeGreaterThan(30);
  });

  it('with its process, likewise', { timeout: 120_000 }, async () => {
    const whole = place(4);
    const first = startProgram('crashing-sweep', [whole.database, whole.cartridges, '0']);
    expect(await first.ended).toMatchObject({ code: 0, signal: null });
    const effects = first.output().trim().split('\n');
    for (const kind of [
      /removeRuns/,
      /removeJobs/,
      /giveUp/,
      /remove .*\.png/,
      /remove .*objects/,
      /close/,
    ]) {
      expect(
        effects.some((effect) => kind.test(effect)),
        `${kind}`,
      ).toBe(true);
    }
    const expected = account(standing(whole));
    expect(objectless(standing(whole), whole.cartridges)).toEqual([]);
    // The control: of one it would be seen.
    writeFileSync(join(whole.cartridges, '.objects', 'alone.png'), '');
    expect(objectless({ ...standing(whole), files: new Set(['none']) }, whole.cartridges)).toEqual([
      ...['alone.png has no name', 'none has no object'],
    ]);
    const numbers = effects.map((_, index) => index + 1);
    const wrong: string[] = [];
    const work = async (): Promise<void> => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        const one = place(4);
        const killed = startProgram('crashing-sweep', [one.database, one.cartridges, `${number}`]);
        const { signal } = await killed.ended;
        if (signal !== 'SIGKILL') wrong.push(`after ${number}: it did not die`);
        await finish(standing(one), one.cartridges);
        const found = standing(one);
        const objections = [...dangling(found), ...objectless(found, one.cartridges)];
        wrong.push(...objections.map((objection) => `after ${effects[number - 1]}: ${objection}`));
        if (account(found) !== expected) wrong.push(`after ${effects[number - 1]}: it is not finished`);
      }
    };
    await Promise.all([work(), work()]);
    expect(wrong).toEqual([]);
  });
});

/** Whether an objection is about a file that has been given up and is gone, or about to go. */
function isGivenUp({ sql }: World, objection: string): boolean {
  const names = sql
    .prepare<[], string>('SELECT file_name FROM cartridges WHERE swept_at IS NOT NULL AND file_gone = 0')
    .pluck()
    .all();
  return names.some((name) => objection.startsWith(name));
}

describe('two sweeps at once', () => {
  it('leave together what one leaves', async () => {
    for (const seed of [3, 4, 5, 7]) {
      const [alone, shared] = [place(seed), place(seed)];
      await finish(standing(alone), alone.cartridges);
      const breathe = () => new Promise<void>((done) => setImmediate(done));
      const both = [standing(shared), standing(shared)].map((world) => {
        const shelf = shelfWithObjects(diskFiles, shared.cartridges, 'fast');
        return sweep({ ...sweepDoors(world), shelf, breathe }, order(RULES));
      });
      const results = await Promise.all(both);
      const found = standing(shared);
      expect([...dangling(found), ...objectless(found, shared.cartridges)], `seed ${seed}`).toEqual([]);
      expect(account(found), `seed ${seed}`).toBe(account(standing(alone)));
      const total = results.map(({ gone }) => gone.runs + gone.jobs).reduce((sum, one) => sum + one);
      expect(total).toBe(results[0]!.tallies.runs.go + results[0]!.tallies.jobs.go);
    }
  });
});

describe('a sweep beside somebody who changes things meanwhile', () => {
  /** Sweeps, and does something just before the first transaction of that name. */
  async function meanwhile(world: World, rules: Rules, name: string, act: () => void) {
    const doors = sweepDoors(world);
    let done = false;
    const store = new Proxy(doors.store, {
      get(target, key) {
        if (key === name && !done) {
          done = true;
          act();
        }
        return Reflect.get(target, key);
      },
    });
    return sweep({ ...doors, store }, order(rules));
  }

  const OLD = '2026-01-01T00:00:00.000Z';

  function two(): World {
    const world = history(1);
    world.sql.exec(`DELETE FROM improvement_scripts; DELETE FROM improvement_runs; DELETE FROM jobs; DELETE FROM cartridges;
      INSERT INTO improvement_scripts (id, name, lang, code, schedule) VALUES (91, 'a', 'pixel', 'HALT', 'every 1h');
      INSERT INTO jobs (id, script_id, slot, revision, lang, rank, state, due_at, ended_at) VALUES
        (901, 91, '2026-01-01T00:00:00.000Z', 1, 'pixel', 1, 'done', '${OLD}', '${OLD}'),
        (902, 91, '2026-01-01T01:00:00.000Z', 1, 'pixel', 2, 'done', '${OLD}', '${OLD}'),
        (903, 91, '2026-01-01T02:00:00.000Z', 1, 'pixel', 3, 'refused', '${OLD}', '${OLD}');`);
    world.files.clear();
    return world;
  }
  const ids = ({ sql }: World): number[] =>
    sql.prepare<[], number>('SELECT id FROM jobs ORDER BY id').pluck().all();

  it('takes no job that is asked for once more, nor the last that needs rest on', async () => {
    const alone = two();
    await sweepNow(alone, { runs: '1h' });
    expect(ids(alone)).toEqual([902, 903]);
    const asked = two();
    await meanwhile(asked, { runs: '1h' }, 'removeJobs', () => {
      asked.sql.exec(`UPDATE jobs SET state = 'queued' WHERE id = 901`);
    });
    expect(ids(asked)).toEqual([901, 902, 903]);
    const rested = two();
    await meanwhile(rested, { runs: '1h' }, 'removeJobs', () => {
      rested.sql.exec(`UPDATE jobs SET state = 'queued' WHERE id = 902`);
    });
    expect(ids(rested)).toEqual([901, 902, 903]);
    const revised = two();
    await meanwhile(revised, { runs: '1h' }, 'removeJobs', () => {
      revised.sql.exec(`UPDATE improvement_scripts SET code = 'RECT 0 0 1 1'`);
    });
    expect(ids(revised)).toEqual([901, 902, 903]);
  });

  it('takes no cartridge that a new script, or a known picture, asks for by then', async () => {
    const checksum = 'a'.repeat(64);
    const withFile = (): World => {
      const world = two();
      world.sql.exec(`INSERT INTO cartridges (id, file_name, checksum, width, height, bytes, created_at, inputs)
        VALUES (1, 'a.png', '${checksum}', 4, 4, 9, '${OLD}', '[]')`);
      world.files.add('a.png');
      return world;
    };
    const alone = withFile();
    await sweepNow(alone, { cartridges: '1h' });
    expect([...alone.files]).toEqual([]);
    for (const sql of [
      `INSERT INTO improvement_scripts (name, lang, code) VALUES ('b', 'pixel', 'IMAGE a 4 4 ${checksum}')`,
      `INSERT INTO improvement_scripts (name, lang, code) VALUES ('b', 'cartridge', 'a.png')`,
      `INSERT INTO improvement_runs (started_at, finished_at, success, known, cartridge_path, spool_id)
       VALUES ('${OLD}', '${OLD}', 1, 1, 'a.png', 'x')`,
    ]) {
      const world = withFile();
      await meanwhile(world, { cartridges: '1h' }, 'giveUp', () => world.sql.exec(sql));
      expect([...world.files], sql).toEqual(['a.png']);
    }
  });
});

describe('a sweep that may not', () => {
  it('remove files keeps them in the registry as given up, and says so', async () => {
    const world = history(4);
    const doors = sweepDoors(world);
    let first: string | undefined;
    const shelf = {
      ...doors.shelf,
      remove(fileName: string, sha256: string | null): void {
        first ??= fileName;
        if (fileName === first) throw new Error('EACCES: permission denied');
        doors.shelf.remove(fileName, sha256);
      },
    };
    const result = await sweep({ ...doors, shelf }, order({ cartridges: '1s' }));
    const given = world.sql
      .prepare('SELECT swept_at IS NOT NULL, file_gone FROM cartridges WHERE file_name = ?')
      .raw();
    expect([result.left, result.leftWhy, given.get(first)]).toEqual([1, 'EACCES: permission denied', [1, 0]]);
    expect((await sweepNow(world, { cartridges: '1s' })).gone.cartridges).toBe(1);
    expect(dangling(world)).toEqual([]);
  });

  it('see the shelf gives nothing up', async () => {
    const one = place(4);
    const world = standing(one);
    const shelf = new CartridgeShelf(diskFiles, join(one.folder, 'elsewhere'), 'fast');
    await expect(sweep({ ...sweepDoors(world), shelf }, order({ cartridges: '1s' }))).rejects.toThrow(
      'Expected the folder of cartridges',
    );
    expect(
      world.sql.prepare('SELECT count(*) FROM cartridges WHERE swept_at IS NOT NULL').pluck().get(),
    ).toBe(0);
  });

  it('write the database changes nothing, and counts all the same', async () => {
    const one = place(4);
    openDatabase(one.database, { durability: 'fast' }).close();
    chmodSync(one.database, 0o400);
    const sql = new BetterSqlite3(one.database, { readonly: true });
    const world = { sql, files: new Set(namesOn(one.cartridges)) };
    const counted = await sweepNow(world, RULES, { isMeant: false });
    expect(counted.tallies.runs.go).toBeGreaterThan(0);
    await expect(sweepNow(world, RULES)).rejects.toThrow('readonly');
    expect(dangling(world)).toEqual([]);
    sql.close();
  });

  const reason = noSmallDisk();
  it.skipIf(reason !== undefined)(
    'write, as the disk is full, changes nothing, and is done when there is space',
    async () => {
      const disk = join(temporaryFolder(), 'disk');
      smallDisk(disk, 2_048);
      const one = place(4, disk);
      const world = standing(one);
      const release = fill(disk);
      await expect(finish(world, one.cartridges)).rejects.toThrow(/disk is full|disk I\/O error/);
      release();
      const found = { ...world, files: new Set(namesOn(one.cartridges)) };
      expect(dangling(found).filter((objection) => !isGivenUp(world, objection))).toEqual([]);
      await finish(world, one.cartridges);
      expect(dangling(standing(one))).toEqual([]);
      world.sql.close();
    },
  );
});

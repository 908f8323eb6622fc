/** Sweeps of random histories, held to a second definition of what stays, and to what everybody else still asks for. */
import { describe, expect, it } from 'vitest';
import { history } from '../support/sweep-history.ts';
import { type Left, whatStays } from '../support/sweep-model.ts';
import { dangling, type Rules, sweepNow, type World } from '../support/sweep-world.ts';

const RULES: readonly Rules[] = [
  { runs: '100h' },
  { runs: '3' },
  { runs: '200h,5' },
  { logs: '2' },
  { cartridges: '1' },
  { cartridges: '200h' },
  { runs: '1', cartridges: '1' },
  { runs: '1s', logs: '1s', cartridges: '1s' },
  { runs: '300h', logs: '4', cartridges: '150h,3' },
];
const SEEDS = Array.from({ length: 16 }, (_, n) => n + 1);

function left({ sql, files }: World): Left {
  const ids = (text: string): number[] => sql.prepare<[], number>(text).pluck().all();
  return {
    jobs: ids('SELECT id FROM jobs ORDER BY id'),
    runs: ids('SELECT id FROM improvement_runs ORDER BY id'),
    logs: ids(
      `SELECT id FROM improvement_runs WHERE coalesce(stdout, '') NOT LIKE 'swept 2%' AND coalesce(stderr, '') NOT LIKE 'swept 2%' ORDER BY id`,
    ),
    files: [...files].sort(),
  };
}

/** All that lists, needs and the queue show of what is yet to come. */
function asked({ sql }: World): unknown {
  return [
    sql.prepare('SELECT script_id, needed, met FROM v_needs ORDER BY 1, 2').all(),
    // Its column `dead` counts jobs that may go.
    sql
      .prepare('SELECT id, state, run_count, success_count, queued, running FROM v_script_health ORDER BY id')
      .all(),
    sql.prepare('SELECT * FROM v_due ORDER BY id').all(),
    sql.prepare('SELECT script_id, blocked, held FROM v_new_job ORDER BY 1').all(),
  ];
}

describe('a sweep of a random history', () => {
  it.each(RULES)('leaves what the definition says, and nothing dangling: %j', async (rules) => {
    let gone = 0;
    // Each rule has histories of its own.
    for (const seed of SEEDS.map((n) => n + 100 * RULES.indexOf(rules))) {
      const world = history(seed);
      const [expected, before] = [whatStays(world, rules), asked(world)];
      // A script that is deleted leaves runs without its queued jobs.
      const hung = dangling(world);
      const counted = await sweepNow(world, rules, { isMeant: false });
      const result = await sweepNow(world, rules);
      expect(left(world), `seed ${seed}`).toEqual(expected);
      expect(asked(world), `seed ${seed}`).toEqual(before);
      expect(
        dangling(world).filter((one) => !hung.includes(one)),
        `seed ${seed}`,
      ).toEqual([]);
      const went = Object.values(counted.tallies).map((tally) => tally.go);
      expect(Object.values(result.gone), `seed ${seed}`).toEqual(went);
      gone += went.reduce((sum, one) => sum + one, 0);
      world.sql.close();
    }
    expect(gone).toBeGreaterThan(30);
  });

  it('would be objected to where one more row is gone, or one is left', async () => {
    const world = history(1);
    const expected = whatStays(world, { runs: '3' });
    await sweepNow(world, { runs: '3' });
    expect(left(world)).toEqual(expected);
    world.sql.exec(`DELETE FROM jobs WHERE id = (SELECT max(id) FROM jobs)`);
    expect(left(world)).not.toEqual(expected);
    expect(whatStays(history(1), { runs: '4' })).not.toEqual(expected);
    world.sql.close();
  });

  it('counts only, unless it is meant', async () => {
    const world = history(2);
    const before = left(world);
    const { status, tallies } = await sweepNow(
      world,
      { runs: '1', logs: '1', cartridges: '1' },
      { isMeant: false },
    );
    expect([status, left(world)]).toEqual(['counted', before]);
    expect(tallies.runs.go).toBeGreaterThan(0);
    world.sql.close();
  });
});

/** What was swept is not made again: sweeps between the planner's turns, whatever the clock does. */
import { describe, expect, it } from 'vitest';
import { sweep } from '../../orchestrator/sweep.ts';
import { seeded } from '../../shared/seeded.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';
import { order, type Rules, sweepDoors } from '../support/sweep-world.ts';

const HOUR_MS = 3_600_000;

/** Sweeps what there is, as the world's clock is. */
async function sweepOf(at: FakeOrchestrator, rules: Rules): Promise<number> {
  const doors = sweepDoors({ sql: at.sql, files: new Set() }, () => {}, at.wallMs);
  const { gone } = await sweep(doors, order(rules));
  return gone.jobs;
}

function insert(
  at: FakeOrchestrator,
  name: string,
  schedule: string | null,
  catchUp = 'one',
  matrix: string | null = null,
) {
  at.write(
    `INSERT INTO improvement_scripts (name, lang, code, schedule, catch_up, matrix) VALUES (?, 'pixel', 'PARAM n 1 1 9', ?, ?, ?)`,
    ...[name, schedule, catchUp, matrix],
  );
  at.write(
    'UPDATE improvement_scripts SET revised_at = ? WHERE name = ?',
    ...[new Date(at.wallMs).toISOString(), name],
  );
}

/** Every slot of every script that was ever begun, as often as it was. */
class Begun {
  readonly #at: FakeOrchestrator;
  readonly #times = new Map<string, number>();
  #last = 0;

  constructor(at: FakeOrchestrator) {
    this.#at = at;
  }

  /** To be called after each step, before anything is swept. */
  look(): void {
    const rows = this.#at.sql
      .prepare<[number], { id: number; slot: string }>(
        `SELECT run.id, run.script_id || ' ' || job.slot AS slot FROM improvement_runs AS run
         JOIN jobs AS job ON job.id = run.job_id WHERE run.id > ? ORDER BY run.id`,
      )
      .all(this.#last);
    for (const { id, slot } of rows) {
      this.#last = id;
      this.#times.set(slot, (this.#times.get(slot) ?? 0) + 1);
    }
  }

  get count(): number {
    return this.#times.size;
  }

  get twice(): string[] {
    return [...this.#times].filter(([, times]) => times > 1).map(([slot]) => slot);
  }
}

async function live(at: FakeOrchestrator, begun: Begun, ms: number, stepMs: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await at.step(stepMs);
    begun.look();
    at.renderAll();
    await at.step(10);
    begun.look();
  }
}

function world(): FakeOrchestrator {
  const at = new FakeOrchestrator().serve();
  at.saysParams = true;
  return at;
}

describe('a schedule whose jobs are swept', () => {
  it('runs no slot again when the clock is set back to before what was swept', async () => {
    const at = world();
    insert(at, 'beat', 'every 1m');
    at.daemon.start();
    const begun = new Begun(at);
    await live(at, begun, 40 * 60_000, 60_000);
    expect(await sweepOf(at, { runs: '5' })).toBeGreaterThan(20);
    const before = begun.count;
    at.wallMs -= 30 * 60_000;
    await live(at, begun, 29 * 60_000, 60_000);
    expect([begun.count, begun.twice]).toEqual([before, []]);
    await live(at, begun, 5 * 60_000, 60_000);
    expect(begun.count).toBeGreaterThan(before);
    expect(at.sql.prepare('SELECT count(*) FROM swept_slots').pluck().get()).toBe(1);
  });

  it('would run them again if nobody had kept what their jobs said', async () => {
    const at = world();
    insert(at, 'beat', 'every 1m');
    at.daemon.start();
    const begun = new Begun(at);
    await live(at, begun, 40 * 60_000, 60_000);
    await sweepOf(at, { runs: '5' });
    at.write('DELETE FROM swept_slots');
    at.wallMs -= 30 * 60_000;
    await live(at, begun, 10 * 60_000, 60_000);
    // By their slots, which are counted over all that ever ran.
    expect(begun.twice.length).toBeGreaterThan(5);
  });

  it('does not rest for what a clock that was ahead has passed over', async () => {
    const at = world();
    insert(at, 'beat', 'every 1h');
    at.daemon.start();
    const begun = new Begun(at);
    await live(at, begun, 3 * HOUR_MS, HOUR_MS);
    at.wallMs += 365 * 24 * HOUR_MS;
    await live(at, begun, 10 * HOUR_MS, HOUR_MS);
    await sweepOf(at, { runs: '2' });
    at.wallMs -= 365 * 24 * HOUR_MS;
    const before = begun.count;
    await live(at, begun, 5 * HOUR_MS, HOUR_MS);
    expect(begun.count).toBeGreaterThanOrEqual(before + 4);
    expect(begun.twice).toEqual([]);
  });

  it('is swept between cycles, and no cycle comes twice', async () => {
    const at = new FakeOrchestrator({ cycleMs: 60_000 }).serve();
    at.insert('a');
    at.daemon.start();
    const begun = new Begun(at);
    await live(at, begun, 40 * 60_000, 60_000);
    expect(await sweepOf(at, { runs: '2' })).toBeGreaterThan(20);
    at.wallMs -= 25 * 60_000;
    await live(at, begun, 24 * 60_000, 60_000);
    expect(begun.twice).toEqual([]);
  });
});

describe('whatever happens between sweeps', () => {
  it.each([1, 2, 3, 4, 5])('no slot that has ended is begun again: seed %i', async (seed) => {
    const next = seeded(seed);
    const upTo = (n: number): number => Math.floor(next() * n);
    const at = world();
    at.insert('plain');
    insert(at, 'one', 'every 10m');
    insert(at, 'all', 'every 30m', 'all');
    insert(at, 'daily', 'cron 0 5 * * *');
    insert(at, 'grid', 'every 1h', 'one', '{"n":[1,2]}');
    insert(at, 'points', null, 'one', '{"n":[1,2,3]}');
    insert(at, 'once', 'at 2026-01-01T01:00:00Z');
    at.daemon.start();
    const begun = new Begun(at);
    let swept = 0;
    for (let turn = 0; turn < 50; turn++) {
      const act = upTo(8);
      if (act < 4) await live(at, begun, (1 + upTo(6)) * 10 * 60_000, 10 * 60_000);
      else if (act < 6) swept += await sweepOf(at, { runs: ['1', '3', '2h', '1h,5'][upTo(4)] as string });
      else if (act === 6) at.wallMs -= upTo(12 * HOUR_MS);
      else at.write(`UPDATE improvement_scripts SET plan_at = '' WHERE plan_at IS NOT NULL`);
    }
    expect(begun.twice).toEqual([]);
    expect(swept).toBeGreaterThan(10);
    expect(begun.count).toBeGreaterThan(50);
  });
});

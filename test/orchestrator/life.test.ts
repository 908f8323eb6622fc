/** The life of a job: the moves that there are, and every situation that they lead into. */

import { describe, expect, it } from 'vitest';
import { hasEnded, isMove, MOVES } from '../../orchestrator/life.ts';
import { JOB_STATES, type JobState, SCOPES } from '../../orchestrator/script.ts';
import { explore } from '../support/life-explorer.ts';
import { memoryDatabase } from '../support/memory-database.ts';

/** The pairs of states between which any SQLite client may move a job. */
function movesOf(pairs: readonly Pair[]): Pair[] {
  const sql = memoryDatabase();
  sql.exec("INSERT INTO improvement_scripts (id, name, lang, code) VALUES (1, 'a', 'pixel', 'HALT')");
  try {
    return pairs.filter(({ from, to }) => {
      sql.exec(`
        DELETE FROM jobs;
        INSERT INTO jobs (script_id, slot, revision, lang, rank, state, attempts, due_at)
        VALUES (1, 'r1', 1, 'pixel', 1, '${from}', 50, '')`);
      try {
        sql.exec(`UPDATE jobs SET state = '${to}'`);
      } catch (error) {
        expect((error as Error).message).toMatch(/^Expected a move of a job that there is: /);
      }
      return sql.prepare('SELECT state FROM jobs').pluck().get() === to;
    });
  } finally {
    sql.close();
  }
}

interface Pair {
  readonly from: JobState;
  readonly to: string;
}

describe('a column of jobs', () => {
  const sql = () => {
    const database = memoryDatabase();
    database.exec("INSERT INTO improvement_scripts (id, name, lang, code) VALUES (1, 'a', 'pixel', 'HALT')");
    return database;
  };
  const flags = ['held', 'blocked', 'cancel', 'forced'];

  it.each([
    ['state', JOB_STATES, ['lost', 'Queued', 'queued ', '', 1]],
    ['lang', SCOPES.filter((scope) => scope !== 'engine'), ['engine', 'PIXEL', '', 0]],
    ...flags.map((flag) => [flag, [0, 1], [2, -1, 'yes', '']] as const),
  ] as const)('%s takes what there is and nothing else, of whoever writes', (column, fine, wrong) => {
    const database = sql();
    let slot = 0;
    const insert = (policy: string, value: string | number) => {
      database.exec('DELETE FROM jobs');
      const values = { script_id: 1, slot: `s${slot++}`, revision: 1, lang: 'pixel', rank: 1, due_at: '' };
      const row = { ...values, [column]: value };
      const names = Object.keys(row).join(', ');
      database
        .prepare(`INSERT ${policy} INTO jobs (${names}) VALUES (${Object.keys(row).fill('?').join(', ')})`)
        .run(Object.values(row));
      return database.prepare(`SELECT ${column} FROM jobs`).pluck().all();
    };
    for (const value of fine) expect(insert('', value)).toEqual([value]);
    for (const value of wrong) {
      expect(() => insert('', value)).toThrow(`CHECK constraint failed: ${column} IN (`);
      expect(() => insert('OR REPLACE', value)).toThrow(`CHECK constraint failed: ${column} IN (`);
      expect(insert('OR IGNORE', value)).toEqual([]);
    }
    const kept = fine[0];
    insert('', kept);
    for (const value of wrong) {
      expect(() => database.prepare(`UPDATE jobs SET ${column} = ?`).run(value)).toThrow(
        column === 'state' ? 'Expected a move of a job that there is' : 'CHECK constraint failed',
      );
    }
    expect(database.prepare(`SELECT ${column} FROM jobs`).pluck().all()).toEqual([kept]);
    database.close();
  });
});

describe('the moves of a job', () => {
  it('are those that the database lets anybody make, of all pairs of states', () => {
    const pairs = JOB_STATES.flatMap((from) => JOB_STATES.map((to) => ({ from, to })));
    expect(pairs).toHaveLength(64);
    const allowed = movesOf(pairs);
    const said = pairs.filter(({ from, to }) => from === to || isMove(from, to));
    expect(allowed).toEqual(said);
    expect(said).toHaveLength(MOVES.length + JOB_STATES.length);
  });

  it('lead into no state that there is not', () => {
    expect(movesOf(JOB_STATES.map((from) => ({ from, to: 'lost' })))).toEqual([]);
  });

  it('reach every state from queued, and lead back from every one', () => {
    const from = (state: JobState): Set<JobState> => {
      const reached = new Set([state]);
      for (const one of reached) for (const move of MOVES) if (move.from === one) reached.add(move.to);
      return reached;
    };
    for (const state of JOB_STATES) expect([...from(state)].sort(), state).toEqual([...JOB_STATES].sort());
  });

  it('leave an end only for another turn in the queue', () => {
    const ends = JOB_STATES.filter(hasEnded);
    expect(ends).toEqual(JOB_STATES.filter((state) => state !== 'queued' && state !== 'running'));
    for (const end of ends)
      expect(MOVES.filter(({ from }) => from === end).map(({ to }) => to)).toEqual(['queued']);
  });
});

/** What happens only where a schedule or a matrix is planned: here what is skipped is of an old revision, for good. */
const OF_PLANS = ['queued refused', 'skipped queued'];

describe('every situation of a script, whatever is done to it', () => {
  it('keeps the rules, is no trap, and all moves are made on the way', { timeout: 120_000 }, () => {
    const { situations, transitions, moves: seen, objections, traps } = explore();
    console.log(`${situations} situations, ${transitions} steps`);
    expect(objections).toEqual([]);
    expect(traps).toEqual([]);
    const all = MOVES.map(({ from, to }) => `${from} ${to}`).filter((move) => !OF_PLANS.includes(move));
    expect([...seen].sort()).toEqual(all.sort());
    expect(situations).toBeGreaterThan(500);
  });

  it.each([
    ['gvpie_scripts_inserted', 'a script has one job of its revision, and none when it is gone'],
    ['gvpie_scripts_moved_on', 'a script has one job of its revision, and none when it is gone'],
    ['gvpie_scripts_deleted', 'what waits is of the present revision'],
    ['gvpie_scripts_enabled', 'what waits is held while its script is not enabled'],
    ['gvpie_runs_deleted', 'a running job has one open run, and no other has one'],
    ['gvpie_jobs_requeued', 'what has ended has its time, and nothing else'],
    ['gvpie_jobs_cancelled', 'what waits is not cancelled'],
    ['gvpie_jobs_needed', 'what waits is blocked while its needs are not met'],
  ])('would show what the trigger %s is for', (trigger, rule) => {
    expect(explore(`DROP TRIGGER ${trigger}`).objections.join('; ')).toContain(rule);
  });

  it('would show a job that goes back to a queue without a look at its script', () => {
    const { objections } = explore(`
      DROP TRIGGER gvpie_runs_deleted;
      CREATE TRIGGER gvpie_runs_deleted BEFORE DELETE ON improvement_runs
      BEGIN
        UPDATE jobs SET state = 'queued' WHERE id = OLD.job_id AND state = 'running' AND OLD.finished_at IS NULL;
      END`);
    expect(objections.join('; ')).toMatch(/what waits is .*, after: .*delete its open run/);
  });

  it('would show a trap', () => {
    const { traps } = explore(`
      DROP TRIGGER gvpie_jobs_moved;
      CREATE TRIGGER gvpie_jobs_moved BEFORE UPDATE OF state ON jobs
      WHEN OLD.state = 'rejected' AND NEW.state = 'queued'
      BEGIN
        SELECT RAISE(ABORT, 'Expected a move');
      END;
      CREATE TRIGGER fixed BEFORE UPDATE OF code ON improvement_scripts
      BEGIN
        SELECT RAISE(ABORT, 'Expected a code that stays');
      END;
      CREATE TRIGGER kept BEFORE DELETE ON improvement_scripts
      BEGIN
        SELECT RAISE(ABORT, 'Expected a script that stays');
      END;
      CREATE TRIGGER whole BEFORE INSERT ON improvement_scripts
      BEGIN
        SELECT RAISE(ABORT, 'Expected a script that stays');
      END`);
    expect(traps).toContain('needs are met; claim; rejected {} 0');
  });
});

/** The queue: who is next, what waits for what, how much waits at all, and what is given up. */
import { describe, expect, it } from 'vitest';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import { JOB_STATES } from '../../orchestrator/script.ts';
import type { Reply } from '../../shared/protocol/reply.ts';
import { seeded } from '../../shared/seeded.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';
import { memoryDatabase } from '../support/memory-database.ts';
import { foreign, opened, python, rows } from './database.ts';

/** An empty queue, how scripts come into it, and the order in which they would be taken. */
function queue() {
  const sql = memoryDatabase();
  const table = new JobTable(sql);
  const insert = sql.prepare(
    `INSERT INTO improvement_scripts (name, lang, code, priority) VALUES (?, 'pixel', 'HALT', ?)`,
  );
  const add = (name: string, priority: unknown = 0) => insert.run(name, priority);
  const next = () => table.due(1)[0]?.name ?? '';
  const order = () => table.due(100_000).map(({ name }) => name);
  return { sql, add, next, order };
}

describe('priority', () => {
  it.each([
    [0, 0],
    [1, 99],
    [2, 199],
    [-1, 0],
    ['1', 99],
    ['high', 0],
  ])('%j lets a job overtake %i of 250 that came before it', (priority, overtaken) => {
    const { add, order } = queue();
    for (let n = 0; n < 250; n++) add(`before ${n}`);
    add('mine', priority);
    expect(order().indexOf('mine')).toBe(250 - overtaken);
  });

  it.each([
    [0, 0],
    [-1, 99],
    [-2, 199],
    [1, 0],
  ])('%i lets a job be overtaken by %i of 250 that came after it', (priority, overtaking) => {
    const { add, order } = queue();
    add('mine', priority);
    for (let n = 0; n < 250; n++) add(`after ${n}`);
    expect(order().indexOf('mine')).toBe(overtaking);
  });

  it('is bounded, so that nobody is first for ever', () => {
    const { sql, add } = queue();
    for (const priority of [1e9, 101, 100, -100, -101, -1e9]) add(`p${priority}`, priority);
    const ahead = sql.prepare('SELECT id - rank FROM jobs ORDER BY id').pluck().all();
    expect(ahead).toEqual([10_000, 10_000, 10_000, -10_000, -10_000, -10_000]);
  });

  it('never starves: whatever keeps coming, a job is overtaken by 100 for each step of priority at most', () => {
    const random = seeded(20_261_122);
    const { sql, add, next, order } = queue();
    const remove = sql.prepare('DELETE FROM improvement_scripts WHERE name = ?');
    const taken: string[] = [];
    const priorities = new Map<string, number>();
    for (let n = 0; n < 600; n++) {
      const priority = Math.floor(random() * 5) - 2;
      priorities.set(`${n}`, priority);
      add(`${n}`, priority);
      // Two come for each that goes.
      if (n % 2 === 0) continue;
      taken.push(next());
      remove.run(taken.at(-1));
    }
    taken.push(...order());
    expect(new Set(taken).size).toBe(600);
    const overtakings = taken.flatMap((name, at) =>
      taken.slice(0, at).flatMap((other) => {
        const steps = (priorities.get(other) ?? 0) - (priorities.get(name) ?? 0);
        return Number(other) > Number(name) ? [{ steps, by: Number(other) - Number(name) }] : [];
      }),
    );
    expect(overtakings.filter(({ steps, by }) => by >= 100 * steps)).toEqual([]);
    // It was no proof if hardly anybody had been overtaken.
    expect(overtakings.length).toBeGreaterThan(1_000);
    expect(Math.max(...overtakings.map(({ by }) => by))).toBeGreaterThan(250);
  });

  it('may be changed while a job waits', () => {
    const { sql, add, order } = queue();
    for (const name of ['a', 'b', 'c']) add(name);
    sql.exec(`UPDATE improvement_scripts SET priority = 5 WHERE name = 'c'`);
    expect(order()).toEqual(['c', 'a', 'b']);
    sql.exec(`UPDATE improvement_scripts SET priority = -5 WHERE name = 'a'`);
    expect(order()).toEqual(['c', 'b', 'a']);
    sql.exec('UPDATE improvement_scripts SET priority = 0');
    expect(order()).toEqual(['a', 'b', 'c']);
  });
});

describe('a job that fails', () => {
  const BROKEN = {
    status: 'error',
    retryable: true,
    error: { code: 'RND-E001', message: 'Expected memory, found none' },
  } as unknown as Reply;

  /** Takes `world` through one failed attempt and the wait after it. */
  async function fail(world: FakeOrchestrator): Promise<void> {
    world.take();
    for (const id of [...world.taken.keys()]) world.answer(id, BROKEN);
    await world.step(0);
    await world.step(60_000);
  }

  const job = (world: FakeOrchestrator) => world.sql.prepare('SELECT state, attempts FROM jobs').get();

  it('is dead after its last attempt, rests there, and begins anew when somebody asks by SQL', async () => {
    const world = new FakeOrchestrator().serve();
    world.insert('unlucky');
    world.write('UPDATE improvement_scripts SET max_attempts = 3');
    world.daemon.start();
    await world.step(0);
    for (const attempts of [1, 2]) {
      await fail(world);
      expect(job(world)).toEqual({ state: 'running', attempts });
    }
    await fail(world);
    expect([job(world), world.told('job:dead')]).toEqual([{ state: 'dead', attempts: 3 }, 1]);
    for (let n = 0; n < 10; n++) await world.step(3_600_000);
    expect(world.outcomes()).toEqual(['unlucky failed', 'unlucky failed', 'unlucky failed']);
    const [dead] = world.sql.prepare('SELECT name, attempts, stderr FROM v_dead').all() as {
      stderr: string;
    }[];
    expect(dead).toMatchObject({ name: 'unlucky', attempts: 3 });
    expect(JSON.parse(dead?.stderr ?? '').error.code).toBe('RND-E001');

    world.write(`UPDATE jobs SET state = 'queued' WHERE state = 'dead'`);
    await world.step(50);
    expect(job(world)).toEqual({ state: 'running', attempts: 0 });
    world.renderAll();
    await world.step();
    expect(job(world)).toEqual({ state: 'done', attempts: 0 });
    expect(world.sql.prepare('SELECT * FROM v_dead').all()).toEqual([]);
  });

  it('is not dead while attempts are left, whoever says so', () => {
    const { sql, add } = queue();
    add('a');
    sql.exec(`UPDATE jobs SET state = 'running', attempts = 49`);
    expect(() => sql.exec(`UPDATE jobs SET state = 'dead'`)).toThrow(
      'Expected a dead job to have no attempts left',
    );
    sql.exec(`UPDATE jobs SET state = 'dead', attempts = 50`);
    expect(sql.prepare('SELECT state FROM jobs').pluck().all()).toEqual(['dead']);
  });
});

describe('needs', () => {
  /** Renders all there is, a round at a time; the names that were in hand in each round. */
  async function rounds(world: FakeOrchestrator): Promise<string[]> {
    world.daemon.start();
    await world.step(0);
    const all: string[] = [];
    for (let n = 0; n < 10 && world.asked().length > 0; n++) {
      all.push(world.asked().sort().join(' '));
      world.renderAll();
      await world.step();
      await world.step();
    }
    return all;
  }

  function script(world: FakeOrchestrator, name: string, ...needs: string[]): void {
    world.write(
      `INSERT INTO improvement_scripts (name, lang, code, needs) VALUES (?, 'pixel', 'RECT 0 0 1 1', ?)`,
      name,
      JSON.stringify(needs),
    );
  }

  const waits = (world: FakeOrchestrator) =>
    world.sql.prepare('SELECT name, waits FROM v_due ORDER BY name').raw().all();

  it('are met one after the other in a chain, in whatever order they were inserted', async () => {
    const world = new FakeOrchestrator().serve();
    script(world, 'd', 'c');
    script(world, 'b', 'a');
    script(world, 'c', 'b');
    script(world, 'a');
    expect(waits(world)).toEqual([
      ['a', null],
      ['b', 'waits for a'],
      ['c', 'waits for b'],
      ['d', 'waits for c'],
    ]);
    expect(await rounds(world)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are met side by side in a diamond', async () => {
    const world = new FakeOrchestrator().serve();
    script(world, 'top', 'left', 'right');
    script(world, 'left', 'base');
    script(world, 'right', 'base');
    script(world, 'base');
    expect(await rounds(world)).toEqual(['base', 'left right', 'top']);
  });

  it('are not met by a refusal, nor by anybody’s absence, until the author has mended it', async () => {
    const world = new FakeOrchestrator().serve();
    script(world, 'mine', 'base', 'absent');
    world.insert('base', 'print(1)', 'python');
    expect(await rounds(world)).toEqual([]);
    expect(waits(world)).toEqual([['mine', 'waits for absent, base']]);
    world.write(`UPDATE improvement_scripts SET lang = 'pixel', code = 'HALT' WHERE name = 'base'`);
    await world.step();
    world.renderAll();
    await world.step();
    expect(waits(world)).toEqual([['mine', 'waits for absent']]);
    world.write(`UPDATE improvement_scripts SET needs = '["base"]' WHERE name = 'mine'`);
    await world.step();
    expect(world.asked()).toEqual(['mine']);
  });

  it('are unmet again when what was needed has changed, or is asked for once more, or is gone', async () => {
    const world = new FakeOrchestrator().serve();
    script(world, 'base');
    await rounds(world);
    for (const change of [
      `UPDATE improvement_scripts SET code = 'HALT' WHERE name = 'base'`,
      `UPDATE jobs SET state = 'queued' WHERE slot = 'r2'`,
    ]) {
      script(world, 'mine', 'base');
      expect(waits(world)).toEqual([['mine', null]]);
      world.write(change);
      expect(waits(world)).toEqual([
        ['base', null],
        ['mine', 'waits for base'],
      ]);
      world.write(`DELETE FROM improvement_scripts WHERE name = 'mine'`);
      await world.step();
      world.renderAll();
      await world.step();
    }
    script(world, 'mine', 'base');
    world.write(`DELETE FROM improvement_scripts WHERE name = 'base'`);
    expect(waits(world)).toEqual([['mine', 'waits for base']]);
  });

  it.each(['pixel', '{}', '"a"', '[1]', '[["a"]]', '[null]', ''])('are not %j', (needs) => {
    const { sql, add } = queue();
    add('mine');
    const message = 'Expected needs to be a JSON array of names of scripts';
    const insert = sql.prepare(
      "INSERT INTO improvement_scripts (name, lang, code, needs) VALUES ('b', 'pixel', '', ?)",
    );
    expect(() => insert.run(needs)).toThrow(message);
    expect(() => sql.prepare('UPDATE improvement_scripts SET needs = ?').run(needs)).toThrow(message);
    expect(sql.prepare('SELECT name, needs FROM improvement_scripts').all()).toEqual([
      { name: 'mine', needs: null },
    ]);
    for (const fine of ['[]', '["x", "x"]', null])
      sql.prepare('UPDATE improvement_scripts SET needs = ?').run(fine);
  });

  const add = (name: string, ...needs: string[]) =>
    `INSERT INTO improvement_scripts (name, lang, code, needs) VALUES ('${name}', 'pixel', '', '${JSON.stringify(needs)}');`;
  const change = (name: string, ...needs: string[]) =>
    `UPDATE improvement_scripts SET needs = '${JSON.stringify(needs)}' WHERE name = '${name}';`;
  const circles: [string, string, string, string][] = [
    ['by INSERT', add('a', 'b'), add('b', 'a'), 'b → a → b'],
    ['by UPDATE', add('a') + add('b', 'a'), change('a', 'b'), 'a → b → a'],
    ['by itself', '', add('a', 'a'), 'a → a'],
    [
      'far round, past dead ends',
      add('leaf') +
        add('e', 'leaf', 'nobody') +
        add('d', 'leaf', 'e') +
        add('c', 'leaf', 'd') +
        add('b', 'c', 'leaf'),
      change('e', 'leaf', 'b'),
      'e → b → c → d → e',
    ],
    [
      'by another name',
      add('a', 'c') + add('b', 'a'),
      "UPDATE improvement_scripts SET name = 'c' WHERE name = 'b'",
      'a → c → a',
    ],
  ];

  describe.each([
    ['a plain client', foreign, circles],
    ['Python', python, circles.slice(0, 2)],
  ] as const)('in a circle are refused, with the way round, to %s', (_, client, some) => {
    it.each(some)('%s', (__, before, sql, way) => {
      const database = opened();
      const all = () => rows(database.name, 'SELECT * FROM improvement_scripts, script_needs');
      client(database.name, before === '' ? 'SELECT 1' : before);
      const was = all();
      expect(() => client(database.name, sql)).toThrow(`Expected needs without a cycle, found ${way}`);
      expect(all()).toEqual(was);
    });
  });
});

describe('whether a need is met', () => {
  const STATES_OF_POINTS = [...JOB_STATES, 'done', 'done', 'done'] as const;

  it.each([
    ['a script', null, null],
    ['a matrix', '{}', null],
    ['a matrix with a schedule', '{}', 'every 1h'],
  ])('is what its jobs of the present revision say, of %s in any situation', (_, matrix, schedule) => {
    const random = seeded(20_261_123);
    const below = (most: number): number => Math.floor(random() * most);
    const { sql } = queue();
    const insert = sql.prepare(
      `INSERT INTO jobs (script_id, slot, revision, lang, rank, state, due_at) VALUES (?, ?, ?, 'pixel', 0, ?, '')`,
    );
    sql
      .prepare(
        `INSERT INTO improvement_scripts (id, name, lang, code, matrix, schedule) VALUES (1, 'm', 'pixel', '', ?, ?)`,
      )
      .run(matrix, schedule);
    sql.exec(
      `INSERT INTO improvement_scripts (id, name, lang, code, needs) VALUES (2, 'n', 'pixel', '', '["m", "x"]')`,
    );
    const revision =
      sql.prepare<[], number>('SELECT revision FROM improvement_scripts WHERE id = 1').pluck().get() ?? 0;
    const met = { 0: 0, 1: 0 };
    for (let round = 0; round < 400; round++) {
      sql.exec('DELETE FROM jobs WHERE script_id = 1');
      const states: string[] = [];
      const jobs = below(6);
      for (let n = 0; n < jobs; n++) {
        const state = STATES_OF_POINTS[below(STATES_OF_POINTS.length)] ?? '';
        const isPresent = below(3) > 0;
        insert.run(1, `s${n}`, isPresent ? revision : revision - 1, state);
        if (isPresent) states.push(state);
      }
      const isWhole = matrix === null || schedule !== null || states.every((state) => state === 'done');
      const expected = states.includes('done') && isWhole ? 1 : 0;
      met[expected]++;
      const found = sql.prepare('SELECT needed, met FROM v_needs ORDER BY needed').all();
      expect(found, states.join()).toEqual([
        { needed: 'm', met: expected },
        { needed: 'x', met: 0 },
      ]);
    }
    expect(Math.min(met[0], met[1])).toBeGreaterThan(40);
  });

  it('is found without a look at each of its jobs, be they ten thousand', () => {
    const { sql } = queue();
    const stepsOf = (query: string) =>
      sql
        .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${query}`)
        .all()
        .map(({ detail }) => detail);
    const steps = stepsOf('SELECT * FROM v_needs WHERE script_id = 1').filter((step) =>
      step.includes('jobs'),
    );
    expect(steps.map((step) => step.replace(/^.*INDEX /, '')).sort()).toEqual([
      'gvpie_jobs_amiss (script_id=? AND revision=?)',
      'gvpie_jobs_done (script_id=? AND revision=?)',
      'gvpie_jobs_queued (script_id=?)',
      'gvpie_jobs_running (script_id=?)',
    ]);
    sql.exec('DROP INDEX gvpie_jobs_done; DROP INDEX gvpie_jobs_amiss');
    expect(stepsOf('SELECT * FROM v_needs WHERE script_id = 1').join()).toContain('sqlite_autoindex_jobs');
  });
});

describe('needs in a circle, whatever a statement says of conflicts,', () => {
  const or = ['', 'OR ABORT', 'OR ROLLBACK', 'OR FAIL', 'OR IGNORE', 'OR REPLACE'];
  const insert = (policy: string, name: string, needs: string) =>
    `INSERT ${policy} INTO improvement_scripts (name, lang, code, needs) VALUES ('${name}', 'pixel', '', '${needs}');`;
  const writes = or.flatMap((policy) => [
    [`UPDATE ${policy} improvement_scripts SET name = 'c' WHERE name = 'b'`],
    [`UPDATE ${policy} improvement_scripts SET needs = '["b", "b"]' WHERE name = 'a'`],
    [`UPDATE ${policy} improvement_scripts SET name = 'd', needs = '["b", "b"]' WHERE name = 'leaf'`],
    [insert(policy, 'c', '["x", "b", "b"]')],
    [insert(policy, 'x', '[]') + insert(policy, 'c', '["b"]')],
  ]);

  it.each([
    ...writes,
    [insert('OR REPLACE', 'a', '["b"]')],
    [
      `INSERT OR REPLACE INTO improvement_scripts (id, name, lang, code, needs)
      SELECT id, 'c', 'pixel', '', needs FROM improvement_scripts WHERE name = 'b'`,
    ],
    [
      `INSERT INTO improvement_scripts (name, lang, code) VALUES ('b', 'pixel', '')
      ON CONFLICT (name) DO UPDATE SET name = 'c'`,
    ],
    [
      `INSERT INTO improvement_scripts (name, lang, code) VALUES ('a', 'pixel', '')
      ON CONFLICT (name) DO UPDATE SET needs = '["b"]'`,
    ],
  ])('are refused: %s', (sql) => {
    const database = opened();
    foreign(
      database.name,
      insert('', 'leaf', '[]') + insert('', 'a', '["c", "d"]') + insert('', 'b', '["a"]'),
    );
    const needs = () =>
      rows(
        database.name,
        'SELECT name, needs, needed FROM improvement_scripts, script_needs WHERE id = script_id',
      );
    const was = needs();
    expect(() => foreign(database.name, sql)).toThrow('Expected needs without a cycle, found ');
    expect(needs()).toEqual(was);
  });

  it.each(or)('are none where a name comes twice: %s', (policy) => {
    const { name } = opened();
    foreign(name, insert(policy, 'a', '["b", "b"]'));
    foreign(name, `UPDATE ${policy} improvement_scripts SET needs = '["c", "c", "d"]' WHERE name = 'a'`);
    expect(rows(name, 'SELECT needed FROM script_needs ORDER BY 1')).toEqual([
      { needed: 'c' },
      { needed: 'd' },
    ]);
  });
});

describe('the bound of the queue', () => {
  function full(most: number | null) {
    const made = queue();
    let count = 0;
    made.sql.prepare("UPDATE controls SET max_queued = ? WHERE scope = 'engine'").run(most);
    const queued = () => made.order().length;
    const fill = (more: number): number => {
      for (let n = 0; n < more; n++) made.add(`${count++}`);
      return queued();
    };
    return { ...made, fill, queued };
  }

  it('refuses what comes on top, with when to try again, and takes it once there is room', () => {
    const { sql, fill, queued, add } = full(300);
    expect(() => fill(1_000)).toThrow(
      /Expected at most 300 jobs in the queue, found more; try again in 60 s/,
    );
    // It is looked at with every 256th; the first program's job was the first of them.
    expect(queued()).toBe(510);
    for (let n = 0; n < 3; n++) expect(() => add('more')).toThrow('Expected at most 300 jobs');
    expect(sql.prepare(`SELECT 1 FROM improvement_scripts WHERE name = 'more'`).all()).toEqual([]);
    sql.exec('DELETE FROM improvement_scripts WHERE id % 2 = 0');
    add('more');
    expect(queued()).toBeLessThan(300);
  });

  it('is reached at that number, and not before', () => {
    expect(full(511).fill(600)).toBe(600);
    expect(() => full(510).fill(600)).toThrow('Expected at most 510 jobs');
    expect(full(null).fill(600)).toBe(600);
  });

  it('counts what waits, and not what has ended', () => {
    const { sql, fill, queued } = full(300);
    for (let n = 0; n < 4; n++) {
      fill(200);
      sql.exec(`UPDATE jobs SET state = 'running' WHERE state = 'queued'`);
      sql.exec(`UPDATE jobs SET state = 'done' WHERE state = 'running'`);
      expect(queued()).toBe(0);
    }
  });

  it.each([
    ['10 seconds', 10, 25, 26],
    ['a millisecond', 0.001, 1, 1],
    ['a day', 86_400, 3_600, 3_600],
  ])('says a later time where 100 runs took %s', (_, seconds, least, most) => {
    const { sql, fill } = full(300);
    const run = sql.prepare(
      `INSERT INTO improvement_runs (started_at, finished_at) VALUES ('', strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?))`,
    );
    for (let n = 0; n < 100; n++) run.run(`-${n === 0 ? seconds : 0} seconds`);
    let wait = 0;
    try {
      fill(600);
    } catch (error) {
      wait = Number(/try again in (\d+) s/.exec((error as Error).message)?.[1]);
    }
    expect(wait).toBeGreaterThanOrEqual(least);
    expect(wait).toBeLessThanOrEqual(most);
  });
});

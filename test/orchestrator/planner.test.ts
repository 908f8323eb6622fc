import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../shared/limits.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';

const INSERT = `INSERT INTO improvement_scripts (name, lang, code, schedule, catch_up, matrix, time_zone, revised_at)
  VALUES (?, 'pixel', 'RECT 0 0 1 1', ?, ?, ?, ?, ?)`;

/** A world in which a script with a schedule is inserted at the time that the world shows, and rendered as it comes due. */
function world(options: ConstructorParameters<typeof FakeOrchestrator>[0] = {}): FakeOrchestrator {
  const one = new FakeOrchestrator(options).serve();
  one.saysParams = true;
  return one;
}

function insert(
  at: FakeOrchestrator,
  name: string,
  { schedule = null, catchUp = 'one', matrix = null, zone = null }: Record<string, string | null> & object,
): void {
  at.write(INSERT, name, schedule, catchUp, matrix, zone, null);
  // Rows date themselves by SQLite's clock, which is not the world's.
  at.write(
    'UPDATE improvement_scripts SET revised_at = ? WHERE name = ?',
    new Date(at.wallMs).toISOString(),
    name,
  );
}

function jobs(at: FakeOrchestrator): string[] {
  return at.sql
    .prepare(`SELECT slot || ' ' || state FROM jobs ORDER BY id`)
    .pluck()
    .all()
    .map((one) => String(one).replace('2026-01-01T', '').replace('.000Z', ''));
}

async function live(at: FakeOrchestrator, ms: number, stepMs = 250): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await at.step(stepMs);
    at.renderAll();
  }
  await at.step(stepMs);
}

describe('a script with a schedule', () => {
  it('has a job for each slot from its insertion on, and none twice', async () => {
    const at = world();
    insert(at, 'beat', { schedule: 'every 10s' });
    at.daemon.start();
    await live(at, 35_000);
    expect(jobs(at)).toEqual(['00:00:10 done', '00:00:20 done', '00:00:30 done']);
    expect(at.outcomes()).toEqual(['beat success', 'beat success', 'beat success']);
  });

  it.each([
    ['all', ['00:00:10', '00:00:20', '00:00:30', '00:00:40', '00:00:50', '00:01:00', '00:01:10']],
    ['one', ['00:01:00', '00:01:10']],
    // A minute's slot that is five seconds old is not missed.
    ['skip', ['00:01:00', '00:01:10']],
  ])('makes up for what it missed as its row says: %s', async (catchUp, slots) => {
    const at = world();
    insert(at, 'beat', { schedule: 'every 10s', catchUp });
    at.pass(65_000);
    at.daemon.start();
    await live(at, 9_000);
    expect(jobs(at)).toEqual(slots.map((slot) => `${slot} done`));
  });

  it('skips a missed slot where it is to be skipped, and counts it', async () => {
    const at = world();
    insert(at, 'beat', { schedule: 'every 1m', catchUp: 'skip' });
    at.pass(195_000);
    at.daemon.start();
    await live(at, 1_000);
    expect(jobs(at)).toEqual([]);
    expect(at.sql.prepare('SELECT skipped_slots FROM improvement_scripts').pluck().get()).toBe(3);
    await live(at, 60_000);
    expect(jobs(at)).toEqual(['00:04:00 done']);
  });

  it.each([
    ['every 1m', 1_440, 0, '1440', undefined],
    ['cron * * * * *', LIMITS.countedSlots, 1, `at least ${LIMITS.countedSlots}`, true],
  ] as const)(
    'counts what it skips of %s as far as that goes, and says so',
    async (schedule, count, atLeast, words, told) => {
      const at = world();
      insert(at, 'beat', { schedule, catchUp: 'skip' });
      at.pass(86_400_000 + 30_000);
      at.daemon.start();
      const found = () =>
        at.sql.prepare('SELECT skipped_slots, skipped_at_least FROM improvement_scripts').raw().get();
      const health = () => at.sql.prepare('SELECT skipped FROM v_script_health').pluck().get();
      expect([found(), health()]).toEqual([[count, atLeast], words]);
      const journal = at.events.find(({ event }) => event === 'slots:skipped')?.fields;
      expect(journal).toEqual({ script: 'beat', skipped: count, at_least: told });
      // It stays so: what comes later adds to it.
      at.pass(180_000);
      await live(at, 1_000);
      expect(found()).toEqual([count + 3, atLeast]);
      expect(health()).toBe(words.replace(/\d+/, String(count + 3)));
    },
  );

  it('does not overlap: a slot that still waits gives its place to the next one', async () => {
    const at = world();
    insert(at, 'slow', { schedule: 'every 10s' });
    at.daemon.start();
    for (let second = 0; second < 35; second++) await at.step(1_000);
    expect(jobs(at)).toEqual(['00:00:10 running', '00:00:20 skipped', '00:00:30 queued']);
    expect(at.taken.size + at.inbox.size).toBe(1);
  });

  it('neither doubles nor stops when the clock is set back or forward', async () => {
    const at = world();
    insert(at, 'beat', { schedule: 'every 10s' });
    at.daemon.start();
    await live(at, 25_000);
    at.wallMs += 3_600_000;
    await live(at, 1_000);
    at.wallMs -= 3_600_000;
    await live(at, 10_000);
    const slots = jobs(at);
    expect(slots).toEqual(['00:00:10 done', '00:00:20 done', '01:00:20 done', '00:00:30 done']);
    expect(new Set(slots).size).toBe(slots.length);
    // Up to the slot of the time that was ahead, which stays done.
    at.wallMs += 3_600_000 - 40_000;
    await live(at, 41_000);
    expect(jobs(at).filter((one) => one.startsWith('01:00:20'))).toEqual(['01:00:20 done']);
    expect(jobs(at).at(-1)).toBe('01:00:30 done');
  });

  it.each(['one', 'all'])(
    'comes once at a time that is named, and not where that is over (%s)',
    async (catchUp) => {
      const at = world();
      insert(at, 'over', { schedule: 'at 2025-12-31T23:59:49.999Z', catchUp });
      insert(at, 'long ago', { schedule: 'at 2020-01-01T00:00Z', catchUp });
      // Now, in the words of somebody who took ten seconds to type them.
      insert(at, 'party', { schedule: 'at 2025-12-31T23:59:50Z', catchUp });
      insert(at, 'later', { schedule: 'at 2026-01-01T00:00:05Z', catchUp });
      at.daemon.start();
      await live(at, 20_000);
      expect(jobs(at)).toEqual(['2025-12-31T23:59:50 done', '00:00:05 done']);
      expect(
        at.sql.prepare('SELECT count(*) FROM improvement_scripts WHERE plan_at IS NOT NULL').pluck().get(),
      ).toBe(0);
    },
  );

  it('comes at a time that is named though nobody was there then, where it was there by then', async () => {
    const at = world();
    insert(at, 'party', { schedule: 'at 2026-01-01T00:00:05Z' });
    at.pass(3_600_000);
    at.daemon.start();
    await live(at, 2_000);
    expect(jobs(at)).toEqual(['00:00:05 done']);
  });

  it('whose time is moved to one that is over does not come again', async () => {
    const at = world();
    insert(at, 'party', { schedule: 'at 2026-01-01T00:00:05Z' });
    at.daemon.start();
    await live(at, 20_000);
    at.write(`UPDATE improvement_scripts SET schedule = 'at 2026-01-01T00:00:06Z', code = 'RECT 0 0 2 2'`);
    at.write('UPDATE improvement_scripts SET revised_at = ?', new Date(at.wallMs).toISOString());
    await live(at, 2_000);
    expect(jobs(at)).toEqual(['00:00:05 done']);
  });

  it('is refused once, with the reason, when it cannot be read, and planned when it is mended', async () => {
    const at = world();
    insert(at, 'wrong', { schedule: 'now and then' });
    at.daemon.start();
    await live(at, 2_000);
    expect(jobs(at)).toEqual(['r1 refused']);
    expect(at.outcomes()).toEqual(['wrong refused']);
    expect(JSON.parse(at.runs()[0]?.stderr ?? '').error.code).toBe('ROW-E009');
    at.write(`UPDATE improvement_scripts SET schedule = 'every 1s'`);
    at.write('UPDATE improvement_scripts SET revised_at = ?', new Date(at.wallMs).toISOString());
    await live(at, 1_000);
    expect(
      jobs(at)
        .slice(1)
        .every((one) => one.endsWith('done')),
    ).toBe(true);
    expect(jobs(at).length).toBeGreaterThan(1);
  });

  it('is planned again when its catch_up is put right', async () => {
    const at = world();
    insert(at, 'beat', { schedule: 'every 1s', catchUp: 'latest' });
    at.daemon.start();
    await live(at, 1_000);
    expect(at.outcomes()).toEqual(['beat refused']);
    at.write(`UPDATE improvement_scripts SET catch_up = 'one'`);
    await live(at, 2_000);
    expect(at.outcomes()).toContain('beat success');
  });

  it('that names a time is rendered at a later revision too, where the one before came to nothing', async () => {
    const at = world();
    insert(at, 'party', { schedule: 'at 2026-01-01T00:00:01Z' });
    at.daemon.start();
    await at.step(1_250);
    at.take();
    const error = { code: 'PXL-E003', message: 'Expected a number' };
    at.answer([...at.taken.keys()][0] ?? '', { status: 'refused', error, errors: [error] });
    await at.step();
    expect(jobs(at)).toEqual(['00:00:01 refused']);
    at.write(`UPDATE improvement_scripts SET code = 'RECT 0 0 2 2'`);
    await live(at, 1_000);
    expect(jobs(at)).toEqual(['00:00:01 done']);
    at.write(`UPDATE improvement_scripts SET code = 'RECT 0 0 3 3'`);
    await live(at, 1_000);
    expect(at.outcomes()).toEqual(['party refused', 'party success']);
  });

  it('whose plan was refused is not rendered without it, whoever asks for it once more', async () => {
    const at = world();
    insert(at, 'wrong', { matrix: '[]' });
    at.daemon.start();
    await live(at, 1_000);
    expect(jobs(at)).toEqual(['r1 refused']);
    expect(() => at.write(`UPDATE jobs SET state = 'queued'`)).toThrow('to be mended');
  });

  it('rests while it is disabled', async () => {
    const at = world();
    insert(at, 'beat', { schedule: 'every 1s' });
    at.write('UPDATE improvement_scripts SET enabled = 0');
    at.daemon.start();
    await live(at, 5_000);
    expect(jobs(at)).toEqual([]);
  });

  it('is planned by one of two', async () => {
    const at = world();
    insert(at, 'beat', { schedule: 'every 10s', catchUp: 'all' });
    at.pass(100_000);
    const plans = [world({ crashed: at }), world({ crashed: at })];
    for (const one of plans) {
      one.wallMs = at.wallMs;
      one.daemon.start();
    }
    expect(jobs(at)).toHaveLength(10);
  });
});

describe('a script with a matrix', () => {
  it('has a job for each point, with its params', async () => {
    const at = world();
    insert(at, 'grid', { matrix: '{"a":[1,2],"B":[7,8]}' });
    at.write(`UPDATE improvement_scripts SET params = '{"c":5}', plan_at = ''`);
    at.daemon.start();
    await at.step(250);
    const points = [...at.inbox.values()].map((command) => JSON.parse(command).params);
    expect(points).toEqual([
      { a: 1, b: 7, c: 5 },
      { a: 1, b: 8, c: 5 },
      { a: 2, b: 7, c: 5 },
      { a: 2, b: 8, c: 5 },
    ]);
    expect(jobs(at)[0]).toBe('r2 {"a":1,"b":7} running');
  });

  it('runs no more of them at once than it says', async () => {
    const at = world();
    insert(at, 'grid', { matrix: '{"a":[1,2,3,4,5]}' });
    at.write('UPDATE improvement_scripts SET concurrency = 2');
    at.daemon.start();
    await at.step(250);
    expect(at.inbox.size).toBe(2);
    await live(at, 2_000);
    expect(jobs(at).map((one) => one.split(' ').at(-1))).toEqual(Array(5).fill('done'));
  });

  it('is refused when it has too many points', async () => {
    const at = world();
    const side = JSON.stringify(Array.from({ length: 101 }, (_, n) => n));
    insert(at, 'grid', { matrix: `{"a":${side},"b":${side}}` });
    at.daemon.start();
    await live(at, 1_000);
    expect(JSON.parse(at.runs()[0]?.stderr ?? '').error).toMatchObject({
      code: 'ROW-E010',
      message: 'Expected a matrix of at most 10000 points, found more',
    });
  });
});

describe('a queue that is full', () => {
  it('stops the script that fills it, and no other', async () => {
    const at = world();
    at.write(`UPDATE controls SET max_queued = 300 WHERE scope = 'engine'`);
    for (let n = 0; n < 260; n++) at.insert(`idle ${n}`);
    at.write(`UPDATE improvement_scripts SET enabled = 0`);
    const side = JSON.stringify(Array.from({ length: 300 }, (_, n) => n));
    insert(at, 'vast', { matrix: `{"a":${side}}` });
    insert(at, 'party', { schedule: 'at 2026-01-01T00:00:02Z' });
    at.insert('plain');
    at.daemon.start();
    await live(at, 4_000);
    expect(at.outcomes().sort()).toEqual(['party success', 'plain success']);
    expect(at.told('plan:fault')).toBe(1);
    at.write(`UPDATE controls SET max_queued = NULL WHERE scope = 'engine'`);
    await at.step(10_000);
    expect(jobs(at)).toHaveLength(562);
  });

  it('refuses a matrix that even an empty one could not hold, until it may be larger', async () => {
    const at = world();
    at.write(`UPDATE controls SET max_queued = 300 WHERE scope = 'engine'`);
    const axis = (length: number) => JSON.stringify(Array.from({ length }, (_, n) => n));
    insert(at, 'fits', { matrix: `{"a":${axis(300)}}` });
    insert(at, 'vast', { matrix: `{"a":${axis(301)}}` });
    at.daemon.start();
    await live(at, 1_000);
    const of = (name: string) =>
      at.sql
        .prepare<[string], string>(
          `SELECT state FROM jobs JOIN improvement_scripts AS script ON script.id = script_id WHERE name = ?`,
        )
        .pluck()
        .all(name);
    expect([of('fits').length, of('vast')]).toEqual([300, ['refused']]);
    const { stderr } = at.runs().find(({ name }) => name === 'vast') ?? {};
    expect(JSON.parse(stderr ?? '').error).toMatchObject({
      code: 'ROW-E010',
      message: 'Expected a matrix of at most 300 points, as max_queued of the engine says, found 301',
    });
    expect(at.told('plan:fault')).toBe(0);
    at.write(`UPDATE controls SET max_queued = 200 WHERE scope = 'engine'`);
    await live(at, 1_000);
    expect(of('vast')).toEqual(['refused']);
    at.write(`UPDATE controls SET max_queued = 301 WHERE scope = 'engine'`);
    await live(at, 6_000);
    expect(of('vast').filter((state) => state === 'done')).toHaveLength(301);
  });
});

describe('a cycle', () => {
  it('renders every enabled script again, each slot once, and none on top of itself', async () => {
    const at = world({ cycleMs: 10_000 });
    at.insert('a');
    at.insert('b');
    at.insert('off');
    at.write(`UPDATE improvement_scripts SET enabled = 0 WHERE name = 'off'`);
    at.daemon.start();
    await live(at, 22_000);
    expect(at.outcomes()).toEqual([
      'a success',
      'b success',
      'a success',
      'b success',
      'a success',
      'b success',
    ]);
    for (let second = 0; second < 25; second++) await at.step(1_000);
    expect(jobs(at).filter((one) => one.endsWith('running'))).toHaveLength(2);
    expect(jobs(at).filter((one) => one.endsWith('queued'))).toHaveLength(1);
  });
});

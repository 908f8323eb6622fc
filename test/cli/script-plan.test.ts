/** When and how jobs are run, as options of gvpie script add and set, and as show and list print it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { QueuePlace } from './queue-place.ts';

const COUNTED = 'PARAM count 1 0 99\nPARAM side 1 0 99\nRECT 0 0 count side';
let place: QueuePlace;
beforeEach(() => {
  place = new QueuePlace();
});
afterEach(() => place.clear());

const add = (name: string, ...args: string[]) =>
  place.run(['script', 'add', name, '--code', COUNTED, ...args]);
const set = (name: string, ...args: string[]) => place.run(['script', 'set', name, ...args]);
const row = (name: string) => place.json('script', 'show', name);

describe('gvpie script add', () => {
  it('writes every column of the queue', async () => {
    const options = [
      ...['--cron', '0 9 * * 1-5', '--time-zone', 'Europe/Berlin', '--catch-up', 'skip', '--priority', '-5'],
      ...['--needs', 'x', '--needs', 'y', '--needs', 'x', '--batch', 'night', '--max-attempts', '3'],
      ...['--matrix', 'count=1,2,3', '--matrix', 'side=4,-5', '--concurrency', '2', '--force-render'],
      ...['--expect', '{"blank":false}', '--key', 'k'],
    ];
    const { code, stdout, stderr } = await add('a', ...options);
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    expect(stdout).toMatch(
      /a is added \(pixel, 128×64\) and is due at \S+T0[78]:00:00\.000Z; waits for x, y \(no script has the name x or y yet\)\n$/,
    );
    expect(await row('a')).toMatchObject({
      ...{ schedule: 'cron 0 9 * * 1-5', time_zone: 'Europe/Berlin', catch_up: 'skip', priority: -5 },
      ...{ needs: ['x', 'y'], matrix: { count: [1, 2, 3], side: [4, -5] }, batch: 'night', max_attempts: 3 },
      ...{
        concurrency: 2,
        force_render: true,
        expect: { blank: false },
        submit_key: 'k',
        skipped_slots: 0,
        skipped_at_least: false,
      },
      ...{ next_slot: expect.stringMatching(/T0[78]:00:00\.000Z$/), state: 'planned' },
    });
    expect(
      place.column(`SELECT concat_ws('|', schedule, time_zone, catch_up, priority, needs, matrix, batch, expect,
      max_attempts, concurrency, submit_key, force) FROM improvement_scripts WHERE name = 'a'`),
    ).toEqual([
      'cron 0 9 * * 1-5|Europe/Berlin|skip|-5|["x","y"]|{"count":[1,2,3],"side":[4,-5]}|night|{"blank":false}|3|2|k|1',
    ]);
    const { stdout: shown } = await place.say('script', 'show', 'a');
    for (const line of [
      /^schedule +cron 0 9 \* \* 1-5, Europe\/Berlin$/m,
      /^next slot +\S+Z$/m,
      /^missed slots +skip$/m,
      /^priority +-5$/m,
      /^needs +x, y$/m,
      /^matrix +count=1,2,3 side=4,-5 \(6 jobs\)$/m,
      /^batch +night$/m,
      /^expects +\{"blank":false\}$/m,
      /^attempts +at most 3$/m,
      /^at once +at most 2$/m,
      /^known picture +rendered again$/m,
      /^submitted as +k$/m,
    ]) {
      expect(shown).toMatch(line);
    }
  });

  it.each([
    ['0', 'skip; 7 passed over', false],
    ['1', 'skip; at least 7 passed over', true],
  ])('says how many slots were passed over, and whether there were more (%s)', async (flag, words, more) => {
    await add('a', '--every', '1h', '--catch-up', 'skip');
    place.sql(
      `UPDATE improvement_scripts SET skipped_slots = 7, skipped_at_least = ${flag} WHERE name = 'a'`,
    );
    expect((await place.say('script', 'show', 'a')).stdout).toMatch(
      new RegExp(`^missed slots +${words}$`, 'm'),
    );
    expect(await row('a')).toMatchObject({ skipped_slots: 7, skipped_at_least: more });
  });

  it('refuses a matrix that the queue cannot hold, and adds or changes nothing then', async () => {
    place.sql(`UPDATE controls SET max_queued = 2 WHERE scope = 'engine'`);
    const stderr = expect.stringContaining(
      'ROW-E010: Expected a matrix of at most 2 points, as max_queued of the engine says, found 3',
    );
    expect(await add('a', '--matrix', 'count=1,2,3')).toMatchObject({ code: EXIT.badInput, stderr });
    expect(await add('a', '--matrix', 'count=1,2')).toMatchObject({ code: EXIT.ok, stderr: '' });
    expect(await set('a', '--matrix', 'count=1,2,3')).toMatchObject({ code: EXIT.badInput, stderr });
    expect(place.column('SELECT matrix FROM improvement_scripts WHERE matrix IS NOT NULL')).toEqual([
      '{"count":[1,2]}',
    ]);
    place.sql(`UPDATE controls SET max_queued = 3 WHERE scope = 'engine'`);
    expect(await set('a', '--matrix', 'count=1,2,3')).toMatchObject({ code: EXIT.ok });
  });

  it('says nothing of a plan that is as every new one', async () => {
    await add('a');
    expect(await row('a')).toMatchObject({
      ...{
        schedule: null,
        time_zone: null,
        catch_up: 'one',
        priority: 0,
        needs: null,
        matrix: null,
        batch: null,
      },
      ...{
        expect: null,
        max_attempts: 50,
        concurrency: null,
        force_render: false,
        submit_key: null,
        next_slot: null,
      },
    });
    const { stdout } = await place.say('script', 'show', 'a');
    expect(
      stdout
        .split('\n')
        .slice(0, 5)
        .map((line) => line.split(' ')[0]),
    ).toEqual([...['name', 'lang', 'canvas', 'state', 'revision']]);
    expect((await place.say('script', 'list')).stdout).not.toContain('SCHEDULE');
  });

  it('lists schedules, next slots, priorities and batches where any script has them', async () => {
    await add('a', '--at', '2999-12-31T23:00', '--priority', '3');
    await add('b', '--at', '2001-01-01T00:00', '--batch', 'x');
    const { stdout } = await place.say('script', 'list');
    expect(stdout.split('\n').map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
      'NAME LANG CANVAS BYTES STATE PRIORITY SCHEDULE NEXT SLOT BATCH OK RUNS LAST RUN',
      'hello_gpu gvpie 128×64 24 due 0 0 never',
      'a pixel 128×64 56 planned 3 at 2999-12-31T23:00 2999-12-31T23:00:00.000Z 0 0 never',
      'b pixel 128×64 56 planned at 2001-01-01T00:00 none x 0 0 never',
      '',
    ]);
    expect((await place.json('script', 'list'))[1]).toMatchObject({ next_slot: '2999-12-31T23:00:00.000Z' });
  });

  it.each([
    [['--every', '0s'], 'a: error ROW-E009: Expected 1s to 366d, found "0s"'],
    [['--every', '10'], 'Expected a whole number of s, m, h or d, found "10"'],
    [['--cron', '61 * * * *'], 'ROW-E009: Expected minutes from 0 to 59, found "61"'],
    [['--at', 'noon'], 'ROW-E009: '],
    [['--time-zone', 'Mars/Base'], 'ROW-E009: Expected a time zone, found "Mars/Base"'],
    [['--matrix', 'count=1', '--matrix', 'COUNT=2'], 'ROW-E010: Expected each PARAM of a matrix once'],
    [['--matrix', 'count=9999999999'], 'ROW-E010: Expected "count" of a matrix to have values'],
    [['--matrix', 'none=1'], 'none'],
    [['--expect', '[1]'], 'a: error ROW-E011: Expected expect to be an object, found'],
    [['--expect', '{'], 'ROW-E011: Expected expect in JSON, found "{"'],
    [
      ['--expect', '{"inc":[0,1]}'],
      'ROW-E011: Expected expect to name checksum, ink, blank and colors alone, found "inc"',
    ],
    [['--expect', '{"ink":[1,0]}'], 'ROW-E011: Expected ink of expect to be [low, high]'],
    [['--needs', 'a'], 'gvpie: Expected needs without a cycle, found a → a\n'],
  ])('refuses what the row would be refused for: %j', async (args, words) => {
    const { code, stderr } = await add('a', ...args);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('bad JSON path');
    expect(code).toBe(EXIT.badInput);
    // It is another thing where there is no database yet.
    expect((await place.run(['script', 'show', 'a'])).code).toBe(EXIT.badInput);
  });

  it.each([
    [['--every', '1s', '--cron', '@daily'], "cannot be used with option '--cron <fields>'"],
    [['--priority', '101'], 'Expected a whole number from -100 to 100'],
    [['--priority', '1.5'], 'Expected a whole number from -100 to 100'],
    [['--matrix', 'count'], 'Expected a name, = and whole numbers'],
    [['--matrix', 'count=1', '--matrix', 'count=2'], 'Expected each name once, found count again'],
    [['--needs', ''], 'Expected the name of a script'],
    [['--catch-up', 'two'], 'Allowed choices are skip, one, all'],
    [['--max-attempts', '0'], 'Expected a whole number from 1'],
    [['--concurrency', '0'], 'Expected a whole number from 1'],
  ])('refuses %j as wrong usage', async (args, words) => {
    const { code, stderr } = await add('a', ...args);
    expect(stderr).toContain(words);
    expect(code).toBe(EXIT.usage);
  });

  it('warns of a named time that is over, and not of one that is just so or to come', async () => {
    await add('z');
    const past = await add('a', '--at', '2020-01-01T00:00Z');
    expect(past).toMatchObject({
      code: EXIT.ok,
      stdout: 'a is added (pixel, 128×64), and its time is over: it is not rendered\n',
    });
    expect(past.stderr).toMatch(
      /^a: warning: Expected a time that is still to come, found 2020-01-01T00:00:00\.000Z, \d+ d ago\n {4}hint: It is not rendered by itself/,
    );
    const now = new Date(Date.now() - 2_000).toISOString();
    expect(await add('b', '--at', now)).toMatchObject({
      ...{ code: EXIT.ok, stderr: '', stdout: 'b is added (pixel, 128×64) and is due\n' },
    });
    expect((await add('c', '--at', '2999-01-01T00:00Z')).stderr).toBe('');
    expect((await set('c', '--at', '2020-01-01T00:00Z')).stderr).toContain('still to come');
    expect((await set('c', '--priority', '3')).stderr).toBe('');
  });

  it('says of a name that it needs that no script has it yet', async () => {
    await add('z');
    expect((await add('sales', '--needs', 'saless')).stdout).toBe(
      'sales is added (pixel, 128×64); waits for saless (no script has the name saless yet)\n',
    );
    await add('mx', '--needs', 'sales', '--needs', 'y', '--matrix', 'count=1,2');
    const { stdout } = await add('tick', '--needs', 'sales', '--every', '1h');
    expect(stdout).toMatch(/ and is due at \S+Z; waits for sales\n$/);
    const words = 'waits for sales, y (no script has the name y yet)';
    expect((await place.say('script', 'show', 'mx')).stdout).toContain(`planned: ${words}\n`);
    expect((await place.say('queue', 'sales')).stdout).toContain('(no script has the name saless yet)\n');
    await add('saless');
    expect((await row('sales')).waits).toBe('waits for saless');
    await add('free');
    expect((await row('free')).waits).toBeNull();
  });

  it('keeps a plan that would be refused when it is forced', async () => {
    const { code, stderr } = await add('a', '--every', '0s', '--force');
    expect({ code, told: stderr.includes('Expected 1s to 366d') }).toEqual({ code: EXIT.ok, told: true });
    expect(await row('a')).toMatchObject({ schedule: 'every 0s', next_slot: null });
  });

  it('submits once under one key: the same content is there already, and other content is refused', async () => {
    await add('a', '--key', 'k', '--priority', '2', '--param', 'count=4');
    const again = ['--key', 'k', '--priority', '2', '--param', 'count=4'];
    expect(await add('a', ...again)).toEqual({
      ...{ code: EXIT.ok, stdout: 'a is there already, submitted as k: due\n', stderr: '' },
    });
    expect(await place.json('script', 'add', 'a', '--code', COUNTED, ...again)).toEqual({
      ...{
        status: 'ok',
        id: 2,
        name: 'a',
        lang: 'pixel',
        width: 128,
        height: 64,
        was_there: true,
        state: 'due',
      },
    });
    for (const [other, name] of [
      [['a', '--key', 'k', '--priority', '2'], 'params'],
      [['a', ...again, '--size', '9x64'], 'width'],
      [['b', ...again], 'name'],
      [['a', ...again, '--every', '1s', '--batch', 'x'], 'schedule, batch'],
    ] as const) {
      const { code, stderr } = await add(...(other as [string, ...string[]]));
      expect(stderr).toContain(`submitted under the key "k", found another ${name}\n`);
      expect(code).toBe(EXIT.badInput);
    }
    expect((await add('a', '--key', 'l')).stderr).toContain('Expected a new name, found the script "a"');
    expect(place.column('SELECT count(*) FROM jobs WHERE script_id = 2')).toEqual([1]);
  });

  it('is told when to try again where the queue is full', async () => {
    await add('a');
    // Counted at every 256th job.
    place.sql(`UPDATE controls SET max_queued = 1 WHERE scope = 'engine';
      UPDATE sqlite_sequence SET seq = 255 WHERE name = 'jobs'`);
    const full = await add('b');
    expect(full.stderr).toBe(
      'gvpie: Expected at most 1 jobs in the queue, found more; try again in 60 s\n' +
        'hint: gvpie queue shows it; gvpie stats says how fast it moves\n',
    );
    expect(full.code).toBe(EXIT.unavailable);
    const { stdout } = await add('b', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'refused', retry_after_s: 60 });
    expect((await place.run(['script', 'show', 'b'])).code).toBe(EXIT.badInput);
    place.sql(`UPDATE controls SET max_queued = 2 WHERE scope = 'engine'; UPDATE jobs SET cancel = 1`);
    expect((await add('b')).code).toBe(EXIT.ok);
  });
});

describe('gvpie script set', () => {
  beforeEach(() =>
    add('a', '--every', '10s', '--needs', 'x', '--batch', 'n', '--expect', '{}', '--force-render'),
  );

  it('changes a plan, and tells whether that changed anything', async () => {
    expect((await set('a', '--priority', '7')).stdout).toBe('a is changed (revision 1): planned\n');
    expect((await set('a', '--priority', '7')).stdout).toBe('a is as it was\n');
    expect((await set('a', '--every', '1h', '--catch-up', 'all')).stdout).toBe(
      'a is changed (revision 2): planned\n',
    );
    expect(await row('a')).toMatchObject({
      schedule: 'every 1h',
      catch_up: 'all',
      priority: 7,
      needs: ['x'],
    });
  });

  it('takes back what a script has', async () => {
    const gone = ['--no-schedule', '--no-needs', '--no-batch', '--no-expect', '--no-force-render'];
    expect((await set('a', ...gone)).code).toBe(EXIT.ok);
    expect(await row('a')).toMatchObject({
      ...{ schedule: null, needs: null, batch: null, expect: null, force_render: false, state: 'due' },
    });
    await set('a', '--matrix', 'side=1,2');
    expect(await row('a')).toMatchObject({ matrix: { side: [1, 2] } });
    await set('a', '--no-matrix');
    expect(await row('a')).toMatchObject({ matrix: null, state: 'due' });
    expect((await set('a', '--no-schedule', '--every', '1s')).code).toBe(EXIT.usage);
  });

  it('replaces names of needs, refuses a cycle with its way, and changes nothing then', async () => {
    await add('b', '--needs', 'a');
    await set('a', '--needs', 'y', '--needs', 'z');
    expect((await row('a')).needs).toEqual(['y', 'z']);
    const { code, stderr } = await set('a', '--needs', 'b', '--priority', '9');
    expect({ code, stderr }).toEqual({
      ...{ code: EXIT.badInput, stderr: 'gvpie: Expected needs without a cycle, found a → b → a\n' },
    });
    expect(await row('a')).toMatchObject({ needs: ['y', 'z'], priority: 0 });
    expect((await place.say('script', 'show', 'b')).stdout).toMatch(/^state +due: waits for a$/m);
  });

  it('refuses a zone or a schedule that does not go with what is there, and a key that is taken', async () => {
    expect((await set('a', '--time-zone', 'Nowhere')).stderr).toContain(
      'Expected a time zone, found "Nowhere"',
    );
    await add('b', '--key', 'k');
    expect((await set('a', '--key', 'k')).stderr).toContain('Expected a new key, found the script "b"');
    expect((await set('b', '--key', 'k')).stdout).toBe('b is as it was\n');
    expect((await set('a', '--key', 'l')).code).toBe(EXIT.ok);
  });

  it('counts a priority once that is set together with a new program', async () => {
    await add('b');
    await add('c');
    await set('c', '--code', 'HALT', '--priority', '1');
    const [rank] = place.column(`SELECT rank FROM jobs WHERE state = 'queued' ORDER BY id DESC LIMIT 1`);
    const [id] = place.column('SELECT max(id) FROM jobs');
    expect(rank).toBe((id as number) - 100);
    await set('b', '--priority', '2');
    expect(
      place.column(`SELECT job.id - rank FROM jobs AS job JOIN improvement_scripts AS script
      ON script.id = script_id WHERE name = 'b' AND state = 'queued'`),
    ).toEqual([200]);
  });
});

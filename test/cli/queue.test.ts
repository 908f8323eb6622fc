/** What is queued, what became of it, and what a person holds: queue, history, pause, resume and limit. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { QueuePlace, REFUSED } from './queue-place.ts';

let place: QueuePlace;
beforeEach(() => {
  place = new QueuePlace();
  place.scripts('a', 'b', 'c');
});
afterEach(() => place.clear());

/** Lines without what is told of nobody serving, and without ages. */
async function listed(...args: string[]): Promise<string[]> {
  const { stdout } = await place.say('queue', ...args);
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('no '))
    .map((line) =>
      line
        .replace(/\d+ m?s\b/, '_')
        .replace(/ +/g, ' ')
        .trim(),
    );
}

describe('gvpie queue', () => {
  it('lists jobs in the order in which they will be taken: first what runs, last what waits', async () => {
    place.sql(`UPDATE improvement_scripts SET priority = 1 WHERE name = 'c';
      UPDATE improvement_scripts SET needs = '["b"]' WHERE name = 'a'`);
    expect(await listed()).toEqual([
      'ID SCRIPT SLOT LANG PRIORITY ATTEMPTS AGE STATE WHY',
      '3 c r1 pixel 1 0 _ queued',
      '2 b r1 pixel 0 0 _ queued',
      '1 a r1 pixel 0 0 _ queued waits for b',
      '3 queued (1 of them cannot begin yet), 0 running',
    ]);
    place.begin(2);
    const [, first] = await listed();
    expect(first).toMatch(/^2 b r1 pixel 0 0 _ running under way for \d+ ms at o1$/);
  });

  it('says of each what it waits for', async () => {
    place.sql(`UPDATE improvement_scripts SET enabled = 0 WHERE name = 'a';
      UPDATE jobs SET retry_at = '2030-01-01T00:00:00.000Z', attempts = 3 WHERE id = 2;
      UPDATE controls SET paused = 1 WHERE scope = 'pixel'`);
    const { jobs, totals, paused } = await place.json('queue');
    expect(jobs.map(({ id, waits }: { id: number; waits: string }) => [id, waits])).toEqual([
      [1, 'its script is disabled'],
      [2, 'is tried again at 2030-01-01T00:00:00.000Z'],
      [3, 'pixel is paused'],
    ]);
    expect({ totals, paused }).toEqual({ totals: { queued: 3, waiting: 3, running: 0 }, paused: ['pixel'] });
    place.sql(`UPDATE controls SET paused = 1 WHERE scope = 'engine'`);
    // Whichever comes first in the table.
    place.sql(
      `UPDATE jobs SET lang = 'cartridge' WHERE id = 3; UPDATE controls SET paused = 1 WHERE scope = 'cartridge'`,
    );
    expect((await place.json('queue')).jobs[2].waits).toBe('engine is paused');
    place.sql(`UPDATE controls SET paused = 0; UPDATE controls SET concurrency = 1 WHERE scope = 'engine'`);
    expect((await place.json('queue')).jobs[0]).toMatchObject({ id: 3, waits: null });
    place.sql(`UPDATE jobs SET retry_at = NULL`);
    place.begin(2);
    expect((await place.json('queue', 'c')).jobs[0].waits).toBe('engine has 1 under way, its limit');
    place.sql(`UPDATE controls SET concurrency = NULL;
      INSERT INTO jobs (script_id, slot, revision, lang, rank, due_at) VALUES (2, 'x', 1, 'pixel', 9, '2026-01-01T00:00:00.000Z')`);
    expect((await place.json('queue', 'b')).jobs[1].waits).toBe('its script has 1 under way, its limit');
    place.sql(`UPDATE improvement_scripts SET concurrency = 2 WHERE name = 'b'`);
    expect((await place.json('queue', 'b')).jobs[1].waits).toBeNull();
  });

  it('has the fields that are documented', async () => {
    place.begin(1);
    const document = await place.json('queue', '--limit', '1');
    expect(document).toEqual({
      jobs: [
        {
          ...{ id: 1, script_name: 'a', slot: 'r1', revision: 1, lang: 'pixel', batch: null, priority: 0 },
          ...{ state: 'running', waits: null, cancel: false, attempts: 0, retry_at: null, ended_at: null },
          due_at: expect.stringMatching(/^\d{4}-.*Z$/),
          run: {
            ...{ id: 1, finished_at: null, outcome: null, success: null, duration_ms: null, backend: null },
            ...{ owner: 'o1', known: false, cartridge_name: null, cartridge_swept_at: null, errors: [] },
            started_at: expect.stringMatching(/^\d{4}-.*Z$/),
          },
        },
      ],
      totals: { queued: 2, waiting: 0, running: 1 },
      paused: [],
      limits: {},
      orchestrators: 0,
      renderers: 0,
    });
  });

  it('says when all or a lang is paused or bounded, and when nobody serves', async () => {
    place.sql(`UPDATE controls SET paused = 1 WHERE scope IN ('engine', 'python');
      UPDATE controls SET concurrency = 4 WHERE scope = 'gvpie'`);
    const { stdout } = await place.say('queue');
    expect(stdout.split('\n').slice(4)).toEqual([
      'engine is paused: gvpie resume',
      'python is paused: gvpie resume python',
      'gvpie has at most 4 under way at once',
      `no orchestrator works on ${place.at('daemon.db')}: start one with npm run orchestrator`,
      `no renderer serves ${place.at('socket')}: start one with npm run renderer`,
      '3 queued (3 of them cannot begin yet), 0 running',
      '',
    ]);
    place.serve();
    expect((await place.say('queue')).stdout).not.toContain('no orchestrator');
  });

  it('and gvpie status say what is paused, and how it is resumed', async () => {
    expect((await place.say('status')).stdout).not.toContain('paused');
    place.sql(`UPDATE controls SET paused = 1 WHERE scope IN ('engine', 'python')`);
    const { stdout } = await place.say('status');
    expect(stdout).toMatch(
      /^queue +engine is paused: gvpie resume\nqueue +python is paused: gvpie resume python$/m,
    );
    expect((await place.json('status')).database.paused).toEqual(['engine', 'python']);
  });

  it('lists those of a script, of a batch, of a state, and at most as many as asked for', async () => {
    place.sql(`UPDATE improvement_scripts SET batch = 'night' WHERE name <> 'b'`);
    place.begin(3);
    const ids = async (...args: string[]) =>
      (await place.json('queue', ...args)).jobs.map(({ id }: { id: number }) => id);
    expect(await ids('b')).toEqual([2]);
    expect(await ids('--batch', 'night')).toEqual([3, 1]);
    expect(await ids('--state', 'running')).toEqual([3]);
    expect(await ids('--state', 'queued')).toEqual([1, 2]);
    expect(await ids('--limit', '2')).toEqual([3, 1]);
    expect((await listed('--limit', '2')).at(-1)).toBe('2 queued, 1 running; listed 2');
    place.begin(1);
    place.end(1, 'refused', REFUSED);
    place.end(
      3,
      'dead',
      JSON.stringify({ status: 'error', retryable: true, error: { code: 'RUN-E006', message: 'Late' } }),
    );
    expect((await listed('--state', 'dead')).slice(1)).toEqual([
      '3 c r1 pixel 0 50 _ dead RUN-E006: Late',
      '1 dead listed; 1 queued, 0 running',
    ]);
    expect((await listed('--state', 'refused'))[1]).toBe(
      '1 a r1 pixel 0 0 _ refused 1:5 PXL-E006: Expected an opcode',
    );
  });

  it('is empty in one line, and refuses a script that is not there', async () => {
    place.sql('UPDATE jobs SET cancel = 1');
    expect(await listed()).toEqual(['0 queued, 0 running']);
    expect((await place.run(['queue', 'none'])).code).toBe(EXIT.badInput);
    expect((await place.run(['queue', '--state', 'late'])).code).toBe(EXIT.usage);
  });
});

describe('gvpie script run', () => {
  it.each([
    ['engine', 'gvpie resume'],
    ['pixel', 'gvpie resume pixel'],
  ])('says at once that the script is due and %s is paused, which nobody waits for', async (scope, hint) => {
    place.serve();
    place.sql(`UPDATE controls SET paused = 1 WHERE scope = '${scope}';
      UPDATE improvement_scripts SET matrix = '{"n":[1,2]}' WHERE name = 'b'`);
    for (const name of ['a', 'b']) {
      expect(await place.run(['script', 'run', name, '--timeout-ms', '600000'])).toEqual({
        ...{ code: EXIT.unavailable, stdout: '' },
        stderr: `gvpie: ${name} is due, but ${scope} is paused\nhint: ${hint}\n`,
      });
    }
  });

  it('says when it gives up what the script waits for, and nothing of a lang that is not its own', async () => {
    place.serve();
    place.sql(`UPDATE controls SET paused = 1 WHERE scope = 'python';
      UPDATE improvement_scripts SET needs = '["c"]' WHERE name = 'a'`);
    const run = async (name: string) =>
      (await place.run(['script', 'run', name, '--timeout-ms', '200'])).stderr;
    expect(await run('a')).toContain(
      'has not been rendered for 200 ms: waits for c\nhint: gvpie queue shows',
    );
    expect(await run('c')).toContain('has not been rendered for 200 ms\nhint: gvpie status shows');
  });
});

describe('gvpie history', () => {
  it('says that a known picture was rejected, and names what is kept of a rejected one', async () => {
    const error = { code: 'RUN-E010', message: 'Expected ink' };
    place.begin(1);
    place.end(1, 'rejected', JSON.stringify({ status: 'refused', error, errors: [error] }));
    const why = 'RUN-E010: Expected ink; its picture is c1.png\n';
    expect((await place.say('history', '1')).stdout).toMatch(new RegExp(` rejected .*${why}`));
    place.sql(`UPDATE improvement_runs SET known = 1`);
    expect((await place.say('history', '1')).stdout).toMatch(new RegExp(` rejected, known .*${why}`));
    expect((await place.say('runs', 'a')).stdout).toContain(why);
    expect((await place.say('queue', '--state', 'rejected')).stdout).toContain(why);
    place.begin(2);
    place.end(2, 'refused', REFUSED);
    expect((await place.say('history', '2')).stdout).not.toContain('its picture');
    place.sql(`UPDATE improvement_runs SET outcome = 'success', success = 1`);
    expect((await place.say('history', '1')).stdout).toMatch(/ success, known .* c1\.png\n/);
  });

  it("tells a job's runs with times, outcomes, owners, errors and its cartridge", async () => {
    place.begin(2);
    place.sql(`UPDATE improvement_runs SET finished_at = '2026-01-01T00:00:01.000Z', started_at = '2026-01-01T00:00:00.000Z',
        duration_ms = 1000, success = 0, outcome = 'failed',
        stderr = '{"status":"error","retryable":true,"error":{"code":"RUN-E006","message":"Late"}}';
      UPDATE jobs SET state = 'queued', attempts = 1 WHERE id = 2`);
    place.begin(2, 'o2');
    place.end(2, 'done');
    const { code, stdout } = await place.say('history', '2');
    expect(code).toBe(EXIT.ok);
    const lines = stdout.split('\n').map((line) =>
      line
        .replace(/ +/g, ' ')
        .replace(/\S+Z\b/g, 'T')
        .trim(),
    );
    expect(lines).toEqual([
      'job 2',
      'script b (pixel, revision 1)',
      'slot r1',
      'state done',
      'due T',
      expect.stringMatching(/^ended T, \d+ m?s after it was due$/),
      'attempts 1',
      '',
      'RUN STARTED ENDED OUTCOME MS BACKEND ORCHESTRATOR CARTRIDGE OR ERROR',
      '1 T T failed 1000 o1 RUN-E006: Late',
      '2 T T success 7 o2 c2.png',
      '',
    ]);
    const [life] = await place.json('history', '2');
    expect(life).toMatchObject({
      id: 2,
      state: 'done',
      runs: [{ owner: 'o1' }, { cartridge_name: 'c2.png' }],
    });
    expect(life.runs[0].errors).toEqual([{ code: 'RUN-E006', message: 'Late' }]);
  });

  it('tells the newest jobs of a script, and those of one that was removed by their ids', async () => {
    place.sql(`UPDATE improvement_scripts SET code = 'RECT 0 0 1 1' WHERE name = 'a'`);
    const states = async (...args: string[]) =>
      (await place.json('history', ...args)).map(
        ({ id, state }: { id: number; state: string }) => `${id} ${state}`,
      );
    expect(await states('a')).toEqual(['4 queued', '1 skipped']);
    expect(await states('a', '--limit', '1')).toEqual(['4 queued']);
    place.begin(2);
    place.end(2, 'done');
    place.sql(`DELETE FROM improvement_scripts WHERE name = 'b'`);
    const { stdout } = await place.say('history', '2');
    expect(stdout).toContain('(removed)');
    expect(stdout).toContain('c2.png');
  });

  it('takes a number for a script where no job has it, and is unknown where nothing has', async () => {
    place.sql(`UPDATE improvement_scripts SET name = '77' WHERE name = 'a'`);
    expect((await place.say('history', '77')).stdout).toContain('script  77 (');
    expect(await place.run(['history', '99'])).toEqual({
      ...{ code: EXIT.badInput, stdout: '' },
      stderr:
        'gvpie: Expected a job or the name of a script, found none named "99"\n' +
        'hint: gvpie queue shows ids of jobs, gvpie script list names\n',
    });
    expect(await place.json('history', 'nobody')).toEqual({ job: 'nobody', state: 'unknown' });
    expect((await place.run(['script', 'show', 'nobody'])).code).toBe(EXIT.badInput);
  });
});

describe('gvpie pause, resume and limit', () => {
  it('write the columns of controls, and say what goes on', async () => {
    place.begin(1);
    expect((await place.say('pause')).stdout).toBe(
      'engine is paused; 1 job under way goes on: 1 (a); 2 queued\n',
    );
    expect((await place.say('pause', 'engine')).stdout).toContain('engine is paused already; ');
    expect((await place.say('pause', 'gvpie')).stdout).toBe(
      'gvpie is paused; nothing is under way; 0 queued\n',
    );
    expect(place.column('SELECT scope FROM controls WHERE paused ORDER BY scope')).toEqual([
      'engine',
      'gvpie',
    ]);
    expect((await place.say('resume', 'gvpie')).stdout).toBe(
      'gvpie is resumed; 0 queued; engine is paused still: gvpie resume\n',
    );
    expect((await place.say('resume')).stdout).toBe('engine is resumed; 2 queued\n');
    expect((await place.say('resume')).stdout).toBe('engine is not paused; 2 queued\n');
    expect(await place.json('pause', 'pixel')).toEqual({
      ...{ status: 'ok', scope: 'pixel', paused: true, changed: true, queued: 2, running: [1] },
    });
  });

  it('pause a script, whose job is held', async () => {
    expect((await place.say('pause', 'script', 'b')).stdout).toBe(
      'b is paused; nothing is under way; 1 queued\n',
    );
    expect(place.column('SELECT held FROM jobs ORDER BY id')).toEqual([0, 1, 0]);
    expect((await place.json('resume', 'script', 'b')).changed).toBe(true);
    expect(place.column('SELECT held FROM jobs ORDER BY id')).toEqual([0, 0, 0]);
  });

  it('bound jobs at once, of a lang or of a script, or no more', async () => {
    expect((await place.say('limit', 'pixel', '2')).stdout).toBe(
      'pixel has at most 2 under way at once; nothing is under way\n',
    );
    expect((await place.say('limit', 'pixel', '2')).stdout).toContain('at once, as before;');
    place.begin(1);
    expect((await place.say('limit', 'script', 'a', '3')).stdout).toBe(
      'a has at most 3 under way at once; 1 job under way goes on: 1 (a)\n',
    );
    expect(place.column('SELECT concurrency FROM improvement_scripts ORDER BY id')).toEqual([3, null, null]);
    expect(await place.json('limit', 'script', 'a', 'none')).toMatchObject({
      concurrency: null,
      changed: true,
    });
    expect((await place.say('limit', 'pixel', 'none')).stdout).toContain('pixel has no bound;');
    expect(place.column('SELECT count(*) FROM controls WHERE concurrency IS NOT NULL')).toEqual([0]);
  });

  it.each([
    [['pause', 'script'], 'Expected the name of a script, found none'],
    [['pause', 'pixel', 'a'], 'Expected no name, found "a"'],
    [['pause', 'lang'], 'Expected all, engine'],
    [['limit', 'pixel', '0'], 'Expected a whole number from 1 to 1000000, or none, found 0'],
    [['limit', 'pixel', '1000001'], 'found 1000001'],
    [['limit', 'pixel', '2', '3'], 'found 2 3'],
    [['limit', 'script', 'a'], 'found nothing'],
  ])('refuse %j as wrong usage', async (args, words) => {
    const { code, stderr } = await place.run(args);
    expect(stderr).toContain(words);
    expect(code).toBe(EXIT.usage);
  });

  it('refuse a script that is not there', async () => {
    for (const args of [
      ['pause', 'script', 'x'],
      ['resume', 'script', 'x'],
      ['limit', 'script', 'x', '1'],
    ]) {
      expect((await place.run(args)).code).toBe(EXIT.badInput);
    }
    expect((await place.run(['limit', 'pixel', '1000000'])).code).toBe(EXIT.ok);
  });
});

describe('words for a scope', () => {
  it('take all for the engine, and hint at script for a name', async () => {
    expect((await place.say('pause', 'all')).stdout).toMatch(/^engine is paused; /);
    expect((await place.say('resume', 'all')).stdout).toMatch(/^engine is resumed; /);
    expect((await place.say('limit', 'all', '3')).stdout).toMatch(/^engine has at most 3 /);
    for (const [verb, more] of [
      ['pause', ''],
      ['resume', ''],
      ['limit', ' N'],
    ] as const) {
      expect(await place.run([verb, 'mine'])).toEqual({
        ...{ code: EXIT.usage, stdout: '' },
        stderr:
          'gvpie: Expected all, engine, pixel, gvpie, cartridge, python, other or script, found "mine"\n' +
          `hint: gvpie ${verb} script mine${more}, if that is a script\n`,
      });
    }
  });

  it('ask for a number where there is none', async () => {
    expect((await place.say('limit', 'pixel')).stdout).toBe(
      'gvpie: Expected a whole number from 1 to 1000000, or none, found nothing\nhint: gvpie limit pixel N, or none\n',
    );
  });
});

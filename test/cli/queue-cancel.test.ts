/** gvpie cancel and requeue: what becomes of each job, and the exit code that says so. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { QueuePlace, REFUSED } from './queue-place.ts';

let place: QueuePlace;
beforeEach(() => {
  place = new QueuePlace();
  place.scripts('a', 'b', 'c', 'd');
});
afterEach(() => place.clear());

const states = (): unknown[] => place.column(`SELECT id || ' ' || state FROM jobs ORDER BY id`);

describe('gvpie cancel', () => {
  it('cancels what is queued at once', async () => {
    expect(await place.say('cancel', '1', '3')).toEqual({
      code: EXIT.ok,
      stdout: '1: cancelled\n3: cancelled\n',
    });
    expect(states()).toEqual(['1 cancelled', '2 queued', '3 cancelled', '4 queued']);
    // Once more is no harm.
    expect((await place.say('cancel', '1')).stdout).toBe('1: cancelled\n');
  });

  it('waits for the orchestrator of what is under way, and says how it ended', async () => {
    place.serve();
    for (const job of [1, 2, 3]) place.begin(job);
    const answers = place.run(['cancel', '1', '2', '3']);
    // As orchestrators do, half a second later at most: one heeds it, one had its answer, and one is dead.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(place.column('SELECT cancel FROM jobs ORDER BY id')).toEqual([1, 1, 1, 0]);
    place.end(1, 'cancelled');
    place.end(2, 'done');
    place.sql('DELETE FROM orchestrators');
    const { code, stdout } = await answers;
    expect(stdout.split('\n').map((line) => line.replace(/ at \S+Z$/, ' at T'))).toEqual([
      '1: cancelled',
      '2: done: too late, it was done at T',
      '3: cancelling: a run is under way, and its orchestrator has not answered yet',
      '',
    ]);
    expect(code).toBe(EXIT.failed);
  });

  it('does not wait where nobody could answer', async () => {
    place.begin(1);
    const started = performance.now();
    expect(await place.json('cancel', '1')).toEqual([{ job: 1, answer: 'cancelling' }]);
    expect(performance.now() - started).toBeLessThan(2_500);
    expect((await place.say('cancel', '1')).code).toBe(EXIT.unavailable);
    expect((await place.say('queue')).stdout).toMatch(/^ *1 .* cancelling /m);
  });

  it('gives up after a few seconds where an orchestrator does not answer', async () => {
    place.serve();
    place.begin(1);
    const started = performance.now();
    expect((await place.say('cancel', '1')).code).toBe(EXIT.unavailable);
    expect(performance.now() - started).toBeGreaterThan(2_500);
  });

  it('says of what had ended how, of what is not there that it is unknown, and ends with the worst', async () => {
    place.begin(2);
    place.end(2, 'refused', REFUSED);
    const too = await place.run(['cancel', '2', '1']);
    expect(too.stdout).toMatch(/^2: done: too late, it was refused at \S+Z\n1: cancelled\n$/);
    expect(too.code).toBe(EXIT.failed);
    expect(place.column('SELECT cancel FROM jobs WHERE id = 2')).toEqual([0]);
    expect(await place.say('cancel', '99', '3')).toEqual({
      code: EXIT.badInput,
      stdout: '99: unknown\n3: cancelled\n',
    });
    expect(await place.json('cancel', '2', '99')).toEqual([
      { job: 2, answer: 'done', state: 'refused', ended_at: expect.any(String) },
      { job: 99, answer: 'unknown' },
    ]);
  });

  it('cancels all of a script, of a batch, or of the queue', async () => {
    place.sql(`UPDATE improvement_scripts SET batch = 'x' WHERE name IN ('b', 'c')`);
    expect((await place.say('cancel', '--script', 'a')).stdout).toBe('1: cancelled\n');
    expect(await place.say('cancel', '--script', 'a')).toEqual({
      code: EXIT.ok,
      stdout: 'nothing is queued or under way\n',
    });
    expect((await place.say('cancel', '--batch', 'x')).stdout).toBe('2: cancelled\n3: cancelled\n');
    const refused = await place.run(['cancel', '--all']);
    expect(refused.code).toBe(EXIT.usage);
    expect(refused.stderr).toContain('Expected --yes to cancel all there is, 1 job, found none');
    expect(states()[3]).toBe('4 queued');
    expect((await place.say('cancel', '--all', '--yes')).stdout).toBe('4: cancelled\n');
  });

  it('counts it as no failure when one of a script ends by itself meanwhile', async () => {
    place.serve();
    place.begin(1);
    const answer = place.run(['cancel', '--script', 'a']);
    await new Promise((resolve) => setTimeout(resolve, 150));
    place.end(1, 'done');
    const { code, stdout } = await answer;
    expect(stdout).toContain('1: done: too late, it was done at ');
    expect(code).toBe(EXIT.ok);
  });

  it.each([
    [[], EXIT.usage, 'found neither'],
    [['1', '--script', 'a'], EXIT.usage, 'found both'],
    [['a'], EXIT.usage, 'Expected the id of a job, found "a"'],
    [['--script', 'x'], EXIT.badInput, 'found none named "x"'],
  ])('refuses %j', async (args, exit, words) => {
    const { code, stderr } = await place.run(['cancel', ...args]);
    expect({ code, words: stderr.includes(words) }).toEqual({ code: exit, words: true });
    expect(new Set(place.column('SELECT state FROM jobs'))).toEqual(new Set(['queued']));
  });
});

describe('gvpie requeue', () => {
  /** Job 1 is done, 2 refused, 3 dead, 4 cancelled. */
  beforeEach(() => {
    for (const job of [1, 2, 3]) place.begin(job);
    place.end(1, 'done');
    place.end(2, 'refused', REFUSED);
    place.end(3, 'dead');
    place.sql('UPDATE jobs SET cancel = 1 WHERE id = 4');
  });

  it('makes ended jobs due again, anew', async () => {
    expect(await place.say('requeue', '2', '3')).toEqual({ code: EXIT.ok, stdout: '2: queued\n3: queued\n' });
    expect(states()).toEqual(['1 done', '2 queued', '3 queued', '4 cancelled']);
    expect(place.column('SELECT attempts FROM jobs WHERE id = 3')).toEqual([0]);
    // What is due already is as it was wanted.
    place.begin(2);
    expect(await place.say('requeue', '2', '3')).toEqual({
      code: EXIT.ok,
      stdout: '2: running\n3: queued\n',
    });
  });

  it('takes those that are dead, or ended in another state, or are of a script or a batch', async () => {
    place.sql(`UPDATE improvement_scripts SET batch = 'x' WHERE name IN ('a', 'b')`);
    expect((await place.say('requeue', '--dead')).stdout).toBe('3: queued\n');
    expect((await place.say('requeue', '--dead')).stdout).toBe(
      'nothing has ended that could be queued again\n',
    );
    expect((await place.say('requeue', '--state', 'cancelled')).stdout).toBe('4: queued\n');
    expect((await place.say('requeue', '--batch', 'x', '--state', 'refused')).stdout).toBe('2: queued\n');
    expect((await place.say('requeue', '--script', 'a')).stdout).toBe('1: queued\n');
    expect((await place.run(['requeue', '--dead', '--state', 'done'])).code).toBe(EXIT.usage);
  });

  it('refuses a job of an older revision, with the reason, and chooses none by itself', async () => {
    place.sql(`UPDATE improvement_scripts SET code = 'RECT 0 0 1 1' WHERE name = 'b';
      DELETE FROM improvement_scripts WHERE name = 'a'`);
    const { code, stdout } = await place.say('requeue', '1', '2', '3', '99');
    expect(stdout.split('\n')).toEqual([
      '1: refused: its script was removed',
      '2: refused: it is of revision 1, and its script has 2 by now',
      '3: queued',
      '99: unknown',
      '',
    ]);
    expect(code).toBe(EXIT.badInput);
    expect(await place.json('requeue', '2')).toEqual([
      { job: 2, answer: 'refused', reason: 'it is of revision 1, and its script has 2 by now' },
    ]);
    expect((await place.say('requeue', '--state', 'refused')).stdout).toContain('nothing has ended');
  });

  it('needs ids or an option', async () => {
    expect((await place.run(['requeue'])).code).toBe(EXIT.usage);
    expect((await place.run(['requeue', '1', '--dead'])).code).toBe(EXIT.usage);
  });
});

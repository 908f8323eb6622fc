/** The verbs of the queue with daemons at work, each in a process of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { waitUntil } from '../support/wait-until.ts';
import { callGvpie } from './called.ts';
import { QueuePlace } from './queue-place.ts';

let place: QueuePlace;
beforeEach(() => {
  place = new QueuePlace();
});
afterEach(() => place.clear());

const states = (): unknown[] => place.column('SELECT state FROM jobs ORDER BY id');

describe('the verbs of the queue, with daemons at work', () => {
  it('cancel a job whose renderer hangs, and have it rendered once it is asked for again', async () => {
    place.scripts('a');
    place.sql(`UPDATE controls SET paused = 1 WHERE scope = 'engine'`);
    const renderer = await place.start(['renderer'], 'renderer:serving');
    await place.start(['orchestrator'], 'orchestrator:serving');
    process.kill(renderer.pid, 'SIGSTOP');
    await place.say('resume');
    await waitUntil('a run to begin', () => states()[0] === 'running', 10_000, 20);
    expect((await place.say('pause')).stdout).toContain('engine is paused; 1 job under way goes on: 1 (a)');
    expect(await place.say('cancel', '1')).toEqual({ code: EXIT.ok, stdout: '1: cancelled\n' });
    const [life] = await place.json('history', '1');
    expect(life).toMatchObject({
      state: 'cancelled',
      runs: [{ outcome: 'cancelled', cartridge_name: null }],
    });
    process.kill(renderer.pid, 'SIGCONT');
    expect((await place.say('requeue', '1')).stdout).toBe('1: queued\n');
    await place.say('resume', 'engine');
    await place.sql(`UPDATE improvement_scripts SET batch = 'x'`);
    expect(await place.say('batch', 'x', '--wait')).toEqual({
      code: EXIT.ok,
      stdout: 'x: 1 script; 1 done\n',
    });
    const { runs } = (await place.json('history', '1'))[0];
    expect(runs.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['cancelled', 'success']);
    expect(runs[1].cartridge_name).toMatch(/^a_.*\.png$/);
  });

  it('see several orchestrators under one supervisor, which cycle', async () => {
    place.scripts('a', 'b');
    const up = await place.start(['up', '--orchestrators', '2', '--cycle', '1'], 'orchestrator:serving');
    const pids = await waitUntil('two orchestrators', () => {
      const found = new Set(place.column('SELECT pid FROM orchestrators'));
      return found.size === 2 && found;
    });
    expect((await place.json('queue')).orchestrators).toBe(2);
    await waitUntil('each script to be rendered three times', () =>
      place
        .column(`SELECT count(*) FROM jobs WHERE state = 'done' GROUP BY script_id`)
        .every((jobs) => (jobs as number) >= 3),
    );
    // Whoever cycles names its slots by the clock, so nothing is rendered for one slot twice.
    expect(
      place.column(`SELECT count(*) - count(DISTINCT job_id) FROM improvement_runs WHERE success = 1`),
    ).toEqual([0]);
    expect((await up.stop()).code).toBe(EXIT.ok);
    expect(place.column('SELECT count(*) FROM orchestrators')).toEqual([0]);
    expect(pids.has(up.pid)).toBe(false);
  });

  it('end a single round when all orchestrators have had theirs', async () => {
    place.scripts('a', 'b', 'c');
    expect((await place.process(['up', '--once', '--orchestrators', '2'])).code).toBe(EXIT.ok);
    expect(states()).toEqual(['done', 'done', 'done']);
    place.sql(`INSERT INTO improvement_scripts (name, lang, code) VALUES ('d', 'pixel', 'NONSENSE')`);
    expect((await place.process(['up', '--once', '--orchestrators', '2'])).code).toBe(EXIT.failed);
  });

  it('add a script once that several submit at once under one key', async () => {
    place.scripts('a');
    const add = ['script', 'add', 'b', '--code', 'HALT', '--key', 'k'];
    const ends = await Promise.all([1, 2, 3].map(() => place.process(add)));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(ends.map(({ stdout }) => stdout.replace(/ \(.*/, '')).sort()).toEqual([
      'b is added\n',
      'b is there already, submitted as k: due\n',
      'b is there already, submitted as k: due\n',
    ]);
    expect(place.column('SELECT count(*) FROM jobs')).toEqual([2]);
  });

  it('run all points of the newest slot of a matrix, or those with a value, and say how many', async () => {
    const program = 'PARAM count 1 1 9\nPARAM side 1 1 9\nRECT 0 0 count side';
    const run = (...args: string[]) => place.say('script', 'run', 'grid', ...args);
    await place.say(
      'script',
      'add',
      'grid',
      '--code',
      program,
      '--matrix',
      'count=1,2',
      '--matrix',
      'side=3,4',
    );
    expect(await run()).toEqual({
      code: EXIT.unavailable,
      stdout: expect.stringContaining('grid is due, but no orchestrator works on'),
    });
    await Promise.all([
      place.start(['renderer'], 'renderer:serving'),
      place.start(['orchestrator'], 'orchestrator:serving'),
    ]);
    expect(await run()).toEqual({ code: EXIT.ok, stdout: 'grid: 4 points of r1: 4 done\n' });
    const runs = () => place.column(`SELECT count(*) FROM improvement_runs WHERE script_id = 2`)[0];
    const before = Number(runs());
    expect(await run('--force')).toEqual({ code: EXIT.ok, stdout: 'grid: 4 points of r1: 4 done\n' });
    expect(runs()).toBe(before + 4);
    expect(await run('--point', 'count=2')).toEqual({
      code: EXIT.ok,
      stdout: 'grid: 2 points of r1: 2 done\n',
    });
    expect(await run('--point', 'count=2', '--point', 'side=4')).toMatchObject({
      stdout: 'grid: 1 point of r1: 1 done\n',
    });
    expect(runs()).toBe(before + 7);
    expect(await run('--point', 'count=3')).toEqual({
      code: EXIT.badInput,
      stdout: expect.stringContaining('Expected a point of the matrix of grid, found count=3'),
    });
    // The newest revision's, of which one point is refused.
    await place.say('script', 'set', 'grid', '--matrix', 'count=1,2,10', '--force');
    const { code, stdout } = await run();
    expect(code).toBe(EXIT.failed);
    expect(stdout).toContain('grid: 3 points of r2: 2 done, 1 refused\n');
    expect(stdout).toMatch(/grid r2 \{"count":10\}\S* error PXL-E/);
    expect(await place.json('script', 'run', 'grid', '--point', 'count=10')).toMatchObject({
      ...{ name: 'grid', slot: 'r2', points: 1, states: { refused: 1 } },
      failures: [{ slot: 'r2 {"count":10}', state: 'refused', errors: [{ line: 1 }] }],
    });
    const plain = await place.say('script', 'run', 'hello_gpu', '--point', 'count=1');
    expect(plain).toEqual({
      code: EXIT.badInput,
      stdout: expect.stringContaining('Expected a script with a matrix, found "hello_gpu" without one'),
    });
  });

  it.each([
    [['up', '--orchestrators', '0'], 'Expected a whole number from 1 to 16'],
    [['up', '--orchestrators', '17'], 'Expected a whole number from 1 to 16'],
    [['up', '--cycle', '0'], 'Expected a whole number from 1 to 86400'],
    [['orchestrator', '--cycle', '86401'], 'Expected a whole number from 1 to 86400'],
    [['orchestrator', '--once', '--cycle', '1'], "cannot be used with option '--cycle <seconds>'"],
  ])('refuse %j as wrong usage', async (args, words) => {
    // Refused before anything is started, so they need no process.
    const { code, stderr } = await callGvpie(args, { folder: place.folder, env: process.env, input: '' });
    expect(stderr).toContain(words);
    expect(code).toBe(EXIT.usage);
  });
});

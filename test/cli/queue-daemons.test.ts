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

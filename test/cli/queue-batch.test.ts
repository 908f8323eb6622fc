/** gvpie batch and stats: many jobs in a few numbers. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { QueuePlace, REFUSED } from './queue-place.ts';

let place: QueuePlace;
beforeEach(() => {
  place = new QueuePlace();
  place.scripts('a', 'b', 'c', 'd');
});
afterEach(() => place.clear());

describe('gvpie batch', () => {
  beforeEach(() => place.sql(`UPDATE improvement_scripts SET batch = 'wall' WHERE name <> 'd'`));

  it('counts jobs by state, and says what failed and why', async () => {
    place.begin(1);
    place.begin(2);
    place.end(1, 'done');
    place.end(2, 'refused', REFUSED);
    const { code, stdout } = await place.say('batch', 'wall');
    expect(code).toBe(EXIT.ok);
    expect(stdout.split('\n')).toEqual([
      'JOB  SCRIPT  SLOT  STATE    WHY',
      '  2  b       r1    refused  1:5 PXL-E006: Expected an opcode',
      'wall: 3 scripts; 1 queued, 1 done, 1 refused',
      '',
    ]);
    expect(await place.json('batch', 'wall')).toEqual({
      ...{ batch: 'wall', scripts: 3, to_come: 0, left: 1, can_move: true, more_failures: 0 },
      states: { queued: 1, running: 0, done: 1, refused: 1, rejected: 0, dead: 0, cancelled: 0, skipped: 0 },
      failures: [
        {
          ...{ job: 2, script_name: 'b', slot: 'r1', state: 'refused' },
          errors: [{ code: 'PXL-E006', message: 'Expected an opcode', line: 1, column: 5 }],
        },
      ],
    });
  });

  it('counts present revisions alone, and what is planned', async () => {
    place.sql(`UPDATE improvement_scripts SET code = 'RECT 0 0 1 1' WHERE name = 'a';
      UPDATE improvement_scripts SET matrix = '{"n":[1,2]}' WHERE name = 'b'`);
    expect((await place.say('batch', 'wall')).stdout).toBe('wall: 3 scripts; 2 queued, 1 to come\n');
  });

  it('lists a hundred failures and counts the rest', async () => {
    place.sql(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 101)
      INSERT INTO jobs (script_id, slot, revision, lang, rank, state, due_at, ended_at)
      SELECT 1, 's' || i, 1, 'pixel', i, 'refused', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z' FROM n`);
    const { stdout } = await place.say('batch', 'wall');
    expect(stdout.split('\n')).toHaveLength(1 + 100 + 2 + 1);
    expect(stdout).toContain('\n… and 1 more\n');
  });

  it('waits until all have ended, and ends with 0 only if all are done', async () => {
    place.serve();
    const answer = place.run(['batch', 'wall', '--wait']);
    await new Promise((resolve) => setTimeout(resolve, 150));
    for (const job of [1, 2, 3]) {
      place.begin(job);
      place.end(job, 'done');
    }
    expect(await answer).toEqual({
      ...{ code: EXIT.ok, stdout: 'wall: 3 scripts; 3 done\n' },
      stderr: `waiting, although no renderer serves ${place.at('socket')}: start one with npm run renderer\n`,
    });
    // Nothing is left to be rendered.
    expect((await place.run(['batch', 'wall', '--wait'])).stderr).toBe('');
    place.sql(`UPDATE jobs SET state = 'queued' WHERE id = 2; UPDATE jobs SET cancel = 1 WHERE id = 2`);
    expect((await place.say('batch', 'wall', '--wait')).code).toBe(EXIT.failed);
    expect((await place.say('batch', 'wall')).code).toBe(EXIT.ok);
  });

  it('does not wait for what cannot begin', async () => {
    place.serve();
    place.sql(`UPDATE improvement_scripts SET needs = '["d"]' WHERE name <> 'd'`);
    place.begin(4);
    place.end(4, 'refused', REFUSED);
    const { code, stdout } = await place.say('batch', 'wall', '--wait');
    expect(code).toBe(EXIT.failed);
    expect(stdout).toBe(
      'what is left cannot begin: it is disabled, or needs what has not succeeded\nwall: 3 scripts; 3 queued\n',
    );
    expect((await place.json('batch', 'wall')).can_move).toBe(false);
    // Somebody asks for it once more: now there is something to wait for.
    place.sql(`UPDATE jobs SET state = 'queued' WHERE id = 4`);
    expect((await place.json('batch', 'wall')).can_move).toBe(true);
    place.sql(`UPDATE improvement_scripts SET enabled = 0 WHERE name = 'd'`);
    expect((await place.json('batch', 'wall')).can_move).toBe(false);
  });

  it('says that it waits for what is paused', async () => {
    place.serve();
    place.sql(`UPDATE controls SET paused = 1 WHERE scope = 'pixel'`);
    const answer = place.run(['batch', 'wall', '--wait']);
    await new Promise((resolve) => setTimeout(resolve, 150));
    place.sql(`UPDATE jobs SET cancel = 1`);
    expect((await answer).stderr).toContain('waiting, although pixel is paused: gvpie resume pixel\n');
  });

  it('does not begin to wait where no orchestrator works, and refuses a batch that nothing has', async () => {
    const alone = await place.run(['batch', 'wall', '--wait']);
    expect(alone.code).toBe(EXIT.unavailable);
    expect(alone.stderr).toContain('3 jobs left, but no orchestrator works on');
    const none = await place.run(['batch', 'Wall']);
    expect(none.code).toBe(EXIT.badInput);
    expect(none.stderr).toContain('found no script with "Wall"');
  });
});

describe('gvpie stats', () => {
  it('tells by lang and in all what is open, what was done and how long it took', async () => {
    place.sql(`UPDATE jobs SET due_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-5 seconds')`);
    place.begin(1);
    place.end(1, 'done');
    place.begin(2);
    place.end(2, 'dead');
    place.begin(3);
    const { window, langs } = await place.json('stats');
    expect(window).toMatchObject({ runs: 2, is_whole: true });
    expect(langs.map(({ lang }: { lang: string }) => lang)).toEqual(['pixel', 'all']);
    const [pixel, all] = langs;
    expect({ ...all, lang: 'pixel' }).toEqual(pixel);
    expect(Object.keys(pixel)).toEqual([
      ...['lang', 'queued', 'running', 'known', 'windows', 'duration_ms', 'wait_ms', 'longest_in_medians'],
      'known_share',
    ]);
    expect(pixel).toMatchObject({ queued: 1, running: 1, known: 0, known_share: 0 });
    expect(pixel.duration_ms).toEqual({ median: 7, p99: 7, longest: 7 });
    expect(pixel.windows.minute).toMatchObject({ done: 1, failed: 1, refused: 0, rejected: 0, dead: 1 });
    expect(pixel.windows.minute.done_per_s).toBeCloseTo(1 / 60, 3);
    expect(pixel.wait_ms.median).toBeGreaterThanOrEqual(5_000);
    expect(pixel.wait_ms.longest).toBeLessThan(15_000);
    const { stdout } = await place.say('stats');
    expect(stdout).toMatch(/^LANG +QUEUED +RUNNING +RUN p50/);
    expect(stdout).toMatch(/^all +minute +1 +1 +0 +0 +1 +0\.017$/m);
    expect(stdout).toMatch(/\nof 2 runs, all of the last day, which go back 24 h\n$/);
  });

  it('is all of noughts where nothing was done', async () => {
    place.sql('UPDATE jobs SET cancel = 1');
    const { code, stdout } = await place.say('stats');
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/^all +0 +0$/m);
  });
});

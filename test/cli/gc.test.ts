/** What is kept: gvpie gc, and what other commands say of what it removed. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { namesIn } from '../support/renderer-process.ts';
import { QueuePlace } from './queue-place.ts';

let place: QueuePlace;
beforeEach(() => {
  place = new QueuePlace();
  place.scripts('a', 'b');
  mkdirSync(place.at('cartridges'));
});
afterEach(() => place.clear());

/** Runs of a script that ended long ago, one a day, with jobs and cartridges; the last of them is the newest. */
function fill(script: number, runs: number): void {
  for (let n = 0; n < runs; n++) place.write(`cartridges/s${script}-${n}.png`, 'x');
  place.sql(`
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${runs - 1}),
      day (i, at) AS (SELECT i, strftime('%Y-%m-%dT%H:%M:%fZ', '2025-01-01', '+' || i || ' days') FROM n)
    INSERT INTO jobs (id, script_id, slot, revision, lang, rank, state, due_at, ended_at)
    SELECT ${script * 1_000} + i, ${script}, at, 1, 'pixel', i, 'done', at, at FROM day;
    INSERT INTO improvement_runs
      (id, script_id, job_id, started_at, finished_at, success, outcome, stdout, revision, spool_id, cartridge_path)
    SELECT id, script_id, id, due_at, ended_at, 1, 'success', '{"cartridge":"a"}', 1, 's' || id,
      's' || script_id || '-' || rank || '.png'
    FROM jobs WHERE id >= ${script * 1_000} AND script_id = ${script};
    INSERT INTO cartridges (file_name, script_id, run_id, checksum, width, height, bytes, created_at, inputs)
    SELECT cartridge_path, script_id, id, hex(randomblob(32)), 4, 4, 1, finished_at, '[]'
    FROM improvement_runs WHERE id >= ${script * 1_000} AND script_id = ${script};
    UPDATE improvement_scripts SET run_count = ${runs}, success_count = ${runs} WHERE id = ${script}`);
}

const runs = (): unknown => place.column('SELECT count(*) FROM improvement_runs')[0];

describe('gvpie gc', () => {
  it('counts what would go and removes nothing, and says how that is done', async () => {
    fill(1, 10);
    const { code, stdout } = await place.say('gc', '--keep-runs', '9', '--keep-cartridges', '5');
    expect([code, runs()]).toEqual([EXIT.ok, 10]);
    const lines = stdout.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
    expect(lines).toEqual([
      'KIND KEEPS OF GO SHARE BYTES OLDEST NEWEST',
      'runs 9 10 1 10.0 % 17 2025-01-01T00:00:00.000Z 2025-01-01T00:00:00.000Z',
      'jobs 9 12 1 8.4 % 0 2025-01-01T00:00:00.000Z 2025-01-01T00:00:00.000Z',
      'logs all 10 0 0.0 % 0',
      'cartridges 5 10 5 50.0 % 5 2025-01-01T00:00:00.000Z 2025-01-05T00:00:00.000Z',
      'nothing was removed; gvpie gc --keep-runs=9 --keep-cartridges=5 --sweep --yes removes it',
      '',
    ]);
  });

  it('counts, and replay reads, without a byte of the database changed, be it of now or of an older gvpie', async () => {
    fill(1, 10);
    const file = place.at('daemon.db');
    const commands = [
      ['gc', '--keep-runs', '9'],
      ['replay', '--script', 'b'],
    ] as const;
    const tell = async (args: readonly string[]) => {
      const before = [namesIn(place.folder), readFileSync(file)];
      const told = await place.say(...args);
      expect([namesIn(place.folder), readFileSync(file)]).toEqual(before);
      return told;
    };
    for (const args of commands) expect(await tell(args)).toMatchObject({ code: EXIT.ok });
    // As it is copied, or left by who put it out of WAL; then as one of before jobs.
    const database = new BetterSqlite3(file);
    database.pragma('journal_mode = DELETE');
    for (const args of commands) expect(await tell(args)).toMatchObject({ code: EXIT.ok });
    database.pragma('user_version = 5');
    database.close();
    for (const args of commands) {
      const { code, stdout } = await tell(args);
      expect(code).toBe(EXIT.badInput);
      expect(stdout).toContain(`Expected a database of this gvpie at ${file}, found one of an older gvpie`);
    }
    place.write('daemon.db', '');
    expect((await tell(commands[0])).stdout).toContain(`Expected a database at ${file}, found none`);
  });

  it('removes a fifth, and not more unless it is meant', async () => {
    fill(1, 10);
    const fused = await place.say('gc', '--keep-runs', '7', '--sweep');
    expect([fused.code, runs()]).toEqual([EXIT.failed, 10]);
    expect(fused.stdout).toContain(
      'Expected at most 20 % of a kind to go, found 3 of 10 runs, 3 of 12 jobs; nothing was removed',
    );
    expect(fused.stdout).toContain('gvpie gc --keep-runs=7 --sweep --yes removes it');
    const fifth = await place.say('gc', '--keep-runs', '8', '--sweep');
    expect([fifth.code, runs()]).toEqual([EXIT.ok, 8]);
    expect(fifth.stdout).toMatch(/the database has \d+ bytes; \d+ of them are free, and are used again/);
    expect((await place.say('gc', '--keep-runs', '3', '--sweep', '--yes')).code).toBe(EXIT.ok);
    expect([runs(), place.column('SELECT count(*) FROM jobs')]).toEqual([3, [5]]);
    expect(place.column('SELECT run_count FROM improvement_scripts WHERE id = 1')).toEqual([10]);
  });

  it('takes rules from the environment, and refuses to look without one', async () => {
    fill(1, 5);
    const without = await place.say('gc');
    expect([without.code, without.stdout]).toEqual([
      EXIT.usage,
      `gvpie: Expected a rule of what to keep, found that all is kept
hint: gvpie gc --keep-runs 30d; GVPIE_KEEP_RUNS=30d says it for good\n`,
    ]);
    const { stdout } = await place.run(['gc', '--json'], { env: { GVPIE_KEEP_RUNS: '4' } });
    expect(JSON.parse(stdout).kinds.runs).toMatchObject({ keeps: '4', of: 5, go: 1 });
    const wrong = await place.say('gc', '--keep-runs', 'some');
    expect([wrong.code, wrong.stdout]).toEqual([EXIT.usage, expect.stringContaining('found "some"')]);
  });

  it('says where nothing would go that what has just ended stays', async () => {
    fill(1, 5);
    const last = async (keep: string) =>
      (await place.say('gc', '--keep-runs', keep)).stdout.trimEnd().split('\n').at(-1);
    expect(await last('5')).toBe('nothing would go; what ended less than 10 min ago stays in any case');
    expect(await last('4')).not.toContain('nothing would go');
  });

  it('has the fields that are documented', async () => {
    fill(1, 5);
    const tally = { keeps: 'all', go: 0, go_bytes: 0, oldest: null, newest: null, gone: 0 };
    expect(await place.json('gc', '--keep-logs', '4', '--sweep')).toEqual({
      status: 'swept',
      kinds: {
        runs: { ...tally, of: 5, of_bytes: 85 },
        jobs: { ...tally, of: 7, of_bytes: 0 },
        logs: {
          ...{ keeps: '4', of: 5, of_bytes: 85, go: 1, go_bytes: 17, gone: 1 },
          ...{ oldest: '2025-01-01T00:00:00.000Z', newest: '2025-01-01T00:00:00.000Z' },
        },
        cartridges: { ...tally, of: 5, of_bytes: 5 },
      },
      fuse_percent: 20,
      blown: [],
      left: 0,
      longest_ms: expect.any(Number),
      database: { path: place.at('daemon.db'), bytes: expect.any(Number), free_bytes: expect.any(Number) },
    });
  });

  it('looks at the scripts that are named only, and holds them to the fuse', async () => {
    fill(1, 5);
    fill(2, 100);
    const { code } = await place.say('gc', '--keep-runs', '3', '--script', 'a', '--sweep');
    expect([code, runs()]).toEqual([EXIT.failed, 105]);
    await place.say('gc', '--keep-runs', '3', '--script', 'a', '--sweep', '--yes');
    expect(place.column('SELECT count(*) FROM improvement_runs GROUP BY script_id')).toEqual([3, 100]);
    const unknown = await place.say('gc', '--keep-runs', '3', '--script', 'c');
    expect([unknown.code, unknown.stdout]).toEqual([
      EXIT.badInput,
      expect.stringContaining('found none named "c"'),
    ]);
  });
});

describe('what was swept', () => {
  it('is said so by runs, history, verify and status', async () => {
    fill(1, 5);
    await place.say('gc', '--keep-cartridges', '4', '--sweep');
    expect([
      existsSync(place.at('cartridges/s1-0.png')),
      existsSync(place.at('cartridges/s1-1.png')),
    ]).toEqual([false, true]);
    expect((await place.say('runs', 'a')).stdout).toMatch(/s1-1\.png\n.*s1-0\.png, swept \d{4}-.*Z\n/);
    expect(
      (await place.json('runs', 'a')).map(
        (run: { cartridge_swept_at: string | null }) => run.cartridge_swept_at,
      ),
    ).toEqual([...[null, null, null, null], expect.stringMatching(/Z$/)]);
    expect((await place.say('history', '1000')).stdout).toMatch(/s1-0\.png, swept \d{4}-/);
    const verified = await place.say('verify', 'cartridges/s1-0.png');
    expect([verified.code, verified.stdout]).toEqual([
      EXIT.badInput,
      expect.stringMatching(/: it was swept \d{4}-.*Z$/m),
    ]);
    expect((await place.say('verify', 'cartridges/none.png')).stdout).not.toContain('swept');
    expect((await place.say('status')).stdout).toMatch(/last sweep {4}\d{4}-.*Z: 1 cartridges went/);
    await place.say('gc', '--keep-runs', '1', '--sweep');
    expect((await place.json('status')).database.sweep).toMatchObject({ status: 'fuse', gone: { runs: 0 } });
    place.sql(`INSERT INTO own_work (kind, place, slot, owner, started_at, finished_at, outcome, result)
      VALUES ('sweep', '', '2999', 'o1', '2999', '2999', 'failed', '{"message":"the disk is full"}')`);
    expect((await place.say('status')).stdout).toMatch(/last sweep {4}2999: FAILED: the disk is full\n/);
    expect((await place.json('status')).database.sweep).toMatchObject({
      status: 'failed',
      gone: { runs: 0 },
    });
  });

  it('is gone without a trace once its run is', async () => {
    fill(1, 5);
    await place.say('gc', '--keep-cartridges', '4', '--keep-runs', '4', '--sweep');
    expect(place.column('SELECT file_name FROM cartridges')).toHaveLength(4);
    expect(await place.json('history', '1000')).toEqual({ job: '1000', state: 'unknown' });
  });

  it('leaves of logs what says so, and the newest as they are', async () => {
    fill(1, 5);
    place.sql(`UPDATE improvement_runs SET success = 0, outcome = 'failed', stderr = 'why' WHERE id = 1000`);
    const fused = await place.say('gc', '--keep-logs', '4', '--sweep');
    expect([fused.code, fused.stdout]).toEqual([
      EXIT.failed,
      expect.stringContaining('found 20 of 88 bytes of logs'),
    ]);
    await place.say('gc', '--keep-logs', '4', '--sweep', '--yes');
    const texts = place.column(
      `SELECT coalesce(stdout, '') || coalesce(stderr, '') FROM improvement_runs ORDER BY id`,
    );
    expect(texts[0]).toMatch(/^(swept \d{4}-\d\d-\d\dT[\d:.]+Z){2}$/);
    expect(new Set(texts.slice(1))).toEqual(new Set(['{"cartridge":"a"}']));
    expect((await place.say('runs', 'a')).stdout).toMatch(/failed .* swept \d{4}-/);
    expect((await place.json('gc', '--keep-logs', '4')).kinds.logs).toMatchObject({ of: 4, go: 0 });
  });
});

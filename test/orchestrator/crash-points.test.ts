/**
 * The orchestrator dies after one of its effects or another; its successor puts everything right. Each effect's number is
 * tried at one of the doors; `test/long` tries all at both.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { namesOn } from '../support/names-on.ts';
import { dieAfter, dieAfterEach } from '../support/orchestrator-crash.ts';
import { crashQueueAfter, crashQueueAfterEach } from '../support/queue-crash.ts';
import { isInShare } from '../support/share.ts';
import { shelfObjections } from '../support/shelf-objections.ts';

describe.each(['spool', 'slot'] as const)('an orchestrator at the %s', (door) => {
  it('that dies after any of half of its effects leaves everything to be put right', {
    timeout: 120_000,
  }, async () => {
    const { place, effects, killed } = await dieAfter(0, door);
    expect([killed, await shelfObjections(place)]).toEqual([false, []]);
    // Every kind of effect is there: a claim, a command, a cartridge, a close, and clearing away.
    for (const kind of [
      /claim/,
      /half of write/,
      /rename .* to .*\.png$/,
      /link/,
      /sync/,
      /close/,
      /remove/,
    ]) {
      expect(
        effects.some((effect) => kind.test(effect)),
        `${kind}`,
      ).toBe(true);
    }
    const numbers = Array.from({ length: effects.length + 4 }, (_, index) => index + 1).filter(
      (number) => isInShare(number, 2) === (door === 'spool'),
    );
    const { deaths, wrong } = await dieAfterEach(numbers, door);
    console.log(`${door}: ${effects.length} effects, ${deaths} deaths of ${numbers.length}`);
    expect(wrong).toEqual([]);
    expect(deaths).toBeGreaterThanOrEqual(numbers.length - 6);
  });
});

/** As many effects of the queue's scene are tried here; test/long/queue-crash.test.ts tries all. */
const SAMPLE = 6;

describe('an orchestrator that works on a queue', () => {
  it('leaves plans, needs, cancels and what it took over to one that lives, wherever it dies', {
    timeout: 120_000,
  }, async () => {
    const { effects, killed, objections } = await crashQueueAfter(0);
    expect([killed, objections]).toEqual([false, []]);
    const step = effects.length / SAMPLE;
    const numbers = Array.from({ length: SAMPLE }, (_, index) => Math.ceil((index + 0.5) * step));
    const { deaths, wrong } = await crashQueueAfterEach(numbers);
    console.log(`the queue: ${effects.length} effects, ${deaths} deaths, after ${numbers.join(', ')}`);
    expect(wrong).toEqual([]);
    expect(deaths).toBe(SAMPLE);
  });
});

describe('the objections', () => {
  it('are raised by every one of these defects', async () => {
    const { place } = await dieAfter(0, 'spool');
    expect(await shelfObjections(place)).toEqual([]);
    const [cartridge = ''] = namesOn(place.cartridges);
    const file = join(place.cartridges, cartridge);
    const whole = readFileSync(file);
    const copy = join(place.cartridges, `copy_${cartridge}`);
    const backup = `${place.database}.backup`;
    const database = new BetterSqlite3(place.database);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    copyFileSync(place.database, backup);

    const flipped = Uint8Array.from(whole);
    flipped[whole.length - 20] = (flipped[whole.length - 20] ?? 0) ^ 1;
    writeFileSync(file, flipped);
    expect(await shelfObjections(place)).toContain(`${cartridge} is whole`);
    writeFileSync(file, whole);

    const alone = join(place.cartridges, '.objects', 'ab', 'x.png');
    mkdirSync(dirname(alone), { recursive: true });
    writeFileSync(alone, whole);
    expect(await shelfObjections(place)).toEqual(['no object is without a name']);
    rmSync(alone);

    for (const path of [copy, join(place.cartridges, '.x.png.wet')]) {
      writeFileSync(path, whole);
      expect(await shelfObjections(place)).toContain('the shelf holds as many files as there are successes');
      rmSync(path);
    }
    for (const room of ['tmp', 'inbox', 'outbox', 'work/r1']) {
      mkdirSync(join(place.socket, room), { recursive: true });
      const path = join(place.socket, room, 'x.json');
      writeFileSync(path, '');
      expect(await shelfObjections(place), room).toHaveLength(1);
      rmSync(path);
    }
    for (const sql of [
      `INSERT INTO improvement_runs (script_id, started_at, finished_at, outcome, cartridge_path, spool_id)
       SELECT script_id, started_at, finished_at, outcome, cartridge_path, 'another'
       FROM improvement_runs WHERE outcome = 'success' LIMIT 1`,
      `UPDATE improvement_runs SET outcome = 'failed' WHERE outcome = 'success'`,
      `UPDATE improvement_runs SET finished_at = NULL`,
      `UPDATE jobs SET state = 'queued'`,
      `UPDATE improvement_scripts SET code = 'RECT 0 0 1 1' WHERE name = 'first'`,
      `UPDATE improvement_scripts SET run_count = run_count + 1`,
      `UPDATE cartridges SET checksum = 'x'`,
      `DELETE FROM cartridges`,
    ]) {
      const edited = new BetterSqlite3(place.database);
      edited.exec(sql);
      edited.pragma('wal_checkpoint(TRUNCATE)');
      edited.close();
      expect((await shelfObjections(place)).length, sql).toBeGreaterThan(0);
      copyFileSync(backup, place.database);
    }
    expect(await shelfObjections(place)).toEqual([]);
  });
});

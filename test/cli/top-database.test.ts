/** The database that is watched: not there, there, in use, locked, replaced, gone, and back. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WatchedDatabase } from '../../cli/top-database.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { namesIn } from '../support/renderer-process.ts';
import { QueuePlace } from './queue-place.ts';

let place: QueuePlace;
let watched: WatchedDatabase;
beforeEach(() => {
  place = new QueuePlace();
  watched = new WatchedDatabase(place.at('daemon.db'));
});
afterEach(async () => {
  watched.close();
  await place.clear();
});

const look = (inHand: readonly string[] = []) => watched.look(Date.now(), inHand);
const queued = () => look().watched?.totals.queued;

/** Somebody who has it open, as a daemon has. */
const open = () => openDatabase(place.at('daemon.db'), { durability: 'fast' });

describe('a database that is watched', () => {
  it('is waited for while it is not there, and read once it is', () => {
    expect(look()).toMatchObject({ watched: undefined, note: expect.stringContaining('none at') });
    place.write('daemon.db', '');
    expect(look()).toMatchObject({ watched: undefined, note: expect.stringContaining('is empty') });
    rmSync(place.at('daemon.db'));
    place.scripts('a', 'b');
    expect(look()).toMatchObject({ note: undefined, watched: { totals: { queued: 2 } } });
  });

  it('is read again when it changes, in use or not, and nothing is left beside it', () => {
    place.scripts('a');
    expect(queued()).toBe(1);
    const names = namesIn(place.folder);
    // Nobody has it open: its bytes are read.
    place.scripts('a', 'b');
    expect(queued()).toBe(2);
    expect(namesIn(place.folder)).toEqual(names);
    const database = open();
    try {
      expect(queued()).toBe(2);
      for (let n = 0; n < 3; n++) {
        database.exec(`INSERT INTO improvement_scripts (name, lang, code) VALUES ('c${n}', 'pixel', 'HALT')`);
        expect(queued()).toBe(3 + n);
      }
    } finally {
      database.close();
    }
    place.sql(`DELETE FROM jobs WHERE id = 1`);
    expect(queued()).toBe(4);
  });

  it('is not read again where nothing has changed: what it knows is the same object', () => {
    place.scripts('a');
    const database = open();
    try {
      const first = look().watched;
      expect(look().watched).toBe(first);
      database.exec(`UPDATE improvement_scripts SET priority = 3`);
      expect(look().watched).not.toBe(first);
    } finally {
      database.close();
    }
  });

  it('knows which commands in hand are of its runs, under way or over', () => {
    place.scripts('a');
    const database = open();
    try {
      place.begin(1);
      const [id] = place.column('SELECT spool_id FROM improvement_runs') as [string];
      expect([...look([id, 'other']).ownIds]).toEqual([id]);
      place.end(1, 'done');
      expect([...look([id, 'other']).ownIds]).toEqual([id]);
      expect([...look([]).ownIds]).toEqual([]);
    } finally {
      database.close();
    }
  });

  it('keeps what it knew while another holds the database, says so within half a second, and goes on', () => {
    place.scripts('a');
    const holder = new BetterSqlite3(place.at('daemon.db'));
    try {
      expect(queued()).toBe(1);
      watched.close();
      // Out of WAL, a writer who has begun to write keeps readers out.
      holder.pragma('journal_mode = DELETE');
      holder.exec(
        `BEGIN EXCLUSIVE; INSERT INTO improvement_scripts (name, lang, code) VALUES ('b', 'pixel', 'HALT')`,
      );
      const start = performance.now();
      const { note, watched: known } = look();
      expect(performance.now() - start).toBeLessThan(2_000);
      expect(note).toMatch(/another program has begun to write there and does not end$/);
      expect(known?.totals.queued).toBe(1);
      holder.exec('COMMIT');
      expect(look()).toMatchObject({ note: undefined, watched: { totals: { queued: 2 } } });
    } finally {
      holder.close();
    }
  });

  it('is another one when a file takes its place, and none when it goes away, until it is back', () => {
    place.scripts('a');
    const first = open();
    expect(queued()).toBe(1);
    first.close();
    renameSync(place.at('daemon.db'), place.at('old.db'));
    rmSync(place.at('daemon.db-wal'), { force: true });
    rmSync(place.at('daemon.db-shm'), { force: true });
    expect(look()).toMatchObject({ watched: undefined, note: expect.stringContaining('none at') });
    place.scripts('a', 'b', 'c');
    expect(look()).toMatchObject({ note: undefined, watched: { totals: { queued: 3 } } });
    const second = open();
    try {
      expect(queued()).toBe(3);
    } finally {
      second.close();
    }
  });

  it('is not said to be none where it cannot be looked at', () => {
    // As root everything may be looked at, but what lies in a loop.
    symlinkSync('loop', place.at('loop'));
    watched = new WatchedDatabase(place.at('loop/daemon.db'));
    expect(look().note).toMatch(/^Cannot read the database .*ELOOP/);
    watched = new WatchedDatabase(place.at('nowhere/daemon.db'));
    expect(look().note).toContain('none at');
  });

  it('says what is no database, and what another gvpie has to bring up to date', () => {
    mkdirSync(place.at('daemon.db'));
    expect(look().note).toMatch(/found a directory$/);
    rmSync(place.at('daemon.db'), { recursive: true });
    writeFileSync(place.at('daemon.db'), 'x'.repeat(200));
    expect(look().note).toMatch(/found a file of another kind$/);
    rmSync(place.at('daemon.db'));
    place.scripts('a');
    place.sql('PRAGMA user_version = 1');
    expect(look()).toMatchObject({ watched: undefined, note: expect.stringContaining('of an older gvpie') });
  });
});

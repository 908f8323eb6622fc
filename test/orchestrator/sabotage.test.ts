/** Things done to a database under a living orchestrator: one bad row or rule stops no other. */
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { cli, Pair } from '../support/pair.ts';
import { shelfObjections } from '../support/shelf-objections.ts';
import { waitUntil } from '../support/wait-until.ts';

it('a trigger that forbids closing one run holds up no other', async () => {
  const pair = new Pair();
  await pair.renderer();
  const orchestrator = await pair.orchestrator();
  await pair.run('hello_gpu');
  pair.execute(`CREATE TRIGGER owner BEFORE UPDATE OF finished_at ON improvement_runs
    WHEN (SELECT name FROM improvement_scripts WHERE id = OLD.script_id) = 'forbidden'
    BEGIN SELECT RAISE(ABORT, 'not this one'); END`);
  pair.insert('forbidden', 'HALT');
  pair.insert('allowed', 'RECT 0 0 1 1');
  expect((await pair.run('allowed')).outcome).toBe('success');
  await waitUntil('the word of it', () => orchestrator.output().includes('run:unclosable'));
  expect(pair.runs('forbidden').map(({ outcome }) => outcome)).toEqual([null]);
});

it('a trigger that forbids claiming one script holds up no other', async () => {
  const pair = new Pair();
  await pair.renderer();
  await pair.orchestrator();
  await pair.run('hello_gpu');
  pair.execute(`CREATE TRIGGER owner BEFORE UPDATE OF state ON jobs
    WHEN NEW.state = 'running'
      AND (SELECT name FROM improvement_scripts WHERE id = OLD.script_id) = 'forbidden'
    BEGIN SELECT RAISE(ABORT, 'not this one'); END`);
  pair.insert('forbidden', 'HALT');
  pair.insert('allowed', 'RECT 0 0 1 1');
  expect((await pair.run('allowed')).outcome).toBe('success');
  expect(pair.runs('forbidden')).toEqual([]);
  expect(pair.query('SELECT name FROM v_due')).toEqual([{ name: 'forbidden' }]);
});

it('an id that a double cannot hold is refused by the database itself; the largest that it can is rendered', async () => {
  const pair = new Pair();
  await pair.renderer();
  await pair.orchestrator();
  await pair.run('hello_gpu');
  const add = (id: string, name: string) =>
    pair.execute(
      `INSERT INTO improvement_scripts (id, name, lang, code) VALUES (${id}, ?, 'pixel', 'TXT 1 1 ' || ?)`,
      name,
      name,
    );
  expect(() => add('9007199254740992', 'beyond')).toThrow('Expected an id of at most 9007199254740991');
  add('9007199254740991', 'largest');
  const run = await pair.run('largest');
  expect(pair.cartridge(run).label.program).toBe('TXT 1 1 largest');
  expect(() =>
    pair.execute("UPDATE improvement_scripts SET id = 9007199254740992 WHERE name = 'largest'"),
  ).toThrow('Expected an id of at most');
});

it('a name of many megabytes stops nobody and is read in part', async () => {
  const pair = new Pair();
  await pair.renderer();
  await pair.orchestrator();
  await pair.run('hello_gpu');
  pair.execute(`INSERT INTO improvement_scripts (name, lang, code)
    VALUES (replace(hex(zeroblob(8000000)), '00', 'n'), 'pixel', 'RECT 1 1 5 5')`);
  pair.insert('after', 'HALT');
  expect((await pair.run('after')).outcome).toBe('success');
  await pair.idle();
  const [, long] = pair.runs();
  expect(long?.cartridge_path?.length).toBeLessThan(256);
});

it('a database that is called by another name is the same: two orchestrators take each script once', async () => {
  const pair = new Pair();
  await Promise.all([pair.renderer(), pair.orchestrator()]);
  const link = join(pair.folder, 'link.db');
  symlinkSync(pair.database, link);
  const second = cli('orchestrator', '--socket', pair.socket, '--db', link, '--cartridges', pair.cartridges);
  await waitUntil('the second to serve', () => second.output().includes('orchestrator:serving'));
  expect(pair.query('SELECT id FROM orchestrators')).toHaveLength(2);
  for (let n = 0; n < 40; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
  await pair.idle();
  expect(await shelfObjections(pair)).toEqual([]);
  expect(pair.shelf()).toHaveLength(41);
  expect(second.end()).toBeUndefined();
  second.process.kill('SIGTERM');
  expect((await second.ended).code).toBe(0);
});

it('a database that is replaced ends the orchestrator, which says so', async () => {
  const pair = new Pair();
  const orchestrator = await pair.orchestrator();
  new BetterSqlite3(join(pair.folder, 'other.db')).exec('CREATE TABLE t (x)').close();
  renameSync(join(pair.folder, 'other.db'), pair.database);
  expect((await orchestrator.ended).code).toBe(70);
  expect(orchestrator.output()).toContain('database:lost');
});

it('a renderer that is asked for a GPU it has not refuses no script for good', async () => {
  const pair = new Pair();
  await pair.renderer();
  const asked = await pair.orchestrator('--once', '--backend', 'gpu');
  expect((await asked.ended).code).toBe(1);
  expect(pair.runs().map(({ outcome }) => outcome)).toEqual(['failed']);
  pair.execute('UPDATE jobs SET retry_at = NULL');
  const again = await pair.orchestrator('--once');
  expect((await again.ended).code).toBe(0);
});

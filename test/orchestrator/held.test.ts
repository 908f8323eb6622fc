/** A program that begins to write and does not end: daemons wait and go on, and commands wait or say what is the matter. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Child } from '../support/child.ts';
import { cli, Pair } from '../support/pair.ts';
import { shelfObjections } from '../support/shelf-objections.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What SQLite says, which nobody is to read. */
const RAW = /SQLITE_|database is locked|database table is locked/;
const SAID = 'another program has begun to write there and does not end';

/** Every command that writes into the database, and some that only look. */
const WRITING = [
  ['script', 'add', 'new', 'PROGRAM'],
  ['script', 'set', 'old', 'PROGRAM'],
  ['script', 'disable', 'old'],
  ['script', 'remove', 'unused'],
  ['script', 'run', 'old'],
  ['pause'],
  ['limit', 'engine', '3'],
  ['cancel', '1'],
  ['requeue', '--script', 'old'],
];
const LOOKING = [['script', 'list'], ['queue'], ['history', 'old'], ['stats'], ['runs']];

/** A pair's folder with a program, and commands for it. */
function workplace() {
  const pair = new Pair();
  const program = join(pair.folder, 'program.pxl');
  writeFileSync(program, 'HALT');
  const run = async (words: readonly string[]) => {
    const child = cli(...words.map((word) => (word === 'PROGRAM' ? program : word)), '--db', pair.database);
    const { code } = await child.ended;
    return { words: words.join(' '), code, output: child.output() };
  };
  return { pair, run };
}

/** Begins to write; ends when that is told, and not before so many milliseconds have passed. */
async function hold(pair: Pair, leastMs: number) {
  const holder = new BetterSqlite3(pair.database);
  await waitUntil('the lock', () => tried(() => holder.exec('BEGIN IMMEDIATE')));
  const least = new Promise((resolve) => setTimeout(resolve, leastMs));
  return async () => {
    await least;
    holder.exec('COMMIT');
    holder.close();
  };
}

function tried(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

const faults = (child: Child): number => child.output().match(new RegExp(SAID, 'g'))?.length ?? 0;

describe('a program that holds the database', () => {
  it('for eight seconds and longer has daemons wait and go on, and commands that write say so and end with 75', {
    timeout: 60_000,
  }, async () => {
    const { pair, run } = workplace();
    const [, first] = await Promise.all([pair.renderer(), pair.orchestrator()]);
    await pair.run('hello_gpu');
    for (const name of ['old', 'unused']) pair.insert(name, `TXT 1 1 ${name}`);
    await pair.idle();
    // Something is due that no orchestrator can take.
    pair.execute(
      "INSERT INTO improvement_scripts (name, lang, code, enabled) VALUES ('due', 'pixel', 'RECT 1 1 9 9', 0)",
    );
    pair.execute("UPDATE improvement_scripts SET enabled = 1 WHERE name = 'due'");
    const release = await hold(pair, 8_000);
    const second = pair.startOrchestrator();
    const [writing, looking] = await Promise.all([
      Promise.all(WRITING.map(run)),
      Promise.all(LOOKING.map(run)),
    ]);
    for (const { words, code, output } of writing) {
      expect(output, words).toContain(SAID);
      expect(output, words).toContain('hint: end its transaction');
      expect([words, code]).toEqual([words, 75]);
    }
    for (const { words, code, output } of looking)
      expect([words, code, RAW.test(output)]).toEqual([words, 0, false]);
    expect(second.output()).not.toContain('orchestrator:serving');
    await release();
    await waitUntil('the second to serve', () => second.output().includes('orchestrator:serving'));
    await pair.idle();
    expect(await shelfObjections(pair)).toEqual([]);
    expect(faults(second)).toBeLessThanOrEqual(1);
    // What goes on is told once in ten seconds, for each of the things that cannot be done.
    expect(faults(first)).toBeLessThanOrEqual(6);
    for (const output of [first.output(), second.output(), ...writing.map((one) => one.output)]) {
      expect(output).not.toMatch(RAW);
    }
  });

  it('for a second is waited for by every command', async () => {
    const { pair, run } = workplace();
    await pair.orchestrator();
    pair.insert('old', 'HALT');
    const release = await hold(pair, 1_000);
    const released = release();
    const [added, paused, listed] = await Promise.all([
      run(['script', 'add', 'new', 'PROGRAM']),
      run(['pause']),
      run(['script', 'list']),
    ]);
    expect([added, paused, listed].map(({ code, output }) => [code, RAW.test(output)])).toEqual([
      [0, false],
      [0, false],
      [0, false],
    ]);
    await released;
    expect(pair.query("SELECT name FROM improvement_scripts WHERE name = 'new'")).toHaveLength(1);
  });

  it('does not keep an orchestrator that waits to begin from being stopped', async () => {
    const { pair } = workplace();
    const before = await pair.orchestrator();
    before.process.kill('SIGTERM');
    await before.ended;
    const release = await hold(pair, 0);
    const orchestrator = pair.startOrchestrator();
    await waitUntil('the word of it', () => orchestrator.output().includes('database:held'));
    const begun = performance.now();
    orchestrator.process.kill('SIGTERM');
    // Whatever it is in the middle of, it waits for five seconds at most.
    expect((await orchestrator.ended).code).toBe(75);
    expect(performance.now() - begun).toBeLessThan(7_000);
    expect(orchestrator.output()).not.toMatch(RAW);
    await release();
  });
});

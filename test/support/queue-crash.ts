/**
 * An orchestrator that dies after a chosen effect while everything is done to the queue that can be: plans, matrices,
 * needs, a batch, what a dead one left, a cancel of what runs, and a requeue. Another one is alive all the time, but held
 * up, and has to put everything right.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import { type Database, openDatabase } from '../../orchestrator/host/migrate.ts';
import { ownIdentity } from '../../shared/host/process-identity.ts';
import { type Child, startProgram } from './child.ts';
import { recordHistory } from './job-history.ts';
import { DAY_MS, DEAD, LEFT, objectionsTo, SCRIPTS, STUCK } from './queue-objections.ts';
import { namesIn, startRenderer } from './renderer-process.ts';
import type { Place } from './shelf-objections.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

const AT_A_TIME = 3;
const LIMIT_MS = 60_000;

export interface QueueCrash {
  /** The effects that it had, as "<number> <name>". */
  readonly effects: readonly string[];
  readonly killed: boolean;
  readonly objections: readonly string[];
}

/** @param effect the number of the effect after which it dies; 0 lets it end well */
export async function crashQueueAfter(effect: number): Promise<QueueCrash> {
  const folder = temporaryFolder();
  const place = {
    socket: join(folder, 'socket'),
    database: join(folder, 'daemon.db'),
    cartridges: join(folder, 'cartridges'),
  };
  const settings = JSON.stringify({
    ...{ socketDir: place.socket, database: place.database, cartridges: place.cartridges },
    ...{ pollMs: '5', durability: 'fast' },
  });
  mkdirSync(place.cartridges);
  const sql = openDatabase(place.database, { durability: 'fast' });
  sql.exec('DELETE FROM improvement_scripts');
  const other = startProgram('storm-daemon', ['orchestrator', settings]);
  const isReady = () => other.output().includes('ready');
  const [renderer] = await Promise.all([
    startRenderer(place.socket),
    waitUntil('the other to serve', isReady, LIMIT_MS),
  ]);
  // Both are processes that live: nobody takes anything over from them, and they do nothing.
  for (const child of [renderer, other]) child.process.kill('SIGSTOP');
  setScene(sql, place);

  const first = startProgram('crashing-queue', [settings, `${effect}`]);
  await until(first, 'a job to be under way', () => stateOf(sql, STUCK) === 'running');
  sql
    .prepare(
      'UPDATE jobs SET cancel = 1 WHERE script_id = (SELECT id FROM improvement_scripts WHERE name = ?)',
    )
    .run(STUCK);
  sql.prepare(`UPDATE jobs SET state = 'queued' WHERE state = 'dead'`).run();
  // Each death is an attempt.
  sql.prepare('UPDATE improvement_scripts SET max_attempts = 50').run();
  await until(first, 'it to be cancelled', () => stateOf(sql, STUCK) === 'cancelled');
  await until(first, 'a sign of life', () => heartbeatOf(sql) > 1);
  renderer.process.kill('SIGCONT');
  await until(first, 'everything to end', () => isOver(sql));
  first.process.kill('SIGTERM');
  const { signal } = await first.ended;

  other.process.kill('SIGCONT');
  await waitUntil('the other to end everything', () => isOver(sql), LIMIT_MS, 5);
  await waitUntil('an empty outbox', () => namesIn(place.socket, 'outbox').length === 0, LIMIT_MS, 5);
  for (const child of [other, renderer]) {
    child.process.kill('SIGTERM');
    await child.ended;
  }
  const objections = await objectionsTo(sql, place);
  sql.close();
  const effects = first.output().replaceAll(`${folder}/`, '').trimEnd().split('\n');
  return { effects, killed: signal === 'SIGKILL', objections };
}

/** Waits for what the first one does, or for its death. */
async function until(first: Child, what: string, look: () => boolean): Promise<void> {
  await waitUntil(what, () => first.end() !== undefined || look(), LIMIT_MS, 2);
}

function setScene(sql: Database, place: Place): void {
  recordHistory(sql);
  const insert = sql.prepare(`
    INSERT INTO improvement_scripts (name, lang, code, schedule, catch_up, matrix, needs, batch, max_attempts)
    VALUES (?, 'pixel', ?, ?, ?, ?, ?, ?, ?)`);
  for (const one of SCRIPTS) {
    const {
      schedule = null,
      catchUp = 'one',
      matrix = null,
      needs = null,
      batch = null,
      attempts = 50,
    } = one;
    insert.run(one.name, one.code, schedule, catchUp, matrix, needs, batch, attempts);
  }
  // Three slots of it were missed.
  const since = new Date(Date.now() - 3 * DAY_MS).toISOString();
  sql.prepare(`UPDATE improvement_scripts SET revised_at = ? WHERE name = 'daily'`).run(since);
  // It was added before its time, which nobody was there for.
  sql.exec(`UPDATE improvement_scripts SET revised_at = '2025-12-01T00:00:00.000Z' WHERE name = 'once'`);

  const table = new JobTable(sql);
  const startedAt = since;
  const begin = (name: string, owner: string): number => {
    const job = sql.prepare<[string], { id: number; script_id: number }>(JOB_OF).get(name);
    const names = {
      spoolId: `00000000-0000-7000-8000-${name.slice(0, 12).padEnd(12, '-')}`,
      cartridgeName: `${name}.png`,
    };
    const claim = { jobId: job?.id ?? 0, scriptId: job?.script_id ?? 0, revision: 1, startedAt, ...names };
    return table.claim([claim], owner)[0] ?? 0;
  };
  const times = {
    finishedAt: since,
    durationMs: 1,
    stdout: null,
    backend: null,
    retryAt: null,
    cartridge: null,
  };
  table.close([{ ...times, runId: begin(DEAD, 'long-gone'), outcome: 'failed', stderr: null, charged: 1 }]);
  // Its owner ended in the middle of it, with half of a cartridge written.
  begin(LEFT, 'gone');
  sql
    .prepare(`INSERT INTO orchestrators (id, pid, start_time, boot_id, pid_namespace, version, started_at)
      VALUES ('gone', @pid, 1, @boot_id, @pid_namespace, '0.1.0', '')`)
    .run(ownIdentity());
  writeFileSync(join(place.cartridges, `.${LEFT}.png.wet`), 'half');
}

const JOB_OF = `SELECT job.id, script_id, state FROM jobs AS job JOIN improvement_scripts AS script ON script.id = script_id
  WHERE name = ?`;

function stateOf(sql: Database, name: string): string | undefined {
  return sql.prepare<[string], { state: string }>(JOB_OF).get(name)?.state;
}

/** The highest of all: the other one, which is held up, has shown once that it lives. */
function heartbeatOf(sql: Database): number {
  return sql.prepare<[], number>('SELECT max(heartbeat) FROM orchestrators').pluck().get() ?? 0;
}

function isOver(sql: Database): boolean {
  const open = `
    SELECT 1 FROM jobs WHERE state IN ('queued', 'running')
    UNION ALL SELECT 1 FROM improvement_runs WHERE finished_at IS NULL
    UNION ALL SELECT 1 FROM improvement_scripts WHERE plan_at = ''`;
  return sql.prepare(open).get() === undefined;
}

/** How many deaths there were, and what they left wrong. Answers that come together have fewer effects. */
export async function crashQueueAfterEach(effects: readonly number[]) {
  const wrong: string[] = [];
  const left = [...effects];
  let deaths = 0;
  const work = async (): Promise<void> => {
    for (let effect = left.shift(); effect !== undefined; effect = left.shift()) {
      const { effects: had, killed, objections } = await crashQueueAfter(effect);
      if (killed) deaths++;
      else if (had.length >= effect) wrong.push(`after ${effect}: it did not die`);
      for (const one of objections) wrong.push(`after ${had.at(-1)}: expected that ${one}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return { deaths, wrong };
}

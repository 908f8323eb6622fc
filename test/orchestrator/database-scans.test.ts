/** What the statements of the orchestrator's tables and catalogs read: no list of all jobs or runs there ever were. */
import { describe, expect, it } from 'vitest';
import { BatchCatalog } from '../../orchestrator/host/batch-catalog.ts';
import { JobCatalog } from '../../orchestrator/host/job-catalog.ts';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import type { Database } from '../../orchestrator/host/migrate.ts';
import { OwnerTable } from '../../orchestrator/host/owner-table.ts';
import { PlanTable } from '../../orchestrator/host/plan-table.ts';
import { QueueCatalog } from '../../orchestrator/host/queue-catalog.ts';
import { ScriptCatalog } from '../../orchestrator/host/script-catalog.ts';
import { readStats } from '../../orchestrator/host/stats-table.ts';
import type { JobChoice } from '../../orchestrator/queue.ts';
import { opened } from './database.ts';

/** Steps that read a whole table of jobs or runs, by the statement that takes them. */
function scansOf(database: Database, work: (spy: Database) => void): string[] {
  const scans: string[] = [];
  const look = (sql: string, parameters: unknown): void => {
    if (!/^\s*(SELECT|WITH|UPDATE|DELETE|INSERT)/.test(sql)) return;
    // Bound as they are when it is run: SQLite takes a partial index for a parameter's value too.
    const plan = database
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(Array.isArray(parameters) ? parameters : [parameters]));
    for (const { detail } of plan) {
      const isShort = /ORDER BY (run\.)?id DESC LIMIT|LIMIT \?\)/.test(sql);
      if (
        !isShort &&
        /^SCAN (jobs|job|improvement_runs|run)\b(?!.*INDEX gvpie_(jobs|runs)_)|spool_id>\?/.test(detail)
      ) {
        scans.push(`${detail}: ${sql.replace(/\s+/g, ' ').trim().slice(0, 200)}`);
      }
    }
  };
  const spyOn = (statement: object, sql: string): object =>
    new Proxy(statement, {
      get(target, property) {
        const member = Reflect.get(target, property) as (...parameters: unknown[]) => unknown;
        if (property === 'pluck' || property === 'raw')
          return () => spyOn(member.call(target) as object, sql);
        return (...parameters: unknown[]) => {
          const [first] = parameters;
          look(sql, parameters.length === 1 && typeof first === 'object' ? first : parameters);
          return member.apply(target, parameters);
        };
      },
    });
  work(
    new Proxy(database, {
      get(target, property) {
        if (property === 'prepare') return (sql: string) => spyOn(target.prepare(sql), sql);
        const member = Reflect.get(target, property) as unknown;
        return typeof member === 'function' ? member.bind(target) : member;
      },
    }),
  );
  return scans;
}

/** A database with a script, a matrix, and a job in each state that is looked for. */
function some(): Database {
  const database = opened();
  database.exec(`
    UPDATE improvement_scripts SET batch = 'b', name = 'a';
    INSERT INTO improvement_scripts (name, lang, code, matrix, batch) VALUES ('m', 'pixel', '', '{}', 'b');
    INSERT INTO jobs (script_id, slot, revision, lang, params, rank, due_at) VALUES (2, 'r1 {}', 1, 'pixel', '{}', 1, '')`);
  return database;
}

const CHOICES: JobChoice[] = [
  {},
  { scriptName: 'a' },
  { batch: 'b' },
  { lang: 'pixel' },
  { state: 'queued' },
  { state: 'running' },
  { state: 'dead' },
  { scriptName: 'a', state: 'done' },
];

const NOW = '2026-01-01T00:00:00.000Z';

/** What each door to the database does, one after the other. */
const WORK: Record<string, (database: Database) => void> = {
  'what an orchestrator does': (database) => {
    const table = new JobTable(database);
    const plans = new PlanTable(database, 'o1');
    const owners = new OwnerTable(database, {
      ...{ id: 'o1', pid: 0, start_time: null, boot_id: null, pid_namespace: null },
      ...{ version: '', started_at: NOW },
    });
    owners.beat();
    owners.others();
    owners.tidy();
    table.agenda();
    table.queued(1);
    table.wake(NOW);
    table.nextRetryAt();
    table.cancelled('o1');
    table.openRuns();
    table.outcome('x');
    plans.due(NOW, 9);
    plans.nextAt();
    plans.replanAll();
    plans.cycle('2026-01-01T00:00:00.000Z');
    const due = table.due(9);
    expect(due.length).toBeGreaterThan(1);
    const claims = due.map(({ jobId, id, revision }) => ({
      ...{ jobId, scriptId: id, revision, startedAt: NOW },
      ...{ spoolId: `s${jobId}`, cartridgeName: `${jobId}.png` },
    }));
    const common = { finishedAt: NOW, durationMs: 1, stdout: null, stderr: null, backend: 'cpu' };
    const outcomes = ['failed', 'success'] as const;
    table.close(
      table.claim(claims, 'o1').map((runId, index) => ({
        ...{ ...common, runId: runId ?? 0, outcome: outcomes[index % 2] ?? 'success' },
        ...{ retryAt: NOW, charged: 1 as const, cartridge: null },
      })),
    );
  },
  'gvpie queue': (database) => {
    const queue = new QueueCatalog(database);
    for (const choice of CHOICES) {
      queue.list(choice, 9);
      queue.totals(choice);
    }
    queue.controls();
    queue.maxQueued();
  },
  'gvpie history': (database) => {
    const queue = new QueueCatalog(database);
    queue.job(1);
    queue.jobsOf('a', 9);
    new JobCatalog(database).runs(1);
    new ScriptCatalog(database).runs(null, 9);
    new ScriptCatalog(database).runs('a', 9);
  },
  'gvpie stats': (database) => void readStats(database, 0),
  'gvpie status': (database) => void new ScriptCatalog(database).counts(),
  'gvpie batch': (database) => {
    new BatchCatalog(database).counts('b');
    new BatchCatalog(database).failures('b', 9);
  },
  'gvpie script': (database) => {
    const catalog = new ScriptCatalog(database);
    catalog.listScripts();
    catalog.showScript('a');
    catalog.markDue('a', true);
    new QueueCatalog(database).plans();
    const jobs = new JobCatalog(database);
    expect(jobs.newestPoints('m')).toHaveLength(1);
    jobs.states([1, 2]);
    jobs.failed([1, 2], 9);
    jobs.ask([1, 2], true);
  },
  'gvpie cancel and requeue': (database) => {
    const jobs = new JobCatalog(database);
    for (const choice of CHOICES) jobs.open(choice);
    for (const choice of CHOICES.filter(({ scriptName, batch, state }) => scriptName ?? batch ?? state)) {
      jobs.ended(choice);
    }
    jobs.cancel([1]);
    jobs.cancelled([1]);
    jobs.requeue([1]);
  },
  'the views': (database) => {
    for (const view of ['v_due', 'v_running', 'v_dead', 'v_needs', 'v_script_health']) {
      database.prepare(`SELECT * FROM ${view}`).all();
    }
  },
};

describe('of a long history', () => {
  it.each(Object.entries(WORK))('%s reads no more than it has to', (_, work) => {
    expect(scansOf(some(), work)).toEqual([]);
  });

  it('all of it would be read without the indexes, so that is how it shows', () => {
    const database = some();
    const names = ['gvpie_jobs_running', 'gvpie_jobs_dead'];
    database.exec(names.map((name) => `DROP INDEX ${name}`).join(';'));
    for (const verb of ['gvpie queue', 'gvpie status', 'the views'] as const) {
      const work = WORK[verb] as (database: Database) => void;
      expect(scansOf(database, work).length, verb).toBeGreaterThan(0);
    }
  });
});

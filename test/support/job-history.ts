/**
 * The history of all jobs and runs, as the database itself lived it, and a monitor that follows the model through it. The
 * recorder is a table and triggers of the test's own: SQLite lets one write after the other, so there is one order.
 */
import type { Database } from '../../orchestrator/host/migrate.ts';
import { hasEnded, isMove } from '../../orchestrator/life.ts';
import type { JobState } from '../../orchestrator/script.ts';

/** One thing that happened, in the order of `id`. */
export interface Event {
  readonly id: number;
  /** Unix epoch, ms. */
  readonly at: number;
  /** `queued` is a new job, `moved` one in another state, `begun` and `ended` are runs; `changed` is a run that had ended. */
  readonly what: 'queued' | 'moved' | 'removed' | 'begun' | 'ended' | 'changed';
  readonly job: number;
  readonly script: number | null;
  readonly slot: string | null;
  readonly rank: number | null;
  /** Of a job. */
  readonly before: JobState | null;
  readonly after: JobState | null;
  readonly run: number | null;
  readonly outcome: string | null;
}

const NOW = `CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)`;

/** Has the database write down what happens from now on, whoever does it. */
export function recordHistory(database: Database): void {
  const note = (what: string, row: string, before: string, after: string) =>
    `INSERT INTO test_history (at, what, job, script, slot, rank, before, after)
     VALUES (${NOW}, '${what}', ${row}.id, ${row}.script_id, ${row}.slot, ${row}.rank, ${before}, ${after});`;
  const noteRun = (what: string) =>
    `INSERT INTO test_history (at, what, job, script, run, outcome)
     VALUES (${NOW}, '${what}', NEW.job_id, NEW.script_id, NEW.id, NEW.outcome);`;
  database.exec(`
    CREATE TABLE test_history (
      id INTEGER PRIMARY KEY, at INTEGER, what TEXT, job INTEGER, script INTEGER, slot TEXT, rank INTEGER,
      before TEXT, after TEXT, run INTEGER, outcome TEXT
    );
    CREATE TRIGGER test_queued AFTER INSERT ON jobs BEGIN ${note('queued', 'NEW', 'NULL', 'NEW.state')} END;
    CREATE TRIGGER test_moved AFTER UPDATE OF state ON jobs WHEN OLD.state <> NEW.state
    BEGIN ${note('moved', 'NEW', 'OLD.state', 'NEW.state')} END;
    CREATE TRIGGER test_removed AFTER DELETE ON jobs BEGIN ${note('removed', 'OLD', 'OLD.state', 'NULL')} END;
    CREATE TRIGGER test_begun AFTER INSERT ON improvement_runs WHEN NEW.finished_at IS NULL
    BEGIN ${noteRun('begun')} END;
    CREATE TRIGGER test_ended AFTER UPDATE OF finished_at, outcome, success ON improvement_runs
    WHEN OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL BEGIN ${noteRun('ended')} END;
    CREATE TRIGGER test_changed AFTER UPDATE OF finished_at, outcome, success ON improvement_runs
    WHEN OLD.finished_at IS NOT NULL BEGIN ${noteRun('changed')} END;`);
}

export function readHistory(database: Database): Event[] {
  return database.prepare<[], Event>('SELECT * FROM test_history ORDER BY id').all();
}

/** What a script's row lets its jobs do. */
export interface Rules {
  /** How many of a script's jobs may run at once. */
  atOnce(script: number): number;
  /** The scripts that have to have succeeded before one of its jobs may begin. */
  needs(script: number): readonly number[];
  /** How many of a script's jobs have to be done for those who need it. */
  points(script: number): number;
}

/** Outcomes of the last run with which a job may leave `running`, by where it goes. */
const OUTCOMES: Readonly<Partial<Record<JobState, readonly string[]>>> = {
  done: ['success'],
  refused: ['refused'],
  rejected: ['rejected'],
  cancelled: ['cancelled', 'failed', 'interrupted'],
  queued: ['failed', 'interrupted'],
  skipped: ['failed', 'interrupted'],
  dead: ['failed', 'interrupted'],
};

interface Job {
  readonly script: number | null;
  state: JobState;
  /** The run that is open; of one that has ended, how. */
  open: number | undefined;
  outcome: string | undefined;
  /** Runs since it was last claimed. */
  runs: number;
}

/** Follows a history from its first event on; gives a line for each that leaves the model. */
export function objectionsToHistory(events: readonly Event[], rules: Rules): string[] {
  const monitor = new Monitor(rules);
  for (const event of events) monitor.hear(event);
  return monitor.end();
}

class Monitor {
  readonly #rules: Rules;
  readonly #jobs = new Map<number, Job>();
  readonly #slots = new Set<string>();
  readonly #done = new Map<number | null, number>();
  readonly #running = new Map<number | null, number>();
  readonly #wrong: string[] = [];

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  hear(event: Event): void {
    const job = this.#jobs.get(event.job);
    if (event.what === 'queued') this.#queue(event, job);
    else if (job === undefined) this.#expect(event, 'it is of a job that is there', false);
    else if (event.what === 'moved') this.#move(event, job, event.after as JobState);
    else if (event.what === 'removed') this.#expect(event, 'no job is removed', false);
    else if (event.what === 'begun') {
      this.#expect(event, 'a run begins with its job', job.state === 'running' && job.runs === 0);
      job.open = event.run ?? undefined;
      job.runs++;
    } else {
      this.#expect(
        event,
        'the open run is ended, and once',
        event.what === 'ended' && job.open === event.run,
      );
      job.open = undefined;
      job.outcome = event.outcome ?? undefined;
    }
  }

  end(): string[] {
    for (const [id, { state }] of this.#jobs) {
      if (!hasEnded(state))
        this.#wrong.push(`in the end: expected that job ${id} has ended, found it ${state}`);
    }
    return this.#wrong;
  }

  #queue(event: Event, before: Job | undefined): void {
    const slot = `${event.script} ${event.slot}`;
    this.#expect(event, 'a job is new, and so is its slot', before === undefined && !this.#slots.has(slot));
    // A plan that cannot be read leaves a job that stands for its refusal.
    this.#expect(event, 'a job begins in the queue', event.after === 'queued' || event.after === 'refused');
    this.#slots.add(slot);
    const { script, after } = event;
    this.#jobs.set(event.job, {
      script,
      state: after as JobState,
      open: undefined,
      outcome: undefined,
      runs: 0,
    });
  }

  #move(event: Event, job: Job, to: JobState): void {
    const from = job.state;
    this.#expect(event, `it leaves ${from}`, event.before === from);
    this.#expect(event, `there is a move from ${from} to ${to}`, isMove(from, to));
    if (from === 'running') {
      this.#expect(event, 'a job is left when its run has ended', job.runs === 1 && job.open === undefined);
      this.#expect(
        event,
        'its run ended as the job says',
        OUTCOMES[to]?.includes(job.outcome ?? '') === true,
      );
      this.#running.set(job.script, (this.#running.get(job.script) ?? 0) - 1);
    }
    if (to === 'running') {
      job.runs = 0;
      const running = 1 + (this.#running.get(job.script) ?? 0);
      this.#running.set(job.script, running);
      this.#expect(
        event,
        'no more of a script run at once than may',
        running <= this.#rules.atOnce(job.script ?? 0),
      );
      const isMet = (needed: number) => (this.#done.get(needed) ?? 0) >= this.#rules.points(needed);
      const unmet = this.#rules.needs(job.script ?? 0).filter((needed) => !isMet(needed));
      this.#expect(event, `what it needs is done: ${unmet.join(', ')}`, unmet.length === 0);
    }
    if (to === 'done') this.#done.set(job.script, 1 + (this.#done.get(job.script) ?? 0));
    job.state = to;
  }

  #expect(event: Event, what: string, holds: boolean): void {
    const { id, what: kind, job, before, after, run, outcome } = event;
    const said = [kind, before, after, run, outcome].filter((word) => word !== null).join(' ');
    if (!holds) this.#wrong.push(`event ${id}, job ${job}, ${said}: expected that ${what}`);
  }
}

/** How long first claims were waited for, and how many of higher rank were claimed meanwhile. */
export interface Wait {
  readonly script: number | null;
  readonly ms: number;
  readonly overtaken: number;
}

/** The waits of jobs from when they were queued until they first ran, in the order of their claims. */
export function waitsOf(events: readonly Event[]): Wait[] {
  const queued = new Map<number, Event>();
  const claims: Event[] = [];
  const waits: Wait[] = [];
  for (const event of events) {
    if (event.what === 'queued') queued.set(event.job, event);
    if (event.after !== 'running') continue;
    const { at, rank } = queued.get(event.job) ?? {};
    if (at !== undefined && rank != null) {
      let overtaken = 0;
      for (let n = claims.length - 1; n >= 0; n--) {
        const claim = claims[n] as Event;
        if (claim.id < (queued.get(event.job)?.id ?? 0)) break;
        if ((claim.rank ?? 0) > rank) overtaken++;
      }
      waits.push({ script: event.script, ms: event.at - at, overtaken });
    }
    queued.delete(event.job);
    claims.push(event);
  }
  return waits;
}

/**
 * Retention: what of jobs, runs and cartridges a rule lets go, and what stays whatever the rule says. A *survey* is shown
 * every row once, the newest first, and knows then of each row whether it goes; it remembers a little for each script
 * and each point of a matrix, and nothing for each row.
 */
import type { KeepRule } from '../shared/keep-rule.ts';
import type { JobState } from './script.ts';

/** How long whatever has ended stays in any case, ms: somebody may still wait for it, or be about to look at it. */
export const GRACE_MS = 600_000;

/** Times are Unix epoch, ms; null where there is none that can be read. Of scripts that are gone, ids are null. */
export interface JobFact {
  readonly id: number;
  readonly scriptId: number | null;
  readonly slot: string;
  /** A point of the matrix, in JSON; null for none. */
  readonly point: string | null;
  readonly state: JobState;
  readonly revision: number;
  /** Its script's. */
  readonly presentRevision: number | null;
  readonly endedMs: number | null;
}

export interface RunFact {
  readonly id: number;
  readonly scriptId: number | null;
  readonly jobId: number | null;
  /** Null where the job is gone. */
  readonly jobState: JobState | null;
  /** Null while it is open. */
  readonly endedMs: number | null;
  readonly success: number | null;
  /** The file that it made or knew. */
  readonly fileName: string | null;
  /** Of its texts, as long as they are there. */
  readonly textBytes: number;
}

/** By what a survey judges. */
export interface Measure {
  readonly rule: KeepRule;
  readonly nowMs: number;
}

/** Which rows are among the newest of their kind: those of one key, as they are shown from the newest on. */
export class Ranks<Key> {
  readonly #count: number | null;
  readonly #seen = new Map<Key, { seen: number; bound: number }>();

  /** @param count how many are the newest; null: all */
  constructor(count: number | null) {
    this.#count = count;
  }

  see(key: Key, id: number): void {
    if (this.#count === null) return;
    const one = this.#seen.get(key) ?? { seen: 0, bound: Number.NEGATIVE_INFINITY };
    this.#seen.set(key, one);
    one.seen++;
    if (one.seen === this.#count) one.bound = id;
  }

  /** Once all were shown. */
  isBeyond(key: Key, id: number): boolean {
    return id < (this.#seen.get(key)?.bound ?? Number.NEGATIVE_INFINITY);
  }
}

/** Whether a rule lets go what ended then. */
export function isLetGo({ rule, nowMs }: Measure, endedMs: number | null, isBeyond: boolean): boolean {
  if (endedMs === null || nowMs - endedMs < GRACE_MS) return false;
  return isBeyond || (rule.ageMs !== null && nowMs - endedMs > rule.ageMs);
}

/** Whether a job may still move by itself. */
function isOpen(state: JobState | null): boolean {
  return state === 'queued' || state === 'running';
}

/** A job that a verdict rests on: as long as it is `done`, older ones are not needed for that. */
export interface Witness {
  readonly jobId: number;
  readonly presentRevision: number | null;
}

/**
 * The jobs. These stay: what is queued or running; a script's newest job, and that of its present revision, which are what
 * `script run` and lists ask for; its newest success, and that of its present revision, by which needs are met; each of the
 * present revision's own slots, `r3`, with or without a point, or the planner would make them again; the newest
 * success of each point; and a slot in the future, as after a clock was set back.
 */
export class JobSurvey {
  readonly #measure: Measure;
  readonly #ranks: Ranks<number | null>;
  readonly #stays = new Set<number>();
  readonly #firsts = new Set<string>();
  readonly #witnesses = new Map<number, Witness>();
  readonly #now: string;

  constructor(measure: Measure) {
    this.#measure = measure;
    this.#ranks = new Ranks(measure.rule.count);
    this.#now = new Date(measure.nowMs).toISOString();
  }

  see(job: JobFact): void {
    const { id, scriptId, slot, point, state, revision, presentRevision } = job;
    this.#ranks.see(scriptId, id);
    if (scriptId === null) return;
    const isPresent = revision === presentRevision;
    const firsts = [
      this.#isFirst(`${scriptId}`),
      isPresent && this.#isFirst(`${scriptId} present`),
      state === 'done' && this.#isFirst(`${scriptId} done`),
      state === 'done' && isPresent && this.#isFirst(`${scriptId} done present`),
      state === 'done' && isPresent && point !== null && this.#isFirst(`${scriptId} ${point}`),
    ];
    const own = `r${presentRevision}`;
    const isOwnSlot = slot === own || slot.startsWith(`${own} `);
    const isToCome = /^\d/.test(slot) && slot.slice(0, this.#now.length) > this.#now;
    if (firsts.includes(true) || isOwnSlot || isToCome) this.#stays.add(id);
    if (firsts[3]) this.#witnesses.set(scriptId, { jobId: id, presentRevision });
  }

  /** Whether it stays whatever the rule says, though it has ended. */
  stays(jobId: number): boolean {
    return this.#stays.has(jobId);
  }

  goes({ id, scriptId, state, endedMs }: JobFact): boolean {
    if (isOpen(state) || this.#stays.has(id)) return false;
    return isLetGo(this.#measure, endedMs, this.#ranks.isBeyond(scriptId, id));
  }

  /** What must hold still when jobs of this script go. */
  witness(scriptId: number): Witness | undefined {
    return this.#witnesses.get(scriptId);
  }

  #isFirst(key: string): boolean {
    return this.#firsts.size !== this.#firsts.add(key).size;
  }
}

/**
 * The runs. These stay: those that are open, or whose job is; a script's newest run and its newest success; and likewise of
 * each job that stays whatever the rule says.
 */
export class RunSurvey {
  readonly #jobs: Pick<JobSurvey, 'stays'>;
  readonly #runs: Measure;
  readonly #logs: Measure;
  readonly #runRanks: Ranks<number | null>;
  readonly #logRanks: Ranks<number | null>;
  readonly #firsts = new Set<string>();
  readonly #stays = new Set<number>();
  readonly #files = new Set<string>();

  constructor(jobs: Pick<JobSurvey, 'stays'>, runs: Measure, logs: Measure) {
    this.#jobs = jobs;
    this.#runs = runs;
    this.#logs = logs;
    this.#runRanks = new Ranks(runs.rule.count);
    this.#logRanks = new Ranks(logs.rule.count);
  }

  see({ id, scriptId, jobId, success, fileName }: RunFact): void {
    this.#runRanks.see(scriptId, id);
    this.#logRanks.see(scriptId, id);
    const owners = [
      ...(scriptId === null ? [] : [`script ${scriptId}`]),
      ...(jobId !== null && this.#jobs.stays(jobId) ? [`job ${jobId}`] : []),
    ];
    const firsts = owners.flatMap((owner) => [
      this.#isFirst(owner),
      success === 1 && this.#isFirst(`${owner} success`),
    ]);
    if (!firsts.includes(true)) return;
    this.#stays.add(id);
    if (fileName !== null) this.#files.add(fileName);
  }

  goes(run: RunFact): boolean {
    return (
      this.#mayGo(run) && isLetGo(this.#runs, run.endedMs, this.#runRanks.isBeyond(run.scriptId, run.id))
    );
  }

  /** Whether its texts go. */
  logGoes(run: RunFact): boolean {
    if (run.textBytes === 0 || !this.#mayGo(run)) return false;
    return isLetGo(this.#logs, run.endedMs, this.#logRanks.isBeyond(run.scriptId, run.id));
  }

  /** Whether a run that stays whatever the rule says made this file, or knew it. */
  keepsFile(fileName: string): boolean {
    return this.#files.has(fileName);
  }

  #mayGo({ id, jobState }: RunFact): boolean {
    return !isOpen(jobState) && !this.#stays.has(id);
  }

  #isFirst(key: string): boolean {
    return this.#firsts.size !== this.#firsts.add(key).size;
  }
}

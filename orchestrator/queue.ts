/** The queue as a person sees it: jobs, what they wait for, and what is in that person's hands, as plain data. */
import type { JobState, Outcome, Scope } from './script.ts';

/** How far a scope is open. */
export interface Control {
  readonly scope: Scope;
  readonly paused: boolean;
  /** Jobs at once; null for no bound. */
  readonly concurrency: number | null;
}

/** A job in a list. Times are ISO 8601 UTC. */
export interface JobRow {
  readonly id: number;
  /** Null once the script was deleted. */
  readonly scriptName: string | null;
  readonly slot: string;
  readonly revision: number;
  readonly lang: string;
  readonly batch: string | null;
  /** Its script's; null once that was deleted. */
  readonly priority: number | null;
  readonly state: JobState;
  /** Of a queued one: for what beside its turn; null for nothing. */
  readonly waits: string | null;
  /** Whether somebody has cancelled it. */
  readonly cancel: boolean;
  readonly attempts: number;
  readonly dueAt: string;
  readonly retryAt: string | null;
  readonly endedAt: string | null;
}

/** Which jobs are meant; what is left out says nothing. */
export interface JobChoice {
  readonly scriptName?: string;
  readonly batch?: string;
  readonly lang?: string;
  readonly state?: JobState;
}

/** One run of a job. */
export interface JobRun {
  readonly id: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Null while it is open. */
  readonly outcome: Outcome | null;
  readonly success: number | null;
  readonly durationMs: number | null;
  readonly backend: string | null;
  /** The orchestrator that began it. */
  readonly owner: string | null;
  /** Whether the picture was known, and nothing was rendered. */
  readonly known: boolean;
  /** Null where there is none. */
  readonly cartridgeName: string | null;
  /** When its cartridge was swept; null while it is kept, and where there is none. */
  readonly cartridgeSweptAt: string | null;
  readonly stderr: string | null;
}

/** What is queued and running. */
export interface QueueTotals {
  readonly queued: number;
  /** Of those that are queued, how many could not be taken even if it were their turn. */
  readonly waiting: number;
  readonly running: number;
}

/** What a cancel, a moment later, has come to. */
export type CancelAnswer = 'cancelled' | 'cancelling' | 'done' | 'unknown';

/** A batch in numbers: jobs of its scripts, at their present revisions. */
export interface BatchCounts {
  readonly scripts: number;
  readonly states: Readonly<Record<JobState, number>>;
  /** Scripts of which no job is there yet: they are planned soon, or have their first slot in the future. */
  readonly toCome: number;
  /** Whether anything that is left may still begin: not if all of it is disabled, or needs what has failed. */
  readonly canMove: boolean;
}

/** What a script's row says of when and how its jobs are run. */
export interface PlanRow {
  readonly scriptName: string;
  readonly schedule: string | null;
  readonly timeZone: string | null;
  readonly catchUp: string;
  readonly skippedSlots: number;
  /** Whether there were more of them than are counted. */
  readonly skippedAtLeast: boolean;
  readonly priority: number;
  readonly needs: string | null;
  readonly matrix: string | null;
  readonly batch: string | null;
  readonly expect: string | null;
  readonly maxAttempts: number;
  /** Null: 1, and for a matrix as many as there is room for. */
  readonly concurrency: number | null;
  readonly forceRender: boolean;
  readonly submitKey: string | null;
  /** What its newest job waits for, if that is queued; of a script without any job, the needs that are not met. */
  readonly waits: string | null;
}

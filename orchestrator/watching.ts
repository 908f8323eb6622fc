/** The queue as one who watches it sees it: what is under way, what comes, and what has just ended, as plain data. */
import { per1000S } from './queue-stats.ts';
import type { Outcome } from './script.ts';

/** A run that is under way. Times are ISO 8601 UTC. */
export interface WatchedRun {
  readonly jobId: number;
  /** Null once the script was deleted. */
  readonly scriptName: string | null;
  readonly slot: string;
  readonly startedAt: string;
  readonly spoolId: string | null;
  readonly owner: string | null;
  /** Whether somebody has cancelled it. */
  readonly cancel: boolean;
}

/** A queued job. */
export interface WatchedJob {
  readonly jobId: number;
  readonly scriptName: string | null;
  readonly slot: string;
  /** For what, beside its turn; null for nothing. */
  readonly waits: string | null;
}

/** A run that ended badly. */
export interface WatchedFailure {
  readonly finishedAt: string;
  readonly scriptName: string | null;
  readonly outcome: Outcome;
  /** What was noted of it, a reply in JSON or anything else; null where nothing was. */
  readonly stderr: string | null;
}

/** The next time of a schedule. */
export interface WatchedSlot {
  readonly scriptName: string;
  readonly at: string;
}

/** A cartridge on the shelf. */
export interface WatchedCartridge {
  readonly fileName: string;
  readonly scriptName: string | null;
  readonly width: number;
  readonly height: number;
}

/** A run that has ended, and was not cancelled; Unix epoch, ms. */
export interface EndedRun {
  readonly finishedMs: number;
  readonly success: boolean;
}

export interface WatchedTotals {
  readonly queued: number;
  /** Of those that are queued, how many could not be taken even if it were their turn. */
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
}

/** How fast runs end, in one window of time. */
export interface Rate {
  readonly succeeded: number;
  readonly failed: number;
  /** Both, in 1,000 seconds, of as much of the window as was looked at. */
  readonly endedPer1000S: number;
}

/**
 * Counts the runs that ended in the last `windowMs`.
 *
 * @param sinceMs runs that ended before are not among `ended`
 */
export function rateOf(ended: readonly EndedRun[], sinceMs: number, nowMs: number, windowMs: number): Rate {
  const within = ended.filter(({ finishedMs }) => finishedMs > nowMs - windowMs);
  const succeeded = within.filter(({ success }) => success).length;
  return {
    succeeded,
    failed: within.length - succeeded,
    endedPer1000S: per1000S(within.length, windowMs, nowMs - sinceMs),
  };
}

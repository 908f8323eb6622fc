/** Catching up: which slots of a schedule are to be run now, when some came due while nobody looked. */
import type { Schedule } from './schedule.ts';
import { countSlots, newestSlot, slotAfter } from './slots.ts';

/** A slot that came due longer ago than this is missed, milliseconds. */
export const MISSED_MS = 10_000;

/**
 * What becomes of slots that came due since the last look. `skip`: the newest is run, and only if it is not missed. `one`: the
 * newest is run. `all`: each is run.
 */
export type CatchUp = 'skip' | 'one' | 'all';

/** All times are Unix epoch, milliseconds. */
export interface Look {
  /** `lastMs` of the last plan for this revision of the script; null: there was none. */
  readonly lastMs: number | null;
  readonly nowMs: number;
  readonly catchUp: CatchUp;
  /** When the script got this revision: slots up to then are none of it. */
  readonly sinceMs: number;
  /** Slots to run at once, 1 or more. */
  readonly limit: number;
}

export interface Plan {
  /** Slots to run, oldest first. Only after the clock was set back may some of them have been run before. */
  readonly run: readonly number[];
  /** Slots that came due and are not run. */
  readonly skipped: number;
  /** There were more than are counted, as may be with a cron. */
  readonly skippedAtLeast: boolean;
  /** When to look again; not after `nowMs` if `all` left some of what is due. Undefined: never. */
  readonly nextMs: number | undefined;
  /** What to hand in with the next look: all up to it has been dealt with. Null: nothing yet. */
  readonly lastMs: number | null;
}

/**
 * What is due, and what of it is run. Slots after `lastMs` and `sinceMs` up to `nowMs` have come due.
 *
 * A `lastMs` after `nowMs` tells that the clock was set back. It is not believed, or the schedule would rest until then. The
 * newest slot by the clock as it is now is planned, whether or not it was before, none counts as skipped, and later ones are
 * planned as they come due. So a slot that was run while the clock was ahead is planned once more, and the caller must refuse
 * it by its name; one that was only passed over then is run in its own time. A revision from the future is taken to have been
 * made at the first look that finds it so.
 *
 * However long nobody looked, this takes a few dozen steps, `limit` more, and at most `LIMITS.countedSlots` to count.
 */
export function planSlots(schedule: Schedule, look: Look): Plan {
  const { lastMs, nowMs, sinceMs, catchUp } = look;
  if ((lastMs ?? sinceMs) > nowMs) return planSetBack(schedule, look);
  const afterMs = lastMs === null || (sinceMs > lastMs && sinceMs <= nowMs) ? sinceMs : lastMs;
  if (catchUp === 'all') return planAll(schedule, afterMs, look);
  const newest = newestSlot(schedule, afterMs, nowMs);
  if (newest === undefined) return { ...NOTHING, nextMs: slotAfter(schedule, nowMs), lastMs };
  const run = isRun(newest, look) ? [newest] : [];
  const { count, atLeast } = countSlots(schedule, afterMs, newest - run.length);
  return {
    run,
    skipped: count,
    skippedAtLeast: atLeast,
    nextMs: slotAfter(schedule, nowMs),
    lastMs: newest,
  };
}

const NOTHING = { run: [], skipped: 0, skippedAtLeast: false } as const;

function isRun(newestMs: number, { nowMs, catchUp }: Look): boolean {
  return catchUp !== 'skip' || nowMs - newestMs <= MISSED_MS;
}

function planSetBack(schedule: Schedule, look: Look): Plan {
  const { nowMs, sinceMs } = look;
  const newest = newestSlot(schedule, sinceMs, nowMs);
  const run = newest !== undefined && isRun(newest, look) ? [newest] : [];
  return { ...NOTHING, run, nextMs: slotAfter(schedule, nowMs), lastMs: nowMs };
}

function planAll(schedule: Schedule, afterMs: number, { lastMs, nowMs, limit }: Look): Plan {
  const run: number[] = [];
  let nextMs = slotAfter(schedule, afterMs);
  while (nextMs !== undefined && nextMs <= nowMs && run.length < limit) {
    run.push(nextMs);
    nextMs = slotAfter(schedule, nextMs);
  }
  return { ...NOTHING, run, nextMs, lastMs: run.at(-1) ?? lastMs };
}

/** Whether a schedule names a time that cannot come: `now` is meant, even if it is over by the time that the row is there. */
export function isOver(schedule: Schedule, revisedMs: number): boolean {
  return schedule.kind === 'at' && schedule.atMs < revisedMs - MISSED_MS;
}

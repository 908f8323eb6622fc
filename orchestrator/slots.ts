/** Slots: the times at which a schedule comes due. A slot is its time and nothing else. */
import { LIMITS } from '../shared/limits.ts';
import { type Cron, cronAfter } from './cron.ts';
import type { Schedule } from './schedule.ts';

const SECOND_MS = 1_000;
/** Slots lie from 1970 up to and without this: their names are of one length, and croner's calendar ends here. */
const END_MS = Date.UTC(3_000, 0, 1);

/** The name of a slot, the same wherever it is worked out: `2026-03-29T01:00:00.000Z`. In order of time, names are in order of text. */
export function slotName(ms: number): string {
  return new Date(ms).toISOString();
}

/** The first slot strictly after an instant; undefined: there is none. */
export function slotAfter(schedule: Schedule, ms: number): number | undefined {
  const found = firstAfter(schedule, Math.max(ms, -1));
  return found === undefined || found >= END_MS ? undefined : found;
}

function firstAfter(schedule: Schedule, ms: number): number | undefined {
  switch (schedule.kind) {
    case 'every':
      return (Math.floor(ms / schedule.everyMs) + 1) * schedule.everyMs;
    case 'cron':
      return ms < END_MS ? cronAfter(schedule.cron, ms) : undefined;
    case 'at':
      return schedule.atMs > ms ? schedule.atMs : undefined;
  }
}

/** The last slot after `afterMs` that is not after `throughMs`; undefined: there is none. */
export function newestSlot(schedule: Schedule, afterMs: number, throughMs: number): number | undefined {
  const first = slotAfter(schedule, afterMs);
  if (first === undefined || first > throughMs) return undefined;
  if (schedule.kind === 'at') return first;
  const through = Math.min(throughMs, END_MS - 1);
  if (schedule.kind === 'every') return Math.floor(through / schedule.everyMs) * schedule.everyMs;
  return newestOf(schedule.cron, first, through);
}

/** Halves the time in which it may be: a year of seconds takes 25 looks ahead. Mostly there is but one. */
function newestOf(cron: Cron, firstMs: number, throughMs: number): number {
  let newest = firstMs;
  let none = throughMs;
  for (let probe = firstMs; none - newest >= SECOND_MS; probe = newest + Math.floor((none - newest) / 2)) {
    const found = cronAfter(cron, probe);
    if (found !== undefined && found <= throughMs) newest = found;
    else none = probe;
  }
  return newest;
}

/**
 * How many slots there are after `afterMs` up to `throughMs`, which is before the year 3000. Those of a cron are counted one
 * by one, and only `LIMITS.countedSlots` of them: `atLeast` says that there are more.
 */
export function countSlots(
  schedule: Schedule,
  afterMs: number,
  throughMs: number,
): { count: number; atLeast: boolean } {
  if (schedule.kind === 'every') {
    const upTo = (ms: number): number => Math.floor(Math.max(ms, -1) / schedule.everyMs);
    return { count: upTo(throughMs) - upTo(afterMs), atLeast: false };
  }
  let count = 0;
  let slot = slotAfter(schedule, afterMs);
  while (slot !== undefined && slot <= throughMs) {
    if (count === LIMITS.countedSlots) return { count, atLeast: true };
    count += 1;
    slot = slotAfter(schedule, slot);
  }
  return { count, atLeast: false };
}

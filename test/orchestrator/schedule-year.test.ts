/** A year under a clock that jumps, of a daemon that is down at times: what is run is what an oracle says. */
import { describe, expect, it } from 'vitest';
import { type CatchUp, MISSED_MS, type Plan, planSlots } from '../../orchestrator/catch-up.ts';
import type { Schedule } from '../../orchestrator/schedule.ts';
import { LIMITS } from '../../shared/limits.ts';
import { seededBetween } from '../../shared/seeded.ts';
import { scheduled } from '../support/scheduled.ts';
import {
  clockChanges,
  rhythm,
  slotObjections,
  timesOfDay,
  type ZoneMinutes,
  zoneMinutes,
} from '../support/zone-minutes.ts';

const SEED = 20_261_123;
const [SECOND_MS, HOUR_MS, DAY_MS] = [1_000, 3_600_000, 86_400_000];
const HALF_DAY_MS = DAY_MS / 2;
/** A leap year. */
const YEAR = 2028;
const [START, END] = [Date.UTC(YEAR, 0, 1), Date.UTC(YEAR + 1, 0, 1)];
const LIMIT = 500;
/** Four times as many as any year takes. */
const MOST_LOOKS = 2_400;

/** Each with its slots from the start of the year on, which is itself before the first look. */
const SCHEDULES: readonly (readonly [string, (minutes: ZoneMinutes) => number[]])[] = [
  ['every 10m', () => Array.from({ length: 366 * 144 }, (_, index) => START + index * 600_000)],
  ['cron 30 2 * * *', (all) => timesOfDay(all, (minute, hour) => hour === 2 && minute === 30)],
  [
    'cron 0 9 * * 1-5',
    (all) => timesOfDay(all, (minute, hour, _d, _m, day) => hour === 9 && minute === 0 && day % 6 > 0),
  ],
  [
    'cron 0 0 29 2 *',
    (all) => timesOfDay(all, (minute, hour, day, month) => hour + minute === 0 && day === 29 && month === 2),
  ],
  ['cron @hourly', (all) => rhythm(all, (minute) => minute === 0)],
];

/**
 * Gives the next time that the clock shows when somebody looks. Now and then nobody does for up to three weeks; or the clock is
 * ahead for a while, by up to forty days, and then right again; or it is set back by up to three hours. Often somebody
 * looks just when the next slot is due, or a little later. For half a day before the clocks of the zone are changed,
 * and after, there is a look every hour at least, if there is any. At the end of the year the clock is right.
 */
function irregularClock(
  seed: number,
  changes: readonly number[],
): (nextMs: number | undefined) => number | undefined {
  const between = seededBetween(seed);
  let trueMs = START;
  let aheadMs = 0;
  return (nextMs) => {
    if (trueMs >= END - 1) return undefined;
    const beforeMs = trueMs;
    const kind = between(0, 100);
    if (kind < 2) trueMs += between(1, 22) * DAY_MS;
    else if (kind < 4) aheadMs = between(1, 41 * 24) * HOUR_MS;
    else if (kind < 10) aheadMs = 0;
    else if (kind < 11) aheadMs = -between(1, 3 * 3_600) * SECOND_MS;
    else if (kind < 45) trueMs += between(0, 60) * 60_000 + between(0, 60_000);
    else if (kind < 65 && nextMs !== undefined) {
      const untilMs = nextMs - (trueMs + aheadMs);
      if (untilMs >= 0 && untilMs < 20 * DAY_MS) trueMs += untilMs + between(0, 2) * between(0, 15_000);
    } else trueMs += between(0, 2 * DAY_MS);
    const change = changes.find((ms) => ms > beforeMs - HALF_DAY_MS && ms < trueMs + HALF_DAY_MS);
    if (change !== undefined && kind >= 2) {
      trueMs = Math.min(trueMs, Math.max(beforeMs, change - HALF_DAY_MS) + between(0, HOUR_MS));
    }
    if (trueMs < END - 1) return Math.min(trueMs + aheadMs, END - 1);
    trueMs = END;
    return END - 1;
  };
}

interface Year {
  /** In order of time. */
  readonly run: readonly number[];
  /** Slots that were planned once more, with the latest time that any look before had seen. */
  readonly again: readonly { readonly slot: number; readonly latestMs: number }[];
  /** At what times of the clock somebody looked. */
  readonly looks: readonly number[];
  readonly setBacks: number;
  /** Looks whose plan was not what the oracle says. */
  readonly objections: readonly string[];
}

type Judge = (look: { lastMs: number | null; nowMs: number }, plan: Plan) => string | undefined;

interface Played {
  readonly schedule: Schedule;
  readonly catchUp: CatchUp;
  /** When the clocks of the schedule's zone are changed. */
  readonly changes: readonly number[];
  readonly seed: number;
}

/** Plays a daemon whose database refuses a slot twice. */
function playYear({ schedule, catchUp, changes, seed }: Played, judge: Judge = () => undefined): Year {
  const clock = irregularClock(seed, changes);
  const looks: number[] = [];
  const run = new Set<number>();
  const again: Year['again'][number][] = [];
  const objections: string[] = [];
  let [setBacks, latestMs, earlierMs] = [0, START, START];
  let lastMs: number | null = null;
  let nextMs: number | undefined = START;
  for (let nowMs = clock(nextMs); nowMs !== undefined; nowMs = clock(nextMs)) {
    do {
      const plan: Plan = planSlots(schedule, { lastMs, nowMs, catchUp, sinceMs: START, limit: LIMIT });
      const objection = judge({ lastMs, nowMs }, plan);
      if (objection !== undefined) objections.push(`${new Date(nowMs).toISOString()}: ${objection}`);
      for (const slot of plan.run) {
        if (run.has(slot)) again.push({ slot, latestMs });
        run.add(slot);
      }
      ({ lastMs, nextMs } = plan);
      looks.push(nowMs);
      if (looks.length > MOST_LOOKS) throw new Error('Expected a plan that comes to an end');
    } while (nextMs !== undefined && nextMs <= nowMs);
    if (nowMs < earlierMs) setBacks += 1;
    earlierMs = nowMs;
    latestMs = Math.max(latestMs, nowMs);
  }
  return { run: [...run].sort((one, other) => one - other), again, looks, setBacks, objections };
}

/** How many of `slots`, which are in order, are at or before a time. */
function countThrough(slots: readonly number[], ms: number): number {
  let [low, high] = [0, slots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((slots[middle] as number) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What `one` and `skip` are to plan, from the list of all slots. */
function judgeNewest(slots: readonly number[], catchUp: 'one' | 'skip'): Judge {
  return ({ lastMs, nowMs }, plan) => {
    const through = countThrough(slots, nowMs);
    const newest = slots[through - 1];
    const setBack = lastMs !== null && lastMs > nowMs;
    const due = setBack ? Math.min(through, 1) : through - countThrough(slots, lastMs ?? START);
    const runs = due > 0 && newest !== undefined && (catchUp === 'one' || nowMs - newest <= MISSED_MS);
    const skipped = setBack ? 0 : due - Number(runs);
    const wanted = {
      run: runs ? [newest] : [],
      skipped: plan.skippedAtLeast ? Math.min(skipped, LIMITS.countedSlots) : skipped,
      nextMs: slots[through] ?? plan.nextMs,
    };
    const found = { run: plan.run, skipped: plan.skipped, nextMs: plan.nextMs };
    const [want, have] = [wanted, found].map((one) => JSON.stringify(one));
    return want === have ? undefined : `Expected ${want}, found ${have}`;
  };
}

/** `every` is the same in every zone, so one will do. */
const CRONS = SCHEDULES.slice(1);

describe.each([
  ['Europe/Berlin', SCHEDULES],
  ['America/New_York', CRONS],
  ['Australia/Lord_Howe', CRONS],
] as const)('a year in %s', (zone, schedules) => {
  const minutes = zoneMinutes(zone, YEAR);
  const changes = clockChanges(minutes);

  describe.each(schedules)('of %s', (text, list) => {
    const schedule = scheduled(text, zone);
    // A slot at the very start is none of the script's.
    const slots = list(minutes).filter((ms) => ms > START);

    it('runs every slot under all, and none that is not', () => {
      const { run, again } = playYear({ schedule, catchUp: 'all', changes, seed: SEED });
      expect(slotObjections(run, slots)).toEqual([]);
      // What was planned twice had come due before by a clock that was ahead.
      expect(again.filter(({ slot, latestMs }) => slot > latestMs)).toEqual([]);
    });

    it.each(['one', 'skip'] as const)('runs the newest slot, or none, at each look under %s', (catchUp) => {
      const year = playYear({ schedule, catchUp, changes, seed: SEED + 1 }, judgeNewest(slots, catchUp));
      expect(year.objections).toEqual([]);
      expect(year.again.filter(({ slot, latestMs }) => slot > latestMs)).toEqual([]);
    });
  });
});

describe('the year that is played', () => {
  const minutes = zoneMinutes('Europe/Berlin', YEAR);
  const changes = clockChanges(minutes);
  const schedule = scheduled('cron 0 9 * * 1-5', 'Europe/Berlin');
  const slots = SCHEDULES[2]?.[1](minutes) ?? [];
  const half = slots.filter((_, index) => index % 2 === 0);
  const play = (catchUp: CatchUp, judge?: Judge): Year =>
    playYear({ schedule, catchUp, changes, seed: SEED + 1 }, judge);

  it('has looks in plenty, many where clocks are changed, and clocks that are set back', () => {
    const { looks, setBacks, again, run } = play('one');
    expect(Math.min(looks.length / 30, setBacks, again.length)).toBeGreaterThan(10);
    expect(changes).toHaveLength(2);
    for (const change of changes) {
      expect(looks.filter((ms) => Math.abs(ms - change) < DAY_MS).length).toBeGreaterThan(10);
    }
    expect(run.length).toBeLessThan(slots.length);
  });

  it('would find out a planner of another schedule, and of another policy', () => {
    expect(slotObjections(play('all').run, slots)).toEqual([]);
    expect(slotObjections(play('all').run, half)).not.toEqual([]);
    expect(slotObjections(play('one').run, slots)).not.toEqual([]);
    expect(play('one', judgeNewest(slots, 'one')).objections).toEqual([]);
    expect(play('one', judgeNewest(half, 'one')).objections).not.toEqual([]);
    expect(play('one', judgeNewest(slots, 'skip')).objections).not.toEqual([]);
    expect(play('all', judgeNewest(slots, 'one')).objections).not.toEqual([]);
  });
});

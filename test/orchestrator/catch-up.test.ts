import { describe, expect, it } from 'vitest';
import { type CatchUp, type Look, MISSED_MS, type Plan, planSlots } from '../../orchestrator/catch-up.ts';
import { LIMITS } from '../../shared/limits.ts';
import { scheduled } from '../support/scheduled.ts';

const HOURLY = scheduled('every 1h');
const NOON = Date.parse('2026-06-01T12:00Z');
const [MINUTE_MS, HOUR_MS, YEAR_MS] = [60_000, 3_600_000, 365 * 86_400_000];
const POLICIES: readonly CatchUp[] = ['skip', 'one', 'all'];

/** A look at noon, an hour after the last slot that was dealt with. */
function look(changes: Partial<Look>): Look {
  return {
    lastMs: NOON - HOUR_MS,
    nowMs: NOON,
    catchUp: 'all',
    sinceMs: NOON - YEAR_MS,
    limit: 100,
    ...changes,
  };
}

/** What hourly slots are planned, in hours from noon. */
function hours(changes: Partial<Look>): { run: number[]; skipped: number; next: number; last: number } {
  const plan = planSlots(HOURLY, look(changes));
  const hour = (ms: number | null | undefined): number => ((ms ?? Number.NaN) - NOON) / HOUR_MS;
  return { run: plan.run.map(hour), skipped: plan.skipped, next: hour(plan.nextMs), last: hour(plan.lastMs) };
}

describe.each(POLICIES)('under %s, a slot', (catchUp) => {
  it('is run when it has come due, and not a millisecond before', () => {
    expect(hours({ catchUp, nowMs: NOON - 1 })).toEqual({ run: [], skipped: 0, next: 0, last: -1 });
    expect(hours({ catchUp, nowMs: NOON })).toEqual({ run: [0], skipped: 0, next: 1, last: 0 });
  });

  it('that was dealt with is not run again', () => {
    expect(hours({ catchUp, lastMs: NOON, nowMs: NOON + 1 })).toEqual({
      run: [],
      skipped: 0,
      next: 1,
      last: 0,
    });
    expect(hours({ catchUp, lastMs: NOON - 1, nowMs: NOON + 1 }).run).toEqual([0]);
  });

  it('of a time up to the revision is none of it, whatever was planned for the last one', () => {
    for (const lastMs of [null, NOON - HOUR_MS]) {
      expect(hours({ catchUp, lastMs, sinceMs: NOON, nowMs: NOON + 1 }).run).toEqual([]);
      expect(hours({ catchUp, lastMs, sinceMs: NOON - 1, nowMs: NOON + 1 }).run).toEqual([0]);
    }
  });

  it('is the last when the schedule has no other', () => {
    const once = scheduled('at 2026-06-01T12:00Z');
    const before = planSlots(once, look({ catchUp, lastMs: null, nowMs: NOON - 1 }));
    expect(before).toMatchObject({ run: [], nextMs: NOON, lastMs: null });
    const due = planSlots(once, look({ catchUp, lastMs: null }));
    expect(due).toMatchObject({ run: [NOON], skipped: 0, nextMs: undefined, lastMs: NOON });
    const after = planSlots(once, look({ catchUp, lastMs: due.lastMs, nowMs: NOON + 1 }));
    expect(after).toMatchObject({ run: [], skipped: 0, nextMs: undefined });
  });
});

describe('skip', () => {
  it('runs a slot that came due ten seconds ago, and passes over an older one', () => {
    expect(MISSED_MS).toBe(10_000);
    expect(hours({ catchUp: 'skip', nowMs: NOON + 10_000 })).toMatchObject({ run: [0], skipped: 0 });
    expect(hours({ catchUp: 'skip', nowMs: NOON + 10_001 })).toEqual({
      run: [],
      skipped: 1,
      next: 1,
      last: 0,
    });
  });

  it('runs the newest alone, and none of those before it', () => {
    const changes = { catchUp: 'skip', lastMs: NOON - 5 * HOUR_MS } as const;
    expect(hours(changes)).toEqual({ run: [0], skipped: 4, next: 1, last: 0 });
    expect(hours({ ...changes, nowMs: NOON + MINUTE_MS })).toEqual({ run: [], skipped: 5, next: 1, last: 0 });
  });
});

describe('one', () => {
  it('runs the newest, however old it is', () => {
    const changes = { catchUp: 'one', lastMs: NOON - 5 * HOUR_MS } as const;
    expect(hours(changes)).toEqual({ run: [0], skipped: 4, next: 1, last: 0 });
    expect(hours({ ...changes, nowMs: NOON + HOUR_MS - 1 })).toEqual({
      run: [0],
      skipped: 4,
      next: 1,
      last: 0,
    });
  });
});

describe('all', () => {
  it('runs each, oldest first', () => {
    expect(hours({ lastMs: NOON - 5 * HOUR_MS })).toEqual({
      run: [-4, -3, -2, -1, 0],
      skipped: 0,
      next: 1,
      last: 0,
    });
  });

  it('runs as many as may be at once, and is to be asked again at once if there are more', () => {
    const lastMs = NOON - 5 * HOUR_MS;
    expect(hours({ lastMs, limit: 5 })).toMatchObject({ run: [-4, -3, -2, -1, 0], next: 1 });
    expect(hours({ lastMs, limit: 4 })).toEqual({ run: [-4, -3, -2, -1], skipped: 0, next: 0, last: -1 });
    expect(hours({ lastMs, limit: 1 })).toEqual({ run: [-4], skipped: 0, next: -3, last: -4 });
  });

  it('begins with the revision, not with the schedule', () => {
    expect(hours({ lastMs: null, sinceMs: NOON - 2.5 * HOUR_MS }).run).toEqual([-2, -1, 0]);
  });
});

describe('slots that are passed over', () => {
  it('are counted without looking at each where they come at even times', () => {
    const plan = planSlots(scheduled('every 1s'), look({ catchUp: 'one', lastMs: NOON - YEAR_MS }));
    expect(plan).toMatchObject({ skipped: YEAR_MS / 1_000 - 1, skippedAtLeast: false });
  });

  it('of a cron are counted up to the limit, and then there are more', () => {
    const cron = scheduled('cron * * * * *', 'Europe/Berlin');
    const passed = (minutes: number): Plan =>
      planSlots(cron, look({ catchUp: 'one', lastMs: NOON - (minutes + 1) * MINUTE_MS }));
    const { countedSlots } = LIMITS;
    expect(passed(countedSlots)).toMatchObject({ skipped: countedSlots, skippedAtLeast: false });
    expect(passed(countedSlots + 1)).toMatchObject({ skipped: countedSlots, skippedAtLeast: true });
  });

  it.each(POLICIES)('for a year, one each second, take no time under %s', (catchUp) => {
    for (const zone of [null, 'Europe/Berlin']) {
      const cron = scheduled('cron * * * * * *', zone);
      const begun = process.cpuUsage();
      const plan = planSlots(cron, look({ catchUp, lastMs: NOON - YEAR_MS, nowMs: NOON + 999 }));
      const { user, system } = process.cpuUsage(begun);
      expect(plan.run.at(-1)).toBe(catchUp === 'all' ? NOON - YEAR_MS + 100_000 : NOON);
      // A few milliseconds. One look at each of them would take half a minute.
      expect((user + system) / 1_000).toBeLessThan(1_000);
    }
  });
});

describe('a clock that is set back', () => {
  it.each(POLICIES)(
    'plans the newest slot by the clock as it is now once more, and goes on, under %s',
    (catchUp) => {
      const ahead = { catchUp, lastMs: NOON + YEAR_MS };
      expect(hours(ahead)).toEqual({ run: [0], skipped: 0, next: 1, last: 0 });
      const { lastMs } = planSlots(HOURLY, look(ahead));
      expect(hours({ catchUp, lastMs, nowMs: NOON + HOUR_MS })).toMatchObject({
        run: [1],
        skipped: 0,
        next: 2,
      });
    },
  );

  it('plans it although it is old under one and all, and not under skip, which counts it no more', () => {
    const ahead = { lastMs: NOON + YEAR_MS, nowMs: NOON + MINUTE_MS };
    expect(hours({ ...ahead, catchUp: 'one' }).run).toEqual([0]);
    expect(hours({ ...ahead, catchUp: 'all' }).run).toEqual([0]);
    expect(hours({ ...ahead, catchUp: 'skip' })).toMatchObject({ run: [], skipped: 0, next: 1 });
  });

  it('is noticed from the first millisecond on, and otherwise changes nothing', () => {
    expect(hours({ lastMs: NOON + 1, nowMs: NOON }).run).toEqual([0]);
    expect(hours({ lastMs: NOON, nowMs: NOON }).run).toEqual([]);
  });

  it('plans no slot that is older than the revision', () => {
    const ahead = { lastMs: NOON + YEAR_MS, nowMs: NOON + 1 };
    expect(hours({ ...ahead, sinceMs: NOON - 1 }).run).toEqual([0]);
    expect(hours({ ...ahead, sinceMs: NOON }).run).toEqual([]);
  });

  it.each(POLICIES)(
    'to before the revision lets it begin now, and not when it would have, under %s',
    (catchUp) => {
      const sinceMs = NOON + YEAR_MS;
      for (const lastMs of [null, NOON + 2 * YEAR_MS]) {
        const first = planSlots(HOURLY, look({ catchUp, sinceMs, lastMs, nowMs: NOON + 1 }));
        expect(first).toMatchObject({ run: [], skipped: 0, nextMs: NOON + HOUR_MS, lastMs: NOON + 1 });
        const second = look({ catchUp, sinceMs, lastMs: first.lastMs, nowMs: NOON + HOUR_MS });
        expect(planSlots(HOURLY, second)).toMatchObject({
          run: [NOON + HOUR_MS],
          nextMs: NOON + 2 * HOUR_MS,
        });
      }
    },
  );

  it.each(POLICIES)('forgets nothing that it passed over while it was ahead, under %s', (catchUp) => {
    const ran = new Set<number>();
    let lastMs: number | null = NOON;
    for (const hour of [1, 5, 2, 3, 4, 5, 6]) {
      const plan: Plan = planSlots(HOURLY, look({ catchUp, lastMs, nowMs: NOON + hour * HOUR_MS }));
      for (const slot of plan.run) ran.add((slot - NOON) / HOUR_MS);
      lastMs = plan.lastMs;
    }
    expect([...ran].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

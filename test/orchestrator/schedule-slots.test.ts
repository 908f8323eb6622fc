import { describe, expect, it } from 'vitest';
import { countSlots, newestSlot, slotAfter, slotName } from '../../orchestrator/slots.ts';
import { LIMITS } from '../../shared/limits.ts';
import { seededBetween } from '../../shared/seeded.ts';
import { scheduled, slotNames, slotsWithin } from '../support/scheduled.ts';
import { type Fits, rhythm, slotObjections, timesOfDay, zoneMinutes } from '../support/zone-minutes.ts';

const SEED = 20_261_122;
const DAY_MS = 86_400_000;
/** A leap year. */
const YEAR = 2028;
const [START, END] = [Date.UTC(YEAR, 0, 1), Date.UTC(YEAR + 1, 0, 1)];
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];

describe('a slot', () => {
  it('is named by its time in UTC with milliseconds, and names are in order as times are', () => {
    expect(slotName(Date.UTC(2026, 2, 29, 1))).toBe('2026-03-29T01:00:00.000Z');
    const names = [0, 999, 1_000, Date.UTC(1999, 11, 31), Date.UTC(2999, 11, 31, 23, 59, 59, 999)].map(
      slotName,
    );
    expect([...names].sort()).toEqual(names);
  });

  it.each(['every 10s', 'cron */10 * * * * *', 'cron 20 30 12 * * *', 'at 2026-06-01T12:30:20Z'])(
    'that comes next is strictly after the time that is asked: %s',
    (text) => {
      const slot = Date.parse('2026-06-01T12:30:20.000Z');
      expect(slotAfter(scheduled(text), slot - 1)).toBe(slot);
      expect(slotAfter(scheduled(text), slot)).not.toBe(slot);
      expect(slotAfter(scheduled(text), slot - 1_000)).toBe(slot);
    },
  );
});

describe('the slots of every', () => {
  it('lie where its time divides the time since 1970, whoever asks and from when', () => {
    expect(slotNames(scheduled('every 10m'), '2026-06-01T12:34:56.789Z', 2)).toEqual([
      '2026-06-01T12:40Z',
      '2026-06-01T12:50Z',
    ]);
    expect(slotNames(scheduled('every 7m'), '2026-06-01T12:34Z', 2)).toEqual([
      '2026-06-01T12:37Z',
      '2026-06-01T12:44Z',
    ]);
    // 1970 began on a Thursday.
    expect(slotNames(scheduled('every 7d'), '2026-06-01T00:00Z', 1)).toEqual(['2026-06-04T00:00Z']);
  });

  it('are the same in every time zone', () => {
    for (const zone of ZONES) {
      expect(slotNames(scheduled('every 1d', zone), '2026-03-28T12:00Z', 2)).toEqual([
        '2026-03-29T00:00Z',
        '2026-03-30T00:00Z',
      ]);
    }
  });
});

describe('the slot of at', () => {
  it('is one', () => {
    const schedule = scheduled('at 2026-06-01T12:00Z');
    expect(slotNames(schedule, '1970-01-01T00:00Z', 3)).toEqual(['2026-06-01T12:00Z']);
    expect(slotNames(schedule, '2026-06-01T12:00Z', 3)).toEqual([]);
  });
});

describe('slots', () => {
  it.each(['every 1s', 'cron * * * * * *', 'cron 59 59 23 * * *'])('end with the year 2999: %s', (text) => {
    const last = Date.parse('2999-12-31T23:59:59.000Z');
    expect(slotAfter(scheduled(text), last - 1)).toBe(last);
    expect(slotAfter(scheduled(text), last)).toBeUndefined();
    expect(newestSlot(scheduled(text), last - 1, last + 10 * DAY_MS)).toBe(last);
    expect(slotAfter(scheduled(text), Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });

  it.each(['every 1s', 'cron * * * * * *', 'at 1970-01-01T00:00Z'])(
    'begin with the year 1970: %s',
    (text) => {
      expect(slotAfter(scheduled(text), -1)).toBe(0);
      expect(slotAfter(scheduled(text), -DAY_MS)).toBe(0);
      expect(slotAfter(scheduled(text), Number.MIN_SAFE_INTEGER)).toBe(0);
      expect(slotAfter(scheduled('at 1970-01-01T00:00+01:00'), -DAY_MS)).toBeUndefined();
    },
  );
});

type Oracle = typeof rhythm;

/** A cron with what it means in other words. */
type Case = readonly [string, Oracle, Fits];
const CRONS: readonly Case[] = [
  ['30 2 * * *', timesOfDay, (minute, hour) => hour === 2 && minute === 30],
  ['15,45 1-2 * * *', timesOfDay, (minute, hour) => hour >= 1 && hour <= 2 && minute % 30 === 15],
  ['0 0 29 2 *', timesOfDay, (minute, hour, day, month) => hour + minute === 0 && day === 29 && month === 2],
  ['0 9 * * 1-5', timesOfDay, (minute, hour, _d, _m, day) => hour === 9 && minute === 0 && day % 6 > 0],
  ['* * 26 3 *', rhythm, (_minute, _hour, day, month) => day === 26 && month === 3],
  ['*/15 1-3 * * *', rhythm, (minute, hour) => hour >= 1 && hour <= 3 && minute % 15 === 0],
  ['30 * 29 * 0', rhythm, (minute, _h, day, _m, weekday) => minute === 30 && (day === 29 || weekday === 0)],
  ['@hourly', rhythm, (minute) => minute === 0],
];
const MIDNIGHT: readonly Case[] = [
  ['0,30 0,23 * * *', timesOfDay, (minute, hour) => hour % 23 === 0 && minute % 30 === 0],
  ['*/30 0,23 * * *', rhythm, (minute, hour) => hour % 23 === 0 && minute % 30 === 0],
];

/** Where clocks are changed at midnight, two crons tell. */
const CASES = [
  ...ZONES.map((zone) => [zone, CRONS] as const),
  ...['America/Santiago', 'America/Havana', 'America/Nuuk'].map((zone) => [zone, MIDNIGHT] as const),
];

describe.each(CASES)('a year of crons in %s', (zone, crons) => {
  const minutes = zoneMinutes(zone, YEAR);

  it.each(crons)('has the slots of an oracle that walks every minute: %s', (text, oracle, fits) => {
    const wanted = oracle(minutes, fits);
    expect(wanted.length).toBeGreaterThan(0);
    const found = slotsWithin(scheduled(`cron ${text}`, zone), START - 1, END - 1);
    expect(slotObjections(found, wanted)).toEqual([]);
  });
});

describe('the oracle', () => {
  it('knows days of 23 hours and of 25, and half an hour on Lord Howe', () => {
    const hours = (zone: string, day: number, month: number): number =>
      rhythm(zoneMinutes(zone, YEAR), (_minute, _hour, ...shown) => shown[0] === day && shown[1] === month)
        .length / 60;
    expect([hours('Europe/Berlin', 26, 3), hours('Europe/Berlin', 29, 10)]).toEqual([23, 25]);
    expect([hours('Australia/Lord_Howe', 1, 10), hours('Australia/Lord_Howe', 2, 4)]).toEqual([23.5, 24.5]);
    expect(hours('Europe/Berlin', 27, 3)).toBe(24);
  });

  it('tells a rhythm from times of day', () => {
    const minutes = zoneMinutes('Europe/Berlin', YEAR);
    const fits: Fits = (minute) => minute === 30;
    expect(slotObjections(rhythm(minutes, fits), timesOfDay(minutes, fits))).toHaveLength(2);
  });

  it('objects to a slot that is missing, one too many, a doubled one and two out of order', () => {
    expect(slotObjections([1, 2, 3], [1, 2, 3])).toEqual([]);
    for (const found of [
      [1, 3],
      [1, 2, 3, 4],
      [1, 2, 2, 3],
      [1, 3, 2],
    ]) {
      expect(slotObjections(found, [1, 2, 3])).not.toEqual([]);
    }
  });
});

describe('a cron where clocks are changed', () => {
  it('comes at the end of a gap across midnight too, and once for all that lay in it', () => {
    // Nuuk goes from 23:00 to 00:00 on the last Saturday of March.
    const names = (text: string): string[] =>
      slotNames(scheduled(text, 'America/Nuuk'), '2026-03-28T12:00Z', 2);
    expect(names('cron 30 23 * * *')).toEqual(['2026-03-29T01:00Z', '2026-03-30T00:30Z']);
    expect(names('cron 0-59 23 28 3 *')).toEqual(['2026-03-29T01:00Z', '2027-03-29T00:00Z']);
    expect(names('cron */10 23 28 3 *')).toEqual(['2027-03-29T00:00Z', '2027-03-29T00:10Z']);
  });

  it('comes at the end of a day that a zone left out', () => {
    const names = (text: string): string[] =>
      slotNames(scheduled(text, 'Pacific/Apia'), '2011-12-30T09:00Z', 2);
    expect(names('cron 0 12 * * *')).toEqual(['2011-12-30T10:00Z', '2011-12-30T22:00Z']);
    expect(names('cron */30 12 * * *')).toEqual(['2011-12-30T22:00Z', '2011-12-30T22:30Z']);
  });

  it('comes in both of two hours although it comes in no other of the year', () => {
    expect(slotNames(scheduled('cron */30 2 25 10 *', 'Europe/Berlin'), '2026-01-01T00:00Z', 6)).toEqual([
      '2026-10-25T00:00Z',
      '2026-10-25T00:30Z',
      '2026-10-25T01:00Z',
      '2026-10-25T01:30Z',
      '2027-10-25T00:00Z',
      '2027-10-25T00:30Z',
    ]);
  });

  it('comes at every second of the hour that is shown twice, and at none of the hour that is not shown', () => {
    const schedule = scheduled('cron * * 2 * * *', 'Europe/Berlin');
    const [spring, autumn] = [Date.UTC(2026, 2, 29), Date.UTC(2026, 9, 25)];
    expect(slotsWithin(schedule, spring, spring + DAY_MS / 2)).toHaveLength(0);
    expect(slotsWithin(schedule, autumn - 1, autumn + DAY_MS / 2)).toHaveLength(7_200);
  });
});

describe('the newest slot', () => {
  const texts = [
    'every 7m',
    'cron 30 2 * * *',
    'cron */20 1-3 * * *',
    'cron 0 0 29 2 *',
    'at 2028-03-26T02:30',
  ];

  it.each(texts)('is the last of a list of all, from any time to any other: %s', (text) => {
    const schedule = scheduled(text, 'Europe/Berlin');
    const all = slotsWithin(schedule, START - 1, END);
    const between = seededBetween(SEED);
    const times = Array.from({ length: 30 }, () => all[between(0, all.length)] as number);
    for (const slot of times) {
      const throughMs = slot + between(-2, 3);
      const afterMs = throughMs - between(0, 90) * DAY_MS - between(0, 3);
      const wanted = all.filter((ms) => ms > Math.max(afterMs, START - 1) && ms <= throughMs);
      expect(newestSlot(schedule, Math.max(afterMs, START - 1), throughMs)).toBe(wanted.at(-1));
      expect(countSlots(schedule, Math.max(afterMs, START - 1), throughMs).count).toBe(
        schedule.kind === 'cron' ? Math.min(wanted.length, LIMITS.countedSlots) : wanted.length,
      );
    }
  });
});

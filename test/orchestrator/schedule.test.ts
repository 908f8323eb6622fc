import { describe, expect, it } from 'vitest';
import { readSchedule } from '../../orchestrator/schedule.ts';
import { slotName } from '../../orchestrator/slots.ts';
import type { Complaint } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import { seededBetween } from '../../shared/seeded.ts';
import { scheduled, slotNames } from '../support/scheduled.ts';

const SEED = 20_261_121;

function complaintOf(text: string, timeZone: string | null = null): Complaint {
  const found = readSchedule(text, timeZone);
  if (!('code' in found)) throw new Error(`Expected a refusal of ${text}`);
  return found;
}

const atOf = (text: string, timeZone: string | null = null): string => {
  const schedule = scheduled(text, timeZone);
  return schedule.kind === 'at' ? slotName(schedule.atMs) : schedule.kind;
};

describe('every', () => {
  it.each([
    ['every 10s', 10_000],
    ['every 1s', 1_000],
    ['every 90m', 5_400_000],
    ['every 24h', 86_400_000],
    ['every 1d', 86_400_000],
    ['every 366d', 31_622_400_000],
    ['every 8784h', 31_622_400_000],
    ['  EVERY\t 010 S \n', 10_000],
  ])('takes whole seconds, minutes, hours and days: %j', (text, everyMs) => {
    expect(scheduled(text)).toEqual({ kind: 'every', everyMs });
  });

  it.each(['0s', '0d', '367d', '8785h', '31622401s', '99999999999999999999d'])(
    'refuses what is under a second or over 366 days: %s',
    (time) => {
      expect(complaintOf(`every ${time}`).message).toBe(`Expected 1s to 366d, found "${time}"`);
    },
  );

  it.each(['10', 's', '10ms', '1.5h', '-1s', '+1s', '1h 30m', '1h30m', '1w', '1e3s', 'ten s', '1 0s', '٣s'])(
    'refuses what is no whole number of a unit: %s',
    (time) => {
      expect(complaintOf(`every ${time}`).message).toBe(
        `Expected a whole number of s, m, h or d, found "${time}"`,
      );
    },
  );
});

describe('cron', () => {
  it.each([
    ['cron 30 2 * * *', ['2026-06-01T02:30Z', '2026-06-02T02:30Z']],
    ['cron 15 30 2 * * *', ['2026-06-01T02:30:15Z', '2026-06-02T02:30:15Z']],
    ['CRON  0\t9 * * Mon-FRI ', ['2026-06-01T09:00Z', '2026-06-02T09:00Z']],
    ['cron 0 0 L * ?', ['2026-06-30T00:00Z', '2026-07-31T00:00Z']],
    ['cron 0 0 * * FRI#2', ['2026-06-12T00:00Z', '2026-07-10T00:00Z']],
    ['cron 0 0 1 * MON', ['2026-06-08T00:00Z', '2026-06-15T00:00Z']],
    ['cron 0 0 1 * +MON', ['2027-02-01T00:00Z', '2027-03-01T00:00Z']],
    ['cron 0 0 29 2 *', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
    ['cron @hourly', ['2026-06-01T01:00Z', '2026-06-01T02:00Z']],
    ['cron @Daily', ['2026-06-02T00:00Z', '2026-06-03T00:00Z']],
    ['cron @midnight', ['2026-06-02T00:00Z', '2026-06-03T00:00Z']],
    ['cron @weekly', ['2026-06-07T00:00Z', '2026-06-14T00:00Z']],
    ['cron @monthly', ['2026-07-01T00:00Z', '2026-08-01T00:00Z']],
    ['cron @yearly', ['2027-01-01T00:00Z', '2028-01-01T00:00Z']],
    ['cron @annually', ['2027-01-01T00:00Z', '2028-01-01T00:00Z']],
  ])('takes five fields, six, or a nickname: %j', (text, names) => {
    expect(slotNames(scheduled(text), '2026-06-01T00:00Z', 2)).toEqual(names);
  });

  it('comes by the clocks of the time zone, or by UTC', () => {
    const next = (zone: string | null): string[] =>
      slotNames(scheduled('cron 0 9 * * *', zone), '2026-06-01T00:00Z', 1);
    expect(next(null)).toEqual(['2026-06-01T09:00Z']);
    expect(next('Europe/Berlin')).toEqual(['2026-06-01T07:00Z']);
    expect(next(' america/NEW_york ')).toEqual(['2026-06-01T13:00Z']);
  });

  it.each([
    ['60 * * * *', 'minutes from 0 to 59', '60'],
    ['60 * * * * *', 'seconds from 0 to 59', '60'],
    ['* 24 * * *', 'hours from 0 to 23', '24'],
    ['* * 0 * *', 'days of the month from 1 to 31, L or 15W', '0'],
    ['* * 32 * *', 'days of the month from 1 to 31, L or 15W', '32'],
    ['* * * 13 *', 'months from 1 to 12, or JAN to DEC', '13'],
    ['* * * FEBR *', 'months from 1 to 12, or JAN to DEC', 'FEBR'],
    ['* * * * 8', 'weekdays from 0 to 7, or SUN to SAT', '8'],
    ['*/0 * * * *', 'minutes from 0 to 59', '*/0'],
    ['5-1 * * * *', 'minutes from 0 to 59', '5-1'],
    ['1,,2 * * * *', 'minutes from 0 to 59', '1,,2'],
  ])('names the first field that is wrong: %s', (fields, expected, found) => {
    expect(complaintOf(`cron ${fields}`).message).toBe(`Expected ${expected}, found "${found}"`);
  });

  it.each(['* * * *', '* * * * * * *', '0 0 1 1 * 2027 *', '@reboot', '@never', '@daily now'])(
    'refuses other numbers of fields, years among them, and other nicknames: %s',
    (fields) => {
      expect(complaintOf(`cron ${fields}`).message).toBe(
        `Expected a cron of 5 fields or 6, or a nickname such as @daily, found "${fields}"`,
      );
    },
  );

  it.each(['0 0 31 2 *', '0 0 30 FEB *', '0 0 31 4,6,9,11 *', '* * * 31W 2 *'])(
    'refuses one that never comes: %s',
    (fields) => {
      expect(complaintOf(`cron ${fields}`).message).toBe(
        `Expected a cron that comes some day, found "${fields}"`,
      );
    },
  );

  it('takes one that comes rarely, or on another day than the missing one', () => {
    expect(slotNames(scheduled('cron 0 0 29 2 +MON#5'), '2026-01-01T00:00Z', 1)).toEqual([
      '2044-02-29T00:00Z',
    ]);
    expect(slotNames(scheduled('cron 0 0 31 2 MON'), '2026-01-01T00:00Z', 1)).toEqual(['2026-02-02T00:00Z']);
  });
});

describe('at', () => {
  it.each([
    ['at 2026-03-29T02:30Z', '2026-03-29T02:30:00.000Z'],
    ['AT 2026-03-29t02:30:01.5z', '2026-03-29T02:30:01.500Z'],
    ['at 2026-03-29T02:30:59.999Z', '2026-03-29T02:30:59.999Z'],
    ['at 2026-03-29T02:30+05:45', '2026-03-28T20:45:00.000Z'],
    ['at 2026-03-29T02:30-0330', '2026-03-29T06:00:00.000Z'],
    ['at 2026-03-29T02:30+02', '2026-03-29T00:30:00.000Z'],
    ['at 2026-03-29T02:30-00:00', '2026-03-29T02:30:00.000Z'],
    ['at 2028-02-29T23:59', '2028-02-29T23:59:00.000Z'],
    ['at 1970-01-01T00:00', '1970-01-01T00:00:00.000Z'],
    ['at 2999-12-31T23:59:59.999', '2999-12-31T23:59:59.999Z'],
  ])('takes a time of UTC, or with its offset: %s', (text, name) => {
    expect(atOf(text)).toBe(name);
  });

  it('is meant in the time zone, where nothing else is said', () => {
    expect(atOf('at 2026-07-01T12:00', 'Europe/Berlin')).toBe('2026-07-01T10:00:00.000Z');
    expect(atOf('at 2026-07-01T12:00Z', 'Europe/Berlin')).toBe('2026-07-01T12:00:00.000Z');
    expect(atOf('at 2026-07-01T12:00+03:00', 'Europe/Berlin')).toBe('2026-07-01T09:00:00.000Z');
    expect(atOf('at 2026-07-01T12:00', 'Asia/Kathmandu')).toBe('2026-07-01T06:15:00.000Z');
    expect(atOf('at 2026-07-01T12:00', 'Pacific/Kiritimati')).toBe('2026-06-30T22:00:00.000Z');
    expect(atOf('at 2026-07-01T12:00', 'Pacific/Pago_Pago')).toBe('2026-07-01T23:00:00.000Z');
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T01:59:59.999', '2026-03-29T00:59:59.999Z'],
    ['Europe/Berlin', '2026-03-29T02:00', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T02:59:59.999', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T03:00:00.001', '2026-03-29T01:00:00.001Z'],
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30:00.000Z'],
    ['America/Nuuk', '2026-03-28T23:30', '2026-03-29T01:00:00.000Z'],
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00.000Z'],
  ])(
    'that the clocks of %s never show is the moment at which they are put forward: %s',
    (zone, time, name) => {
      expect(atOf(`at ${time}`, zone)).toBe(name);
    },
  );

  it.each([
    ['Europe/Berlin', '2026-10-25T01:59:59.999', '2026-10-24T23:59:59.999Z'],
    ['Europe/Berlin', '2026-10-25T02:00', '2026-10-25T00:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T02:59:59.999', '2026-10-25T00:59:59.999Z'],
    ['Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z'],
  ])('that the clocks of %s show twice is the first of both: %s', (zone, time, name) => {
    expect(atOf(`at ${time}`, zone)).toBe(name);
  });

  it.each([
    '2026-02-30T00:00',
    '2027-02-29T00:00',
    '2026-13-01T00:00',
    '2026-01-01T24:00',
    '2026-01-01T00:60Z',
  ])('refuses what is in no calendar: %s', (time) => {
    expect(complaintOf(`at ${time}`).message).toBe(
      `Expected a time that is in the calendar, from 1970 to 2999, found "${time}"`,
    );
  });

  it.each(['1969-12-31T23:59:59.999Z', '3000-01-01T00:00Z', '0026-01-01T00:00Z'])(
    'refuses what lies before 1970 or after 2999: %s',
    (time) => {
      expect(complaintOf(`at ${time}`).message).toContain('from 1970 to 2999');
    },
  );

  it.each([
    '2026-01-01',
    'noon',
    '2026-01-01 12:00',
    '2026-1-1T00:00',
    '2026-01-01T12',
    '2026-01-01T12:00:00.1234Z',
  ])('refuses what is no date and time with a T between them: %s', (time) => {
    expect(complaintOf(`at ${time}`).message).toBe(
      `Expected a time such as 2026-03-29T02:30Z, found "${time}"`,
    );
  });

  it('refuses an offset of a day or more, and one with sixty minutes', () => {
    expect(atOf('at 2026-01-01T00:00+23:59')).toBe('2025-12-31T00:01:00.000Z');
    expect(complaintOf('at 2026-01-01T00:00+24:00').message).toContain('an offset of less than 24 hours');
    expect(complaintOf('at 2026-01-01T00:00+01:60').message).toContain('a time such as');
  });

  it('means the same whatever zone this machine is in', () => {
    const before = process.env.TZ;
    process.env.TZ = 'Europe/Berlin';
    try {
      expect(new Date(2026, 2, 29, 2, 30).getHours()).toBe(3);
      expect(atOf('at 2026-03-29T02:30', 'UTC')).toBe('2026-03-29T02:30:00.000Z');
      expect(slotNames(scheduled('cron 30 2 * * *'), '2026-03-29T00:00Z', 1)).toEqual(['2026-03-29T02:30Z']);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});

describe('a schedule', () => {
  it.each(['', '   ', 'every', 'daily', '@daily', '30 2 * * *', 'at', 'cron', 'everyday 10s', 'every10s'])(
    'that begins with no known word is refused: %j',
    (text) => {
      expect(complaintOf(text)).toMatchObject({
        code: 'ROW-E009',
        message: `Expected a schedule, found ${JSON.stringify(text.trim())}`,
      });
    },
  );

  it('is refused with a hint that has every form, each of which can be read', () => {
    const hint = complaintOf('soon').hint ?? '';
    for (const form of ['every 10s', 'cron 30 2 * * *', 'cron @daily', 'at 2026-03-29T02:30Z']) {
      expect(hint).toContain(form);
      expect(scheduled(form)).toBeDefined();
    }
  });

  it('may have as many characters as the limit says, and no more', () => {
    const { scheduleLength } = LIMITS;
    expect(scheduled('every 10s'.padEnd(scheduleLength))).toBeDefined();
    expect(complaintOf('every 10s'.padEnd(scheduleLength + 1)).message).toBe(
      `Expected a schedule of at most ${scheduleLength} characters, found ${scheduleLength + 1}`,
    );
  });

  it.each(['Mars/Olympus', 'Berlin', '', ' ', '+02:00', '-05', 'UTC+2', 'Europe/Berlin\0', '2'])(
    'is refused in a time zone that nobody knows: %j',
    (zone) => {
      for (const text of ['every 10s', 'cron @daily', 'at 2026-01-01T00:00Z']) {
        const { code, message, hint } = complaintOf(text, zone);
        expect([code, message]).toEqual(['ROW-E009', `Expected a time zone, found ${JSON.stringify(zone)}`]);
        expect(hint).toContain('Europe/Berlin');
      }
    },
  );

  it('is read or refused, whatever the row says', () => {
    const between = seededBetween(SEED);
    const words = 'every cron at 10s 0 * 5 1-3 */2 L # @daily @ + 2026-03-29T02:30 +02:00'.split(' ');
    const mixed = (): string => {
      const word = (): string => words[between(0, words.length)] as string;
      const noise = (): string =>
        String.fromCharCode(between(0, 2) === 0 ? between(0, 128) : between(0, 65_536));
      return Array.from({ length: between(0, 9) }, () => (between(0, 5) > 0 ? word() : noise())).join(' ');
    };
    const found = Array.from({ length: 2_000 }, () =>
      readSchedule(mixed(), between(0, 9) > 0 ? 'Asia/Tokyo' : mixed()),
    );
    const codes = found.map((one) => ('code' in one ? one.code : one.kind));
    expect(new Set(codes)).toEqual(new Set(['ROW-E009', 'every', 'cron', 'at']));
  });
});

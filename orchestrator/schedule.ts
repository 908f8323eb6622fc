/** Schedules: what a script's row says of when it is to be run, and its time zone, as data. */
import { DURATION_UNITS } from '../shared/duration-units.ts';
import type { Complaint } from '../shared/faults.ts';
import { LIMITS } from '../shared/limits.ts';
import { SETTINGS, SettingFault, type SettingName } from '../shared/settings.ts';
import { show } from '../shared/show.ts';
import { type Cron, readCron } from './cron.ts';
import { readTime } from './iso-time.ts';
import { findTimeZone, type TimeZone } from './time-zone.ts';

/** When a script is to be run. docs/schedules.md describes them for people. */
export type Schedule =
  /** At the times of the Unix epoch that `everyMs` divides, so that they are the same for everyone and after every edit. */
  | { readonly kind: 'every'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: Cron }
  /** Once. Unix epoch, milliseconds. */
  | { readonly kind: 'at'; readonly atMs: number };

/** Longest time between two runs, milliseconds: 366 days. */
export const LONGEST_EVERY_MS = 31_622_400_000;

const FORMS_HINT =
  'Write every 10s (s, m, h or d), cron 30 2 * * * (minute, hour, day, month, weekday; seconds before them if you like), cron @daily, or at 2026-03-29T02:30Z.';
const ZONES_HINT = 'Write a name of the IANA table such as Europe/Berlin, or leave it out, as NULL, for UTC.';

/**
 * Reads `every …`, `cron …` or `at …`, words in any case, blanks around and between them of any number.
 *
 * @param timeZone an IANA name, by whose clocks a cron comes and a time without an offset is meant; null: UTC
 * @returns the schedule; or why the row is refused, which alone has a `code`
 */
export function readSchedule(text: string, timeZone: string | null): Schedule | Complaint {
  if (text.length > LIMITS.scheduleLength) {
    const message = `Expected a schedule of at most ${LIMITS.scheduleLength} characters, found ${text.length}`;
    return refusal(message, FORMS_HINT);
  }
  const zone = findTimeZone(timeZone === null ? 'UTC' : timeZone.trim());
  if (zone === undefined) return refusal(`Expected a time zone, found ${show(timeZone)}`, ZONES_HINT);
  const schedule = readForm(text.trim(), zone);
  return typeof schedule === 'string' ? refusal(schedule, FORMS_HINT) : schedule;
}

function readForm(text: string, zone: TimeZone): Schedule | string {
  const [, word = '', rest = ''] = /^(\S+)\s+(.+)$/s.exec(text) ?? [];
  switch (word.toLowerCase()) {
    case 'every':
      return readEvery(rest);
    case 'cron': {
      const cron = readCron(rest, zone);
      return typeof cron === 'string' ? cron : { kind: 'cron', cron };
    }
    case 'at': {
      const atMs = readTime(rest, zone);
      return typeof atMs === 'string' ? atMs : { kind: 'at', atMs };
    }
    default:
      return `Expected a schedule, found ${show(text)}`;
  }
}

function readEvery(text: string): Schedule | string {
  const [, count, unit = ''] = /^(\d+)\s*([smhd])$/i.exec(text) ?? [];
  if (count === undefined) return `Expected a whole number of s, m, h or d, found ${show(text)}`;
  const everyMs = Number(count) * (DURATION_UNITS.get(unit.toLowerCase()) as number);
  if (everyMs === 0 || everyMs > LONGEST_EVERY_MS) return `Expected 1s to 366d, found ${show(text)}`;
  return { kind: 'every', everyMs };
}

function refusal(message: string, hint: string): Complaint {
  return { code: 'ROW-E009', message, hint };
}

/** Reads a schedule of our own. @throws {SettingFault} that names the setting */
export function scheduleOfSetting(name: SettingName, text: string): Schedule {
  const schedule = readSchedule(text, null);
  if (!('code' in schedule)) return schedule;
  throw new SettingFault(`${schedule.message}, in ${SETTINGS[name].env}. ${schedule.hint}`);
}

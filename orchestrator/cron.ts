/**
 * Crons: five fields or six, and when they come by the clocks of a zone. croner reads the fields and knows the calendar; of
 * zones it is asked nothing. Its rules for clocks that are changed, with `fixedTimeRule: 'no-wildcard'`, are ours but for one:
 *
 * - A cron without `*`, `?` and `/` in its seconds, minutes and hours names *times of day*. A time that the clocks show twice
 *   comes once, the first time. A time that they never show comes at the moment at which they are put forward; several of
 *   them come then together, as one. croner drops it when that moment is on the next day; here it comes all the same.
 * - Any other cron names a *rhythm*. It comes whenever the clocks show such a time, both times if twice, and not if never.
 */
import { CronDate, CronPattern } from 'croner';
import { show } from '../shared/show.ts';
import type { TimeZone } from './time-zone.ts';

const DAY_MS = 86_400_000;

/** A cron that comes at least once. */
export interface Cron {
  readonly pattern: CronPattern;
  readonly zone: TimeZone;
}

/** What each field of six says. */
const FIELDS = [
  'seconds from 0 to 59',
  'minutes from 0 to 59',
  'hours from 0 to 23',
  'days of the month from 1 to 31, L or 15W',
  'months from 1 to 12, or JAN to DEC',
  'weekdays from 0 to 7, or SUN to SAT',
] as const;

/** Reads the fields of a cron, or a nickname such as `@daily`, in any case; or says what is wrong, in words. */
export function readCron(text: string, zone: TimeZone): Cron | string {
  const pattern = patternOf(text);
  if (pattern === undefined) return complain(text);
  if (readingAfter(pattern, -1) === undefined) {
    return `Expected a cron that comes some day, found ${show(text)}`;
  }
  return { pattern, zone };
}

/** The first time that a cron comes after an instant; undefined when that is in the year 3000 or later. */
export function cronAfter(cron: Cron, ms: number): number | undefined {
  return cron.pattern.isFixedTime ? timeOfDayAfter(cron, ms) : rhythmAfter(cron, ms);
}

/**
 * Readings and the first instants of them are in the same order, so the first that is late enough is the one. Where clocks
 * show an hour once more, none of its readings is: 3,600 of them take some milliseconds.
 */
function timeOfDayAfter({ pattern, zone }: Cron, ms: number): number | undefined {
  let readingMs: number | undefined = ms + zone.stretchAt(ms).offsetMs;
  let foundMs = ms;
  while (foundMs <= ms) {
    readingMs = readingAfter(pattern, readingMs);
    if (readingMs === undefined) return undefined;
    foundMs = zone.firstInstant(readingMs);
  }
  return foundMs;
}

function rhythmAfter({ pattern, zone }: Cron, ms: number): number | undefined {
  let fromMs = ms + 1;
  for (;;) {
    const { endMs, offsetMs } = zone.stretchAt(fromMs);
    const readingMs = readingAfter(pattern, fromMs + offsetMs - 1);
    if (readingMs === undefined) return undefined;
    const foundMs = readingMs - offsetMs;
    if (foundMs < endMs) return foundMs;
    // Until two days before it nothing comes, unless clocks that are put back show once more what they showed until `ms`.
    fromMs = endMs - ms < 2 * DAY_MS ? endMs : Math.max(endMs, foundMs - 2 * DAY_MS);
  }
}

/** The first reading after another at which a cron comes. */
function readingAfter(pattern: CronPattern, readingMs: number): number | undefined {
  return new CronDate(new Date(readingMs), 0).increment(pattern, {}, false)?.getTime();
}

function patternOf(text: string): CronPattern | undefined {
  try {
    return new CronPattern(text, undefined, { mode: '5-or-6-parts', fixedTimeRule: 'no-wildcard' });
  } catch {
    return undefined;
  }
}

/** Names the first field that is refused by itself. */
function complain(text: string): string {
  const fields = text.split(/\s+/).filter((field) => field !== '');
  if (fields.length < 5 || fields.length > 6) {
    return `Expected a cron of 5 fields or 6, or a nickname such as @daily, found ${show(text)}`;
  }
  const six = fields.length === 5 ? ['0', ...fields] : fields;
  const wrong = six.findIndex((field, index) => {
    const alone = FIELDS.map((_, other) => (other === index ? field : '*'));
    return patternOf(alone.join(' ')) === undefined;
  });
  return `Expected ${FIELDS[wrong] ?? 'a cron'}, found ${show(six[wrong] ?? text)}`;
}

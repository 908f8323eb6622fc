/** Times in ISO 8601, of one instant each: with an offset from UTC, or as the clocks of a zone show them. */
import { show } from '../shared/show.ts';
import type { TimeZone } from './time-zone.ts';

const FORM =
  /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(?:(Z)|([+-])(\d\d)(?::?([0-5]\d))?)?$/i;

/**
 * Reads `2026-03-29T02:30`, with seconds and up to three decimals of them or without, in capitals or not. `Z`, `+02:00`,
 * `+0200` or `+02` at its end says how far from UTC it is meant; without them it is a time of `zone`. One that its clocks
 * show twice means the first of both; one that they never show, being put forward, means the moment at which they are.
 *
 * @returns Unix epoch, milliseconds; or what is wrong, in words
 */
export function readTime(text: string, zone: TimeZone): number | string {
  const found = FORM.exec(text);
  if (found === null) return `Expected a time such as 2026-03-29T02:30Z, found ${show(text)}`;
  const [, date, time, seconds = '00', decimals = '', utc, sign, hours, minutes = '0'] = found;
  const said = `${date}T${time}:${seconds}.${decimals.padEnd(3, '0')}Z`;
  const readingMs = Date.parse(said);
  // The 30th of February is read as a day of March, and 24:00 as the next day.
  const real = !Number.isNaN(readingMs) && new Date(readingMs).toISOString() === said;
  const year = Number(text.slice(0, 4));
  if (!real || year < 1970 || year > 2999) {
    return `Expected a time that is in the calendar, from 1970 to 2999, found ${show(text)}`;
  }
  if (utc !== undefined) return readingMs;
  if (sign === undefined) return zone.firstInstant(readingMs);
  if (Number(hours) > 23) return `Expected an offset of less than 24 hours, found ${show(text)}`;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? readingMs + offsetMs : readingMs - offsetMs;
}

/**
 * The oracle of schedules: every minute of a year as the runtime's own table of zones shows it, walked one after the other.
 * It knows nothing of stretches, searches or croner.
 */

const MINUTE_MS = 60_000;
const PIECE_MS = 3 * 60 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Whether a time is meant, in the order of a cron's fields. Months count from 1, weekdays from 0, which is Sunday. */
export type Fits = (minute: number, hour: number, day: number, month: number, weekday: number) => boolean;

export interface ZoneMinutes {
  readonly startMs: number;
  /** For each minute from the start on what the clocks show, as milliseconds of a UTC that shows the same. */
  readonly readings: Float64Array;
}

/** The minutes of a year of UTC. Where clocks run on for three hours only their ends are asked for; else each minute. */
export function zoneMinutes(zone: string, year: number): ZoneMinutes {
  const [date, time] = [{ dateStyle: 'short' } as const, { timeStyle: 'medium' } as const];
  // Swedes write 2028-03-26 03:00:00.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...date, ...time });
  const reading = (ms: number): number => Date.parse(`${format.format(ms).replace(' ', 'T')}Z`);
  const [startMs, endMs] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  const readings = new Float64Array((endMs - startMs) / MINUTE_MS);
  let next = reading(startMs);
  for (let piece = startMs; piece < endMs; piece += PIECE_MS) {
    const first = next;
    next = reading(piece + PIECE_MS);
    const even = next - first === PIECE_MS;
    for (let ms = 0; ms < PIECE_MS; ms += MINUTE_MS) {
      readings[(piece - startMs + ms) / MINUTE_MS] = even ? first + ms : reading(piece + ms);
    }
  }
  return { startMs, readings };
}

/** A rhythm comes at each minute at which the clocks show a time that fits. */
export function rhythm({ startMs, readings }: ZoneMinutes, fits: Fits): number[] {
  const found: number[] = [];
  const shows = overReadings(fits);
  for (let index = 0; index < readings.length; index += 1) {
    if (shows(readings[index] as number)) found.push(startMs + index * MINUTE_MS);
  }
  return found;
}

/** A time of day comes at the minute at which the clocks show it, or have passed it, for the first time. */
export function timesOfDay({ startMs, readings }: ZoneMinutes, fits: Fits): number[] {
  const found: number[] = [];
  const shows = overReadings(fits);
  let passed = (readings[0] as number) - MINUTE_MS;
  for (let index = 0; index < readings.length; index += 1) {
    let comes = false;
    while (passed < (readings[index] as number)) {
      passed += MINUTE_MS;
      comes = shows(passed) || comes;
    }
    if (comes) found.push(startMs + index * MINUTE_MS);
  }
  return found;
}

/** The same of readings. Mostly one follows the other within a day, whose date is looked up once. */
function overReadings(fits: Fits): (reading: number) => boolean {
  let [dayMs, day, month, weekday] = [Number.NaN, 0, 0, 0];
  return (reading) => {
    if (!(reading >= dayMs && reading < dayMs + DAY_MS)) {
      const date = new Date(reading);
      dayMs = Math.floor(reading / DAY_MS) * DAY_MS;
      day = date.getUTCDate();
      month = date.getUTCMonth() + 1;
      weekday = date.getUTCDay();
    }
    const minutes = (reading - dayMs) / MINUTE_MS;
    const hour = Math.floor(minutes / 60);
    return fits(minutes - hour * 60, hour, day, month, weekday);
  };
}

/** The instants at which clocks are put forward or back. */
export function clockChanges({ startMs, readings }: ZoneMinutes): number[] {
  const found: number[] = [];
  for (let index = 1; index < readings.length; index += 1) {
    const step = (readings[index] as number) - (readings[index - 1] as number);
    if (step !== MINUTE_MS) found.push(startMs + index * MINUTE_MS);
  }
  return found;
}

/** Slots too few, too many, doubled or out of order; none when both lists are the same. At most ten. */
export function slotObjections(found: readonly number[], wanted: readonly number[]): string[] {
  const name = (ms: number): string => new Date(ms).toISOString();
  const [have, want] = [new Set(found), new Set(wanted)];
  const objections = [
    ...wanted.filter((ms) => !have.has(ms)).map((ms) => `${name(ms)} is missing`),
    ...found.filter((ms) => !want.has(ms)).map((ms) => `${name(ms)} is none`),
    ...found
      .filter((ms, index) => index > 0 && ms <= (found[index - 1] as number))
      .map((ms) => `${name(ms)} comes late`),
  ];
  return objections.slice(0, 10);
}

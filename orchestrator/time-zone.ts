/**
 * Time zones by their IANA names: what the clocks of one show at an instant, and when they first show a time. What a
 * clock shows is a *reading*: the milliseconds that UTC would have counted when its own clocks showed the same.
 */

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
/** How far ahead of UTC clocks may be: 14 h in the Pacific, and an hour to spare. */
const AHEAD_MS = 54_000_000;
/** Days that a zone remembers: beyond, it forgets all and asks anew. */
const REMEMBERED_DAYS = 1_024;

/** A piece of one day of UTC in which a zone's clocks are neither put forward nor back. */
export interface Stretch {
  readonly startMs: number;
  /** The first millisecond after it, where the next begins. */
  readonly endMs: number;
  /** Reading less instant. */
  readonly offsetMs: number;
}

/** The clocks of one zone. They are changed at most once in a day of UTC, and at whole seconds: no zone has done otherwise. */
export class TimeZone {
  /** Undefined for UTC, as schedules mean it by default: the tables of all zones take a process 6 MB. */
  private readonly format: Intl.DateTimeFormat | undefined;
  private readonly days = new Map<number, readonly Stretch[]>();

  /** @throws {RangeError} when there is no such zone */
  constructor(name: string) {
    if (name.toLowerCase() === 'utc') return;
    const two = '2-digit';
    const [date, time] = [
      { year: 'numeric', month: two, day: two } as const,
      { hour: two, minute: two, second: two } as const,
    ];
    this.format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', ...date, ...time });
  }

  /** The stretch that holds an instant. */
  stretchAt(ms: number): Stretch {
    const [first, second] = this.dayOf(Math.floor(ms / DAY_MS));
    return second !== undefined && ms >= second.startMs ? second : (first as Stretch);
  }

  /**
   * The first instant at which the clocks show a reading or a later one. So a time that is shown twice means the first of
   * both, and one that is passed over, the clocks being put forward, means the moment at which they are.
   */
  firstInstant(readingMs: number): number {
    let stretch = this.stretchAt(readingMs - AHEAD_MS);
    while (readingMs - stretch.offsetMs >= stretch.endMs) stretch = this.stretchAt(stretch.endMs);
    return Math.max(stretch.startMs, readingMs - stretch.offsetMs);
  }

  private dayOf(day: number): readonly Stretch[] {
    const known = this.days.get(day);
    if (known !== undefined) return known;
    if (this.days.size >= REMEMBERED_DAYS) this.days.clear();
    const [startMs, endMs] = [day * DAY_MS, (day + 1) * DAY_MS];
    const [before, after] = [this.askOffset(startMs), this.askOffset(endMs)];
    const changeMs = before === after ? endMs : this.findChange(startMs, endMs, before);
    const first = { startMs, endMs: changeMs, offsetMs: before };
    // A change at midnight is where the next day begins.
    const found = changeMs === endMs ? [first] : [first, { startMs: changeMs, endMs, offsetMs: after }];
    this.days.set(day, found);
    return found;
  }

  /** The first instant after `lowMs`, at `highMs` the latest, with another offset. */
  private findChange(lowMs: number, highMs: number, offsetMs: number): number {
    let [low, high] = [lowMs, highMs];
    while (high - low > SECOND_MS) {
      const middle = low + Math.floor((high - low) / 2 / SECOND_MS) * SECOND_MS;
      if (this.askOffset(middle) === offsetMs) low = middle;
      else high = middle;
    }
    return high;
  }

  /** @param ms a whole second */
  private askOffset(ms: number): number {
    if (this.format === undefined) return 0;
    const shown = this.format.formatToParts(ms);
    const part = (type: string): number => Number(shown.find((one) => one.type === type)?.value);
    const [year, month, day] = [part('year'), part('month'), part('day')];
    return Date.UTC(year, month - 1, day, part('hour'), part('minute'), part('second')) - ms;
  }
}

const known = new Map<string, TimeZone>();

/** The zone of a name in any case, or undefined where there is none. Offsets such as +02:00, which some engines take, are none. */
export function findTimeZone(name: string): TimeZone | undefined {
  const key = name.toLowerCase();
  const found = known.get(key);
  if (found !== undefined) return found;
  if (!/^[a-z]/.test(key)) return undefined;
  try {
    const zone = new TimeZone(name);
    known.set(key, zone);
    return zone;
  } catch {
    return undefined;
  }
}

/** docs/schedules.md: every example on the page is what comes out. */
import { describe, expect, it } from 'vitest';
import { type CatchUp, MISSED_MS, type Plan, planSlots } from '../../orchestrator/catch-up.ts';
import { readSchedule } from '../../orchestrator/schedule.ts';
import { slotName } from '../../orchestrator/slots.ts';
import { LIMITS } from '../../shared/limits.ts';
import { scheduled, slotNames, slotsWithin } from '../support/scheduled.ts';
import { readPage, tableRows } from './pages.ts';

const PAGE = readPage('docs/schedules.md');
const AFTER = '2026-06-01T00:00Z';
const DAY = '2026-06-01';

/** The rows of the page's one table with this header, at least `least` of them. */
function rowsOf(header: readonly string[], least: number): string[][] {
  const rows = tableRows(PAGE, header);
  expect(rows.length).toBeGreaterThanOrEqual(least);
  return rows;
}

const clock = (ms: number): string => slotName(ms).slice(11, 16);
const hourly = scheduled('every 1h');
const timeOf = (shown: string): number => Date.parse(`${DAY}T${shown}Z`);

describe('docs/schedules.md', () => {
  it('lists forms that can be read, and every unit and nickname that it mentions', () => {
    for (const [text = ''] of rowsOf(['schedule', 'it comes'], 5)) expect(scheduled(text)).toBeDefined();
    const forms = PAGE.slice(0, PAGE.indexOf('## Time zones'));
    const nicknames = [...new Set(forms.match(/@\w+/g))];
    expect(nicknames).toHaveLength(5);
    for (const nickname of nicknames) expect(scheduled(`cron ${nickname}`)).toBeDefined();
    for (const unit of ['s', 'm', 'h', 'd']) expect(scheduled(`every 1${unit}`)).toBeDefined();
  });

  it('says when schedules come next', () => {
    for (const [text = '', zone = '', next = ''] of rowsOf(
      ['schedule', 'time zone', `next after ${AFTER}`],
      9,
    )) {
      const names = next.split(', ');
      // Of one that comes once, the page has all.
      const count = text.startsWith('at') ? 2 : names.length;
      expect(slotNames(scheduled(text, zone), AFTER, count), text).toEqual(names);
    }
  });

  it('says why schedules are refused', () => {
    for (const [text = '', zone = '', refused = ''] of rowsOf(['schedule', 'time zone', 'refused'], 6)) {
      expect(readSchedule(text, zone)).toMatchObject({ code: 'ROW-E009', message: refused });
    }
  });

  it('says when schedules come on days on which clocks are changed', () => {
    const rows = rowsOf(['schedule', 'time zone', 'day', 'it comes, in UTC'], 15);
    for (const [text = '', zone = '', day = '', comes = ''] of rows) {
      const [from, to] = ['T00:00', 'T23:59:59.999'].map((time) => scheduled(`at ${day}${time}`, zone));
      if (from?.kind !== 'at' || to?.kind !== 'at') throw new Error('Expected a day');
      const found = slotsWithin(scheduled(text, zone), from.atMs - 1, to.atMs).map(clock);
      expect(found.join(', ') || 'never', `${text} ${zone} ${day}`).toBe(comes);
    }
  });

  it('says what is run and what is passed over when nobody looked', () => {
    for (const [catchUp, now = '', run, passed] of rowsOf(['catch-up', 'now', 'run', 'passed over'], 4)) {
      const plan = planSlots(hourly, {
        lastMs: null,
        nowMs: timeOf(now),
        catchUp: catchUp as CatchUp,
        sinceMs: timeOf('09:30'),
        limit: 100,
      });
      expect([plan.run.map(clock).join(', ') || 'none', String(plan.skipped)]).toEqual([run, passed]);
    }
  });

  it('says what is offered, and what of it runs, when the clock jumps', () => {
    const ran = new Set<string>();
    let lastMs: number | null = timeOf('09:00');
    for (const [now = '', offered, runs] of rowsOf(['the clock says', 'offered', 'it'], 7)) {
      const look = { lastMs, nowMs: timeOf(now), catchUp: 'one', sinceMs: 0, limit: 100 } as const;
      const plan: Plan = planSlots(hourly, look);
      const found = plan.run.map(clock).join(', ');
      expect([found, ran.has(found) ? 'ran before' : 'runs']).toEqual([offered, runs]);
      ran.add(found);
      lastMs = plan.lastMs;
    }
  });

  it('has its numbers from the source', () => {
    const page = PAGE.replaceAll('\n', ' ');
    expect(page).toContain(`at most ${LIMITS.scheduleLength.toLocaleString('en-US')} characters`);
    expect(page).toContain(`at most ${LIMITS.countedSlots.toLocaleString('en-US')} slots`);
    expect(page).toContain(`more than ${MISSED_MS / 1_000} s ago is *missed*`);
  });
});

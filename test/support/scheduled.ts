/** Schedules for tests, by their texts. */
import { readSchedule, type Schedule } from '../../orchestrator/schedule.ts';
import { slotAfter, slotName } from '../../orchestrator/slots.ts';

/** @throws {Error} with the complaint when it is refused */
export function scheduled(text: string, timeZone: string | null = null): Schedule {
  const schedule = readSchedule(text, timeZone);
  if ('code' in schedule) throw new Error(schedule.message);
  return schedule;
}

/** All slots after one time up to another. */
export function slotsWithin(schedule: Schedule, afterMs: number, throughMs: number): number[] {
  const found: number[] = [];
  let slot = slotAfter(schedule, afterMs);
  for (; slot !== undefined && slot <= throughMs; slot = slotAfter(schedule, slot)) found.push(slot);
  return found;
}

/** The names of the first few slots after a time, without `:00.000` at their ends. */
export function slotNames(schedule: Schedule, after: string, count: number): string[] {
  const found: string[] = [];
  let slot = slotAfter(schedule, Date.parse(after));
  for (; slot !== undefined && found.length < count; slot = slotAfter(schedule, slot)) {
    found.push(slotName(slot).replace(/(:00)?\.000Z$/, 'Z'));
  }
  return found;
}

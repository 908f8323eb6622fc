/**
 * Swept slots: the slots in time whose jobs were removed. A slot is run once, and a clock that is set back offers it again;
 * so what its job said is kept as a span of slots, one for all that follow each other.
 */
import { slotName } from './slots.ts';

/** From the first slot to the last, as they are named. */
export interface SlotSpan {
  readonly first: string;
  readonly last: string;
}

/** Slots that are no further apart make one span, ms: a day by any clock on a wall. */
const APART_MS = 25 * 3_600_000;

/** The time in a slot's name, with or without a point; undefined of a revision's own slot. */
export function timeOfSlot(slot: string): string | undefined {
  const time = slot.slice(0, 24);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time) ? time : undefined;
}

/** A time as far before, and after, as a span reaches. */
export function reachOf({ first, last }: SlotSpan): SlotSpan {
  return { first: shifted(first, -APART_MS), last: shifted(last, APART_MS) };
}

/** The fewest spans that hold all of these. */
export function joinSpans(spans: readonly SlotSpan[]): SlotSpan[] {
  const joined: SlotSpan[] = [];
  for (const span of [...spans].sort((one, other) => (one.first < other.first ? -1 : 1))) {
    const before = joined.at(-1);
    if (before === undefined || span.first > reachOf(before).last) joined.push(span);
    else joined[joined.length - 1] = { first: before.first, last: later(before.last, span.last) };
  }
  return joined;
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

function shifted(time: string, ms: number): string {
  return slotName(Math.max(0, Date.parse(time) + ms));
}

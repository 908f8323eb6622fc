/** The order in which renderers are shown. */
import type { Announcement } from '../shared/protocol/announcement.ts';

/** Whoever has the slot, then the oldest. */
export function slotFirst(one: Announcement, other: Announcement): number {
  if (one.slot !== other.slot) return one.slot ? -1 : 1;
  return one.started_at < other.started_at ? -1 : 1;
}

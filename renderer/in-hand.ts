/** What a renderer has in hand, in the words of its announcement. */
import type { InHand } from '../shared/protocol/announcement.ts';
import type { Progress } from './progress.ts';

/** A command from when it was taken until it is answered. */
export interface Taken {
  /** Unix epoch, ms. */
  readonly sinceMs: number;
  readonly progress: Progress;
}

/** @param id null of a command that has none */
export function inHandOf(id: string | null, { sinceMs, progress }: Taken): InHand {
  return { id, since: new Date(sinceMs).toISOString(), phase: progress.phase, ...progress.count };
}

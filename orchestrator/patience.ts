/** Patience: how long an answer may take is not how long a picture may take that somebody is at work on. */
import { SILENCE_MS } from './config.ts';
import type { Flight, OrchestratorDoors } from './doors.ts';

/** How many times as long as others an answer may take while a renderer that shows life has its question in hand. */
export const IN_HAND = 10;

/** Whether a renderer has one of these in hand, and is not stuck. @param now on the monotonic clock */
export function isAtWork(
  { keeper, spool }: Pick<OrchestratorDoors, 'keeper' | 'spool'>,
  waiting: readonly Flight[],
  now: number,
): boolean {
  if (keeper.silentMs(now) > SILENCE_MS) return false;
  return waiting.some(({ door, spoolId }) => door === 'spool' && spool.isInHand(spoolId));
}

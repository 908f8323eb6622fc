/** Waiting for a database that another program holds: who starts has nothing else to do, and is not refused for it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type HostFault, isHeld } from '../../shared/faults.ts';
import type { Journal } from '../../shared/world.ts';

/** Between two attempts, each of which waits by itself, ms. */
const AGAIN_MS = 100;

/**
 * Does `work` as soon as the database is free, and says once that it waits.
 *
 * @param work is done from its beginning again
 * @throws what `work` throws, and that the database is held once `giveUp` is aborted
 */
export async function whenFree<Result>(
  journal: Journal,
  giveUp: AbortSignal | undefined,
  work: () => Result,
): Promise<Result> {
  for (let isTold = false; ; isTold = true) {
    try {
      return work();
    } catch (error) {
      if (!isHeld(error) || giveUp?.aborted) throw error;
      const { message, hint } = error as HostFault;
      if (!isTold) journal.warn('database:held', { message, hint });
      // Nothing else keeps the process running yet.
      await sleep(AGAIN_MS);
      if (giveUp?.aborted) throw error;
    }
  }
}

/** Waiting for what another process does, by looking often rather than by sleeping long. */
import { setTimeout as sleep } from 'node:timers/promises';

/** The longest pause between two looks, ms; a look at a database or a folder takes a tenth of it. */
const LONGEST_MS = 10;

/**
 * Looks until `look` gives something other than undefined or false.
 *
 * @param everyMs the pause between two looks; by itself it grows from 1 to 10 ms, a twentieth of what was waited for
 * @throws {Error} naming `what` after `limitMs`
 */
export async function waitUntil<T>(
  what: string,
  look: () => T | undefined | false,
  limitMs = 10_000,
  everyMs?: number,
): Promise<T> {
  const start = performance.now();
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    const waitedMs = performance.now() - start;
    if (waitedMs > limitMs) throw new Error(`Expected ${what} within ${limitMs} ms`);
    await sleep(everyMs ?? Math.min(LONGEST_MS, 1 + waitedMs / 20));
  }
}

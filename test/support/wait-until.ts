/** Waiting for what another process does, by looking often rather than by sleeping long. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks every `everyMs` until `look` gives something other than undefined or false.
 *
 * @throws {Error} naming `what` after `limitMs`
 */
export async function waitUntil<T>(
  what: string,
  look: () => T | undefined | false,
  limitMs = 10_000,
  everyMs = 2,
): Promise<T> {
  const start = performance.now();
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() - start > limitMs) throw new Error(`Expected ${what} within ${limitMs} ms`);
    await sleep(everyMs);
  }
}

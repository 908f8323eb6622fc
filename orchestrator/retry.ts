/** When a fault of the world is tried again. */

const FIRST_MS = 500;
/** Longest wait between two attempts, ms. */
export const LONGEST_RETRY_MS = 300_000;

/**
 * Milliseconds until the next attempt: 0.5 s doubling to 5 min, less up to a quarter of jitter, so
 * that scripts that failed together do not come back together.
 *
 * @param attempts failures in a row so far, 1 or more
 * @param jitter from 0 up to 1
 */
export function backoffMs(attempts: number, jitter: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 30));
  return Math.round(full * (1 - jitter / 4));
}

/**
 * Whether the wait is over: its time has come, or lies further ahead than any wait is long, as it does
 * after the clock was set back.
 *
 * @param retryAt ISO 8601 UTC; null when nothing waits
 * @param nowMs Unix epoch, milliseconds
 */
export function isRetryDue(retryAt: string | null, nowMs: number): boolean {
  if (retryAt === null) return false;
  const waitMs = Date.parse(retryAt) - nowMs;
  // What is no time at all, by whoever wrote it, is due as well.
  return !(waitMs > 0 && waitMs <= LONGEST_RETRY_MS);
}

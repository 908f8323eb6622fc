/** The life of a daemon's process: the first signal drains, a second forces, a lost supervisor drains. */
import type { Journal } from './journal.ts';

/** Longest drain, ms. */
const GRACE_MS = 5_000;

/**
 * Resolves when the process has been told to end, or `finished` resolves by itself, and `stop` has
 * drained; false when the drain took longer than 5 s and was given up.
 */
export async function untilTold(
  stop: () => Promise<void>,
  journal: Journal,
  finished: Promise<unknown> = new Promise(() => {}),
): Promise<boolean> {
  const told = new Promise<string>((resolve) => {
    let first = true;
    const hear = (what: string): void => {
      if (!first) {
        journal.warn('process:forced', { by: what });
        process.exit(what === 'SIGINT' ? 130 : 143);
      }
      first = false;
      resolve(what);
    };
    process.on('SIGINT', hear);
    process.on('SIGTERM', hear);
    // Under a supervisor there is a channel; when it closes, the supervisor is gone.
    if (process.channel !== undefined) {
      process.once('disconnect', () => {
        if (first) hear('disconnect');
      });
    }
  });
  const why = await Promise.race([told, finished.then(() => 'finished')]);
  journal.debug('process:draining', { why });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), GRACE_MS);
  });
  const drained = await Promise.race([stop().then(() => true as const), late]);
  clearTimeout(timer);
  if (!drained) journal.error('process:drain-timed-out', { after_ms: GRACE_MS });
  return drained;
}

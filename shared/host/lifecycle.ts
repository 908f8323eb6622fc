/** The life of a daemon's process: the first signal drains, a second forces, a lost supervisor drains. */
import type { Journal } from '../world.ts';

/** Longest drain, ms. */
const GRACE_MS = 5_000;
/** One Ctrl-C can arrive twice, from the terminal and from npm: a repeat this soon, ms, is the same one. */
const ECHO_MS = 500;

/** What a process is told by; `disconnect` is its supervisor's end. */
export type Told = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'disconnect';

/**
 * Listens for being told to end.
 *
 * @param first called once
 * @param again called each time after that, but for echoes of the first
 */
export function hearSignals(first: (by: Told) => void, again: (by: Told) => void): void {
  let before: { by: Told; ms: number } | undefined;
  const hear = (by: Told): void => {
    const ms = performance.now();
    if (before === undefined) {
      before = { by, ms };
      first(by);
    } else if (by !== 'disconnect' && (by !== before.by || ms - before.ms > ECHO_MS)) again(by);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => hear(signal));
  // Under a supervisor there is a channel; when it closes, the supervisor is gone: now, or before anybody listened.
  if (process.connected === true) process.once('disconnect', () => hear('disconnect'));
  else if (process.connected === false) queueMicrotask(() => hear('disconnect'));
}

/** The exit code of a process that a second signal forced to end: 128 and the signal's number. */
export function forcedExitCode(by: Told): number {
  return { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, disconnect: 143 }[by];
}

/**
 * Resolves when the process has been told to end, or `finished` resolves by itself, and `stop` has
 * drained; false when the drain took longer than 5 s and was given up.
 *
 * @param abandon leaves at once what takes longer, as if it had never been begun: then the drain ends well
 */
export async function untilTold(
  stop: () => Promise<void>,
  journal: Journal,
  finished: Promise<unknown> = new Promise(() => {}),
  abandon?: () => void,
): Promise<boolean> {
  const told = new Promise<string>((resolve) => {
    hearSignals(resolve, (by) => {
      journal.warn('process:forced', { by });
      abandon?.();
      process.exit(forcedExitCode(by));
    });
  });
  const why = await Promise.race([told, finished.then(() => 'finished')]);
  journal.debug('process:draining', { why });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), GRACE_MS);
  });
  const drained = await Promise.race([stop().then(() => true as const), late]);
  clearTimeout(timer);
  if (drained) return true;
  if (abandon === undefined) {
    journal.error('process:drain-timed-out', { after_ms: GRACE_MS });
    return false;
  }
  abandon();
  return true;
}

/** The door to time: wall time for people and records, monotonic time for every duration. */
import type { Clock } from '../world.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  iso: () => new Date().toISOString(),
};

/** Resolves after `ms`; the timer alone does not keep a process alive. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

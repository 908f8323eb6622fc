/** Cores: holds processes to two of them, so that figures of two cores compare on machines with more. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CORES = 2;

/**
 * Holds processes, all threads that they have and will have, to the first two cores, if the machine has more.
 *
 * @returns on how many cores they run, in words
 */
export function holdToTwoCores(pids: readonly number[]): string {
  const cores = availableParallelism();
  if (cores <= CORES) return `${cores} cores`;
  for (const pid of pids) {
    const { status } = spawnSync('taskset', ['-a', '-c', '-p', `0-${CORES - 1}`, String(pid)]);
    if (status !== 0) return `${cores} cores, taskset being absent`;
  }
  return `${CORES} of ${cores} cores`;
}

/** The address space of this process: V8 ends the whole of it when a new thread finds none, which nobody can catch. */
import { readFileSync } from 'node:fs';

/** What V8 reserves for a memory of WebAssembly, however little of it is used: 10,240 MiB as measured. */
const MEMORY_BYTES = 10_240 * 2 ** 20;
/** For a thread: 589 MiB as measured, of which 128 MiB have to be had in one piece. */
const THREAD_BYTES = 600 * 2 ** 20;
/** For the process itself: 750 MiB as measured, and its heap at its largest. */
const OWN_BYTES = 5_120 * 2 ** 20;

const GIB = 2 ** 30;

/**
 * Requires that threads can be started however much the process has reserved by then. Memories alone need no such care:
 * where one finds no space, what it was for is done without.
 *
 * @param threads how many there may be at once
 * @param memories how many memories of WebAssembly there may be at once
 * @param limit bytes
 * @throws {Error} when the limit is less than what they take
 */
export function requireAddressSpace(threads: number, memories: number, limit = addressSpaceLimit()): void {
  const needed = OWN_BYTES + threads * THREAD_BYTES + memories * MEMORY_BYTES;
  if (limit >= needed) return;
  const [least, found] = [Math.ceil(needed / GIB), (limit / GIB).toFixed(1)];
  throw new Error(
    `Expected at least ${least} GiB of address space for ${threads} threads, found a limit of ${found} GiB (ulimit -v)`,
  );
}

/** Bytes; Infinity where there is no limit, or where the system does not say. */
export function addressSpaceLimit(read = () => readFileSync('/proc/self/limits', 'latin1')): number {
  try {
    const [, soft] = /^Max address space +(\S+)/m.exec(read()) ?? [];
    return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

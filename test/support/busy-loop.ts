/** A process that does nothing, as fast as it can: load for a test. */
import { startChild } from './child.ts';

/** Keeps `count` cores busy until the test ends. */
export function loadProcessors(count: number): void {
  for (let n = 0; n < count; n++) startChild(process.execPath, ['-e', 'for (;;);']);
}

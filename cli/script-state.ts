/** The state of a script in one word. */
import type { ScriptRow } from '../orchestrator/script.ts';

/**
 * Where a script stands: disabled, planned (its schedule or its matrix makes its next job), due, waiting (a failed attempt
 * will be repeated), rendered, or as its newest job ended.
 */
export function stateOf({ enabled, state, retryAt }: ScriptRow): string {
  if (!enabled) return 'disabled';
  // A new script without a plan has a job at once, and what was skipped gave its place to what comes.
  if (state === null || state === 'skipped') return 'planned';
  if (state === 'done') return 'rendered';
  if (state !== 'queued' && state !== 'running') return state;
  return retryAt === null ? 'due' : 'waiting';
}

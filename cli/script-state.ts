/** The state of a script in one word. */
import type { ScriptRow } from '../orchestrator/script.ts';

/** Where a script stands: disabled, due, waiting (a failed attempt will be repeated), rendered, or as its job ended. */
export function stateOf({ enabled, state, retryAt }: ScriptRow): string {
  if (!enabled) return 'disabled';
  if (state === 'done') return 'rendered';
  if (state !== null && state !== 'queued' && state !== 'running') return state;
  return retryAt === null ? 'due' : 'waiting';
}

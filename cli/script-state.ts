/** The state of a script in one word. */
import type { ScriptRow } from '../orchestrator/script.ts';

/** Where a script stands: disabled, due, waiting (a failed attempt will be repeated), rendered, refused. */
export function stateOf({ enabled, renderedRevision, retryAt, lastOutcome }: ScriptRow): string {
  if (!enabled) return 'disabled';
  if (renderedRevision === null) return retryAt === null ? 'due' : 'waiting';
  return lastOutcome === 'refused' ? 'refused' : 'rendered';
}

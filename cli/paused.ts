/** What a person has paused, and how it is taken up again. */

import type { Database } from '../orchestrator/host/migrate.ts';
import { QueueCatalog } from '../orchestrator/host/queue-catalog.ts';
import type { Control } from '../orchestrator/queue.ts';
import { unavailable } from './refusal.ts';

/** The command that resumes a scope. */
function howToResume(scope: string): string {
  return scope === 'engine' ? 'gvpie resume' : `gvpie resume ${scope}`;
}

/** A line for each scope that is paused: `pixel is paused: gvpie resume pixel`. */
export function pausedLines(controls: readonly Control[]): string[] {
  return controls
    .filter(({ paused }) => paused)
    .map(({ scope }) => `${scope} is paused: ${howToResume(scope)}`);
}

/** @throws {Refusal} when the engine or the lang of a script that is due is paused: it would be waited for in vain */
export function requireUnpaused(database: Database, name: string, lang: string): void {
  const paused = new QueueCatalog(database)
    .controls()
    .find((control) => control.paused && (control.scope === 'engine' || control.scope === lang));
  if (paused === undefined) return;
  throw unavailable(`${name} is due, but ${paused.scope} is paused`, howToResume(paused.scope));
}

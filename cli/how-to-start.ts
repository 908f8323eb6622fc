/** How a person starts a daemon here: behind npm in a clone, with gvpie itself in a bundle. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageRoot } from '../shared/host/package-root.ts';
import type { Settings } from '../shared/settings.ts';

/** Such as `npm run renderer`, or `gvpie renderer` where there is no clone around it. */
export function howToStart(daemon: 'renderer' | 'orchestrator'): string {
  return existsSync(join(packageRoot(), 'package-lock.json')) ? `npm run ${daemon}` : `gvpie ${daemon}`;
}

/** That nobody works on a database, and what helps. @param database as messages call it */
export function noOrchestratorWorks(database: string): string {
  return `no orchestrator works on ${database}: start one with ${howToStart('orchestrator')}`;
}

/** That nobody renders, and what helps. */
export function noRendererServes({ socketDir }: Pick<Settings, 'socketDir'>): string {
  return `no renderer serves ${resolve(socketDir)}: start one with ${howToStart('renderer')}`;
}

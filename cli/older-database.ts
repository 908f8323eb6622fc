/** What is said of a database that this gvpie cannot read as it is. */

import type { Database } from '../orchestrator/host/migrate.ts';
import { newestVersion } from '../orchestrator/host/migrate.ts';

const OLDER = 'of an older gvpie: the orchestrator, or gvpie script, brings it up to date';
const SEEDS = 'not yet taken over by gvpie: the orchestrator, or gvpie script, does that';

/** Undefined where it can be read. */
export function whyOlder(database: Database): string | undefined {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version >= newestVersion()) return undefined;
  return version === 0 ? SEEDS : OLDER;
}

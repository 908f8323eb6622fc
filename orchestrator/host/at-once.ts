/** Work on a database that does not wait where another program writes: what can as well be done later. */
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';

/** @throws {HostFault} `retryable` where another program holds the database */
export function atOnce<Result>(database: Database, work: () => Result): Result {
  return attempt('write', database.name, () => {
    const waitsMs = database.pragma('busy_timeout', { simple: true });
    database.pragma('busy_timeout = 0');
    try {
      return work();
    } finally {
      database.pragma(`busy_timeout = ${waitsMs}`);
    }
  });
}

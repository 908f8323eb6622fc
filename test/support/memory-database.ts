/** The tables as the migrations leave them, in memory and without the first program. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { packageRoot } from '../../shared/host/package-root.ts';

export function memoryDatabase(): BetterSqlite3.Database {
  const sql = new BetterSqlite3(':memory:');
  const folder = join(packageRoot(), 'db');
  for (const name of readdirSync(folder).sort()) {
    if (/^\d{6}-.*\.sql$/.test(name)) sql.exec(readFileSync(join(folder, name), 'utf8'));
  }
  sql.exec('DELETE FROM improvement_scripts');
  return sql;
}

/** Which database it is: a number by chance that it has had since it was made, and that its copies have too. */
import BetterSqlite3 from 'better-sqlite3';
import { attempt } from './database-fault.ts';

const IDENTITY = /^[0-9a-f]{32}$/;

/**
 * @param path of a database without a log beside it
 * @returns 32 lower-case hex digits; undefined for one of before there were such
 * @throws {HostFault} when it cannot be read
 */
export function identityOf(path: string): string | undefined {
  return attempt('read', path, () => {
    const database = new BetterSqlite3(path, { fileMustExist: true, readonly: true });
    try {
      const has = database.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'identity'`);
      if (has.get() === undefined) return undefined;
      const found = database.prepare<[], string>('SELECT CAST(value AS TEXT) FROM identity').pluck().get();
      return found !== undefined && IDENTITY.test(found) ? found : undefined;
    } finally {
      database.close();
    }
  });
}

/** Databases with every statement that writes, and every commit, told of: a test can stop the world after any of them. */
import BetterSqlite3 from 'better-sqlite3';

/** The first words of a statement: what it does, and to which table. */
const KIND = /^\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+(\w+)/i;

/**
 * From now on, has all connections of this process say what they have done, just after it. What a transaction writes is told
 * inside it: whoever dies there has done nothing, which is what is to be shown.
 */
export function countDatabases(hear: (name: string) => void): void {
  const { prototype } = BetterSqlite3 as unknown as { prototype: BetterSqlite3.Database };
  const { prepare, transaction } = prototype;
  Object.assign(prototype, {
    prepare(this: BetterSqlite3.Database, sql: string) {
      const statement = prepare.call(this, sql);
      const kind = KIND.exec(sql);
      if (statement.readonly || kind === null) return statement;
      for (const way of ['run', 'get', 'all'] as const) {
        const act = statement[way].bind(statement) as (...parameters: unknown[]) => unknown;
        Object.assign(statement, {
          [way]: (...parameters: unknown[]) => {
            const result = act(...parameters);
            hear(`sql ${kind[1]} ${kind[2]}`);
            return result;
          },
        });
      }
      return statement;
    },
    transaction(this: BetterSqlite3.Database, work: (...parameters: unknown[]) => unknown) {
      const whole = transaction.call(this, work);
      const told =
        (act: (...parameters: unknown[]) => unknown) =>
        (...parameters: unknown[]): unknown => {
          const result = act(...parameters);
          if (!this.inTransaction) hear('commit');
          return result;
        };
      const { deferred, immediate, exclusive } = whole;
      return Object.assign(told(whole), {
        deferred: told(deferred),
        immediate: told(immediate),
        exclusive: told(exclusive),
      });
    },
  });
}

/** Backups that are made by themselves: the table `backups`, in which each slot of the schedule is one orchestrator's. */
import type BetterSqlite3 from 'better-sqlite3';
import { BACKUP_ATTEMPTS } from '../config.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';

/** How it ended. `incomplete`: some cartridges are not in it, or damaged. */
export type BackupOutcome = 'done' | 'incomplete' | 'failed';

export interface BackupRow {
  readonly folder: string;
  /** A time of the schedule, ISO 8601 UTC. */
  readonly slot: string;
  /** The orchestrator's id. */
  readonly owner: string;
  readonly attempts: number;
  readonly started_at: string;
  /** Null while it is made. */
  readonly finished_at: string | null;
  readonly outcome: BackupOutcome | null;
  readonly name: string | null;
  readonly cartridges: number | null;
  readonly bytes: number | null;
  readonly message: string | null;
}

export type BackupEnd = Pick<BackupRow, 'name' | 'cartridges' | 'bytes' | 'message'> & {
  readonly outcome: BackupOutcome;
};

/** Rows of a folder that stay. */
const ROWS = 100;

const DIED = 'Expected an end of the backup, found that its orchestrator ended each time it was made';

/** Every method may throw a HostFault, and has changed nothing then. */
export class BackupTable {
  readonly #database: Database;
  readonly #owner: string;
  readonly #claim: (folder: string, slot: string, now: string, isGone: (owner: string) => boolean) => Claimed;
  readonly #end: BetterSqlite3.Statement<object>;
  readonly #release: BetterSqlite3.Statement<[string, string, string]>;

  /** @param owner the orchestrator that would make them */
  constructor(database: Database, owner: string) {
    this.#database = database;
    this.#owner = owner;
    this.#claim = this.#prepareClaim();
    this.#end = database.prepare<object>(`
      UPDATE backups SET finished_at = @now, outcome = @outcome, name = @name, cartridges = @cartridges, bytes = @bytes,
        message = @message
      WHERE folder = @folder AND slot = @slot AND owner = @owner AND finished_at IS NULL`);
    this.#release = database.prepare<[string, string, string]>(
      'DELETE FROM backups WHERE folder = ? AND slot = ? AND owner = ? AND finished_at IS NULL',
    );
  }

  /**
   * Takes the backup of a slot, if nobody has it: `ours`; `theirs`, while somebody makes it who lives; `over`, when it was made,
   * or ended too often without a word.
   *
   * @param now ISO 8601 UTC
   */
  claim(folder: string, slot: string, now: string, isGone: (owner: string) => boolean): Claimed {
    return attempt('write', this.#database.name, () => this.#claim(folder, slot, now, isGone));
  }

  /** Says how a backup of ours ended. @param now ISO 8601 UTC */
  end(folder: string, slot: string, now: string, end: BackupEnd): void {
    attempt('write', this.#database.name, () =>
      this.#end.run({ ...end, folder, slot, now, owner: this.#owner }),
    );
  }

  /** Gives a slot back, as if it had not been taken. */
  release(folder: string, slot: string): void {
    attempt('write', this.#database.name, () => this.#release.run(folder, slot, this.#owner));
  }

  #prepareClaim() {
    const database = this.#database;
    const find = database.prepare<[string, string], BackupRow>(
      'SELECT * FROM backups WHERE folder = ? AND slot = ?',
    );
    const insert = database.prepare<object>(
      'INSERT INTO backups (folder, slot, owner, started_at) VALUES (@folder, @slot, @owner, @now)',
    );
    const take = database.prepare<object>(`
      UPDATE backups SET owner = @owner, started_at = @now, attempts = attempts + 1
      WHERE folder = @folder AND slot = @slot`);
    const giveUp = database.prepare<object>(`
      UPDATE backups SET finished_at = @now, outcome = 'failed', message = @message
      WHERE folder = @folder AND slot = @slot`);
    const forget = database.prepare<[string, string]>(`
      DELETE FROM backups WHERE folder = ? AND slot IN (
        SELECT slot FROM backups WHERE folder = ? ORDER BY slot DESC LIMIT -1 OFFSET ${ROWS})`);
    const owner = this.#owner;
    return database.transaction(
      (folder: string, slot: string, now: string, isGone: (owner: string) => boolean): Claimed => {
        const row = find.get(folder, slot);
        if (row === undefined) {
          insert.run({ folder, slot, owner, now });
          forget.run(folder, folder);
          return 'ours';
        }
        if (row.finished_at !== null) return 'over';
        if (row.owner !== owner && !isGone(row.owner)) return 'theirs';
        if (row.attempts >= BACKUP_ATTEMPTS) {
          giveUp.run({ folder, slot, now, message: DIED });
          return 'over';
        }
        take.run({ folder, slot, owner, now });
        return 'ours';
      },
    ).immediate;
  }
}

export type Claimed = 'ours' | 'theirs' | 'over';

/** What became of backups that were made by themselves: the newest, and the newest that is there. */
export function lastBackups(
  database: Database,
  folder: string,
): { readonly newest: BackupRow | undefined; readonly made: BackupRow | undefined } {
  const newest = (where: string): BackupRow | undefined =>
    database
      .prepare<[string], BackupRow>(
        `SELECT * FROM backups WHERE folder = ? ${where} ORDER BY started_at DESC, slot DESC LIMIT 1`,
      )
      .get(folder);
  return attempt('read', database.name, () => ({
    newest: newest(''),
    made: newest("AND outcome IN ('done', 'incomplete')"),
  }));
}

/** What orchestrators do by themselves: the table `own_work`, in which each slot of a kind of work is one orchestrator's. */
import type BetterSqlite3 from 'better-sqlite3';
import { OWN_WORK_ATTEMPTS } from '../config.ts';
import type { Claimed, WorkBook, WorkEnd } from '../own-work.ts';
import { atOnce } from './at-once.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';

/** Whose slots they are. `place` is the folder of backups, and empty of sweeps. */
export interface WorkKind {
  readonly kind: 'backup' | 'sweep';
  readonly place: string;
}

interface Row {
  readonly owner: string;
  readonly attempts: number;
  readonly finished_at: string | null;
}

/** Rows of a kind and place that stay. */
const ROWS = 100;

const DIED = JSON.stringify({
  message: 'Expected an end of it, found that its orchestrator ended each time it was made',
});

const HERE = 'kind = @kind AND place = @place';

export class OwnWorkTable implements WorkBook {
  readonly #database: Database;
  readonly #row: { readonly kind: string; readonly place: string; readonly owner: string };
  readonly #isGone: (owner: string) => boolean;
  readonly #find: BetterSqlite3.Statement<object, Row>;
  readonly #claim: (slot: string, now: string) => Claimed;
  readonly #end: BetterSqlite3.Statement<object>;
  readonly #release: BetterSqlite3.Statement<object>;

  /**
   * @param owner the orchestrator that would do it
   * @param isGone whether an orchestrator has ended
   */
  constructor(
    database: Database,
    { kind, place }: WorkKind,
    owner: string,
    isGone: (owner: string) => boolean,
  ) {
    this.#database = database;
    this.#row = { kind, place, owner };
    this.#isGone = isGone;
    this.#find = database.prepare<object, Row>(
      `SELECT owner, attempts, finished_at FROM own_work WHERE ${HERE} AND slot = @slot`,
    );
    this.#claim = this.#prepareClaim();
    this.#end = database.prepare<object>(`
      UPDATE own_work SET finished_at = @at, outcome = @outcome, result = @result
      WHERE ${HERE} AND slot = @slot AND owner = @owner AND finished_at IS NULL`);
    this.#release = database.prepare<object>(
      `DELETE FROM own_work WHERE ${HERE} AND slot = @slot AND owner = @owner AND finished_at IS NULL`,
    );
  }

  claim(slot: string, now: string): Claimed {
    return atOnce(this.#database, () => {
      // Whoever only reads is held up by nobody's write.
      const found = this.#whose(this.#find.get({ ...this.#row, slot }));
      return found === 'over' || found === 'theirs' ? found : this.#claim(slot, now);
    });
  }

  end(slot: string, at: string, { outcome, result }: WorkEnd): void {
    const row = { ...this.#row, slot, at, outcome, result: JSON.stringify(result) };
    atOnce(this.#database, () => this.#end.run(row));
  }

  release(slot: string): void {
    atOnce(this.#database, () => this.#release.run({ ...this.#row, slot }));
  }

  #whose(row: Row | undefined): Claimed | 'nobody' | 'dead' {
    if (row === undefined) return 'nobody';
    if (row.finished_at !== null) return 'over';
    // Taken, of which nobody here has heard: no work has died of it.
    if (row.owner === this.#row.owner) return 'ours';
    if (!this.#isGone(row.owner)) return 'theirs';
    return row.attempts >= OWN_WORK_ATTEMPTS ? 'died' : 'dead';
  }

  #prepareClaim(): (slot: string, now: string) => Claimed {
    const database = this.#database;
    const insert = database.prepare<object>(`
      INSERT INTO own_work (kind, place, slot, owner, started_at) VALUES (@kind, @place, @slot, @owner, @now)`);
    const forget = database.prepare<object>(`
      DELETE FROM own_work WHERE ${HERE} AND slot IN (
        SELECT slot FROM own_work WHERE ${HERE} ORDER BY slot DESC LIMIT -1 OFFSET ${ROWS})`);
    const takeOver = database.prepare<object>(`
      UPDATE own_work SET owner = @owner, started_at = @now, attempts = attempts + 1
      WHERE ${HERE} AND slot = @slot`);
    const giveUp = database.prepare<object>(`
      UPDATE own_work SET finished_at = @now, outcome = 'failed', result = @died
      WHERE ${HERE} AND slot = @slot`);
    return database.transaction((slot: string, now: string): Claimed => {
      const row = { ...this.#row, slot, now };
      const found = this.#whose(this.#find.get(row));
      if (found === 'nobody') {
        insert.run(row);
        forget.run(row);
      }
      if (found === 'dead') takeOver.run(row);
      if (found === 'died') giveUp.run({ ...row, died: DIED });
      return found === 'nobody' || found === 'dead' ? 'ours' : found;
    }).immediate;
  }
}

/** A backup that was made by itself, as the view `backups` has it. */
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
  /** `incomplete`: some cartridges are not in it, or damaged. */
  readonly outcome: 'done' | 'incomplete' | 'failed' | null;
  readonly name: string | null;
  readonly cartridges: number | null;
  readonly bytes: number | null;
  readonly message: string | null;
}

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

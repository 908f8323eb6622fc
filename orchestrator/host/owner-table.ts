/** Who owns open runs: the table `orchestrators`, in which each says who it is and that it lives. */
import type BetterSqlite3 from 'better-sqlite3';
import { isAlive, ownIdentity, type ProcessIdentity } from '../../shared/host/process-identity.ts';
import type { Owners } from '../doors.ts';
import { attempt } from './database-fault.ts';

/** An orchestrator as it has entered itself. */
export interface OrchestratorRow extends ProcessIdentity {
  readonly id: string;
  readonly version: string;
  readonly started_at: string;
  readonly heartbeat: number;
}

export class OwnerTable implements Owners {
  readonly id: string;
  readonly #database: BetterSqlite3.Database;
  readonly #own: OrchestratorRow;
  readonly #enter: BetterSqlite3.Statement<OrchestratorRow>;
  readonly #others: BetterSqlite3.Statement<[string], { id: string | null; heartbeat: number | null }>;
  readonly #row: BetterSqlite3.Statement<[string], OrchestratorRow>;
  readonly #forget: BetterSqlite3.Statement<[string]>;
  #heartbeat = 0;

  /** @param own `id` is new for each start */
  constructor(database: BetterSqlite3.Database, own: Omit<OrchestratorRow, 'heartbeat'>) {
    this.id = own.id;
    this.#database = database;
    this.#own = { ...own, heartbeat: 0 };
    this.#enter = database.prepare<OrchestratorRow>(`
      INSERT INTO orchestrators (id, pid, start_time, boot_id, pid_namespace, version, started_at, heartbeat)
      VALUES (@id, @pid, @start_time, @boot_id, @pid_namespace, @version, @started_at, @heartbeat)
      ON CONFLICT (id) DO UPDATE SET heartbeat = excluded.heartbeat`);
    this.#others = database.prepare<[string], { id: string | null; heartbeat: number | null }>(`
      SELECT DISTINCT run.owner AS id, orchestrator.heartbeat
      FROM improvement_runs AS run INDEXED BY gvpie_runs_open
      LEFT JOIN orchestrators AS orchestrator ON orchestrator.id = run.owner
      WHERE run.finished_at IS NULL AND run.spool_id IS NOT NULL AND run.owner IS NOT ?`);
    this.#row = database.prepare<[string], OrchestratorRow>('SELECT * FROM orchestrators WHERE id = ?');
    this.#forget = database.prepare<[string]>('DELETE FROM orchestrators WHERE id = ?');
  }

  beat(): void {
    this.#heartbeat++;
    attempt('write', this.#database.name, () =>
      this.#enter.run({ ...this.#own, heartbeat: this.#heartbeat }),
    );
  }

  others(): { id: string | null; heartbeat: number | undefined }[] {
    return attempt('read', this.#database.name, () =>
      this.#others.all(this.id).map(({ id, heartbeat }) => ({ id, heartbeat: heartbeat ?? undefined })),
    );
  }

  isGone(id: string): boolean {
    return attempt('read', this.#database.name, () => {
      const row = this.#row.get(id);
      return row === undefined || hasEnded(row);
    });
  }

  /** Removes the rows of those that ended, and own nothing that somebody would have to take over. */
  tidy(): void {
    attempt('write', this.#database.name, () => {
      const owning = new Set(this.#others.all(this.id).map(({ id }) => id));
      const rows = this.#database.prepare<[], OrchestratorRow>('SELECT * FROM orchestrators').all();
      for (const row of rows) if (hasEnded(row) && !owning.has(row.id)) this.#forget.run(row.id);
    });
  }

  forget(id: string): void {
    attempt('write', this.#database.name, () => this.#forget.run(id));
  }
}

/** Of another boot nobody is left: a database of this kind is used from one machine. */
function hasEnded(row: OrchestratorRow): boolean {
  const { boot_id } = ownIdentity();
  return isAlive(row) === false || (row.boot_id !== null && boot_id !== null && row.boot_id !== boot_id);
}

/** All that work on a database, as far as their processes show: of one whose process cannot be seen, its row is believed. */
export function workingOn(database: BetterSqlite3.Database): OrchestratorRow[] {
  return attempt('read', database.name, () =>
    database
      .prepare<[], OrchestratorRow>('SELECT * FROM orchestrators ORDER BY started_at, id')
      .all()
      .filter((row) => !hasEnded(row)),
  );
}

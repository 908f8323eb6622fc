/** The sweep's view of the database: pages of all that grows, and the small transactions that remove some of it. */
import type BetterSqlite3 from 'better-sqlite3';
import { type CartridgeFact, type Naming, Needs } from '../cartridge-survey.ts';
import type { JobFact, RunFact, Witness } from '../retention.ts';
import type { GivenUp, LabelInputs, SurveyMark, SweepStore } from '../sweep-doors.ts';
import { joinSpans, reachOf, type SlotSpan, timeOfSlot } from '../swept-slots.ts';
import { attempt } from './database-fault.ts';
import { GIVEN_UP } from './given-up.ts';
import type { Database } from './migrate.ts';
import { ms } from './sql-time.ts';

type Statement = BetterSqlite3.Statement<unknown[]>;

/** Rows that are read in one go: some milliseconds. */
const PAGE = 500;
/** Forgotten in one go. */
const FORGOTTEN = 100;
/** Scripts that are read in one go: their programs may be long. */
const NAMINGS = 50;
/** Pages of the file that are given back in one go. */
const SHRINK_PAGES = 200;

const JOBS = `
  SELECT job.id, script.id AS scriptId, job.slot, job.params AS point, job.state, job.revision,
    script.revision AS presentRevision, ${ms('coalesce(job.ended_at, job.due_at)')} AS endedMs
  FROM jobs AS job LEFT JOIN improvement_scripts AS script ON script.id = job.script_id`;

/** What is left of a text that was emptied counts for nothing. */
const textBytes = (column: string): string =>
  `CASE WHEN ${column} IS NULL OR ${column} LIKE 'swept ____-__-__T%' THEN 0 ELSE octet_length(${column}) END`;

// The seed's runs have no end where they were cut off, and nobody ends them.
const RUNS = `
  SELECT run.id, script.id AS scriptId, run.job_id AS jobId, job.state AS jobState, run.success,
    ${ms('coalesce(run.finished_at, CASE WHEN run.spool_id IS NULL THEN run.started_at END)')} AS endedMs,
    CAST(run.cartridge_path AS TEXT) AS fileName, ${textBytes('run.stdout')} + ${textBytes('run.stderr')} AS textBytes
  FROM improvement_runs AS run LEFT JOIN jobs AS job ON job.id = run.job_id
  LEFT JOIN improvement_scripts AS script ON script.id = run.script_id`;

/** Whether a run may go as things stand now. */
const ENDED = `(finished_at IS NOT NULL OR spool_id IS NULL) AND NOT EXISTS (
  SELECT 1 FROM jobs WHERE id = improvement_runs.job_id AND state IN ('queued', 'running'))`;

const NAMING = `script.lang = 'cartridge' OR script.code LIKE '%image%'`;
const NAMING_COLUMNS = `script.id, CAST(script.lang AS TEXT) AS lang, substr(CAST(script.code AS TEXT), 1, 1048577) AS code`;

const KNOWN =
  'EXISTS (SELECT 1 FROM improvement_runs WHERE known = 1 AND cartridge_path = cartridges.file_name)';

/** The triggers see to it; a row from before them that is not like that has no time that can be read, and so stays. */
const SOUND = `typeof(file_name) = 'text' AND typeof(checksum) = 'text' AND typeof(bytes) = 'integer'
  AND bytes BETWEEN 0 AND ${Number.MAX_SAFE_INTEGER}`;

/** Every method may throw a HostFault, `retryable` when another program held the database for too long. */
export class SweepTable implements SweepStore {
  readonly #database: Database;
  /** To compile one takes longer than to run it. */
  readonly #statements = new Map<string, Statement>();

  /** @param database as openDatabase left it; to count, one that is opened to read will do */
  constructor(database: Database) {
    this.#database = database;
  }

  jobs(before: number): JobFact[] {
    return this.#read<JobFact>(`${JOBS} WHERE job.id < ? ORDER BY job.id DESC LIMIT ${PAGE}`, before);
  }

  runs(before: number): RunFact[] {
    return this.#read<RunFact>(`${RUNS} WHERE run.id < ? ORDER BY run.id DESC LIMIT ${PAGE}`, before);
  }

  cartridges(before: number): CartridgeFact[] {
    return this.#read<Omit<CartridgeFact, 'inputs'> & { inputs: string | null }>(
      `SELECT cartridge.id, CAST(file_name AS TEXT) AS fileName, script.id AS scriptId,
         CAST(checksum AS TEXT) AS checksum, CASE WHEN ${SOUND} THEN bytes ELSE 0 END AS bytes,
         CAST(inputs AS TEXT) AS inputs, CASE WHEN taken_in_at IS NULL AND ${SOUND} THEN ${ms('cartridge.created_at')} END AS endedMs
       FROM cartridges AS cartridge LEFT JOIN improvement_scripts AS script ON script.id = script_id
       WHERE cartridge.id < ? AND swept_at IS NULL ORDER BY cartridge.id DESC LIMIT ${PAGE}`,
      before,
    ).map((row) => ({ ...row, inputs: row.inputs === null ? null : readInputs(row.inputs) }));
  }

  runsOf(jobIds: readonly number[]): RunFact[] {
    return this.#read<RunFact>(
      `${RUNS} WHERE run.job_id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(jobIds),
    );
  }

  knownRuns(fileName: string, before: number): RunFact[] {
    return this.#read<RunFact>(
      `${RUNS} WHERE run.known = 1 AND run.cartridge_path = ? AND run.id < ? ORDER BY run.id DESC LIMIT ${PAGE}`,
      fileName,
      before,
    );
  }

  namings(after: number): Naming[] {
    return this.#read<Naming>(
      `SELECT ${NAMING_COLUMNS} FROM improvement_scripts AS script WHERE id > ? AND (${NAMING})
       ORDER BY id LIMIT ${NAMINGS}`,
      after,
    );
  }

  mark(): SurveyMark {
    const [newest] = this.#read<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM jobs');
    return { job: newest?.id ?? 0, planned: this.#planned() };
  }

  removeRuns(runs: readonly RunFact[]): number {
    const remove = this.#prepared(`DELETE FROM improvement_runs WHERE id = ? AND ${ENDED}`);
    return this.#write(() => runs.reduce((gone, { id }) => gone + remove.run(id).changes, 0));
  }

  emptyLogs(runs: readonly RunFact[], note: string): number {
    const empty = this.#prepared(
      `UPDATE improvement_runs SET stdout = CASE WHEN stdout IS NOT NULL THEN @note END,
         stderr = CASE WHEN stderr IS NOT NULL THEN @note END
       WHERE id = @id AND ${ENDED}`,
    );
    return this.#write(() => runs.reduce((gone, { id }) => gone + empty.run({ id, note }).changes, 0));
  }

  removeJobs(jobs: readonly JobFact[], witnessOf: (scriptId: number) => Witness | undefined): number {
    const remove = this.#prepared(`
      DELETE FROM jobs WHERE id = @id AND state = @state AND revision = @revision
        AND NOT EXISTS (SELECT 1 FROM improvement_runs WHERE job_id = @id) AND CASE WHEN @scriptId IS NULL
          THEN NOT EXISTS (SELECT 1 FROM improvement_scripts WHERE id = script_id) ELSE script_id = @scriptId END`);
    return this.#write(() => {
      const holds = new Map<number | null, boolean>([[null, true]]);
      const spans = new Map<number, SlotSpan[]>();
      let gone = 0;
      for (const job of jobs) {
        const { scriptId, slot } = job;
        if (!holds.has(scriptId)) holds.set(scriptId, this.#holds(job, witnessOf));
        if (!holds.get(scriptId) || remove.run(job).changes === 0) continue;
        gone++;
        const time = timeOfSlot(slot);
        if (time === undefined || scriptId === null) continue;
        spans.set(scriptId, [...(spans.get(scriptId) ?? []), { first: time, last: time }]);
      }
      for (const [scriptId, found] of spans) {
        for (const span of joinSpans(found)) this.#noteSpan(scriptId, span);
      }
      return gone;
    });
  }

  noteInputs(found: readonly LabelInputs[]): number {
    const note = this.#prepared(
      'UPDATE cartridges SET inputs = @inputs WHERE id = @id AND checksum = @checksum AND inputs IS NULL',
    );
    return this.#write(() =>
      found.reduce(
        (noted, { inputs, ...row }) => noted + note.run({ ...row, inputs: JSON.stringify(inputs) }).changes,
        0,
      ),
    );
  }

  giveUp(cartridges: readonly CartridgeFact[], at: string, since: SurveyMark): number {
    const give = this.#prepared(
      `UPDATE cartridges SET swept_at = @at
       WHERE id = @id AND checksum = @checksum AND swept_at IS NULL AND taken_in_at IS NULL AND NOT ${KNOWN}`,
    );
    return this.#write(() => {
      const needs = new Needs();
      const replanned = [...this.#planned()].filter(([id, plan]) => since.planned.get(id) !== plan);
      const changed = this.#read<Naming>(
        `SELECT ${NAMING_COLUMNS} FROM improvement_scripts AS script WHERE id IN (
           SELECT script_id FROM jobs WHERE id > ? UNION SELECT value FROM json_each(?)
         ) AND (${NAMING})`,
        since.job,
        JSON.stringify(replanned.map(([id]) => id)),
      );
      for (const naming of changed) needs.add(naming);
      return cartridges
        .filter(({ checksum, fileName }) => !needs.checksums.has(checksum) && !needs.fileNames.has(fileName))
        .reduce((given, { id, checksum }) => given + give.run({ id, checksum, at }).changes, 0);
    });
  }

  givenUp(after: number): GivenUp[] {
    return this.#read<GivenUp>(`${GIVEN_UP} AND id > ? ORDER BY id LIMIT ${PAGE}`, after);
  }

  close(ids: readonly number[]): number {
    const close = this.#prepared(
      'UPDATE cartridges SET file_gone = 1 WHERE id = ? AND swept_at IS NOT NULL AND file_gone = 0',
    );
    return this.#write(() => ids.reduce((closed, id) => closed + close.run(id).changes, 0));
  }

  forget(): number {
    const forget = this.#prepared(
      `DELETE FROM cartridges WHERE id IN (
         SELECT id FROM cartridges INDEXED BY gvpie_cartridges_forgotten
         WHERE file_gone = 1 AND run_id IS NULL AND NOT ${KNOWN} LIMIT ${FORGOTTEN})`,
    );
    return this.#write(() => forget.run().changes);
  }

  shrink(): boolean {
    return attempt('write', this.#database.name, () => {
      const isIncremental = this.#database.pragma('auto_vacuum', { simple: true }) === 2;
      if (!isIncremental || this.#pragma('freelist_count') === 0) return false;
      this.#database.pragma(`incremental_vacuum(${SHRINK_PAGES})`);
      return true;
    });
  }

  /** The file in pages: all of them, and those that are free and used again. */
  space(): { readonly pages: number; readonly freePages: number; readonly pageBytes: number } {
    return attempt('read', this.#database.name, () => ({
      pages: this.#pragma('page_count'),
      freePages: this.#pragma('freelist_count'),
      pageBytes: this.#pragma('page_size'),
    }));
  }

  /** Whether what jobs of a script were judged by is as it was. */
  #holds(
    { scriptId, presentRevision }: JobFact,
    witnessOf: (scriptId: number) => Witness | undefined,
  ): boolean {
    const [script] = this.#read<{ revision: number }>(
      'SELECT revision FROM improvement_scripts WHERE id = ?',
      scriptId,
    );
    const witness = scriptId === null ? undefined : witnessOf(scriptId);
    if (script?.revision !== presentRevision) return false;
    if (witness === undefined) return true;
    // Judged by another revision: the next sweep sees it as it is now.
    if (witness.presentRevision !== presentRevision) return false;
    return this.#read(`SELECT 1 FROM jobs WHERE id = ? AND state = 'done'`, witness.jobId).length > 0;
  }

  /** A time beside the revision: a script that replaces another one under its id may begin at the same. */
  #planned(): Map<number, string> {
    const rows = this.#read<{ id: number; plan: string }>(
      `SELECT id, revision || ' ' || coalesce(revised_at, '') AS plan
       FROM improvement_scripts INDEXED BY gvpie_scripts_planned WHERE schedule IS NOT NULL OR matrix IS NOT NULL`,
    );
    return new Map(rows.map(({ id, plan }) => [id, plan]));
  }

  #noteSpan(scriptId: number, span: SlotSpan): void {
    const reach = reachOf(span);
    const near = this.#read<SlotSpan & { rowid: number }>(
      'SELECT rowid, first, last FROM swept_slots WHERE script_id = ? AND last >= ? AND first <= ?',
      ...[scriptId, reach.first, reach.last],
    );
    const forget = this.#prepared('DELETE FROM swept_slots WHERE rowid = ?');
    const note = this.#prepared(
      'INSERT INTO swept_slots (script_id, first, last) VALUES (@scriptId, @first, @last)',
    );
    for (const { rowid } of near) forget.run(rowid);
    for (const { first, last } of joinSpans([...near, span])) note.run({ scriptId, first, last });
  }

  #pragma(name: string): number {
    return this.#database.pragma(name, { simple: true }) as number;
  }

  #prepared(sql: string): Statement {
    const known = this.#statements.get(sql) ?? this.#database.prepare<unknown[]>(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #read<Row>(sql: string, ...parameters: unknown[]): Row[] {
    return attempt('read', this.#database.name, () => this.#prepared(sql).all(...parameters) as Row[]);
  }

  #write<Result>(work: () => Result): Result {
    return attempt('write', this.#database.name, () => this.#database.transaction(work).immediate());
  }
}

/** Null where the label has to say. */
function readInputs(text: string): readonly string[] | null {
  try {
    const inputs: unknown = JSON.parse(text);
    return Array.isArray(inputs) && inputs.every((one) => typeof one === 'string') ? inputs : null;
  } catch {
    return null;
  }
}

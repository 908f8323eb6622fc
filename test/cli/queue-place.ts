/** A workplace with a database that holds a few scripts, to which a test writes as any SQLite client would. */
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { OwnerTable } from '../../orchestrator/host/owner-table.ts';
import { ownIdentity } from '../../shared/host/process-identity.ts';
import { VERSION } from '../../shared/version.ts';
import { type Ended, Workplace } from './gvpie.ts';

export class QueuePlace extends Workplace {
  /** Runs a command and reads its JSON. */
  async json(...args: string[]) {
    const { stdout, stderr } = await this.run([...args, '--json']);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  }

  /** Runs a command that is to print nothing on standard error. */
  async say(...args: string[]): Promise<{ code: number | null; stdout: string }> {
    const { code, stdout, stderr }: Ended = await this.run(args);
    return { code, stdout: stdout + stderr };
  }

  sql(text: string): void {
    const database = openDatabase(this.at('daemon.db'), { durability: 'fast' });
    try {
      database.exec(text);
    } finally {
      database.close();
    }
  }

  /** The first column of a query. */
  column(text: string): unknown[] {
    const database = openDatabase(this.at('daemon.db'), { durability: 'fast' });
    try {
      return database.prepare(text).pluck().all();
    } finally {
      database.close();
    }
  }

  /** Scripts of these names, each with a job; ids of both count from 1, and hello_gpu is gone. */
  scripts(...names: string[]): void {
    this.sql(`DELETE FROM improvement_scripts; DELETE FROM jobs; DELETE FROM sqlite_sequence;
      ${names.map((name) => `INSERT INTO improvement_scripts (name, lang, code) VALUES ('${name}', 'pixel', 'HALT');`).join('\n')}`);
  }

  /** A run of a job is begun, as an orchestrator does. */
  begin(jobId: number, owner = 'o1'): void {
    this.sql(`UPDATE jobs SET state = 'running' WHERE id = ${jobId};
      INSERT INTO improvement_runs (script_id, job_id, started_at, revision, spool_id, cartridge_path, owner)
      SELECT script_id, id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), revision, hex(randomblob(8)), 'c' || id || '.png',
        '${owner}' FROM jobs WHERE id = ${jobId}`);
  }

  /** It ends. */
  end(jobId: number, state: string, stderr: string | null = null): void {
    const [outcome, success] = state === 'done' ? ['success', 1] : [state === 'dead' ? 'failed' : state, 0];
    this.sql(`UPDATE jobs SET attempts = 50 WHERE id = ${jobId} AND '${state}' = 'dead';
      UPDATE jobs SET state = '${state}', ended_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = ${jobId};
      UPDATE improvement_runs SET finished_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), duration_ms = 7, success = ${success},
        outcome = '${outcome}', stderr = ${stderr === null ? 'NULL' : `'${stderr}'`}
      WHERE job_id = ${jobId} AND finished_at IS NULL`);
  }

  /** Until the test ends, this process counts as an orchestrator. */
  serve(): void {
    const database = openDatabase(this.at('daemon.db'), { durability: 'fast' });
    const started_at = new Date().toISOString();
    new OwnerTable(database, { id: 'o1', ...ownIdentity(), version: VERSION, started_at }).beat();
    database.close();
  }
}

/** What an orchestrator notes of a program that is refused. */
export const REFUSED = JSON.stringify({
  status: 'refused',
  error: { code: 'PXL-E006', message: 'Expected an opcode', line: 1, column: 5 },
  errors: [{ code: 'PXL-E006', message: 'Expected an opcode', line: 1, column: 5 }],
});

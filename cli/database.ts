/** The database for commands: opened, used and closed, and never created by a mistyped path. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { brokenRule } from '../orchestrator/host/database-fault.ts';
import { type Database, openDatabase } from '../orchestrator/host/migrate.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { ScriptDetail } from '../orchestrator/script.ts';
import { HostFault } from '../shared/faults.ts';
import type { Settings } from '../shared/settings.ts';
import { EXIT } from './exit-codes.ts';
import { badInput, Refusal } from './refusal.ts';

/** What is done with an open database. */
type CatalogWork<Result> = (catalog: ScriptCatalog) => Result | Promise<Result>;

/** What is done with all that is known of one. */
type DatabaseWork<Result> = (database: Database) => Result | Promise<Result>;

/**
 * Works on an existing database.
 *
 * @throws {Refusal} when there is none, or when one of its rules refuses what is written
 */
export async function withCatalog<Result>(settings: Settings, work: CatalogWork<Result>): Promise<Result> {
  return withDatabase(settings, (database) => work(new ScriptCatalog(database)));
}

/** The same, for work that needs more than the scripts. */
export async function withDatabase<Result>(settings: Settings, work: DatabaseWork<Result>): Promise<Result> {
  if (!hasDatabase(settings)) {
    throw badInput(
      `Expected a database at ${resolve(settings.database)}, found none`,
      'gvpie script add makes it, and so does npm start',
    );
  }
  return withNewDatabase(settings, work);
}

/** Whether there is a file where the settings say that the database is. */
export function hasDatabase({ database }: Pick<Settings, 'database'>): boolean {
  return statSync(database, { throwIfNoEntry: false }) !== undefined;
}

/** Works on the database, which is made when there is none. */
export async function withNewDatabase<Result>(
  settings: Settings,
  work: DatabaseWork<Result>,
): Promise<Result> {
  const database = openDatabase(settings.database, { durability: settings.durability });
  try {
    return await work(database);
  } catch (error) {
    throw refusalOf(error) ?? error;
  } finally {
    database.close();
  }
}

/** The queue is full: what a client is told that may try again. */
export class QueueFull extends Refusal {
  readonly retryAfterS: number;

  constructor(message: string, retryAfterS: number) {
    super(EXIT.unavailable, message, 'gvpie queue shows it; gvpie stats says how fast it moves');
    this.retryAfterS = retryAfterS;
  }
}

/** What a rule of the tables says, without what SQLite says around it. */
function refusalOf(error: unknown): Refusal | undefined {
  const rule = error instanceof HostFault ? brokenRule(error.cause) : undefined;
  if (rule === undefined) return undefined;
  const [, retryAfterS] = /^Expected at most \d+ jobs in the queue, .*try again in (\d+) s$/.exec(rule) ?? [];
  return retryAfterS === undefined ? badInput(rule) : new QueueFull(rule, Number(retryAfterS));
}

/** @throws {Refusal} when there is no such script */
export function scriptNamed(catalog: ScriptCatalog, name: string): ScriptDetail {
  const row = catalog.showScript(name);
  if (row !== undefined) return row;
  throw badInput(
    `Expected the name of a script, found none named ${JSON.stringify(name)}`,
    'gvpie script list shows them',
  );
}

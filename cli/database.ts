/** The database for commands: opened, used and closed, and never created by a mistyped path. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { brokenRule } from '../orchestrator/host/database-fault.ts';
import { type Database, openDatabase, requireOurs } from '../orchestrator/host/migrate.ts';
import { openToRead } from '../orchestrator/host/open-to-read.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { ScriptDetail } from '../orchestrator/script.ts';
import { HostFault } from '../shared/faults.ts';
import type { Settings } from '../shared/settings.ts';
import { EXIT } from './exit-codes.ts';
import { whyOlder } from './older-database.ts';
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
  if (!hasDatabase(settings)) throw noDatabase(settings);
  return withNewDatabase(settings, work);
}

/**
 * The same, for work that only reads: nothing is migrated, created or left behind, so the disk may be read-only.
 *
 * @throws {Refusal} when there is none, or one of an older gvpie
 */
export async function withDatabaseToRead<Result>(
  settings: Pick<Settings, 'database'>,
  work: DatabaseWork<Result>,
): Promise<Result> {
  const path = resolve(settings.database);
  const database = openToRead(path);
  if (database === undefined) throw noDatabase(settings);
  try {
    const older = whyOlder(database);
    if (older !== undefined)
      throw badInput(`Expected a database of this gvpie at ${path}, found one ${older}`);
    requireOurs(database);
    return await work(database);
  } finally {
    database.close();
  }
}

function noDatabase({ database }: Pick<Settings, 'database'>): Refusal {
  return badInput(
    `Expected a database at ${resolve(database)}, found none`,
    'gvpie script add makes it, and so does npm start',
  );
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

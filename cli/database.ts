/** The database for commands: opened, used and closed, and never created by a mistyped path. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { openDatabase } from '../orchestrator/host/migrate.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { ScriptDetail } from '../orchestrator/script.ts';
import type { Settings } from '../shared/settings.ts';
import { badInput } from './refusal.ts';

/** What is done with an open database. */
type CatalogWork<Result> = (catalog: ScriptCatalog) => Result | Promise<Result>;

/**
 * Works on an existing database.
 *
 * @throws {Refusal} when there is none
 */
export async function withCatalog<Result>(settings: Settings, work: CatalogWork<Result>): Promise<Result> {
  if (!hasDatabase(settings)) {
    throw badInput(
      `Expected a database at ${resolve(settings.database)}, found none`,
      'gvpie script add makes it, and so does npm start',
    );
  }
  return withNewCatalog(settings, work);
}

/** Whether there is a file where the settings say that the database is. */
export function hasDatabase({ database }: Settings): boolean {
  return statSync(database, { throwIfNoEntry: false }) !== undefined;
}

/** Works on the database, which is made when there is none. */
export async function withNewCatalog<Result>(settings: Settings, work: CatalogWork<Result>): Promise<Result> {
  const database = openDatabase(settings.database, { durability: settings.durability });
  try {
    return await work(new ScriptCatalog(database));
  } finally {
    database.close();
  }
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

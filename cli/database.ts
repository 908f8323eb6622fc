/** The database for commands: opened, used and closed, and never created by a mistyped path. */
import { statSync } from 'node:fs';
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
  const { database: path } = settings;
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw badInput(
      `Expected a database at ${path}, found none`,
      'gvpie script add makes it, and so does npm start',
    );
  }
  return withNewCatalog(settings, work);
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

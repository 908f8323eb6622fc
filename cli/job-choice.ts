/** Which jobs a command is about: those that are named by their ids, or all of a script or of a batch. */
import type { Database } from '../orchestrator/host/migrate.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { JobChoice } from '../orchestrator/queue.ts';
import { scriptNamed } from './database.ts';
import { jobIds } from './job-ids.ts';
import { wrongUsage } from './refusal.ts';

export interface JobOptions {
  readonly script?: string;
  readonly batch?: string;
  readonly json?: boolean;
}

/**
 * @param isMore whether an option of the command's own chooses jobs
 * @param verb the command, for its usage
 * @returns the ids that were named; otherwise undefined, and the filter says which are meant
 * @throws {Refusal} when no job is chosen, or jobs are named and chosen otherwise too, or there is no such script
 */
export function chosenJobs(
  database: Database,
  words: readonly string[],
  { script, batch }: JobOptions,
  isMore: boolean,
  verb: string,
): { readonly ids: readonly number[] | undefined; readonly filter: JobChoice } {
  const isFiltered = script !== undefined || batch !== undefined || isMore;
  if (words.length > 0 === isFiltered) {
    const found = isFiltered ? 'both' : 'neither';
    throw wrongUsage(
      `Expected ids of jobs or an option that chooses them, found ${found}`,
      `gvpie ${verb} --help`,
    );
  }
  if (script !== undefined) scriptNamed(new ScriptCatalog(database), script);
  return {
    ids: isFiltered ? undefined : jobIds(words),
    filter: {
      ...(script !== undefined && { scriptName: script }),
      ...(batch !== undefined && { batch }),
    },
  };
}

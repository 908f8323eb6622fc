/** Which cartridges `gvpie replay` is about: files and folders that are named, or what the registry has on the shelf. */
import { join, relative, resolve } from 'node:path';
import { CartridgeHistory, type HistoryChoice } from '../orchestrator/host/cartridge-history.ts';
import { JobTable } from '../orchestrator/host/job-table.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import { CartridgeShelf } from '../orchestrator/host/shelf.ts';
import { diskFiles } from '../shared/host/files.ts';
import { isFolder } from '../shared/host/folders.ts';
import type { Input } from '../shared/inputs.ts';
import type { Settings } from '../shared/settings.ts';
import { show } from '../shared/show.ts';
import { pngsIn } from './beside.ts';
import { hasDatabase, scriptNamed, withDatabaseToRead } from './database.ts';
import { typedPath } from './npm.ts';
import { badInput } from './refusal.ts';

/** A cartridge by what messages call it, and where it lies. */
export interface Found {
  readonly shown: string;
  /** Absolute. */
  readonly path: string;
  /** Why it is not to be read. */
  readonly fault?: string;
}

/** Cartridges in the order in which they are told about. */
export interface Source {
  /** How many, as far as it is known at the start. */
  readonly total: number;
  /** Those of before, by what they say themselves, are still to be passed over: ISO 8601 in UTC. */
  readonly since?: string | undefined;
  readonly cartridges: Iterable<Found>;
  /** Files that are said to hold canvases; paths. */
  readonly filesOf: (inputs: readonly Input[]) => readonly string[];
}

/** The named files, and of folders their PNGs. @throws {Refusal} when a folder has none */
export function namedSource(paths: readonly string[], since: string | undefined): Source {
  const cartridges = paths.flatMap((shown): Found[] => {
    const path = typedPath(shown);
    if (!isFolder(path)) return [{ shown, path }];
    const pngs = pngsIn(path);
    if (pngs.length === 0) throw badInput(`Expected cartridges in ${shown}, found no PNG`);
    return pngs.map((png) => ({ shown: join(shown, relative(path, png)), path: png }));
  });
  return { total: cartridges.length, since, cartridges, filesOf: () => [] };
}

/**
 * Does `work` with what the registry has, in the order of file names; where there is no database, with the PNGs of the
 * folder of cartridges.
 *
 * @throws {Refusal} when a script is named that there is not, or there is neither database nor folder
 */
export async function withHistory<Result>(
  settings: Settings,
  { script, since }: { readonly script?: string | undefined; readonly since?: string | undefined },
  work: (source: Source) => Promise<Result>,
): Promise<Result> {
  const folder = resolve(settings.cartridges);
  if (script === undefined && !hasDatabase(settings)) {
    if (!isFolder(folder)) {
      throw badInput(
        `Expected a database at ${resolve(settings.database)} or cartridges in ${folder}, found neither`,
        '--db and --cartridges say where they are; files can be named, too',
      );
    }
    return work(namedSource([relative('', folder) || '.'], since));
  }
  return withDatabaseToRead(settings, (database) => {
    const scriptId = script === undefined ? undefined : scriptNamed(new ScriptCatalog(database), script).id;
    const history = new CartridgeHistory(database);
    const table = new JobTable(database);
    const shelf = new CartridgeShelf(diskFiles, folder, settings.durability);
    const choice: HistoryChoice = { scriptId, since };
    const filesOf = (inputs: readonly Input[]): string[] =>
      inputs.flatMap((input) => table.cartridgeFiles(input).flatMap((name) => shelf.locate(name) ?? []));
    return work({
      total: history.count(choice),
      cartridges: onShelf(folder, shelf, history.fileNames(choice)),
      filesOf,
    });
  });
}

function* onShelf(folder: string, shelf: CartridgeShelf, names: Iterable<string>): Generator<Found> {
  for (const name of names) {
    const path = resolve(folder, name);
    // A registry is a table, in which anybody may have written anything.
    const fault =
      shelf.locate(name) === undefined
        ? { fault: `Expected a cartridge named ${show(name)} in ${folder}, found none` }
        : {};
    yield { shown: relative('', path), path, ...fault };
  }
}

/** A restored database: whether this code can work on it, and whether it and its cartridges go together. */
import { join } from 'node:path';
import { CartridgeFault } from '../../shared/cartridge/cartridge-fault.ts';
import { readLabel } from '../../shared/cartridge/open.ts';
import { HostFault, PeerFault } from '../../shared/faults.ts';
import { diskFiles } from '../../shared/host/files.ts';
import type { Input } from '../../shared/inputs.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { ManifestContent } from '../manifest.ts';
import { JobTable } from './job-table.ts';
import { openDatabase } from './migrate.ts';
import { requireIntegrity } from './snapshot.ts';

export interface Restored {
  /** The version that it was restored with. */
  readonly version: number;
  /** What is wrong with it, in sentences. */
  readonly complaints: readonly string[];
  /** Of the cartridges that were asked about and have inputs: names of files on the shelf that hold these. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
}

/** Most cartridges that are named one by one. */
const NAMED = 20;

/**
 * Opens it as an orchestrator does, so that it is brought up to date if it is older.
 *
 * @param path of a database that nobody else has
 * @param asked cartridges on the shelf `folder`
 */
export function examineRestored(
  path: string,
  content: ManifestContent,
  folder: string,
  asked: readonly string[],
): Restored {
  const broken = (message: string): Restored => ({
    version: content.migration,
    complaints: [message],
    holders: new Map(),
  });
  try {
    const database = openDatabase(path, { durability: 'fast' });
    try {
      requireIntegrity(database);
      const complaints: string[] = [];
      const known = new Set([...content.cartridges.map((entry) => entry.path), ...content.missing]);
      const names = database
        .prepare<[], string>(
          'SELECT CAST(file_name AS TEXT) FROM cartridges WHERE swept_at IS NULL ORDER BY id',
        )
        .pluck();
      let strange = 0;
      for (const name of names.iterate()) {
        if (known.has(name)) continue;
        if (++strange <= NAMED)
          complaints.push(`Expected ${name} in the backup, found it in the registry only`);
      }
      if (strange > NAMED) complaints.push(`… and ${strange - NAMED} more`);
      const scripts = database.prepare('SELECT count(*) FROM improvement_scripts').pluck().get() as number;
      if (scripts !== content.counts.scripts) {
        complaints.push(`Expected ${content.counts.scripts} scripts, found ${scripts}`);
      }
      const table = new JobTable(database);
      const holders = new Map(
        asked.flatMap((name) => {
          const found = inputsOf(join(folder, name)).flatMap((input) => table.cartridgeFiles(input));
          return found.length === 0 ? [] : [[name, found] as const];
        }),
      );
      return { version: content.migration, complaints, holders };
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof HostFault) return broken(error.message);
    throw error;
  }
}

/** What a label says; a file that cannot be read is judged elsewhere. */
function inputsOf(path: string): readonly Input[] {
  try {
    const bytes = diskFiles.read(path, LIMITS.cartridgeBytes);
    return bytes === undefined ? [] : (readLabel(bytes).label.inputs ?? []);
  } catch (error) {
    if (error instanceof CartridgeFault || error instanceof PeerFault) return [];
    throw error;
  }
}

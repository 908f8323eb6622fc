/** `gvpie restore`: a backup becomes a database and a shelf again, where there is neither. */
import { resolve } from 'node:path';
import { diskBulk } from '../orchestrator/host/bulk.ts';
import { restoreBackup } from '../orchestrator/host/restore.ts';
import { diskFiles } from '../shared/host/files.ts';
import type { Settings } from '../shared/settings.ts';
import { asRefusals, sayTroubles } from './backup.ts';
import { byteWords } from './byte-words.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { beginKeepingProgress } from './keeping-progress.ts';
import { typedPath } from './npm.ts';
import { count, say, sayJson } from './print.ts';

export async function restore(
  dir: string,
  options: { readonly backup?: string; readonly json?: boolean },
  settings: Pick<Settings, 'database' | 'cartridges'>,
): Promise<ExitCode> {
  const { database, cartridges } = settings;
  const progress = beginKeepingProgress('bytes');
  const { name, content, kept, troubles } = await asRefusals('another restore goes to the same place', () =>
    restoreBackup(
      { files: diskFiles, bulk: diskBulk, hear: progress.hear },
      { folder: typedPath(dir), name: options.backup, database, cartridges },
    ),
  ).finally(progress.end);
  const restored = content.cartridges.length - troubles.length;
  if (options.json) {
    const places = { database: resolve(database), cartridges_folder: resolve(cartridges) };
    sayJson({
      backup: name,
      ...places,
      cartridges: restored,
      kept,
      missing: content.missing.length,
      troubles,
    });
  } else {
    const before = kept === 0 ? '' : `, ${kept} of which were there already`;
    say(`${name}: ${count(restored, 'cartridge')} in ${resolve(cartridges)}${before}`);
    say(`${name}: the database, ${byteWords(content.database.bytes)}, at ${resolve(database)}`);
    if (content.missing.length > 0) {
      say(`missing: ${count(content.missing.length, 'cartridge')} that the backup could not have either`);
    }
    sayTroubles(troubles);
  }
  return troubles.length === 0 ? EXIT.ok : EXIT.failed;
}

/** Where backups may lie: apart from the shelf, so that neither is taken for a part of the other. */
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { errorCode } from '../../shared/faults.ts';
import { hostFault } from '../../shared/host/file-fault.ts';
import { KeepingRefusal } from '../keeping-refusal.ts';

/**
 * The folder for backups as it really is, through symlinks.
 *
 * @throws {KeepingRefusal} when it is something else, or lies where cartridges do, or they where it keeps its own
 */
export function requireApart(folder: string, cartridges: string): string {
  const real = realPlace(folder);
  const shelf = realPlace(cartridges);
  const stat = statSync(real, { throwIfNoEntry: false });
  const leadsNowhere = stat === undefined && lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
  if (leadsNowhere) {
    throw new KeepingRefusal(
      `Expected a folder for backups at ${folder}, found a symlink that leads nowhere`,
      'is its disk mounted?',
    );
  }
  if (stat !== undefined && !stat.isDirectory()) {
    throw new KeepingRefusal(`Expected a folder for backups at ${folder}, found something else`);
  }
  if (isWithin(real, shelf)) {
    throw new KeepingRefusal(
      `Expected a folder for backups apart from the cartridges in ${cartridges}, found ${folder} among them`,
      'choose another folder, best on another disk',
    );
  }
  if (isWithin(shelf, join(real, 'objects')) || isWithin(shelf, join(real, 'backups'))) {
    throw new KeepingRefusal(
      `Expected cartridges apart from backups, found ${cartridges} among those of ${folder}`,
    );
  }
  return real;
}

/** Where a path leads, as far as there is anything yet. */
function realPlace(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw hostFault('look at', full, error);
    return dirname(full) === full ? full : join(realPlace(dirname(full)), basename(full));
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Folders with all those that lead to them. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../faults.ts';

/**
 * Makes a folder, and those above it that are not there; one that is there stays as it is.
 *
 * @param mode permission bits before umask, of each that is made
 * @throws what the system says when one of them cannot be made, or is something else
 */
export function makeFolders(path: string, mode = 0o777): void {
  if (isMade(path, mode)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolders(parent, mode);
  // Once more only: Node's `recursive` tries for ever where folders let none be made and say ENOENT, as those in /proc do.
  if (!isMade(path, mode)) mkdirSync(path, { mode });
}

/** False where one above it is not there. */
function isMade(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    // Also where one is read-only, which is said of a folder that is there.
    if (isFolder(path)) return true;
    throw error;
  }
}

/** Whether a folder is there; not where the system cannot even say what is. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

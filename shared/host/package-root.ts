/** Where gvpie is installed: the folder that holds its package.json, db/ and examples/. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCode, invariant } from '../faults.ts';

let found: string | undefined;

/** Absolute path of gvpie's own folder, from the sources and from `dist` alike, wherever it was started. */
export function packageRoot(): string {
  found ??= search(dirname(fileURLToPath(import.meta.url)));
  return found;
}

function search(folder: string): string {
  if (packageName(folder) === 'gvpie') return folder;
  const parent = dirname(folder);
  invariant(parent !== folder, 'gvpie runs from inside its own package');
  return search(parent);
}

function packageName(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown }).name;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

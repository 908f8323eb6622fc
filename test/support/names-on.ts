/** The names on a shelf: what people see there, without the objects; and objects that no name has. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OBJECTS_FOLDER } from '../../orchestrator/host/objects.ts';

export function namesOn(shelf: string): string[] {
  return readdirSync(shelf).filter((name) => name !== OBJECTS_FOLDER);
}

/** Files among the objects that have no other name, by their place there. */
export function nameless(shelf: string): string[] {
  const folder = join(shelf, OBJECTS_FOLDER);
  if (!readdirSync(shelf).includes(OBJECTS_FOLDER)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const stats = statSync(join(folder, name));
    return name.endsWith('.png') && stats.isFile() && stats.nlink === 1;
  });
}

/** The poison room: what could not be read is kept for a person, with the reason beside it. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Files } from '../../shared/host/files.ts';

/** Moves `from` into `poison/` under `name`, or one near it that is free, and writes `<name>.why`. */
export function quarantine(files: Files, socketDir: string, from: string, name: string, why: string): void {
  const room = join(socketDir, 'poison');
  files.makeFolder(room);
  const stem = shorten(name);
  const taken = (name: string) =>
    [name, `${name}.why`].some((one) => files.fact(join(room, one)) !== undefined);
  // Not numbered: counting up to the first free number takes longer with each file that is kept.
  const free = taken(stem) ? `${stem}.${randomBytes(6).toString('hex')}` : stem;
  if (files.rename(from, join(room, free))) files.write(join(room, `${free}.why`), `${why}\n`);
}

/** File names end at 255 bytes; 180 leave room for the number and the suffix. */
function shorten(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= 180) return name;
  // A character cut in two would become the replacement character.
  return `${bytes
    .subarray(0, 180)
    .toString('utf8')
    .replace(/\ufffd+$/, '')}…`;
}

/** Removes a file of ours. A folder in its place is nobody's work of ours, and not ours to empty: it is kept. */
export function clearAway(files: Files, socketDir: string, path: string, name: string): void {
  if (files.fact(path)?.kind !== 'folder') files.remove(path);
  else quarantine(files, socketDir, path, name, `Expected a file of gvpie's own, found a folder at ${path}.`);
}

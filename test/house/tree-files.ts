/** The files of the tree: what a clone holds plus what is about to be committed, never what git ignores. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The rooms whose code the house rules bind. */
export const SOURCE_ROOMS = ['shared', 'orchestrator', 'renderer', 'cli'] as const;

/** Paths from the root with `/`, sorted. */
export function listTree(): string[] {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 } as const;
  const names = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], options).split('\0');
  // A file deleted but not yet staged is still listed.
  return names
    .filter((name) => name !== '' && statSync(join(root, name), { throwIfNoEntry: false })?.isFile())
    .sort();
}

/** A file's text, or undefined when it holds a NUL, as every binary format of the tree does. */
export function readText(path: string): string | undefined {
  const bytes = readFileSync(join(root, path));
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
}

/** Whether the path lies in a room of `SOURCE_ROOMS`. */
export function isSource(path: string): boolean {
  return SOURCE_ROOMS.some((room) => path.startsWith(`${room}/`));
}

/** Path → text of every TypeScript module in the source rooms. */
export function readModules(): Map<string, string> {
  const paths = listTree().filter((path) => isSource(path) && path.endsWith('.ts'));
  return new Map(paths.map((path) => [path, readText(path) ?? '']));
}

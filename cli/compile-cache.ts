/** Node's compile cache, from Node 22.8 on: what V8 made of the program is kept for the next command. */
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where it is kept: among the user's caches; undefined where they have no folder for caches, as none is made for this. */
export function compileCacheFolder({ XDG_CACHE_HOME = '', HOME = '' }: Environment): string | undefined {
  const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(HOME, '.cache');
  return isAbsolute(caches) && existsSync(caches) ? join(caches, 'gvpie') : undefined;
}

/** Has Node keep what is compiled from now on. Where it cannot be written, Node goes on without it. */
export function keepCompiled(environment: Environment = process.env): void {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  const folder = enableCompileCache === undefined ? undefined : compileCacheFolder(environment);
  if (folder !== undefined) enableCompileCache?.(folder);
}

/** The sample of a backup that is rendered again: chosen by chance, and the same each time. */
import { sha256Hex } from '../shared/bytes.ts';
import { seededBetween } from '../shared/seeded.ts';
import { isInputFile } from './file-name.ts';
import type { ManifestContent } from './manifest.ts';

/**
 * @param size how many, at most all; `all`: every one
 * @param seed a whole number of 32 bits; unless given, one that follows from what the backup holds
 * @returns paths in order, and the seed
 */
export function sampleOf(
  { cartridges, database }: Pick<ManifestContent, 'cartridges' | 'database'>,
  size: number | 'all',
  seed = Number.parseInt(sha256Hex(database.sha256).slice(0, 8), 16),
): { readonly paths: readonly string[]; readonly seed: number } {
  const paths = cartridges.map(({ path }) => path).filter((path) => !isInputFile(path));
  if (size === 'all' || size >= paths.length) return { paths, seed };
  const between = seededBetween(seed);
  // The first `size` cards of a shuffled pack.
  for (let at = 0; at < size; at++) {
    const other = between(at, paths.length);
    [paths[at], paths[other]] = [paths[other] as string, paths[at] as string];
  }
  return { paths: paths.slice(0, size).sort(), seed };
}

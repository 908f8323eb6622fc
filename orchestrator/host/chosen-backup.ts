/** Which backup a restore takes: the newest that is finished, or the one that was named. */
import { KeepingRefusal } from '../keeping-refusal.ts';
import type { ManifestContent } from '../manifest.ts';
import { newestVersion } from './migrate.ts';
import type { Vault } from './vault.ts';

/**
 * The backup that is meant, and what it holds.
 *
 * @throws {KeepingRefusal} when there is none, or it cannot be read
 */
export function chosen(
  vault: Vault,
  { folder, name }: { readonly folder: string; readonly name?: string | undefined },
): { readonly name: string; readonly content: ManifestContent } {
  const names = vault.names();
  const hint = `gvpie backup ${folder} --list shows what there is`;
  if (name !== undefined && !names.includes(name)) {
    throw new KeepingRefusal(
      `Expected a backup in ${folder}, found none named ${JSON.stringify(name)}`,
      hint,
    );
  }
  for (const one of name === undefined ? names.reverse() : [name]) {
    const content = vault.manifest(one);
    if (typeof content === 'object') return { name: one, content };
    // An unfinished one is none. Another that cannot be read is said: an older one may not be what was meant.
    if (content === undefined && name === undefined) continue;
    const what = content ?? 'Expected a manifest, found none: it was never finished';
    throw new KeepingRefusal(
      `The backup ${one} cannot be restored. ${what}`,
      `${hint}; --backup NAME takes another`,
    );
  }
  throw new KeepingRefusal(`Expected a backup in ${folder}, found none`, `gvpie backup ${folder} makes one`);
}

/** @throws {KeepingRefusal} when a newer gvpie wrote its database */
export function requireKnown({ migration, gvpie }: ManifestContent, name: string): void {
  const newest = newestVersion();
  if (migration <= newest) return;
  throw new KeepingRefusal(
    `Expected a backup of a database of version ${newest} or older, found version ${migration} in ${name}`,
    `gvpie ${gvpie} wrote it: update this one`,
  );
}

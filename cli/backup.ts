/** `gvpie backup`: makes a backup, lists what there is, and removes what is old. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { type BackupReport, makeBackup } from '../orchestrator/host/backup.ts';
import { diskBulk } from '../orchestrator/host/bulk.ts';
import type { Trouble } from '../orchestrator/host/keeping.ts';
import { Vault } from '../orchestrator/host/vault.ts';
import { KeepingRefusal } from '../orchestrator/keeping-refusal.ts';
import type { ManifestContent } from '../orchestrator/manifest.ts';
import { systemClock } from '../shared/host/clock.ts';
import { diskFiles } from '../shared/host/files.ts';
import { LockHeld } from '../shared/host/lock.ts';
import type { Settings } from '../shared/settings.ts';
import { byteWords } from './byte-words.ts';
import { hasDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { beginKeepingProgress } from './keeping-progress.ts';
import { typedPath } from './npm.ts';
import { complain, count, say, sayJson, sayTable, snakeCase } from './print.ts';
import { badInput, unavailable } from './refusal.ts';
import { styleOf } from './style.ts';
import { fieldLines, right } from './table.ts';
import { spanWords } from './time-words.ts';

export async function backUp(
  dir: string,
  options: { readonly keep?: number; readonly json?: boolean },
  settings: Pick<Settings, 'database' | 'cartridges'>,
): Promise<ExitCode> {
  const { database, cartridges } = settings;
  if (dir === '') throw badInput('Expected a folder for backups, found an empty path');
  if (!hasDatabase(settings))
    throw badInput(`Expected a database at ${database}, found none`, '--db says where it is');
  const began = systemClock.monotonic();
  const progress = beginKeepingProgress('pages');
  const report = await asRefusals(`another backup is being made in ${dir}`, () =>
    makeBackup(
      {
        files: diskFiles,
        bulk: diskBulk,
        clock: systemClock,
        newId: () => randomBytes(4).toString('hex'),
        hear: progress.hear,
      },
      { database, cartridges, folder: typedPath(dir), keep: options.keep },
    ),
  ).finally(progress.end);
  const durationMs = Math.round(systemClock.monotonic() - began);
  if (options.json) sayJson(json(report, durationMs));
  else tell(report, durationMs);
  return report.troubles.length === 0 ? EXIT.ok : EXIT.failed;
}

function tell({ name, content, added, troubles, pruned }: BackupReport, durationMs: number): void {
  const { cartridges, database } = content;
  const fresh = `${added.cartridges} new, ${byteWords(added.bytes)}`;
  say(
    `${name}: ${count(cartridges.length, 'cartridge')} (${fresh}) and the database, ${byteWords(database.bytes)}, in ${spanWords(durationMs)}`,
  );
  const { foreign } = content.counts;
  if (foreign > 0) say(`left alone: ${count(foreign, 'file')} of the shelf that the database does not name`);
  if (pruned !== undefined && pruned.backups.length > 0) {
    say(
      `removed ${count(pruned.backups.length, 'backup')} and ${count(pruned.objects, 'cartridge')} that no other has`,
    );
  }
  for (const one of pruned?.unreadable ?? []) {
    complain(`${one} cannot be read: it stays, and so do all cartridges of the backups that were removed`);
  }
  sayTroubles(troubles);
}

/** A line for each cartridge that something is the matter with. */
export function sayTroubles(troubles: readonly Trouble[]): void {
  const style = styleOf(process.stdout);
  for (const line of fieldLines(troubles.map(({ path, message }) => [path, message] as const))) {
    say(`${style.red('not ok ')} ${line}`);
  }
}

function json({ name, content, added, troubles, pruned }: BackupReport, durationMs: number): object {
  return {
    ...summary(name, content),
    added,
    troubles,
    pruned: pruned ?? null,
    duration_ms: durationMs,
  };
}

/** A backup as JSON lists it. */
function summary(name: string, content: ManifestContent): object {
  const { created_at, gvpie, migration, cartridges, database, missing, counts } = content;
  return {
    backup: name,
    created_at,
    gvpie,
    migration,
    cartridges: cartridges.length,
    cartridge_bytes: bytesOf(content),
    database_bytes: database.bytes,
    missing: missing.length,
    ...snakeCase(counts),
  };
}

function bytesOf({ cartridges }: ManifestContent): number {
  return cartridges.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Lists the backups of a folder, the newest first. */
export function listBackups(dir: string, options: { readonly json?: boolean }): ExitCode {
  const folder = folderOfBackups(dir);
  const vault = new Vault(diskFiles, folder);
  const found = vault
    .names()
    .reverse()
    .map((name) => ({ name, content: vault.manifest(name) }));
  const broken = found.filter(({ content }) => typeof content === 'string');
  if (options.json) {
    sayJson(
      found.map(({ name, content }) =>
        typeof content === 'object'
          ? { state: 'finished', ...summary(name, content) }
          : {
              state: content === undefined ? 'unfinished' : 'unreadable',
              backup: name,
              message: content ?? null,
            },
      ),
    );
  } else {
    sayTable(
      [
        { title: 'BACKUP', dress: styleOf(process.stdout).bold },
        { title: 'CREATED' },
        right('CARTRIDGES'),
        right('SIZE'),
        right('DATABASE'),
        { title: 'STATE' },
      ],
      found.map(({ name, content }) =>
        typeof content === 'object'
          ? [
              name,
              content.created_at,
              `${content.cartridges.length}`,
              byteWords(bytesOf(content)),
              byteWords(content.database.bytes),
              content.missing.length === 0 ? 'finished' : `finished, ${content.missing.length} missing`,
            ]
          : [name, '', '', '', '', content ?? 'unfinished'],
      ),
    );
  }
  return broken.length === 0 ? EXIT.ok : EXIT.failed;
}

/** Where backups lie already. @throws {Refusal} when nothing does */
export function folderOfBackups(dir: string): string {
  const folder = typedPath(dir);
  if (dir !== '' && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw badInput(
    `Expected a folder of backups at ${dir === '' ? 'an empty path' : folder}, found none`,
    `gvpie backup ${dir || 'DIR'} makes it`,
  );
}

/**
 * What a backup or a restore refuses, as commands refuse.
 *
 * @param held what it is when somebody else has the lock
 */
export async function asRefusals<Result>(held: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KeepingRefusal) throw badInput(error.message, error.hint);
    if (error instanceof LockHeld) {
      throw unavailable(`${held}: ${error.message}`, 'wait for its end');
    }
    throw error;
  }
}

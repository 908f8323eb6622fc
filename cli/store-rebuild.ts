/** `gvpie store rebuild`: the registry anew from the files of the shelf, into a database that is empty, or damaged, or whole. */
import { existsSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { blows, type Tally } from '../orchestrator/fuse.ts';
import { openDatabase } from '../orchestrator/host/migrate.ts';
import { requireIntegrity } from '../orchestrator/host/snapshot.ts';
import { type RebuildResult, rebuildStore } from '../orchestrator/host/store-rebuild.ts';
import { errorCode, HostFault } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Settings } from '../shared/settings.ts';
import { hasDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { complain, count, say, sayJson } from './print.ts';
import { beginProgress } from './progress-line.ts';
import { Refusal } from './refusal.ts';
import { alone, breathe, withNewStore } from './store-open.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';

interface RebuildOptions {
  readonly setAside?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Most files that are named; the others are counted. */
const NAMED = 1_000;

export async function rebuild(options: RebuildOptions, settings: Settings): Promise<ExitCode> {
  const { json = false, yes = false } = options;
  const unread: { path: string; message: string }[] = [];
  let unreadCount = 0;
  let words = 'rebuild';
  const progress = beginProgress(() => words);
  const hear = {
    unread(path: string, message: string): void {
      unreadCount++;
      if (unread.length < NAMED) unread.push({ path, message });
    },
    step(what: string, done: number): void {
      words = `rebuild  ${done} ${what}`;
    },
  };
  let kept: string | undefined;
  const result = await alone(settings, () => {
    kept = makeSound(settings, options.setAside === true);
    const order = { isForced: yes, fuse: blows };
    return withNewStore(settings, (walk) => rebuildStore(walk, order, hear, breathe));
  }).finally(() => progress.end());
  const stopped = [result, result.pictures]
    .filter(({ gone, forgotten }) => gone.go > 0 && forgotten === 0 && !yes && blows(gone))
    .map(({ gone }) => gone);
  if (json) {
    const { noObjects, gone, pictures, ...counts } = result;
    sayJson({
      ...counts,
      unread: unreadCount,
      troubles: unread,
      gone: gone.go,
      pictures: { ...pictures, gone: pictures.gone.go },
      no_objects: noObjects,
      fuse: stopped.length > 0,
      set_aside: kept ?? null,
    });
  } else report(result, { unread, unreadCount, stopped, kept });
  return unreadCount > 0 || stopped.length > 0 ? EXIT.failed : EXIT.ok;
}

interface Said {
  readonly unread: readonly { readonly path: string; readonly message: string }[];
  readonly unreadCount: number;
  /** What the fuse has kept from going. */
  readonly stopped: readonly Tally[];
  readonly kept: string | undefined;
}

function report(result: RebuildResult, { unread, unreadCount, stopped, kept }: Said): void {
  const { red, yellow } = styleOf(process.stdout);
  if (kept !== undefined) say(`the damaged database is kept as ${kept}`);
  for (const { path, message } of unread)
    say(`${red('not ok')}  ${fieldLines([[path, message] as const]).join('')}`);
  if (unreadCount > unread.length) say(`… and ${unreadCount - unread.length} more`);
  const { files, cartridges, added, changed, objects, forgotten, left, gone, pictures, noObjects } = result;
  say(
    `${count(files, 'file')}, ${count(cartridges, 'cartridge')}: ${added} added, ${changed} changed, ${left} left alone`,
  );
  say(`${count(objects, 'object')} made; ${forgotten} of ${gone.go} without a file forgotten`);
  if (pictures.files + pictures.gone.of > 0) {
    say(
      `${count(pictures.files, 'picture')}: ${pictures.written} written; ${pictures.forgotten} of ${pictures.gone.go} without a file forgotten`,
    );
  }
  for (const { go, of } of stopped) {
    say(
      yellow(
        `Expected at most ${LIMITS.sweptPercent} % of the registry without a file, found ${go} of ${of}; none of them was forgotten`,
      ),
    );
  }
  if (stopped.length > 0)
    say('gvpie store rebuild --yes forgets them; where the disk is not there yet, wait for it');
  if (noObjects !== null) complain(`no objects were made: ${noObjects}`);
}

/**
 * Sees that the database can be used.
 *
 * @returns what a damaged one is called from now on
 * @throws {Refusal} when it is damaged, and is not to be set aside: it may have scripts that can be saved
 */
function makeSound(settings: Settings, mayMove: boolean): string | undefined {
  if (!hasDatabase(settings)) return undefined;
  const path = resolve(settings.database);
  try {
    const database = openDatabase(path, { durability: settings.durability });
    try {
      requireIntegrity(database);
      return undefined;
    } finally {
      database.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    if (!mayMove) {
      throw new Refusal(
        EXIT.badInput,
        `Expected a whole database, found it damaged: ${(error as Error).message}`,
        'gvpie store rebuild --set-aside keeps it under another name and begins a new one, without its scripts; gvpie restore brings them back',
      );
    }
    const kept = `${path}.damaged-${systemClock.iso().replace(/[-:.]/g, '')}`;
    // The log first: beside a new database it would be taken for that one's.
    for (const part of ['-wal', '-shm', '-journal', '']) {
      if (existsSync(path + part)) renameSync(path + part, kept + part);
    }
    return kept;
  }
}

function isDamage(error: unknown): boolean {
  if (!(error instanceof HostFault)) return false;
  const code = errorCode(error.cause);
  return code === undefined
    ? error.message.startsWith('Expected a whole')
    : /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}

/** `gvpie status`: the settings with their origins, who serves, and what the database holds. Changes nothing. */
import { resolve } from 'node:path';
import { SWEPT_KINDS } from '../orchestrator/fuse.ts';
import { openToRead } from '../orchestrator/host/open-to-read.ts';
import { type BackupRow, lastBackups } from '../orchestrator/host/own-work-table.ts';
import { type OrchestratorRow, workingOn } from '../orchestrator/host/owner-table.ts';
import { QueueCatalog } from '../orchestrator/host/queue-catalog.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import { type LastSweep, lastSweep } from '../orchestrator/host/sweep-record.ts';
import type { Control } from '../orchestrator/queue.ts';
import type { Counts } from '../orchestrator/script.ts';
import { HostFault } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import { type Announcement, whatIsServed } from '../shared/protocol/announcement.ts';
import { SETTINGS, type SettingName, type SettingOrigins, type Settings } from '../shared/settings.ts';
import { VERSION } from '../shared/version.ts';
import { describePainting } from './banner.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { howToStart } from './how-to-start.ts';
import { whyOlder } from './older-database.ts';
import { pausedLines } from './paused.ts';
import { presenceAt } from './presence-at.ts';
import { count, say, sayJson, sayTable } from './print.ts';
import { heldLines } from './progress-words.ts';
import { slotFirst } from './slot-first.ts';
import { styleOf } from './style.ts';

/** Commands in a renderer's hands that are listed. */
const LISTED = 8;

/** What can be said of the database without touching it. */
interface DatabaseState {
  readonly path: string;
  /** `absent`, `ready`, or `other` when it cannot be read as it is: `note` says why. */
  readonly state: 'absent' | 'ready' | 'other';
  readonly counts: Counts | null;
  /** Those that work on it now. */
  readonly orchestrators: readonly OrchestratorRow[];
  /** What a person holds, and how much may be under way; empty where the database cannot tell. */
  readonly controls: readonly Control[];
  /** The last one; null where there was none, or it cannot be read. */
  readonly sweep: LastSweep | null;
  readonly note: string | null;
  /** What became of backups that orchestrators make; null where they are to make none, or the database cannot tell. */
  readonly backups: Backups | null;
}

interface Backups {
  /** The newest, whatever became of it. */
  readonly newest: BackupRow | null;
  /** The newest that is there. */
  readonly made: BackupRow | null;
}

export function status(
  settings: Settings,
  origins: SettingOrigins,
  options: { readonly json?: boolean },
): ExitCode {
  const socket = resolve(settings.socketDir);
  const renderers = presenceAt(settings).alive().sort(slotFirst);
  const database = lookAtDatabase(settings);
  const names = Object.keys(SETTINGS) as SettingName[];
  if (options.json) {
    const table = names.map((name) => {
      const { env, flag } = SETTINGS[name];
      return [env, { value: settings[name], origin: origins[name], flag: flag.split(' ')[0] }] as const;
    });
    const { controls, ...seen } = database;
    sayJson({
      version: VERSION,
      settings: Object.fromEntries(table),
      socket,
      renderers,
      database: { ...seen, paused: controls.filter(({ paused }) => paused).map(({ scope }) => scope) },
    });
    return EXIT.ok;
  }
  const style = styleOf(process.stdout);
  sayTable(
    [
      { title: 'SETTING', dress: style.bold },
      { title: 'VALUE' },
      { title: 'FROM', dress: (padded, origin) => (origin === 'default' ? style.dim(padded) : padded) },
      { title: 'FLAG' },
    ],
    names.map((name) => [
      SETTINGS[name].env,
      String(settings[name] ?? 'none'),
      origins[name],
      SETTINGS[name].flag,
    ]),
  );
  say();
  const present = (name: string, found: string): void => say(`${style.bold(name.padEnd(12))}  ${found}`);
  if (renderers.length === 0)
    present('renderer', `none serves ${socket}: start one with ${howToStart('renderer')}`);
  for (const renderer of renderers) {
    const words = describeRenderer(renderer);
    present('renderer', renderer.health === 'degraded' ? style.yellow(words) : words);
    for (const line of heldLines(renderer.in_hand ?? [], systemClock.now(), LISTED)) present('', line);
  }
  if (database.orchestrators.length === 0)
    present('orchestrator', `none: start one with ${howToStart('orchestrator')}`);
  for (const { pid, started_at, version } of database.orchestrators)
    present('orchestrator', `pid ${pid} since ${started_at}, gvpie ${version}`);
  present('database', describeDatabase(database));
  for (const line of pausedLines(database.controls)) present('queue', style.yellow(line));
  if (database.backups !== null) {
    const words = describeBackups(database.backups);
    present('backup', database.backups.newest?.outcome === 'done' ? words : style.yellow(words));
  }
  if (database.sweep !== null) {
    const words = describeSweep(database.sweep);
    present('last sweep', database.sweep.status === 'swept' ? words : style.yellow(words));
  }
  return EXIT.ok;
}

function lookAtDatabase({ database: path, backupDir }: Settings): DatabaseState {
  const full = resolve(path);
  const unknown = { path: full, counts: null, orchestrators: [], controls: [], sweep: null, backups: null };
  const other = (error: unknown): DatabaseState => {
    if (!(error instanceof HostFault)) throw error;
    return { ...unknown, state: 'other', note: error.message };
  };
  try {
    const database = openToRead(full);
    if (database === undefined) return { ...unknown, state: 'absent', note: null };
    try {
      const note = whyOlder(database);
      if (note !== undefined) return { ...unknown, state: 'other', note };
      const sweep = lastSweep(database) ?? null;
      const counts = new ScriptCatalog(database).counts();
      let backups: Backups | null = null;
      if (backupDir !== null) {
        const { newest = null, made = null } = lastBackups(database, resolve(backupDir));
        backups = { newest, made };
      }
      return {
        path: full,
        state: 'ready',
        counts,
        orchestrators: workingOn(database),
        controls: new QueueCatalog(database).controls(),
        sweep,
        note: null,
        backups,
      };
    } finally {
      database.close();
    }
  } catch (error) {
    return other(error);
  }
}

function describeBackups({ newest, made }: Backups): string {
  if (newest === null) return 'none yet: a running orchestrator makes it';
  const { outcome, slot, message, started_at, finished_at } = newest;
  const last = made === null ? 'none before' : `the last one is ${made.name}`;
  switch (outcome) {
    case null:
      return `being made since ${started_at}; ${last}`;
    case 'done':
      return `${newest.name}, ${count(newest.cartridges ?? 0, 'cartridge')}, done at ${finished_at}`;
    case 'incomplete':
      return `${newest.name}, INCOMPLETE, done at ${finished_at}: ${message}`;
    case 'failed':
      return `FAILED for ${slot}: ${message}; ${last}`;
  }
}

function describeRenderer(announcement: Announcement): string {
  const { pid, started_at, version, slot } = announcement;
  const who = `pid ${pid} since ${started_at}, gvpie ${version}, serves ${whatIsServed(slot)}`;
  return `${who}, paints on ${describePainting(announcement)}`;
}

function describeSweep({ at, gone, stopped, message }: LastSweep): string {
  if (message !== null) return `${at}: FAILED: ${message}`;
  if (stopped !== null) return `${at}: stopped by the fuse: ${stopped}; gvpie gc shows what would go`;
  const went = SWEPT_KINDS.filter((kind) => gone[kind] > 0).map((kind) => `${gone[kind]} ${kind}`);
  return `${at}: ${went.length === 0 ? 'nothing' : went.join(', ')} went`;
}

function describeDatabase({ path, state, counts, note }: DatabaseState): string {
  if (state === 'absent') return `none at ${path}: npm start makes it`;
  if (counts === null) return `${path}: ${note}`;
  const { scripts, enabled, due, waiting, runs, open, cartridges } = counts;
  const dueNow = waiting === 0 ? `${due} due` : `${due} due (${waiting} of them later)`;
  const inFlight = open === 0 ? '' : ` (${open} open)`;
  const held = `${count(scripts, 'script')}, ${enabled} enabled, ${dueNow}; ${count(runs, 'run')}${inFlight}`;
  return `${held}; ${count(cartridges, 'cartridge')}; ${path}`;
}

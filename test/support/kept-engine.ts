/** An engine with something to keep: scripts, their runs, and a shelf that holds every kind of what a backup has to know. */
import { copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { type BackupPlace, type BackupReport, makeBackup } from '../../orchestrator/host/backup.ts';
import { type Bulk, diskBulk } from '../../orchestrator/host/bulk.ts';
import type { HearProgress } from '../../orchestrator/host/keeping.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { serveOrchestrator } from '../../orchestrator/host/serve.ts';
import { serveRenderer } from '../../renderer/host/serve.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { systemClock } from '../../shared/host/clock.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { readSettings } from '../../shared/settings.ts';

export interface Engine {
  readonly socket: string;
  readonly database: string;
  readonly cartridges: string;
}

/** Where an engine has its things in a folder. */
export function engineIn(folder: string): Engine {
  return {
    socket: join(folder, 'socket'),
    database: join(folder, 'daemon.db'),
    cartridges: join(folder, 'cartridges'),
  };
}

/**
 * Renders: three pictures, one that draws the first of them, one of a foreign file `by-hand.png` that a row names, one that
 * is refused and one that is rejected. `stranger.png` is a file that nothing names.
 */
export async function keptEngine(folder: string): Promise<Engine> {
  const engine = engineIn(folder);
  await work(engine, (add) => {
    for (const name of ['first', 'second', 'third']) add(name, 'pixel', `TXT 1 1 ${name}`);
    add('refused', 'pixel', 'RECT ten');
    add('rejected', 'pixel', 'RECT 0 0 1 1', '{"blank":true}');
  });
  const first = fileOf(engine, 'first');
  const { text, canvas } = openCartridge(readFileSync(first));
  for (const name of ['by-hand.png', 'stranger.png']) copyFileSync(first, join(engine.cartridges, name));
  await work(engine, (add) => {
    const { width, height } = canvas;
    add('framed', 'pixel', `IMAGE one ${width} ${height} ${text.checksum}\nBLIT one 3 3`);
    add('again', 'cartridge', 'by-hand.png');
  });
  return engine;
}

type Add = (name: string, lang: string, code: string, expect?: string) => void;

/** Adds scripts and has everything rendered that is due. */
async function work(engine: Engine, insert: (add: Add) => void = () => {}): Promise<void> {
  const { socket: socketDir, database: path, cartridges } = engine;
  const isNew = statSync(path, { throwIfNoEntry: false }) === undefined;
  const database = openDatabase(path, { durability: 'fast' });
  if (isNew) database.exec('DELETE FROM improvement_scripts');
  const statement = database.prepare(
    'INSERT INTO improvement_scripts (name, lang, code, expect, force) VALUES (?, ?, ?, ?, 1)',
  );
  insert((name, lang, code, expect) => statement.run(name, lang, code, expect ?? null));
  database.close();
  const renderer = await serveRenderer({ socketDir, backend: 'cpu' }, silentJournal);
  const { settings } = readSettings(
    { socketDir, database: path, cartridges, pollMs: '5', durability: 'fast', door: 'spool' },
    {},
  );
  const orchestrator = await serveOrchestrator(settings, silentJournal, { once: true, backend: 'auto' });
  await orchestrator.finished;
  await orchestrator.stop();
  await renderer.stop();
}

/** The file of the last cartridge of a script. */
export function fileOf(engine: Engine, script: string): string {
  const [name] = rowsOf<{ name: string }>(
    engine.database,
    `SELECT cartridge_path AS name FROM improvement_runs JOIN improvement_scripts AS script ON script.id = script_id
     WHERE script.name = '${script}' ORDER BY improvement_runs.id DESC LIMIT 1`,
  );
  return join(engine.cartridges, name?.name ?? '');
}

export function rowsOf<Row>(path: string, sql: string): Row[] {
  const database = new BetterSqlite3(path, { fileMustExist: true });
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}

/** Every row of every table. */
export function dump(path: string): Record<string, unknown[]> {
  const tables = rowsOf<{ name: string }>(
    path,
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%' ORDER BY name`,
  );
  return Object.fromEntries(tables.map(({ name }) => [name, rowsOf(path, `SELECT * FROM "${name}"`)]));
}

/** What lies in a folder and below: path → content in hex; of those only that `wanted` takes. */
export function contentsOf(
  folder: string,
  wanted: (path: string) => boolean = () => true,
): Map<string, string> {
  const found = (readdirSync(folder, { recursive: true }) as string[])
    .sort()
    .filter((path) => wanted(path) && statSync(join(folder, path)).isFile());
  return new Map(found.map((path) => [path, readFileSync(join(folder, path)).toString('hex')]));
}

export interface BackupOptions {
  readonly keep?: number;
  readonly files?: Files;
  readonly bulk?: Bulk;
  readonly hear?: HearProgress;
}

let ids = 0;

/** Backs an engine up. */
export function backUp(
  { database, cartridges }: Omit<BackupPlace, 'folder'>,
  folder: string,
  { keep, files = diskFiles, bulk = diskBulk, hear }: BackupOptions = {},
): Promise<BackupReport> {
  const newId = (): string => (++ids).toString(16).padStart(8, '0');
  return makeBackup({ files, bulk, clock: systemClock, newId, hear }, { database, cartridges, folder, keep });
}

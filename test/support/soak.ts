/** A soak: very many rows through one pair of processes, with what that takes of memory and of the database's file. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { fitLine } from '../../bench/slope.ts';
import { plotSvg } from '../../bench/svg.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { Pair } from './pair.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

export const DAEMONS = ['renderer', 'orchestrator'] as const;
/** Longer than any batch takes on a machine that is shared, ms. */
const BATCH_LIMIT_MS = 900_000;

/** The memory of one daemon, MB. */
export interface Memory {
  readonly resident: number;
  /** What is left when its garbage has been collected. */
  readonly kept: number;
}

/** The memory of both when so many rows were rendered. */
export type Sample = { readonly rows: number } & Readonly<Record<(typeof DAEMONS)[number], Memory>>;

export interface Soak {
  readonly pair: Pair;
  readonly samples: readonly Sample[];
  /** Of the database's file and its log, for each run, with its script and its job. */
  readonly bytesPerRun: number;
  readonly seconds: number;
}

/**
 * Renders rows, all of different programs, in batches, on tmpfs where there is one, with fast durability: what is looked
 * for is growth, and syncs would only make it slower.
 *
 * @param rows a multiple of `batches`
 */
export async function soak(rows: number, batches: number): Promise<Soak> {
  const pair = new Pair(memoryFolder());
  const [renderer, orchestrator] = await tellingMemory(pair.folder, () =>
    Promise.all([pair.renderer(), pair.orchestrator('--durability', 'fast')]),
  );
  await pair.run('hello_gpu');
  const database = new BetterSqlite3(pair.database, { timeout: 5_000 });
  const insert = database.prepare(
    "INSERT INTO improvement_scripts (name, lang, code) VALUES (?, 'pixel', ?)",
  );
  const waits = database
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'queued') OR EXISTS (SELECT 1 FROM jobs WHERE state = 'running')`,
    )
    .pluck();
  const before = databaseBytes(pair.database);
  const samples: Sample[] = [];
  const begun = performance.now();
  for (let batch = 1; batch <= batches; batch++) {
    database.transaction(() => {
      for (let n = 0; n < rows / batches; n++)
        insert.run(`row ${batch}/${n}`, `TXT 1 1 ${batch} ${n}\nRECT ${n % 99} 20 9 9`);
    })();
    await waitUntil('a batch to be rendered', () => waits.get() === 0, BATCH_LIMIT_MS, 20);
    samples.push({
      rows: (batch * rows) / batches,
      renderer: await memoryOf(renderer.pid, pair.folder),
      orchestrator: await memoryOf(orchestrator.pid, pair.folder),
    });
  }
  const seconds = (performance.now() - begun) / 1_000;
  const bytesPerRun = (databaseBytes(pair.database) - before) / rows;
  database.close();
  return { pair, samples, bytesPerRun, seconds };
}

/** By how many MB what a daemon keeps grows with 10,000 rows, once it has all that it needs: after the first quarter. */
export function growthOf(samples: readonly Sample[], daemon: (typeof DAEMONS)[number]): number {
  const settled = samples.slice(Math.floor(samples.length / 4));
  return 10_000 * fitLine(settled.map(({ rows, [daemon]: { kept } }) => ({ x: rows, y: kept }))).slope;
}

/** Draws the memory of both daemons against rows, as an SVG. */
export function plotMemory(samples: readonly Sample[], path: string): void {
  const series = DAEMONS.flatMap((daemon) => {
    const of = (kind: keyof Memory) =>
      samples.map(({ rows: x, [daemon]: { [kind]: y } }) => ({ x, y, low: y, high: y }));
    const growth = `${growthOf(samples, daemon).toFixed(3)} MB for each 10,000 rows`;
    return [
      { name: `${daemon}, resident`, points: of('resident') },
      { name: `${daemon}, kept after a collection: ${growth}`, points: of('kept') },
    ];
  });
  const title = 'Memory of both daemons against rows, each rendered once';
  writeFileSync(path, plotSvg({ title, x: 'rows rendered', y: 'MB', series }));
}

/** A folder on tmpfs where the system has one. */
function memoryFolder(): string {
  if (!existsSync('/dev/shm')) return temporaryFolder();
  const folder = mkdtempSync('/dev/shm/gvpie-test-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Of the file and of its log, which is written back at times. */
function databaseBytes(path: string): number {
  return ['', '-wal'].reduce(
    (sum, end) => sum + (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** Starts daemons that tell what they keep. */
async function tellingMemory<Daemons>(folder: string, start: () => Promise<Daemons>): Promise<Daemons> {
  const teller = join(packageRoot(), 'dist/test/support/memory-teller.js');
  const before = { NODE_OPTIONS: process.env.NODE_OPTIONS, GVPIE_MEMORY_FOLDER: undefined };
  process.env.NODE_OPTIONS = `${before.NODE_OPTIONS ?? ''} --import=${teller}`;
  process.env.GVPIE_MEMORY_FOLDER = folder;
  try {
    return await start();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

async function memoryOf(pid: number, folder: string): Promise<Memory> {
  const status = readFileSync(join('/proc', `${pid}`, 'status'), 'utf8');
  const resident = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  process.kill(pid, 'SIGUSR2');
  const told = join(folder, `${pid}`);
  await waitUntil('a daemon to tell its memory', () => existsSync(told));
  const kept = Number(readFileSync(told, 'utf8')) / 2 ** 20;
  rmSync(told);
  return { resident, kept };
}

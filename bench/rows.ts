/** Rows to cartridges: scripts are inserted by another connection, both daemons run as they always do. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Canvas } from '../shared/canvas.ts';
import { judgeFile } from '../shared/cartridge/judge.ts';
import { openCartridge } from '../shared/cartridge/open.ts';
import type { Durability } from '../shared/settings.ts';
import { type Child, startChild } from './child.ts';
import { rowProgram } from './pictures/row.ts';

/** Who turns rows into pictures. */
export interface Contestant {
  /** The processes that do it. */
  readonly children: readonly Child[];
  /** Pictures per second, from the commit of so many new rows to the commit of the last picture; all are checked. */
  rate(round: string, rows: number): Promise<number>;
  stop(): Promise<void>;
}

/** Both daemons at work on a database and a socket of their own, and a connection that is not theirs. */
export interface Pair extends Contestant {
  readonly cartridges: string;
  readonly database: Database.Database;
}

/** @param socketDir where both daemons meet; the database and the cartridges lie in `folder` */
export async function startPair(folder: string, socketDir: string, durability: Durability): Promise<Pair> {
  const cartridges = join(folder, 'cartridges');
  const path = join(folder, 'daemon.db');
  const settings = { socketDir, database: path, cartridges, durability, backend: 'cpu' };
  const children: Child[] = [
    await startChild('renderer', settings),
    await startChild('orchestrator', settings),
  ];
  const database = new Database(path, { timeout: 5_000 });
  await allRendered(database);
  return {
    children,
    cartridges,
    database,
    rate: (round, rows) => measureRate({ cartridges, database }, round, rows),
    async stop() {
      database.close();
      for (const child of children.toReversed()) await child.stop();
    },
  };
}

const INSERT = `INSERT INTO improvement_scripts (name, lang, code) VALUES (?, 'pixel', ?)`;

type Shelf = Pick<Pair, 'database' | 'cartridges'>;

async function measureRate(pair: Shelf, round: string, rows: number): Promise<number> {
  const { database } = pair;
  const insert = database.prepare(INSERT);
  database.exec('BEGIN IMMEDIATE');
  for (let row = 0; row < rows; row++) insert.run(`${round}-${row}`, rowProgram(round, row));
  const start = performance.now();
  database.exec('COMMIT');
  await allRendered(database);
  const rate = (rows / (performance.now() - start)) * 1_000;
  verify(pair, round, rows);
  return rate;
}

/** Between two looks at whether one row has been rendered, ms. */
const LOOK_MS = 20;

/** Renders one row with a canvas of its own, and judges its cartridge. */
export async function renderRow(
  { database, cartridges }: Shelf,
  name: string,
  code: string,
  canvas: Canvas,
): Promise<void> {
  database
    .prepare(`INSERT INTO improvement_scripts (name, lang, code, width, height) VALUES (?, 'pixel', ?, ?, ?)`)
    .run(name, code, canvas.width, canvas.height);
  const ended = database.prepare<[string], { success: number; file: string; stderr: string | null }>(
    `SELECT run.success, run.cartridge_path AS file, run.stderr FROM improvement_runs AS run
     JOIN improvement_scripts AS script ON script.id = run.script_id
     WHERE script.name = ? AND run.finished_at IS NOT NULL`,
  );
  let run = ended.get(name);
  for (; run === undefined; run = ended.get(name)) await new Promise((done) => setTimeout(done, LOOK_MS));
  if (run.success !== 1) throw new Error(`Expected ${name} to be rendered, found ${run.stderr}`);
  const cartridge = openCartridge(readFileSync(join(cartridges, run.file)));
  if (judgeFile(cartridge) !== undefined || cartridge.label.program !== code)
    throw new Error(`Expected the cartridge of ${name}, found another`);
}

/** Jobs that ended leave a partial index, so asking costs microseconds. */
async function allRendered(database: Database.Database): Promise<void> {
  const due = database
    .prepare<[], number>(
      `SELECT (SELECT count(*) FROM jobs WHERE state = 'queued') + (SELECT count(*) FROM jobs WHERE state = 'running')`,
    )
    .pluck();
  while ((due.get() ?? 0) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Every row has exactly one run, successful, and a cartridge; every 40th cartridge is opened and judged. */
function verify({ database, cartridges }: Shelf, round: string, rows: number): void {
  const found = database
    .prepare<[string], { file: string; code: string }>(
      `SELECT run.cartridge_path AS file, script.code FROM improvement_scripts AS script
       JOIN improvement_runs AS run ON run.script_id = script.id
       WHERE script.name GLOB ? AND run.success = 1 AND script.run_count = 1`,
    )
    .all(`${round}-*`);
  const files = new Set(readdirSync(cartridges));
  const present = found.filter(({ file }) => files.has(file));
  if (present.length !== rows) throw new Error(`Expected ${rows} cartridges, found ${present.length}`);
  for (const [index, { file, code }] of present.entries()) {
    if (index % 40 !== 0) continue;
    const cartridge = openCartridge(readFileSync(join(cartridges, file)));
    if (judgeFile(cartridge) !== undefined || cartridge.label.program !== code) {
      throw new Error(`Expected ${file} to be the cartridge of its program`);
    }
  }
}

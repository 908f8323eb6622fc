/** Both daemons as the processes that users start, in a folder of their own. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { type Cartridge, openCartridge } from '../../shared/cartridge/open.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { type Child, startChild } from './child.ts';
import { namesOn } from './names-on.ts';
import { announcedPids } from './renderer-process.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

export interface PairRun {
  readonly id: number;
  readonly name: string | null;
  readonly outcome: string | null;
  readonly success: number | null;
  readonly stderr: string | null;
  readonly stdout: string | null;
  readonly spool_id: string;
  readonly cartridge_path: string | null;
}

export class Pair {
  readonly folder: string;
  readonly socket: string;
  readonly database: string;
  readonly cartridges: string;

  constructor(folder = temporaryFolder(), database = join(folder, 'daemon.db')) {
    this.folder = folder;
    this.socket = join(folder, 'socket');
    this.database = database;
    this.cartridges = join(folder, 'cartridges');
    mkdirSync(this.cartridges, { recursive: true });
  }

  /** Starts the renderer and waits for its announcement. */
  async renderer(): Promise<Child> {
    const child = cli('renderer', '--socket', this.socket, '--log', 'warn');
    await waitUntil('a renderer to announce itself', () => announcedPids(this.socket).includes(child.pid));
    return child;
  }

  /** Starts an orchestrator; resolves when it serves, or has ended. */
  async orchestrator(...flags: string[]): Promise<Child> {
    const child = this.startOrchestrator(...flags);
    await waitUntil(
      'an orchestrator to serve',
      () => child.end() !== undefined || child.output().includes('orchestrator:serving'),
    );
    return child;
  }

  startOrchestrator(...flags: string[]): Child {
    const { socket, database, cartridges } = this;
    return cli('orchestrator', '--socket', socket, '--db', database, '--cartridges', cartridges, ...flags);
  }

  /** Rows of a query, through a connection of its own. */
  query<Row>(sql: string, ...parameters: unknown[]): Row[] {
    const database = new BetterSqlite3(this.database, { readonly: true, timeout: 5_000 });
    try {
      return database.prepare(sql).all(...parameters) as Row[];
    } finally {
      database.close();
    }
  }

  /** Statements as any client gives them, foreign keys off. */
  execute(sql: string, ...parameters: unknown[]): void {
    const database = new BetterSqlite3(this.database, { timeout: 5_000 });
    try {
      database.pragma('foreign_keys = OFF');
      database.prepare(sql).run(...parameters);
    } finally {
      database.close();
    }
  }

  insert(name: string, code: string | Uint8Array, lang = 'pixel'): void {
    this.execute('INSERT INTO improvement_scripts (name, lang, code) VALUES (?, ?, ?)', name, lang, code);
  }

  /** All runs of ours, of one script or of all, oldest first. */
  runs(name?: string): PairRun[] {
    const all = this.query<PairRun>(
      `SELECT run.id, name, outcome, success, stderr, stdout, spool_id, cartridge_path
       FROM improvement_runs AS run LEFT JOIN improvement_scripts AS script ON script.id = script_id
       WHERE spool_id IS NOT NULL ORDER BY run.id`,
    );
    return name === undefined ? all : all.filter((run) => run.name === name);
  }

  /** Waits until as many runs of a script have ended, and gives the last of them. */
  async run(name: string, count = 1, limitMs?: number): Promise<PairRun> {
    const ended = `SELECT 1 FROM improvement_runs JOIN improvement_scripts AS script ON script.id = script_id
      WHERE spool_id IS NOT NULL AND outcome IS NOT NULL AND name = ?`;
    await this.#until(`run ${count} of ${name}`, (found) => found.length >= count, [ended, name], limitMs);
    return this.runs(name).filter((run) => run.outcome !== null)[count - 1] as PairRun;
  }

  /** Waits until nothing is due and nothing is under way. */
  async idle(limitMs?: number): Promise<void> {
    const busy = `SELECT 1 FROM jobs WHERE state IN ('queued', 'running') AND held = 0
      UNION ALL SELECT 1 FROM improvement_runs WHERE spool_id IS NOT NULL AND finished_at IS NULL`;
    await this.#until('every script to be rendered', (found) => found.length === 0, [busy], limitMs);
  }

  /** Waits for rows through one connection: to open one takes a hundred times as long as to look. */
  async #until(
    what: string,
    holds: (rows: readonly unknown[]) => boolean,
    [sql, ...parameters]: readonly [sql: string, ...parameters: unknown[]],
    limitMs?: number,
  ): Promise<void> {
    const database = new BetterSqlite3(this.database, { readonly: true, timeout: 5_000 });
    try {
      const rows = database.prepare(sql);
      await waitUntil(what, () => holds(rows.all(...parameters)), limitMs);
    } finally {
      database.close();
    }
  }

  /** The cartridge of a run. */
  cartridge(run: PairRun): Cartridge {
    return openCartridge(readFileSync(join(this.cartridges, run.cartridge_path ?? '')));
  }

  /** Names in the folder of cartridges, hidden ones too. */
  shelf(): string[] {
    return namesOn(this.cartridges).sort();
  }
}

/** The gvpie command. */
export function cli(...args: string[]): Child {
  return startChild(process.execPath, [join(packageRoot(), 'dist/cli/main.js'), ...args]);
}

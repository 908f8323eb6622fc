/** The database as `gvpie top` watches it: opened to be read, read again when it has changed, and waited for while it is not there. */
import { existsSync, statSync } from 'node:fs';
import { attempt } from '../orchestrator/host/database-fault.ts';
import type { Database } from '../orchestrator/host/migrate.ts';
import { openToRead } from '../orchestrator/host/open-to-read.ts';
import { type OrchestratorRow, workingOn } from '../orchestrator/host/owner-table.ts';
import {
  knownSpoolIds,
  type WatchBounds,
  type Watched,
  watchQueue,
} from '../orchestrator/host/watch-table.ts';
import { HostFault } from '../shared/faults.ts';
import { whyOlder } from './older-database.ts';
import type { DatabaseLook } from './top-model.ts';

/** How long another program's transaction is waited for, ms: keys are not heard meanwhile. */
const BUSY_MS = 200;
/** More than a terminal shows. */
const BOUNDS: WatchBounds = { running: 200, jobs: 100, failures: 20, slots: 20, cartridges: 16 };
/** The longest window of the rates, ms. */
const LOOK_BACK_MS = 60_000;

export class WatchedDatabase {
  readonly #path: string;
  /** While somebody has the database open; otherwise its bytes are read when the file changes. */
  #open: { readonly database: Database; readonly file: string } | undefined;
  /** What the last look was at: `data_version` of a connection, or the file as it was. */
  #seen: string | undefined;
  #watched: Watched | undefined;
  #orchestrators: readonly OrchestratorRow[] = [];
  #ownIds: ReadonlySet<string> = new Set();

  /** @param path absolute */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * What is known of it now. Never throws for the world's faults: they are what it says.
   *
   * @param inHand ids of commands that renderers have in hand
   */
  look(nowMs: number, inHand: readonly string[]): DatabaseLook {
    this.#ownIds = new Set();
    try {
      const note = this.#look(nowMs);
      if (this.#open !== undefined && note === undefined) {
        this.#ownIds = new Set(knownSpoolIds(this.#open.database, inHand));
      }
      return this.#say(note);
    } catch (error) {
      this.close();
      if (!(error instanceof HostFault)) throw error;
      return { ...this.#say(error.message), isFailed: true };
    }
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
    this.#seen = undefined;
  }

  #say(note: string | undefined): DatabaseLook {
    const [watched, orchestrators, ownIds] = [this.#watched, this.#orchestrators, this.#ownIds];
    return { path: this.#path, watched, orchestrators, ownIds, note };
  }

  /** @returns why it cannot be read as it is */
  #look(nowMs: number): string | undefined {
    const file = fileAt(this.#path);
    if (file === undefined) {
      this.close();
      this.#forget();
      return `none at ${this.#path}: npm start makes it`;
    }
    // Another file has taken its place.
    if (this.#open !== undefined && this.#open.file !== file.identity) this.close();
    if (this.#open === undefined && this.#seen === file.state) return undefined;
    const database = this.#open?.database ?? openToRead(this.#path);
    if (database === undefined) {
      this.#forget();
      return `${this.#path} is empty: npm start makes a database of it`;
    }
    if (this.#open === undefined && !database.memory) {
      database.pragma(`busy_timeout = ${BUSY_MS}`);
      this.#open = { database, file: file.identity };
    }
    try {
      return attempt('read', this.#path, () => this.#read(database, file.state, nowMs));
    } finally {
      // A copy of the bytes: to be read once.
      if (this.#open === undefined) database.close();
    }
  }

  #read(database: Database, state: string, nowMs: number): string | undefined {
    const version = database.memory ? state : `${database.pragma('data_version', { simple: true })}`;
    if (version === this.#seen) {
      // A process that ended wrote nothing.
      this.#orchestrators = workingOn(database);
      return undefined;
    }
    const older = whyOlder(database);
    if (older !== undefined) {
      this.#forget();
      return `${this.#path}: ${older}`;
    }
    this.#watched = watchQueue(database, nowMs, nowMs - LOOK_BACK_MS, BOUNDS);
    this.#orchestrators = workingOn(database);
    this.#seen = version;
    return undefined;
  }

  #forget(): void {
    this.#watched = undefined;
    this.#orchestrators = [];
  }
}

/** Which file lies there, and how it is; undefined where none does. @throws {HostFault} where that cannot be seen */
function fileAt(path: string): { readonly identity: string; readonly state: string } | undefined {
  const stat = attempt('read', path, () => statSync(path, { throwIfNoEntry: false }));
  if (stat === undefined) return undefined;
  const { dev, ino, size, mtimeMs } = stat;
  const isInUse = existsSync(`${path}-wal`) || existsSync(`${path}-journal`);
  return { identity: `${dev} ${ino}`, state: `${dev} ${ino} ${size} ${mtimeMs} ${isInUse}` };
}

/**
 * The peer's queue: jobs in SQLite go to the Skia service over HTTP and come back as PNG files. It is built as one would
 * who had measured: claims and ends in batches, many requests under way, files synced together, a folder synced once.
 */
import { mkdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { diskFiles } from '../../shared/host/files.ts';
import type { Durability } from '../../shared/settings.ts';

/** Jobs in flight, as many as the orchestrator's. */
const WINDOW = 96;
/** Kept connections. More make it no faster on two cores. */
const CONNECTIONS = 8;
/** Between two looks at the table, ms, as the orchestrator's. */
const POLL_MS = 50;

export const JOBS = `
  CREATE TABLE IF NOT EXISTS jobs (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, scene TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'due', ended INTEGER NOT NULL DEFAULT 0, file TEXT, bytes INTEGER
  );
  CREATE INDEX IF NOT EXISTS jobs_open ON jobs (state, id) WHERE state <> 'done';`;

export interface QueuePart {
  readonly database: string;
  readonly pictures: string;
  readonly port: number;
  readonly durability: Durability;
}

interface Job {
  readonly id: number;
  readonly name: string;
  readonly scene: string;
}

interface Answered {
  readonly job: Job;
  readonly png: Buffer;
}

export async function serveQueue(part: QueuePart): Promise<{ ready: string; stop(): Promise<void> }> {
  mkdirSync(part.pictures, { recursive: true });
  const database = new Database(part.database, { timeout: 5_000 });
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${part.durability === 'durable' ? 'FULL' : 'NORMAL'}`);
  database.exec(JOBS);
  const queue = new Queue(database, part);
  const poll = setInterval(() => queue.look(), POLL_MS);
  return {
    ready: 'serving',
    async stop() {
      clearInterval(poll);
      await queue.idle();
      database.close();
    },
  };
}

class Queue {
  readonly #part: QueuePart;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, noDelay: true });
  readonly #version: () => number;
  readonly #claim: (limit: number) => Job[];
  readonly #end: (done: readonly { id: number; file: string; bytes: number }[]) => void;
  #seen = -1;
  #inFlight = 0;
  #answered: Answered[] = [];
  #settling: Promise<void> | undefined;

  constructor(database: Database.Database, part: QueuePart) {
    this.#part = part;
    const version = database.prepare<[], number>('PRAGMA data_version').pluck();
    this.#version = () => version.get() ?? 0;
    const due = database.prepare<[number], Job>(
      `SELECT id, name, scene FROM jobs WHERE state = 'due' ORDER BY id LIMIT ?`,
    );
    const take = database.prepare<[number]>(`UPDATE jobs SET state = 'taken' WHERE id = ?`);
    this.#claim = database.transaction((limit: number) => {
      const jobs = due.all(limit);
      for (const { id } of jobs) take.run(id);
      return jobs;
    });
    const end = database.prepare<[string, number, number]>(
      `UPDATE jobs SET state = 'done', ended = ended + 1, file = ?, bytes = ? WHERE id = ?`,
    );
    this.#end = database.transaction((done: readonly { id: number; file: string; bytes: number }[]) => {
      for (const { id, file, bytes } of done) end.run(file, bytes, id);
    });
  }

  /** Takes jobs in when somebody else has changed the table. */
  look(): void {
    const version = this.#version();
    if (version === this.#seen) return;
    this.#seen = version;
    this.#takeIn();
  }

  async idle(): Promise<void> {
    while (this.#settling !== undefined) await this.#settling;
    this.#agent.destroy();
  }

  #takeIn(): void {
    // Half a window at a time, so that each claim's commit is worth its sync.
    if (this.#inFlight > WINDOW / 2) return;
    for (const job of this.#claim(WINDOW - this.#inFlight)) {
      this.#inFlight++;
      void this.#ask(job).then((png) => {
        this.#answered.push({ job, png });
        this.#settling ??= this.#settle().finally(() => {
          this.#settling = undefined;
        });
      });
    }
  }

  /** All that has been answered, again and again until nothing is left. */
  async #settle(): Promise<void> {
    while (this.#answered.length > 0) {
      const batch = this.#answered.splice(0);
      const files = await Promise.all(batch.map((one) => this.#keep(one)));
      if (this.#part.durability === 'durable') await diskFiles.syncFolder(this.#part.pictures);
      this.#end(files);
      this.#inFlight -= batch.length;
      this.#takeIn();
    }
  }

  async #keep({ job, png }: Answered): Promise<{ id: number; file: string; bytes: number }> {
    const file = `${job.name}.png`;
    const path = join(this.#part.pictures, file);
    if (this.#part.durability === 'durable') await diskFiles.writeSynced(`${path}.wet`, png);
    else diskFiles.write(`${path}.wet`, png);
    diskFiles.rename(`${path}.wet`, path);
    return { id: job.id, file, bytes: png.length };
  }

  #ask({ scene }: Job): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(scene) };
      const options = {
        host: '127.0.0.1',
        port: this.#part.port,
        method: 'POST',
        agent: this.#agent,
        headers,
      };
      const asked = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
        response.on('error', reject);
      });
      asked.on('error', reject);
      asked.end(scene);
    });
  }
}

/** A store that grows: a process of its own lists, verifies or rebuilds it, and says how long that took and what memory. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../orchestrator/host/migrate.ts';
import { rebuildStore } from '../orchestrator/host/store-rebuild.ts';
import { StoreTable } from '../orchestrator/host/store-table.ts';
import { StoreWalk } from '../orchestrator/host/store-walk.ts';
import { diskFiles } from '../shared/host/files.ts';
import { fieldOf } from './process-status.ts';

export const STORE_WORK = ['rebuild', 'verify', 'list'] as const;

export interface StoreQuestion {
  readonly work: (typeof STORE_WORK)[number];
  /** Has `daemon.db` and `cartridges`. */
  readonly folder: string;
}

export interface StoreAnswer {
  readonly ms: number;
  /** Cartridges that were seen, all of them as they have to be. */
  readonly cartridges: number;
  /** The most that this process ever had, MiB. */
  readonly peakMib: number;
}

export async function serveStoring(): Promise<{
  ready: string;
  answer(question: unknown): Promise<StoreAnswer>;
  stop(): Promise<void>;
}> {
  return { ready: 'storing', answer: (question) => work(question as StoreQuestion), stop: async () => {} };
}

const breathe = (): Promise<void> => new Promise((done) => setImmediate(done));

async function work({ work, folder }: StoreQuestion): Promise<StoreAnswer> {
  const path = join(folder, 'daemon.db');
  if (work === 'rebuild') for (const part of ['', '-wal', '-shm']) rmSync(path + part, { force: true });
  const start = performance.now();
  const database = openDatabase(path, { durability: 'fast' });
  const walk = new StoreWalk(diskFiles, join(folder, 'cartridges'), new StoreTable(database));
  const cartridges = await WORK[work](walk);
  walk.close();
  database.close();
  const ms = performance.now() - start;
  // What the system gives as a process's own peak begins with that of the process which started it; this does not.
  const peak = fieldOf(process.pid, 'VmHWM');
  const { maxRSS } = process.resourceUsage();
  return { ms, cartridges, peakMib: peak === undefined ? maxRSS / 1_024 : (peak * 1e6) / 2 ** 20 };
}

const WORK: Readonly<Record<StoreQuestion['work'], (walk: StoreWalk) => Promise<number>>> = {
  async rebuild(walk) {
    const hear = { unread: refuse, step: () => {} };
    const { added } = await rebuildStore(walk, { isForced: false, fuse: () => true }, hear, breathe);
    return added;
  },
  async verify(walk) {
    let seen = 0;
    for (const finding of walk.cartridges()) {
      if (finding !== undefined) refuse(finding.path, finding.message);
      if (++seen % 64 === 0) await breathe();
    }
    for (const finding of walk.besides()) if (finding !== undefined) refuse(finding.path, finding.message);
    for (const { finding } of walk.amongObjects())
      if (finding !== undefined) refuse(finding.path, finding.message);
    return seen;
  },
  async list(walk) {
    let seen = 0;
    let bytes = 0;
    for (const row of walk.table.rows()) {
      bytes += JSON.stringify(row).length;
      if (++seen % 64 === 0) await breathe();
    }
    return bytes > 0 ? seen : 0;
  },
};

function refuse(path: string, message: string): never {
  throw new Error(`${path}: ${message}`);
}

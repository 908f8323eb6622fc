/** Wires the orchestrator's daemon to the world and runs it until it is stopped. */
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { FaultLog } from '../../shared/fault-log.ts';
import { ringOn } from '../../shared/host/bell.ts';
import { pause, systemClock } from '../../shared/host/clock.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import { Hiring } from '../../shared/host/hiring.ts';
import { Presence } from '../../shared/host/presence.ts';
import { ownIdentity } from '../../shared/host/process-identity.ts';
import { SpoolClient } from '../../shared/host/spool-client.ts';
import { threadModule } from '../../shared/host/thread-module.ts';
import type { BackendChoice } from '../../shared/protocol/command.ts';
import { VERSION } from '../../shared/version.ts';
import type { Journal } from '../../shared/world.ts';
import {
  ANNOUNCE_GRACE_MS,
  IDLE_THREAD_MS,
  type OrchestratorSettings,
  OWN_WORK_LOOK_MS,
  PROBE_MS,
  UPKEEP_MS,
} from '../config.ts';
import { OrchestratorDaemon } from '../daemon.ts';
import { Doorkeeper } from '../doorkeeper.ts';
import type { OnceResult, Table } from '../doors.ts';
import { SlotLine } from '../slot-line.ts';
import { JobTable } from './job-table.ts';
import { openDatabase } from './migrate.ts';
import { ownSchedules, ownWorks } from './own-works.ts';
import { OwnerTable } from './owner-table.ts';
import { PlanTable } from './plan-table.ts';
import { pressAnswer } from './press-answer.ts';
import { PressPool } from './press-pool.ts';
import { shelfWithObjects } from './shelf.ts';
import { SlotClient } from './slot-client.ts';
import { SlotTurn } from './slot-turn.ts';
import { whenFree } from './when-free.ts';

export interface Orchestrating {
  /** Resolves when `once` has done what it can; never otherwise. */
  readonly finished: Promise<OnceResult>;
  /** Resolves with the reason when the database was removed or replaced: only a new start sees it. */
  readonly lost: Promise<string>;
  stop(): Promise<void>;
}

export interface OrchestratingOptions {
  readonly once: boolean;
  /** How often every script is rendered again; undefined: never. */
  readonly cycleMs?: number;
  readonly backend: BackendChoice;
  readonly files?: Files;
  /** Once it is aborted, a start that waits for a database which another program holds throws. */
  readonly giveUp?: AbortSignal;
  /** Stands around the table, such as to stop the world after one of its statements. */
  readonly wrapTable?: (table: Table) => Table;
}

/**
 * Runs an orchestrator. Any number of them may work on one database.
 *
 * @throws {HostFault} when the database or a folder cannot be used
 */
export async function serveOrchestrator(
  settings: OrchestratorSettings,
  journal: Journal,
  options: OrchestratingOptions,
): Promise<Orchestrating> {
  const { files = diskFiles, wrapTable = (table) => table } = options;
  const socketDir = resolve(settings.socketDir);
  /** What was taken, to be given back in the opposite order. */
  const taken: (() => void)[] = [];
  const giveBack = (): void => {
    let fault: unknown;
    for (const release of taken.splice(0).reverse()) {
      try {
        release();
      } catch (error) {
        fault ??= error;
      }
    }
    if (fault !== undefined) {
      journal.error('upkeep:fault', { message: (fault as Error).message });
    }
  };
  try {
    const schedules = ownSchedules(settings);
    const { durability } = settings;
    const free = <Result>(work: () => Result) => whenFree(journal, options.giveUp, work);
    const database = await free(() => openDatabase(settings.database, { durability }));
    taken.push(() => database.close());
    const shelf = resolve(settings.cartridges);
    files.makeFolder(shelf);
    if (durability === 'durable') await files.syncFolder(dirname(shelf));

    const monotonic = (): number => systemClock.monotonic();
    const spool = new SpoolClient(files, socketDir);
    const slot = new SlotClient(files, socketDir);
    const line = new SlotLine(slot, { probeMs: PROBE_MS, answerMs: settings.timeoutMs }, uuidv7);
    // One core is the daemon's own.
    const most = Math.max(1, availableParallelism() - 1);
    const presses = new PressPool({
      hiring: new Hiring({
        // Each of them, and the daemon, may press in a memory of its own.
        thread: () => threadModule('orchestrator/host/press-thread.js', most, most + 1),
        work: 'press',
        journal: () => journal,
      }),
      most,
      idleMs: IDLE_THREAD_MS,
      pressHere: (answer) => pressAnswer(files, answer),
    });
    taken.push(() => void presses.close());
    const presence = new Presence(files, socketDir, monotonic);
    const turn = new SlotTurn(socketDir, systemClock);
    taken.push(() => turn.giveBack());
    const owners = new OwnerTable(database, {
      id: `o${process.pid}-${randomBytes(4).toString('hex')}`,
      ...ownIdentity(),
      version: VERSION,
      started_at: systemClock.iso(),
    });
    await free(() => {
      owners.beat();
      owners.tidy();
    });
    taken.push(() => owners.forget(owners.id));
    const cartridgeShelf = shelfWithObjects(files, settings.cartridges, durability, (message) => {
      journal.warn('shelf:no-objects', { message, hint: 'cartridges are kept under their names alone' });
    });
    const daemon = new OrchestratorDaemon(
      {
        table: wrapTable(new JobTable(database)),
        owners,
        plans: new PlanTable(database, owners.id),
        spool,
        slot,
        line,
        keeper: new Doorkeeper(
          settings.door,
          line,
          () => presence.alive(),
          () => turn.isOurs(),
          {
            graceMs: ANNOUNCE_GRACE_MS,
            nowMs: monotonic(),
          },
        ),
        shelf: cartridgeShelf,
        presses,
        clock: systemClock,
        journal,
        newId: uuidv7,
        jitter: Math.random,
        breathe: () => new Promise((done) => setImmediate(done)),
        pause,
      },
      {
        timeoutMs: settings.timeoutMs,
        backend: options.backend,
        once: options.once,
        ...(options.cycleMs === undefined ? {} : { cycleMs: options.cycleMs }),
        cartridges: settings.cartridges,
      },
    );
    // A round is of what is due, and of nothing else.
    const works = options.once
      ? []
      : ownWorks(settings, schedules, { database, owners, shelf: cartridgeShelf, journal });
    await free(() => {
      daemon.start();
      journal.info('orchestrator:serving', {
        database: resolve(settings.database),
        socket: socketDir,
        cartridges: shelf,
        door: settings.door,
      });
    });
    taken.push(
      ringOn(spool.outbox, (name) => daemon.hearOutbox(name)),
      ringOn(socketDir, () => daemon.hearSlot()),
      ringOn(join(socketDir, 'renderer'), () => daemon.poll()),
    );
    const poll = setInterval(() => daemon.poll(), settings.pollMs);
    taken.push(() => clearInterval(poll));
    const look = (): void => {
      for (const work of works) work.look();
    };
    const looking = setInterval(look, OWN_WORK_LOOK_MS);
    taken.push(() => clearInterval(looking));
    const file = realpathSync(settings.database);
    const opened = files.fact(file)?.identity;
    const faults = new FaultLog(journal, systemClock);
    const lost = new Promise<string>((lose) => {
      const look = (): void => {
        if (files.fact(file)?.identity !== opened) lose(`${file} was removed or replaced`);
      };
      const watch = setInterval(() => faults.attempt(look, 'upkeep:fault'), UPKEEP_MS);
      taken.push(() => clearInterval(watch));
    });
    look();
    return {
      finished: daemon.finished,
      lost,
      async stop() {
        clearInterval(looking);
        await Promise.all([daemon.stop(), ...works.map((work) => work.stop())]);
        await presses.close();
        giveBack();
        journal.info('orchestrator:stopped');
      },
    };
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** Wires the renderer's daemon to the world and serves a socket until it is stopped. */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pause, systemClock } from '../../shared/host/clock.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import { acquireLock, LockHeld } from '../../shared/host/lock.ts';
import { readAnnouncements } from '../../shared/host/presence.ts';
import { isAlive, ownIdentity } from '../../shared/host/process-identity.ts';
import { VERSION } from '../../shared/version.ts';
import type { Journal } from '../../shared/world.ts';
import { type RendererSettings, SWEEP_MS, UPKEEP_MS } from '../config.ts';
import { RendererDaemon } from '../daemon.ts';
import { announce } from './announcer.ts';
import { choosePainter } from './choose-painter.ts';
import { SpoolDesk } from './desk.ts';
import { SpoolInbox } from './inbox.ts';
import { Sweeper, takeOver } from './recovery.ts';
import { SeedSlot } from './slot.ts';
import { makeRooms, prepareSocket } from './socket-dir.ts';

export interface Serving {
  readonly renderer: string;
  /** Resolves when another renderer has taken the socket: there is nothing left but to stop. */
  readonly lost: Promise<void>;
  /** Finishes what is in hand, then leaves the socket as if nobody had been there. */
  stop(): Promise<void>;
}

/**
 * Serves a socket.
 *
 * @throws {LockHeld} when another renderer serves it
 * @throws {HostFault} when the directory cannot be trusted or used, or the backend is not there
 */
export async function serveRenderer(
  settings: RendererSettings,
  journal: Journal,
  files: Files = diskFiles,
): Promise<Serving> {
  const socketDir = resolve(settings.socketDir);
  const { painter, reason } = choosePainter(settings.backend);
  prepareSocket(files, socketDir, process.getuid?.());
  /** What was taken, to be given back in the opposite order. */
  const taken: (() => void)[] = [];
  const giveBack = (): void => {
    for (const release of taken.splice(0).reverse()) release();
  };
  try {
    const lockPath = join(socketDir, 'slot.lock');
    let lock = acquireLock(lockPath, systemClock.iso());
    taken.push(() => lock.release());
    refuseTheLiving(files, socketDir, lockPath);

    const identity = ownIdentity();
    const renderer = `r${identity.pid}-${randomBytes(4).toString('hex')}`;
    const workDir = join(socketDir, 'work', renderer);
    const { backend, adapter } = painter;
    taken.push(
      announce(files, socketDir, {
        ...identity,
        renderer,
        version: VERSION,
        backend,
        adapter,
        reason,
        started_at: systemClock.iso(),
      }),
    );
    files.makeFolder(workDir);
    taken.push(() => files.removeFolder(workDir));
    takeOver(files, socketDir, renderer, journal);

    const inbox = new SpoolInbox(files, socketDir, renderer);
    const slot = new SeedSlot(files, socketDir, renderer, () => systemClock.monotonic());
    taken.push(() => slot.close());
    if (!slot.seesUnreadRemovals) {
      journal.warn('slot:no-atime', {
        message:
          'This file system keeps no access times: an answer that a slot client deletes unread stays lost.',
      });
    }
    const daemon = new RendererDaemon(renderer, VERSION, {
      inbox,
      desk: new SpoolDesk(files, socketDir, renderer),
      slot,
      painter,
      clock: systemClock,
      journal,
      breathe: () => new Promise((done) => setImmediate(done)),
      pause,
    });
    const sweeper = new Sweeper(files, socketDir, () => systemClock.monotonic());
    taken.push(every(SWEEP_MS, journal, () => sweeper.sweep()));
    let lose: () => void = () => {};
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    taken.push(
      every(UPKEEP_MS, journal, () => {
        makeRooms(files, socketDir);
        files.makeFolder(workDir);
        if (lock.touch()) return;
        // Removed under us, such as by a cleaner: taken anew, unless somebody was faster.
        try {
          const anew = acquireLock(lockPath, systemClock.iso());
          lock.release();
          lock = anew;
        } catch (error) {
          if (!(error instanceof LockHeld)) throw error;
          journal.error('socket:lost', { message: error.message });
          lose();
        }
      }),
    );
    inbox.listen((door) => daemon.ring(door));
    journal.info('renderer:serving', { socket: socketDir, renderer, backend, adapter, reason });

    return {
      renderer,
      lost,
      async stop() {
        await inbox.close();
        await daemon.stop();
        giveBack();
        journal.info('renderer:stopped', { renderer });
      },
    };
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** The lock was free, yet somebody alive announces itself: its lock file was removed under it. */
function refuseTheLiving(files: Files, socketDir: string, lockPath: string): void {
  const living = readAnnouncements(files, socketDir).find((one) => one.pid !== process.pid && isAlive(one));
  if (living !== undefined) throw new LockHeld(lockPath, { pid: living.pid, since: living.started_at });
}

/** @returns stops it */
function every(ms: number, journal: Journal, act: () => void): () => void {
  const timer = setInterval(() => {
    try {
      act();
    } catch (error) {
      journal.error('upkeep:fault', { message: (error as Error).message });
    }
  }, ms);
  return () => clearInterval(timer);
}

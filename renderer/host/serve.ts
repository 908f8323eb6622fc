/** Wires the renderer's daemon to the world and serves a socket until it is stopped. */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Allowance } from '../../shared/allowance.ts';
import { pause, systemClock } from '../../shared/host/clock.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import { acquireLock, LockHeld } from '../../shared/host/lock.ts';
import { readAnnouncements } from '../../shared/host/presence.ts';
import { isAlive, ownIdentity } from '../../shared/host/process-identity.ts';
import { daemonAllowanceOf } from '../../shared/settings.ts';
import { VERSION } from '../../shared/version.ts';
import type { Journal } from '../../shared/world.ts';
import { type RendererSettings, SWEEP_MS, UPKEEP_MS } from '../config.ts';
import { RendererDaemon } from '../daemon.ts';
import type { Standing } from '../raster/painter.ts';
import { announce } from './announcer.ts';
import { type OpenBackends, openBackends } from './backends.ts';
import { SpoolDesk } from './desk.ts';
import { keepProbeReport } from './gpu/probe-report.ts';
import type { ProbeReport } from './gpu/trust.ts';
import { SpoolInbox } from './inbox.ts';
import { Sweeper, takeOver } from './recovery.ts';
import { SeedSlot } from './slot.ts';
import { makeRooms, prepareSocket } from './socket-dir.ts';

export interface Serving {
  readonly renderer: string;
  /** Who painted when it began to serve, and why. */
  readonly standing: Standing;
  /** Resolves when another renderer has taken the socket: there is nothing left but to stop. */
  readonly lost: Promise<void>;
  /** Finishes what is in hand, then leaves the socket as if nobody had been there. */
  stop(): Promise<void>;
}

/**
 * Serves a socket. The backends are opened before anything is touched, so that a renderer which has
 * nothing to paint with leaves no trace but the report of a GPU that paints wrong, and one that waits for
 * its device holds no lock.
 *
 * @throws {LockHeld} when another renderer serves it
 * @throws {HostFault} when the directory cannot be trusted or used, or the backend is not there
 */
export async function serveRenderer(
  settings: RendererSettings,
  journal: Journal,
  files: Files = diskFiles,
  open: typeof openBackends = openBackends,
): Promise<Serving> {
  const socketDir = resolve(settings.socketDir);
  const backends = await open(settings.backend, {
    onDistrust: (report) => keepReport(files, socketDir, report, journal),
  });
  try {
    return serveWith(backends, socketDir, daemonAllowanceOf(settings), journal, files);
  } catch (error) {
    await backends.close();
    throw error;
  }
}

function serveWith(
  backends: OpenBackends,
  socketDir: string,
  allowance: Allowance,
  journal: Journal,
  files: Files,
): Serving {
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
    const who = { ...identity, renderer, version: VERSION, started_at: systemClock.iso() };
    const { standing } = backends;
    const announcer = announce(files, socketDir, who, standing);
    taken.push(() => announcer.stop());
    backends.onChange((now) => {
      announcer.update(now);
      tell(journal, 'painter:changed', now);
    });
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
    const daemon = new RendererDaemon(
      renderer,
      VERSION,
      {
        inbox,
        desk: new SpoolDesk(files, socketDir, renderer),
        slot,
        backends,
        readInput: (path, maxBytes) => files.read(path, maxBytes),
        clock: systemClock,
        journal,
        breathe: () => new Promise((done) => setImmediate(done)),
        pause,
      },
      allowance,
    );
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
    tell(journal, 'renderer:serving', standing, { socket: socketDir, renderer });

    return {
      renderer,
      standing,
      lost,
      async stop() {
        try {
          await inbox.close();
          await daemon.stop();
          giveBack();
        } finally {
          await backends.close();
        }
        journal.info('renderer:stopped', { renderer });
      },
    };
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** A renderer that is not as it should be says so louder. */
function tell(journal: Journal, event: string, standing: Standing, fields: object = {}): void {
  const { backend, adapter, reason, health } = standing;
  journal[health === 'ok' ? 'info' : 'warn'](event, { backend, adapter, reason, health, ...fields });
}

/** Keeps what shows that a GPU paints wrong, for whoever reports it. */
function keepReport(files: Files, socketDir: string, report: ProbeReport, journal: Journal): void {
  const { adapter, difference } = report;
  try {
    // The backends are opened before the socket is made.
    prepareSocket(files, socketDir, process.getuid?.());
    const kept = keepProbeReport(files, socketDir, report, systemClock.iso());
    journal.error('gpu:distrusted', { adapter, message: difference, kept });
  } catch (error) {
    const kept = `not all: ${(error as Error).message}`;
    journal.error('gpu:distrusted', { adapter, message: difference, kept });
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

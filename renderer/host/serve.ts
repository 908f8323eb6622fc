/** Wires the renderer's daemon to the world and serves a socket until it is stopped. */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Allowance } from '../../shared/allowance.ts';
import { FaultLog } from '../../shared/fault-log.ts';
import { pause, systemClock } from '../../shared/host/clock.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import { Presence } from '../../shared/host/presence.ts';
import { ownIdentity } from '../../shared/host/process-identity.ts';
import { whatIsServed } from '../../shared/protocol/announcement.ts';
import { daemonAllowanceOf } from '../../shared/settings.ts';
import { VERSION } from '../../shared/version.ts';
import type { Journal } from '../../shared/world.ts';
import { type RendererSettings, SWEEP_MS, UPKEEP_MS } from '../config.ts';
import { RendererDaemon } from '../daemon.ts';
import { meaning, semanticsOf } from '../machine/meaning.ts';
import type { Standing } from '../raster/painter.ts';
import { announce } from './announcer.ts';
import { type OpenBackends, openBackends } from './backends.ts';
import { SpoolDesk } from './desk.ts';
import { keepProbeReport } from './gpu/probe-report.ts';
import type { ProbeReport } from './gpu/trust.ts';
import { SpoolInbox } from './inbox.ts';
import { tellOfThreads } from './own-crew.ts';
import { clearUnfinished, clearUnfinishedIn, Recovery } from './recovery.ts';
import { SharedSlot } from './shared-slot.ts';
import { SeedSlot } from './slot.ts';
import { SlotLock } from './slot-lock.ts';
import { makeRooms, prepareSocket } from './socket-dir.ts';
import { Sweeper } from './sweeper.ts';

export interface Serving {
  readonly renderer: string;
  /** Who painted when it began to serve, and why. */
  readonly standing: Standing;
  /** Whether it served the slot too when it began; otherwise another renderer did. */
  readonly slot: boolean;
  /** Finishes what is in hand, then leaves the socket as if nobody had been there. */
  stop(): Promise<void>;
  /** Leaves it at once, what is in hand too: the spool's jobs go back to the inbox, as often tried as before. */
  abandon(): void;
}

/**
 * Serves a socket: its spool beside any number of others, and its slot as soon as no other does. The backends are opened before anything is touched, so that a renderer which has
 * nothing to paint with leaves no trace but the report of a GPU that paints wrong, and one that waits for
 * its device holds no lock.
 *
 * @throws {HostFault} when the directory cannot be trusted or used, or the backend is not there
 */
export async function serveRenderer(
  settings: RendererSettings,
  journal: Journal,
  files: Files = diskFiles,
  open: typeof openBackends = openBackends,
): Promise<Serving> {
  const socketDir = resolve(settings.socketDir);
  tellOfThreads(journal);
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
    const monotonic = (): number => systemClock.monotonic();
    const identity = ownIdentity();
    const renderer = `r${identity.pid}-${randomBytes(4).toString('hex')}`;
    const workDir = join(socketDir, 'work', renderer);
    const presence = new Presence(files, socketDir, monotonic);
    clearUnfinished(files, socketDir, presence);
    const lock = new SlotLock(socketDir, renderer, presence, systemClock);
    taken.push(() => lock.release());
    lock.look();

    const semantics = semanticsOf(meaning());
    const who = { ...identity, renderer, version: VERSION, semantics, started_at: systemClock.iso() };
    const { standing } = backends;
    const announcer = announce(files, socketDir, who, standing, lock.isHeld);
    taken.push(() => announcer.stop());
    backends.onChange((now) => {
      announcer.update(now);
      tell(journal, 'painter:changed', now);
    });
    files.makeFolder(workDir);
    taken.push(() => files.removeFolder(workDir));

    const recovery = new Recovery(files, socketDir, renderer, presence, journal);
    const slot = new SharedSlot();
    taken.push(() => slot.close());
    const openSlot = (): void => {
      recovery.closeSlots();
      const opened = new SeedSlot(files, socketDir, renderer, monotonic);
      slot.open(opened);
      if (!opened.seesUnreadRemovals) {
        journal.warn('slot:no-atime', {
          message:
            'This file system keeps no access times: an answer that a slot client deletes unread stays lost.',
        });
      }
    };
    if (lock.isHeld) openSlot();
    recovery.look(lock.isHeld);

    const inbox = new SpoolInbox(files, socketDir, renderer);
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
    const faults = new FaultLog(journal, systemClock);
    announcer.showHand(() => daemon.inHand());
    const sweeper = new Sweeper(files, socketDir, monotonic);
    taken.push(every(SWEEP_MS, faults, () => sweeper.sweep()));
    let isStopping = false;
    const keepSlot = (): void => {
      // One that is about to leave takes over nothing.
      if (isStopping && !slot.isOpen) return;
      const holds = lock.look();
      if (holds === slot.isOpen) return;
      if (holds) {
        openSlot();
        journal.info('slot:taken', { renderer });
      } else {
        slot.leave();
        journal.warn('slot:lost', { message: 'Another renderer has taken the slot: its lock was removed.' });
      }
      announcer.serveSlot(holds);
      daemon.ring('slot');
    };
    taken.push(
      every(UPKEEP_MS, faults, () => {
        makeRooms(files, socketDir);
        // In this order: a folder whose owner does not announce itself is a dead one's.
        announcer.keep();
        files.makeFolder(workDir);
        recovery.look(slot.isOpen);
      }),
      every(UPKEEP_MS, faults, keepSlot),
    );
    inbox.listen((door) => daemon.ring(door));
    const servesSlot = slot.isOpen;
    tell(journal, 'renderer:serving', standing, {
      serves: whatIsServed(servesSlot),
      socket: socketDir,
      renderer,
    });

    return {
      renderer,
      standing,
      slot: servesSlot,
      async stop() {
        isStopping = true;
        try {
          await inbox.close();
          await daemon.stop();
          giveBack();
        } finally {
          await backends.close();
        }
        journal.info('renderer:stopped', { renderer });
      },
      abandon() {
        daemon.abandon();
        clearUnfinishedIn(files, workDir);
        giveBack();
        journal.warn('renderer:abandoned', { renderer });
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

/** @returns stops it */
function every(ms: number, faults: FaultLog, act: () => void): () => void {
  const timer = setInterval(() => faults.attempt(act, 'upkeep:fault'), ms);
  return () => clearInterval(timer);
}

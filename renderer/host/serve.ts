/** Wires the renderer's daemon to the world and serves a socket until it is stopped. */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pause, systemClock } from '../../shared/host/clock.ts';
import { diskFiles, type Files } from '../../shared/host/files.ts';
import type { Journal } from '../../shared/host/journal.ts';
import { acquireLock } from '../../shared/host/lock.ts';
import { ownIdentity } from '../../shared/host/process-identity.ts';
import { VERSION } from '../../shared/version.ts';
import { type RendererSettings, SWEEP_MS } from '../config.ts';
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
  const lock = acquireLock(join(socketDir, 'slot.lock'), systemClock.iso());

  const identity = ownIdentity();
  const renderer = `r${identity.pid}-${randomBytes(4).toString('hex')}`;
  const workDir = join(socketDir, 'work', renderer);
  const { backend, adapter } = painter;
  const withdraw = announce(files, socketDir, {
    ...identity,
    renderer,
    version: VERSION,
    backend,
    adapter,
    reason,
    started_at: systemClock.iso(),
  });
  files.makeFolder(workDir);
  takeOver(files, socketDir, renderer, journal);

  const inbox = new SpoolInbox(files, socketDir, renderer);
  const slot = new SeedSlot(files, socketDir, renderer, () => systemClock.monotonic());
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
  const upkeep = setInterval(() => {
    try {
      sweeper.sweep();
    } catch (error) {
      journal.error('upkeep:fault', { message: (error as Error).message });
    }
  }, SWEEP_MS);
  const rooms = setInterval(() => {
    try {
      makeRooms(files, socketDir);
      files.makeFolder(workDir);
    } catch (error) {
      journal.error('upkeep:fault', { message: (error as Error).message });
    }
  }, 1_000);
  inbox.listen(() => daemon.ring());
  journal.info('renderer:serving', { socket: socketDir, renderer, backend, adapter, reason });

  return {
    renderer,
    async stop() {
      clearInterval(upkeep);
      clearInterval(rooms);
      await inbox.close();
      await daemon.stop();
      slot.close();
      files.removeFolder(workDir);
      withdraw();
      lock.release();
      journal.info('renderer:stopped', { renderer });
    },
  };
}

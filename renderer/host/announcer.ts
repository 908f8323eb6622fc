/** The announcement: tells clients who serves this socket and how, and keeps its heart beating. */
import { join } from 'node:path';
import { type Files, moveIn } from '../../shared/host/files.ts';
import type { Announcement, InHand } from '../../shared/protocol/announcement.ts';
import type { Standing } from '../raster/painter.ts';
import { clearAway } from './poison.ts';

const HEARTBEAT_MS = 2_000;
/** Half of an announcement that is just being written may pass for a dead one's: written again as often as that. */
const ATTEMPTS = 3;

/** What does not change while a renderer lives. */
type Identity =
  | 'renderer'
  | 'pid'
  | 'start_time'
  | 'boot_id'
  | 'pid_namespace'
  | 'version'
  | 'semantics'
  | 'started_at';

/** An announcement that stands. */
export interface Announcer {
  /** Announces another standing from now on. */
  update(standing: Standing): void;
  /** From the next beat on, says what is in hand then. */
  showHand(inHand: () => InHand[]): void;
  /** Announces from now on whether the slot is served too. */
  serveSlot(slot: boolean): void;
  /**
   * Announces anew where nothing is announced any more, because somebody removed it.
   *
   * @throws {HostFault} when it cannot be written
   */
  keep(): void;
  /** Takes the announcement back. */
  stop(): void;
}

/**
 * Announces at once and every 2 s until it is stopped.
 *
 * @param slot whether the slot is served too
 * @throws {HostFault} when the first announcement cannot be written
 */
export function announce(
  files: Files,
  socketDir: string,
  who: Pick<Announcement, Identity>,
  standing: Standing,
  slot: boolean,
): Announcer {
  const name = `${who.renderer}.json`;
  const path = join(socketDir, 'renderer', name);
  const wet = join(socketDir, 'renderer', `.${who.renderer}.wet`);
  let heartbeat = 0;
  let inHand: (() => InHand[]) | undefined;
  const beat = (): void => {
    const { backend, adapter, reason, health } = standing;
    const painting = { backend, adapter, reason, health };
    const held = inHand === undefined ? {} : { in_hand: inHand() };
    const announcement: Announcement = { ...who, ...painting, slot, heartbeat: heartbeat++, ...held };
    for (let left = ATTEMPTS; ; left--) {
      files.write(wet, `${JSON.stringify(announcement)}\n`);
      try {
        moveIn(files, wet, path);
        return;
      } catch (error) {
        if (left === 1) throw error;
        if (files.fact(path)?.kind === 'folder') clearAway(files, socketDir, path, name);
      }
    }
  };
  const beatAgain = (): void => {
    try {
      beat();
    } catch {
      // A full disk or a cleaned room: the daemon's own scan reports and heals it, the next beat follows.
    }
  };
  beat();
  let timer: NodeJS.Timeout | undefined = setInterval(beatAgain, HEARTBEAT_MS);
  return {
    update(now) {
      standing = now;
      if (timer !== undefined) beatAgain();
    },
    showHand(now) {
      inHand = now;
    },
    serveSlot(now) {
      slot = now;
      if (timer !== undefined) beatAgain();
    },
    keep() {
      if (timer !== undefined && files.fact(path)?.kind !== 'file') beat();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      files.remove(path);
    },
  };
}

/** The announcement: tells clients who serves this socket and how, and keeps its heart beating. */
import { join } from 'node:path';
import type { Files } from '../../shared/host/files.ts';
import type { Announcement } from '../../shared/protocol/announcement.ts';
import type { Standing } from '../raster/painter.ts';

const HEARTBEAT_MS = 2_000;

/** What does not change while a renderer lives. */
type Identity = 'renderer' | 'pid' | 'start_time' | 'boot_id' | 'pid_namespace' | 'version' | 'started_at';

/** An announcement that stands. */
export interface Announcer {
  /** Announces another standing from now on. */
  update(standing: Standing): void;
  /** Takes the announcement back. */
  stop(): void;
}

/**
 * Announces at once and every 2 s until it is stopped.
 *
 * @throws {HostFault} when the first announcement cannot be written
 */
export function announce(
  files: Files,
  socketDir: string,
  who: Pick<Announcement, Identity>,
  standing: Standing,
): Announcer {
  const path = join(socketDir, 'renderer', `${who.renderer}.json`);
  const wet = join(socketDir, 'renderer', `.${who.renderer}.wet`);
  let heartbeat = 0;
  const beat = (): void => {
    const { backend, adapter, reason, health } = standing;
    const announcement: Announcement = { ...who, backend, adapter, reason, health, heartbeat: heartbeat++ };
    files.write(wet, `${JSON.stringify(announcement)}\n`);
    files.rename(wet, path);
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
    stop() {
      clearInterval(timer);
      timer = undefined;
      files.remove(path);
    },
  };
}

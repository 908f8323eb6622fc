/** The announcement: tells clients who serves this socket, and keeps its heart beating. */
import { join } from 'node:path';
import type { Files } from '../../shared/host/files.ts';
import type { Announcement } from '../../shared/protocol/announcement.ts';

const HEARTBEAT_MS = 2_000;

/** Announces at once and every 2 s until the returned function is called, which takes it back. */
export function announce(
  files: Files,
  socketDir: string,
  first: Omit<Announcement, 'heartbeat'>,
): () => void {
  const path = join(socketDir, 'renderer', `${first.renderer}.json`);
  const wet = join(socketDir, 'renderer', `.${first.renderer}.wet`);
  let heartbeat = 0;
  const beat = (): void => {
    files.write(wet, `${JSON.stringify({ ...first, heartbeat: heartbeat++ })}\n`);
    files.rename(wet, path);
  };
  beat();
  const timer = setInterval(() => {
    try {
      beat();
    } catch {
      // A full disk or a cleaned room: the daemon's own scan reports and heals it, the next beat follows.
    }
  }, HEARTBEAT_MS);
  return () => {
    clearInterval(timer);
    files.remove(path);
  };
}

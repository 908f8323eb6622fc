/** A doorbell on a folder: the kernel's events where there are any, and a slow scan that alone is enough. */
import { type FSWatcher, statSync, watch } from 'node:fs';

/** How often the bell rings by itself, ms. */
const SCAN_MS = 250;

/**
 * Rings with the name of what changed, or undefined for "look at everything". A folder that is
 * missing, or is replaced, is watched again from the next scan on.
 *
 * @returns closes the bell
 */
export function ringOn(folder: string, ring: (name: string | undefined) => void): () => void {
  let watcher: FSWatcher | undefined;
  let watched: string | undefined;
  const look = (): void => {
    const now = identityOf(folder);
    if (now !== watched) {
      watcher?.close();
      watcher = undefined;
      watched = undefined;
      if (now !== undefined) {
        try {
          watcher = watch(folder, (_event, name) => ring(name ?? undefined));
          watcher.on('error', () => {
            watched = undefined;
          });
          watched = now;
        } catch {
          // No watches left (fs.inotify.max_user_watches), or the folder went: the scan goes on.
        }
      }
    }
    ring(undefined);
  };
  const timer = setInterval(look, SCAN_MS);
  look();
  return () => {
    clearInterval(timer);
    watcher?.close();
  };
}

/** Undefined when there is no such folder, or no way to it. */
function identityOf(folder: string): string | undefined {
  try {
    const stats = statSync(folder);
    // A folder made anew often gets the inode of the one that was removed.
    return `${stats.ino} ${stats.birthtimeMs}`;
  } catch {
    return undefined;
  }
}

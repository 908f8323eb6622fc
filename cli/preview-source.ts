/** A program's file under an editor: says what it holds, and says so again whenever that has changed. */
import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { errorCode, HostFault, PeerFault } from '../shared/faults.ts';
import { ringOn } from '../shared/host/bell.ts';
import { diskFiles } from '../shared/host/files.ts';
import { LIMITS } from '../shared/limits.ts';

/** How long no event may come before a file is read, ms: editors empty a file, then write it. */
const QUIET_MS = 10;
/** Longest wait for quiet, ms. */
const RESTLESS_MS = 40;

/** Its bytes, or why there are none. */
export type Content = Uint8Array | string;

/** What a file holds now. @param path absolute; may be a symlink */
function contentOf(path: string): Content {
  try {
    return diskFiles.read(realpathSync(path), LIMITS.sourceBytes) ?? 'no such file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return 'no such file';
    if (error instanceof PeerFault || error instanceof HostFault) return error.message;
    return `Could not follow ${path}: ${(error as Error).message}`;
  }
}

/**
 * Watches a file by its folder and, where it is a symlink, by the folder of what it leads to, so that
 * it may be removed, replaced by rename or led elsewhere.
 *
 * @param changed is called at once, and then whenever the content differs from that of the last call
 * @returns ends the watch
 */
export function watchSource(path: string, changed: (content: Content) => void): () => void {
  let last: Content | undefined;
  let restlessSince: number | undefined;
  let quiet: NodeJS.Timeout | undefined;
  let target = path;
  let unwatchTarget = (): void => {};

  const look = (): void => {
    restlessSince = undefined;
    follow();
    // Times and sizes can stay while bytes change; a program is small enough to be compared itself.
    const content = contentOf(path);
    if (last !== undefined && Buffer.from(content).equals(Buffer.from(last))) {
      if (typeof content === typeof last) return;
    }
    last = content;
    changed(content);
  };
  const ring = (name: string | undefined): void => {
    if (name !== undefined && name !== basename(path) && name !== basename(target)) return;
    const now = performance.now();
    restlessSince ??= now;
    clearTimeout(quiet);
    quiet = setTimeout(look, Math.min(QUIET_MS, restlessSince + RESTLESS_MS - now));
  };
  const follow = (): void => {
    const now = realPath(path) ?? target;
    if (now === target) return;
    target = now;
    unwatchTarget();
    const elsewhere = dirname(target) !== dirname(path);
    unwatchTarget = elsewhere ? ringOn(dirname(target), ring) : () => {};
  };

  look();
  const unwatch = ringOn(dirname(path), ring);
  return () => {
    clearTimeout(quiet);
    unwatch();
    unwatchTarget();
  };
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

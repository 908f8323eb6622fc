/**
 * The inbox: the doorbell and the jobs behind it. chokidar's door. Events say "look now" and nothing
 * else; a slow scan alone is enough where a file system sends none.
 */
import { join, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { ringOn } from '../../shared/host/bell.ts';
import type { Files } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import { offeredName, parseJobName, takenName } from '../../shared/protocol/spool.ts';
import type { Door, Inbox, OfferedCommand, TakenJob } from '../doors.ts';
import { quarantine } from './poison.ts';

/** How often the doorbell rings by itself, ms. */
const SCAN_MS = 250;

export class SpoolInbox implements Inbox {
  readonly #files: Files;
  readonly #socketDir: string;
  /** With the slash at its end, as in #work: `join` takes longer than looking at a file that is not there. */
  readonly #inbox: string;
  readonly #work: string;
  #watcher: FSWatcher | undefined;
  #scan: NodeJS.Timeout | undefined;
  #closeBell: () => void = () => {};

  /** @param renderer the renderer's name: its folder in `work/` */
  constructor(files: Files, socketDir: string, renderer: string) {
    this.#files = files;
    this.#socketDir = socketDir;
    this.#inbox = join(socketDir, 'inbox', sep);
    this.#work = join(socketDir, 'work', renderer, sep);
  }

  /** Calls `look` now and whenever something may have arrived, with the door at which; undefined is both. */
  listen(look: (door?: Door) => void): void {
    // chokidar reads a folder anew at each event and looks at each file in it: 50 µs of a job's 500 here.
    this.#closeBell = ringOn(join(this.#socketDir, 'inbox'), () => look('spool'));
    const identity = (): string | undefined => this.#files.fact(this.#socketDir)?.identity;
    let before = identity();
    // First the scan: a file system without events, or a system without watches left, is served all the same.
    this.#scan = setInterval(() => {
      // The bell above scans the spool.
      look('slot');
      const now = identity();
      if (now === before) return;
      // A folder that was removed and made again sends its events to a new watch only.
      before = now;
      void this.#watcher?.close();
      this.#watch(look);
    }, SCAN_MS);
    this.#watch(look);
    look();
  }

  #watch(look: (door?: Door) => void): void {
    this.#watcher = watch(this.#socketDir, {
      depth: 0,
      followSymlinks: false,
      ignoreInitial: true,
      // The directory itself is all that is watched: its entries are never looked at one by one.
      ignored: (path) => path !== this.#socketDir,
    });
    // `raw` is the kernel's event as it comes: chokidar's own events are throttled and can be lost.
    this.#watcher.on('raw', () => look('slot'));
    this.#watcher.on('error', () => look());
    this.#watcher.once('ready', () => look());
  }

  async close(): Promise<void> {
    clearInterval(this.#scan);
    this.#closeBell();
    await this.#watcher?.close();
  }

  waiting(): string[] {
    const names = this.#files.list(this.#inbox);
    return names.some((name) => name.includes('~')) ? names.sort(bySuspicionThenName) : names.sort();
  }

  take(name: string): TakenJob | undefined {
    const offered = this.#inbox + name;
    const job = parseJobName(name);
    if (job === undefined) {
      quarantine(
        this.#files,
        this.#socketDir,
        offered,
        name,
        'Expected a file named <id>.json with an id of 1 to 64 characters of [A-Za-z0-9_-]; ' +
          'write it in tmp/ and rename it into inbox/ when it is complete.',
      );
      return undefined;
    }
    const path = this.#work + takenName(job);
    return this.#files.rename(offered, path) ? { job, path } : undefined;
  }

  read(taken: TakenJob): OfferedCommand | undefined {
    const found = this.#files.readDated(taken.path, LIMITS.commandBytes);
    return found && { bytes: found.bytes, offeredMs: found.modifiedMs };
  }

  holds(taken: TakenJob): boolean {
    return this.#files.fact(taken.path) !== undefined;
  }

  done(taken: TakenJob): void {
    this.#files.remove(taken.path);
  }

  handBack(taken: TakenJob): void {
    // The room may be what went missing.
    this.#files.makeFolder(this.#inbox);
    this.#files.rename(taken.path, this.#inbox + offeredName(taken.job));
  }

  poison(taken: TakenJob, why: string): void {
    quarantine(this.#files, this.#socketDir, taken.path, `${taken.job.id}.json`, why);
  }
}

/** Jobs that were in dead hands come last, so that one that kills its renderer delays no other. */
function bySuspicionThenName(a: string, b: string): number {
  const returns = (parseJobName(a)?.returns ?? 0) - (parseJobName(b)?.returns ?? 0);
  return returns !== 0 ? returns : a < b ? -1 : 1;
}

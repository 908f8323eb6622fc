/** Presence: which renderers serve a socket now, by protocol.md's rule for who is dead. */
import { join } from 'node:path';
import { PeerFault } from '../faults.ts';
import { type Announcement, decodeAnnouncement } from '../protocol/announcement.ts';
import type { Files } from './files.ts';
import { isAlive } from './process-identity.ts';

/** A heartbeat unchanged for this long, on the observer's monotonic clock, is a death. */
const SILENCE_MS = 10_000;
/** An announcement is far shorter; what is longer is none. */
const LONGEST_BYTES = 65_536;

/** What is known of one file among the announcements. */
interface Sighting {
  /** As it was last read; undefined while it has never been an announcement. */
  announcement: Announcement | undefined;
  /** Since when it has not changed, on the observer's clock. */
  since: number;
}

export class Presence {
  readonly #files: Files;
  readonly #socketDir: string;
  readonly #monotonic: () => number;
  /** By the name of the file. */
  readonly #seen = new Map<string, Sighting>();
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(files: Files, socketDir: string, monotonic: () => number) {
    this.#files = files;
    this.#socketDir = socketDir;
    this.#monotonic = monotonic;
  }

  /** Announcements of the living; one that cannot be read just now as it was. */
  alive(): Announcement[] {
    const listed = this.#files.list(join(this.#socketDir, 'renderer')).filter(isOwnerFile);
    // A file that is replaced while its folder is listed may be passed over: whoever was known is asked for by name.
    const names = new Set([...listed, ...[...this.#seen.keys()].filter(isOwnerFile)]);
    return [...names].sort().flatMap((name) => {
      const sighting = this.#look(name);
      if (sighting?.announcement === undefined || !this.#lives(sighting)) return [];
      return [sighting.announcement];
    });
  }

  /**
   * Whether whoever the file `renderer/<name>` speaks for is dead; one that is not there speaks for nobody, and nobody
   * is dead. A file that is no announcement, and never was, is dead when it has lain for 10 s.
   *
   * @throws {HostFault} when it cannot look, which says nothing about anybody
   */
  isDead(name: string): boolean {
    const sighting = this.#look(name);
    return sighting === undefined || !this.#lives(sighting);
  }

  #look(name: string): Sighting | undefined {
    const now = this.#monotonic();
    // Whoever has not looked for so long, such as while stopped, has not seen that nothing changed.
    if (now - this.#lookedMs >= SILENCE_MS) for (const one of this.#seen.values()) one.since = now;
    this.#lookedMs = now;
    const found = readAnnouncement(this.#files, this.#socketDir, name);
    if (found === undefined) {
      this.#seen.delete(name);
      return undefined;
    }
    const read = found === 'unreadable' ? undefined : found;
    const before = this.#seen.get(name);
    if (before === undefined) {
      const first = { announcement: read, since: now };
      this.#seen.set(name, first);
      return first;
    }
    if (read === undefined) return before;
    if (before.announcement?.heartbeat !== read.heartbeat) before.since = now;
    before.announcement = read;
    return before;
  }

  #lives({ announcement, since }: Sighting): boolean {
    const alive = announcement && isAlive(announcement);
    return alive ?? this.#monotonic() - since < SILENCE_MS;
  }
}

function isOwnerFile(name: string): boolean {
  return name.endsWith('.json');
}

/** Undefined when nothing lies there; something that is not the announcement of this name says nothing of anybody. */
function readAnnouncement(
  files: Files,
  socketDir: string,
  name: string,
): Announcement | 'unreadable' | undefined {
  try {
    const bytes = files.read(join(socketDir, 'renderer', name), LONGEST_BYTES);
    if (bytes === undefined) return undefined;
    const found = decodeAnnouncement(Buffer.from(bytes).toString('utf8'));
    return found !== undefined && `${found.renderer}.json` === name ? found : 'unreadable';
  } catch (error) {
    if (error instanceof PeerFault) return 'unreadable';
    throw error;
  }
}

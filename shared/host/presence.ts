/** Presence: which renderers serve a socket now, by protocol.md's rule for who is dead. */
import { join } from 'node:path';
import { PeerFault } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import { type Announcement, decodeAnnouncement } from '../protocol/announcement.ts';
import type { Files } from './files.ts';
import { isAlive } from './process-identity.ts';

/** A heartbeat unchanged for this long, on the observer's monotonic clock, is a death. */
const SILENCE_MS = 10_000;

/** All announcements at a socket, of the living and the dead. */
export function readAnnouncements(files: Files, socketDir: string): Announcement[] {
  const folder = join(socketDir, 'renderer');
  return files.list(folder).flatMap((name) => {
    if (!name.endsWith('.json')) return [];
    try {
      const bytes = files.read(join(folder, name), LIMITS.replyBytes);
      return (bytes && decodeAnnouncement(Buffer.from(bytes).toString('utf8'))) ?? [];
    } catch (error) {
      // Something that is not an announcement says nothing about anybody.
      if (error instanceof PeerFault) return [];
      throw error;
    }
  });
}

export class Presence {
  readonly #files: Files;
  readonly #socketDir: string;
  readonly #monotonic: () => number;
  readonly #beats = new Map<string, { heartbeat: number; since: number }>();

  constructor(files: Files, socketDir: string, monotonic: () => number) {
    this.#files = files;
    this.#socketDir = socketDir;
    this.#monotonic = monotonic;
  }

  /** Announcements of the living. */
  alive(): Announcement[] {
    return readAnnouncements(this.#files, this.#socketDir).filter((one) => this.#lives(one));
  }

  #lives(announcement: Announcement): boolean {
    const alive = isAlive(announcement);
    if (alive !== undefined) return alive;
    const seen = this.#beats.get(announcement.renderer);
    if (seen === undefined || seen.heartbeat !== announcement.heartbeat) {
      this.#beats.set(announcement.renderer, { heartbeat: announcement.heartbeat, since: this.#monotonic() });
      return true;
    }
    return this.#monotonic() - seen.since < SILENCE_MS;
  }
}

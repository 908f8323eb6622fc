/** Presence: which renderers serve a socket now, by protocol.md's rule for who is dead. */
import { join } from 'node:path';
import { PeerFault } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import { type Announcement, decodeAnnouncement } from '../protocol/announcement.ts';
import type { Files } from './files.ts';
import { isAlive } from './process-identity.ts';

/** A heartbeat unchanged for this long, on the observer's monotonic clock, is a death. */
const SILENCE_MS = 10_000;

export class Presence {
  readonly #files: Files;
  readonly #folder: string;
  readonly #monotonic: () => number;
  readonly #beats = new Map<string, { heartbeat: number; since: number }>();

  constructor(files: Files, socketDir: string, monotonic: () => number) {
    this.#files = files;
    this.#folder = join(socketDir, 'renderer');
    this.#monotonic = monotonic;
  }

  /** Announcements of the living. */
  alive(): Announcement[] {
    const living: Announcement[] = [];
    for (const name of this.#files.list(this.#folder)) {
      if (!name.endsWith('.json')) continue;
      const announcement = this.#read(join(this.#folder, name));
      if (announcement !== undefined && this.#lives(announcement)) living.push(announcement);
    }
    return living;
  }

  #read(path: string): Announcement | undefined {
    try {
      const bytes = this.#files.read(path, LIMITS.replyBytes);
      return bytes && decodeAnnouncement(Buffer.from(bytes).toString('utf8'));
    } catch (error) {
      // Something that is not an announcement says nothing about anybody.
      if (error instanceof PeerFault) return undefined;
      throw error;
    }
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

/** The sweeper: what absent clients left in a socket is removed in time. */
import { join } from 'node:path';
import type { Files } from '../../shared/host/files.ts';

/** A client's half-written command, ms. */
const WET_COMMAND_AGE_MS = 60_000;
/** A reply that nobody fetched, ms. */
const STALE_REPLY_AGE_MS = 600_000;

/**
 * Removes what has lain too long in `tmp/` and `outbox/`. Ages are counted on the observer's
 * monotonic clock from the first time a file was seen, so that no jump of the wall clock sweeps early.
 */
export class Sweeper {
  readonly #files: Files;
  readonly #socketDir: string;
  readonly #monotonic: () => number;
  readonly #firstSeen = new Map<string, number>();

  constructor(files: Files, socketDir: string, monotonic: () => number) {
    this.#files = files;
    this.#socketDir = socketDir;
    this.#monotonic = monotonic;
  }

  /** One round; returns the number of files removed. */
  sweep(): number {
    const present = new Set<string>();
    let removed = 0;
    for (const [room, ageMs] of [
      ['tmp', WET_COMMAND_AGE_MS],
      ['outbox', STALE_REPLY_AGE_MS],
    ] as const) {
      for (const name of this.#files.list(join(this.#socketDir, room))) {
        const path = join(this.#socketDir, room, name);
        // A file written anew under an old name is a new file.
        const key = `${path}\0${this.#files.fact(path)?.identity}`;
        present.add(key);
        const since = this.#firstSeen.get(key) ?? this.#monotonic();
        this.#firstSeen.set(key, since);
        if (this.#monotonic() - since < ageMs) continue;
        if (this.#files.fact(path)?.kind === 'folder') continue;
        if (this.#files.remove(path)) removed++;
      }
    }
    for (const key of this.#firstSeen.keys()) if (!present.has(key)) this.#firstSeen.delete(key);
    return removed;
  }
}

/** Recovery: what dead renderers and absent clients left in a socket is given back, closed or swept. */
import { join } from 'node:path';
import { sha256Hex } from '../../shared/bytes.ts';
import { PeerFault } from '../../shared/faults.ts';
import type { Files } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import { decodeCommand } from '../../shared/protocol/command.ts';
import type { ErrorReply } from '../../shared/protocol/reply.ts';
import { MAX_RETURNS, offeredName, parseJobName } from '../../shared/protocol/spool.ts';
import type { Journal } from '../../shared/world.ts';
import { clearAway, quarantine } from './poison.ts';

/** A client's half-written command, ms. */
const WET_COMMAND_AGE_MS = 60_000;
/** A reply that nobody fetched, ms. */
const STALE_REPLY_AGE_MS = 600_000;

/**
 * Takes over from the dead. To be called while holding the socket's lock, which is what makes every
 * other renderer's work folder a dead one's; docs/protocol.md's crash table says what happens to each file.
 *
 * @param own this renderer's name
 */
export function takeOver(files: Files, socketDir: string, own: string, journal: Journal): void {
  for (const dead of files.list(join(socketDir, 'work'))) {
    if (dead === own) continue;
    const folder = join(socketDir, 'work', dead);
    if (files.fact(folder)?.kind !== 'folder') {
      clearAway(files, socketDir, folder, dead);
      continue;
    }
    for (const name of files.list(folder)) {
      const path = join(folder, name);
      if (name === 'slot.json') closeSlot(files, socketDir, path);
      else if (parseJobName(name) !== undefined) giveBack(files, socketDir, path, name, journal);
      else clearAway(files, socketDir, path, name);
    }
    files.removeFolder(folder);
  }
  for (const name of files.list(join(socketDir, 'renderer'))) {
    if (name !== `${own}.json`) clearAway(files, socketDir, join(socketDir, 'renderer', name), name);
  }
}

function closeSlot(files: Files, socketDir: string, path: string): void {
  // Pixels that lie there may be those of the question before: killed between taking and clearing.
  clearAway(files, socketDir, join(socketDir, 'out.raw'), 'out.raw');
  clearAway(files, socketDir, join(socketDir, 'out.json'), 'out.json');
  if (files.fact(join(socketDir, 'cmd.json')) === undefined) {
    const wet = `${path}.reply`;
    const reply = {
      ...idOf(files, path),
      ...interrupted('The renderer ended while it held this command.', true),
    };
    files.write(wet, `${JSON.stringify(reply)}\n`);
    files.rename(wet, join(socketDir, 'out.json'));
  }
  clearAway(files, socketDir, path, 'cmd.json');
}

function giveBack(files: Files, socketDir: string, path: string, name: string, journal: Journal): void {
  const { id, returns } = parseJobName(name)!;
  const reply = join(socketDir, 'outbox', `${id}.json`);
  if (files.fact(reply) !== undefined) {
    files.remove(path);
    return;
  }
  const next = { id, returns: returns + 1 };
  if (next.returns < MAX_RETURNS) {
    files.rename(path, join(socketDir, 'inbox', offeredName(next)));
    journal.warn('job:returned', { id, returns: next.returns });
    return;
  }
  const why = `${next.returns} renderers ended with this job in hand; it is not tried again.`;
  const wet = `${path}.reply`;
  const asked = digestOf(files, path);
  files.write(wet, `${JSON.stringify({ id, ...interrupted(why, false), ...asked })}\n`);
  files.rename(wet, reply);
  quarantine(files, socketDir, path, `${id}.json`, why);
  journal.error('job:poisoned', { id, returns: next.returns });
}

/** Lets the same question be known again; nothing when the command cannot be read. */
function digestOf(files: Files, path: string): { command_sha256?: string } {
  return readTolerantly(files, path, (bytes) => ({ command_sha256: sha256Hex(bytes) }));
}

/** The id that a slot's command gave itself; nothing when it has none or cannot be read. */
function idOf(files: Files, path: string): { id?: string } {
  return readTolerantly(files, path, (bytes) => {
    const { id } = decodeCommand(bytes);
    return id === undefined ? {} : { id };
  });
}

function readTolerantly<Part>(
  files: Files,
  path: string,
  partOf: (bytes: Uint8Array) => Part,
): Part | Record<string, never> {
  try {
    const bytes = files.read(path, LIMITS.commandBytes);
    return bytes === undefined ? {} : partOf(bytes);
  } catch (error) {
    if (error instanceof PeerFault) return {};
    throw error;
  }
}

function interrupted(message: string, retryable: boolean): ErrorReply {
  return { status: 'error', retryable, error: { code: 'RUN-E001', message: `Interrupted: ${message}` } };
}

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

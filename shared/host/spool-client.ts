/** The client's side of the spool: offers commands, collects answers, withdraws what nobody took. */
import { join, sep } from 'node:path';
import { PeerFault } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import { believe, type Collected, type Unbelievable } from '../protocol/belief.ts';
import { decodeReply, type Reply } from '../protocol/reply.ts';
import { parseJobName } from '../protocol/spool.ts';
import { type Files, LONG_BYTES, moveIn } from './files.ts';

/** From so many names on, to list an outbox takes more than a millisecond. */
const FULL = 1_024;
/** How long nothing has changed in one that is quiet, ms. */
const QUIET_MS = 2_000;
/** How often a quiet one is listed, ms. */
const LIST_MS = 5_000;

export class SpoolClient {
  /** An outbox in which nothing has changed, and until when that is believed. */
  #quiet: { readonly changedMs: number; readonly untilMs: number } | undefined;
  readonly #files: Files;
  /** Where answers appear: the folder to listen at. */
  readonly outbox: string;
  /** With the slash at their ends: `join` takes longer than looking at a file that is not there. */
  readonly #tmp: string;
  readonly #inbox: string;
  readonly #outbox: string;
  readonly #work: string;

  constructor(files: Files, socketDir: string) {
    this.#files = files;
    this.outbox = join(socketDir, 'outbox');
    this.#tmp = join(socketDir, 'tmp', sep);
    this.#inbox = join(socketDir, 'inbox', sep);
    this.#outbox = this.outbox + sep;
    this.#work = join(socketDir, 'work');
  }

  /** @throws {HostFault} when the socket is not there or cannot be written */
  offer(id: string, command: string): void {
    const wet = `${this.#tmp}${id}.json`;
    try {
      this.#files.write(wet, command);
      moveIn(this.#files, wet, `${this.#inbox}${id}.json`);
    } catch (error) {
      // Half a command on a full disk: its own fault matters more than one while clearing up.
      try {
        this.#files.remove(wet);
      } catch {}
      throw error;
    }
  }

  /** Ids of what renderers have in hand, anybody's, by the renderer's name. */
  hands(): Map<string, Set<string>> {
    return new Map(
      this.#files
        .list(this.#work)
        .map((renderer) => [renderer, jobIds(this.#files.list(join(this.#work, renderer)))]),
    );
  }

  /** Ids of what nobody has taken yet, anybody's. */
  offered(): Set<string> {
    return jobIds(this.#files.list(this.#inbox));
  }

  /** Takes a command back; false when somebody took it already. */
  withdraw(id: string): boolean {
    const wet = `${this.#tmp}${id}.json`;
    this.#files.remove(wet);
    for (const name of [
      `${id}.json`,
      ...this.#files.list(this.#inbox).filter((name) => parseJobName(name)?.id === id),
    ]) {
      if (this.#files.rename(this.#inbox + name, wet)) {
        this.#files.remove(wet);
        return true;
      }
    }
    return false;
  }

  /**
   * Ids that have an answer in the outbox, or pixels that a crash left without their reply. Where it is so full that to list
   * it takes long, none while nothing has changed in it for a while; once in a few seconds it is listed all the same.
   */
  answered(): string[] {
    // Looked at before it is listed: what comes in between makes it another one.
    const changedMs = this.#files.fact(this.outbox)?.modifiedMs;
    const quiet = this.#quiet;
    if (quiet !== undefined && quiet.changedMs === changedMs && performance.now() < quiet.untilMs) return [];
    const names = this.#files.list(this.outbox);
    // The clock of file times ticks slowly: two changes of one tick cannot be told apart.
    const isQuiet = names.length >= FULL && changedMs !== undefined && changedMs < Date.now() - QUIET_MS;
    this.#quiet = isQuiet ? { changedMs, untilMs: performance.now() + LIST_MS } : undefined;
    return [...new Set(names.flatMap((name) => /^(.+)\.(?:json|raw)$/.exec(name)?.[1] ?? []))];
  }

  /** The answer for an id, which stays in the outbox until `forget`; undefined when there is none yet. */
  collect(id: string): Collected | Unbelievable | undefined {
    return unlessUnreadable(() => {
      const found = this.#look(id);
      if (found === undefined || 'unbelievable' in found) return found;
      const { reply, pixelFile } = found;
      if (reply.status !== 'ok') return { reply, pixels: undefined };
      return believe(reply, this.#files.read(pixelFile, reply.bytes));
    });
  }

  /** As `collect`, but the pixels are left unread in their file, which is named. */
  look(id: string): { readonly reply: Reply; readonly pixelFile: string } | Unbelievable | undefined {
    return unlessUnreadable(() => this.#look(id));
  }

  #look(id: string): { readonly reply: Reply; readonly pixelFile: string } | Unbelievable | undefined {
    const bytes = this.#files.read(`${this.#outbox}${id}.json`, LIMITS.replyBytes);
    if (bytes === undefined) return undefined;
    const reply = decodeReply(Buffer.from(bytes).toString('utf8'));
    if (reply === undefined) return { unbelievable: 'Expected a reply, found a file that is not one' };
    return { reply, pixelFile: `${this.#outbox}${id}.raw` };
  }

  /**
   * Removes the answer for an id; the reply goes first, so that no reply is ever without its pixels.
   *
   * @param pixelBytes how many they are, if that is known: many are removed soon rather than at once
   */
  forget(id: string, pixelBytes = 0): void {
    this.#files.remove(`${this.#outbox}${id}.json`);
    const pixels = `${this.#outbox}${id}.raw`;
    if (pixelBytes < LONG_BYTES) this.#files.remove(pixels);
    // What stays for now is nobody's, and swept.
    else this.#files.removeLong(pixels).catch(() => {});
  }
}

function jobIds(names: readonly string[]): Set<string> {
  return new Set(names.flatMap((name) => parseJobName(name)?.id ?? []));
}

function unlessUnreadable<T>(read: () => T): T | Unbelievable {
  try {
    return read();
  } catch (error) {
    if (error instanceof PeerFault) return { unbelievable: error.message };
    throw error;
  }
}

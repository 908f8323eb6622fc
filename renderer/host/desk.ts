/** The desk: publishes replies in the outbox, pixels first; the reply is the commit. */
import { join, sep } from 'node:path';
import { PeerFault } from '../../shared/faults.ts';
import { type Files, LONG_BYTES, moveIn } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import { decodeReply, type Reply } from '../../shared/protocol/reply.ts';
import type { Desk } from '../doors.ts';
import { clearAway } from './poison.ts';

export class SpoolDesk implements Desk {
  readonly #files: Files;
  readonly #socketDir: string;
  /** With the slash at its end, as in #work. */
  readonly #outbox: string;
  readonly #work: string;

  constructor(files: Files, socketDir: string, renderer: string) {
    this.#files = files;
    this.#socketDir = socketDir;
    this.#outbox = join(socketDir, 'outbox', sep);
    this.#work = join(socketDir, 'work', renderer, sep);
  }

  held(id: string): Reply | undefined {
    const path = `${this.#outbox}${id}.json`;
    // Nearly always nothing is there, and a look is cheaper than an exception: 2 µs against 20.
    if (this.#files.fact(path) === undefined) return undefined;
    try {
      const bytes = this.#files.read(path, LIMITS.replyBytes);
      return bytes === undefined ? undefined : decodeReply(Buffer.from(bytes).toString('utf8'));
    } catch (error) {
      // Something that is not a reply lies there: it is no answer, and is replaced by one.
      if (error instanceof PeerFault) return undefined;
      throw error;
    }
  }

  publishPixels(id: string, pixels: Uint8Array): void | Promise<void> {
    const name = `${id}.raw`;
    if (pixels.length < LONG_BYTES) return this.#put(name, pixels);
    return this.#files.writeLong(this.#wetOf(name), pixels).then(() => this.#moveIn(name));
  }

  withdrawPixels(id: string): void {
    for (const path of [this.#wetOf(`${id}.raw`), `${this.#outbox}${id}.raw`]) {
      if (this.#files.fact(path) !== undefined) clearAway(this.#files, this.#socketDir, path, `${id}.raw`);
    }
  }

  publishReply(id: string, reply: Reply): void {
    this.#put(`${id}.json`, `${JSON.stringify(reply)}\n`);
  }

  republish(id: string): void {
    const reply = `${this.#outbox}${id}.json`;
    const wet = `${this.#work}${id}.json.wet`;
    // Out and in again: a rename is what a listener hears.
    if (this.#files.rename(reply, wet)) this.#files.rename(wet, reply);
  }

  /** Written among the renderer's own work, so that a listener at the outbox hears one event for each file. */
  #put(name: string, data: Uint8Array | string): void {
    this.#files.write(this.#wetOf(name), data);
    this.#moveIn(name);
  }

  #wetOf(name: string): string {
    return `${this.#work}${name}.wet`;
  }

  #moveIn(name: string): void {
    const wet = this.#wetOf(name);
    const path = this.#outbox + name;
    try {
      moveIn(this.#files, wet, path);
    } catch (error) {
      // Looked at no sooner, since there hardly ever is one.
      if (this.#files.fact(path)?.kind !== 'folder') throw error;
      clearAway(this.#files, this.#socketDir, path, name);
      moveIn(this.#files, wet, path);
    }
  }
}

/**
 * The seed's slot: `cmd.json` in, `out.raw` and `out.json` out, one command at a time. Clients here
 * know nothing of ids or replies, write in place, and may delete an answer that they have not read.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { type Files, LONG_BYTES, moveIn } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { Reply } from '../../shared/protocol/reply.ts';
import { LATE_DELETE_MS } from '../config.ts';
import type { Slot } from '../doors.ts';
import { clearAway, quarantine } from './poison.ts';

export class SeedSlot implements Slot {
  readonly #files: Files;
  readonly #socketDir: string;
  readonly #monotonic: () => number;
  readonly #command: string;
  readonly #taken: string;
  readonly #pixels: string;
  readonly #reply: string;
  readonly #wet: string;
  readonly #atimeWorks: boolean;
  /** Pixels that lie at #wet already, to be published next. */
  #prepared: Uint8Array | undefined;
  /** The last answer, held open for as long as it may be removed unread. */
  #answer:
    | { descriptor: number; pixels: Uint8Array; done: (() => void) | undefined; publishedMs: number }
    | undefined;

  constructor(files: Files, socketDir: string, renderer: string, monotonic: () => number) {
    this.#files = files;
    this.#monotonic = monotonic;
    this.#socketDir = socketDir;
    this.#command = join(socketDir, 'cmd.json');
    this.#pixels = join(socketDir, 'out.raw');
    this.#reply = join(socketDir, 'out.json');
    const workDir = join(socketDir, 'work', renderer);
    this.#taken = join(workDir, 'slot.json');
    this.#wet = join(workDir, 'slot.out');
    this.#atimeWorks = this.#probeAtime();
  }

  /** Whether an answer that was removed unread can be told from one that was read. */
  get seesUnreadRemovals(): boolean {
    return this.#atimeWorks;
  }

  take(): boolean {
    // A look is cheaper than an exception: 2 µs against 20.
    if (!this.waits() || !this.#files.rename(this.#command, this.#taken)) return false;
    this.#clearAnswer();
    // Written for an answer that a newer command made nobody's.
    if (this.#prepared !== undefined) this.#files.remove(this.#wet);
    this.#prepared = undefined;
    return true;
  }

  read(): Uint8Array | undefined {
    return this.#files.read(this.#taken, LIMITS.commandBytes);
  }

  waits(): boolean {
    return this.#files.fact(this.#command) !== undefined;
  }

  holds(): boolean {
    return this.#files.fact(this.#taken) !== undefined;
  }

  async prepare(pixels: Uint8Array): Promise<void> {
    if (pixels.length < LONG_BYTES) return;
    await this.#files.writeLong(this.#wet, pixels);
    this.#prepared = pixels;
  }

  publish(reply: Reply, pixels: Uint8Array | undefined, done?: () => void): void {
    this.#forgetAnswer();
    if (pixels !== undefined) this.#publishPixels(pixels, done);
    else done?.();
    this.#files.write(this.#wet, `${JSON.stringify(reply)}\n`);
    moveIn(this.#files, this.#wet, this.#reply);
  }

  withdrawAnswer(): void {
    this.#clearAnswer();
  }

  done(): void {
    clearAway(this.#files, this.#socketDir, this.#taken, 'cmd.json');
  }

  /** Puts the command in hand back for another renderer, unless a newer one took its place. */
  handBack(): void {
    if (this.waits()) this.done();
    else this.#files.rename(this.#taken, this.#command);
  }

  poison(why: string): void {
    quarantine(this.#files, this.#socketDir, this.#taken, 'cmd.json', why);
  }

  republishIfLost(): boolean {
    const answer = this.#answer;
    if (answer === undefined) return false;
    const stats = fs.fstatSync(answer.descriptor);
    const removed = stats.nlink === 0;
    const unread = stats.atimeMs === 0;
    const late = this.#monotonic() - answer.publishedMs > LATE_DELETE_MS;
    if (!removed && unread && !late) return false;
    if (!unread || late || this.waits()) {
      this.#forgetAnswer();
      return false;
    }
    fs.closeSync(answer.descriptor);
    this.#answer = undefined;
    this.#publishPixels(answer.pixels, answer.done);
    return true;
  }

  close(): void {
    this.#forgetAnswer();
    // Pixels that were written for an answer which a newer command made nobody's.
    this.#files.remove(this.#wet);
  }

  #publishPixels(pixels: Uint8Array, done: (() => void) | undefined): void {
    try {
      if (this.#prepared !== pixels) this.#files.write(this.#wet, pixels);
      this.#prepared = undefined;
      if (this.#atimeWorks) {
        // atime 0 until somebody reads: with relatime the first read after a write updates it.
        fs.utimesSync(this.#wet, 0, new Date());
        const descriptor = fs.openSync(this.#wet, 'r');
        this.#answer = { descriptor, pixels, done, publishedMs: this.#monotonic() };
      }
      moveIn(this.#files, this.#wet, this.#pixels);
    } finally {
      if (this.#answer?.pixels !== pixels) done?.();
    }
  }

  #clearAnswer(): void {
    this.#forgetAnswer();
    clearAway(this.#files, this.#socketDir, this.#pixels, 'out.raw');
    clearAway(this.#files, this.#socketDir, this.#reply, 'out.json');
  }

  #forgetAnswer(): void {
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer === undefined) return;
    fs.closeSync(answer.descriptor);
    answer.done?.();
  }

  #probeAtime(): boolean {
    this.#files.write(this.#wet, 'probe');
    fs.utimesSync(this.#wet, 0, new Date());
    const descriptor = fs.openSync(this.#wet, 'r');
    try {
      const before = fs.fstatSync(descriptor).atimeMs;
      fs.readSync(descriptor, Buffer.alloc(1));
      return before === 0 && fs.fstatSync(descriptor).atimeMs > 0;
    } finally {
      fs.closeSync(descriptor);
      this.#files.remove(this.#wet);
    }
  }
}

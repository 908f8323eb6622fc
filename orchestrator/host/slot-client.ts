/** The client's side of the seed's slot: one command at a time, for any renderer built from the seed. */
import { join } from 'node:path';
import { PeerFault } from '../../shared/faults.ts';
import { type Files, moveIn } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import { believe, type Collected, type Unbelievable } from '../../shared/protocol/belief.ts';
import { decodeReply } from '../../shared/protocol/reply.ts';
import type { SlotDoor } from '../slot-line.ts';

export class SlotClient implements SlotDoor {
  readonly #files: Files;
  readonly #command: string;
  readonly #pixels: string;
  readonly #reply: string;
  readonly #wet: string;
  #offered: string | undefined;

  constructor(files: Files, socketDir: string) {
    this.#files = files;
    this.#command = join(socketDir, 'cmd.json');
    this.#pixels = join(socketDir, 'out.raw');
    this.#reply = join(socketDir, 'out.json');
    this.#wet = join(socketDir, '.cmd.json.wet');
  }

  offer(command: string): void {
    // Old answers go first, so that whatever appears from now on is younger than the question.
    this.clear();
    this.#files.write(this.#wet, command);
    moveIn(this.#files, this.#wet, this.#command);
    this.#offered = command;
  }

  collect(
    id: string,
    expectedBytes: number,
    repliesKnown: boolean,
  ): Collected | Unbelievable | Uint8Array | undefined {
    try {
      return this.#collect(id, expectedBytes, repliesKnown);
    } catch (error) {
      // A FIFO or a symlink under an answer's name is no answer; the next question removes it.
      if (error instanceof PeerFault) return undefined;
      throw error;
    }
  }

  #collect(id: string, expectedBytes: number, repliesKnown: boolean) {
    const text = this.#files.read(this.#reply, LIMITS.replyBytes);
    const reply = text && decodeReply(Buffer.from(text).toString('utf8'));
    if (reply !== undefined && reply.id === id) {
      if (reply.status !== 'ok') return { reply, pixels: undefined };
      return believe(reply, this.#files.read(this.#pixels, reply.bytes));
    }
    // A renderer that writes replies says so when it is ready; one that does not is believed by length.
    if (repliesKnown) return undefined;
    if (this.#files.fact(this.#pixels)?.sizeBytes !== expectedBytes) return undefined;
    return this.#files.read(this.#pixels, expectedBytes);
  }

  clear(): void {
    this.#files.remove(this.#pixels);
    this.#files.remove(this.#reply);
  }

  withdraw(): void {
    if (this.#offered === undefined) return;
    const lies =
      this.#files.fact(this.#command)?.kind === 'file' &&
      this.#files.read(this.#command, LIMITS.commandBytes);
    if (lies && Buffer.from(lies).toString('utf8') === this.#offered) this.#files.remove(this.#command);
    this.#offered = undefined;
  }

  tidy(): void {
    this.#files.remove(this.#wet);
  }
}

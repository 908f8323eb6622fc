/** A client's hand at the spool, written from docs/protocol.md alone, with nothing of the product's in it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from './wait-until.ts';

/** A reply as JSON has it. */
export interface PlainReply {
  readonly id?: string;
  readonly status: string;
  readonly sha256?: string;
  readonly bytes?: number;
  readonly command_sha256?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly retryable?: boolean;
  readonly renderer?: string;
  readonly ignored?: readonly string[];
}

export interface PlainAnswer {
  readonly reply: PlainReply;
  readonly pixels: Buffer | undefined;
}

export class SpoolHand {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  /** Offers bytes under a name: written in `tmp/`, renamed into `inbox/`. */
  offerBytes(id: string, bytes: Uint8Array | string): void {
    const wet = join(this.#socket, 'tmp', `${id}.json`);
    writeFileSync(wet, bytes);
    renameSync(wet, join(this.#socket, 'inbox', `${id}.json`));
  }

  /** Offers a program. */
  offer(id: string, code: string, fields: object = {}): void {
    this.offerBytes(id, JSON.stringify({ op: 'render_program', id, code, ...fields }));
  }

  /** The answer that lies there now; undefined when there is none. Pixels are held to their reply. */
  look(id: string): PlainAnswer | undefined {
    const path = join(this.#socket, 'outbox', `${id}.json`);
    if (!existsSync(path)) return undefined;
    const reply = JSON.parse(readFileSync(path, 'utf8')) as PlainReply;
    if (reply.status !== 'ok') return { reply, pixels: undefined };
    const pixels = readFileSync(join(this.#socket, 'outbox', `${id}.raw`));
    if (pixels.length !== reply.bytes || sha256(pixels) !== reply.sha256) {
      throw new Error(`Expected the pixels that the reply to ${id} names, found ${pixels.length} others`);
    }
    return { reply, pixels };
  }

  /** Waits for an answer. */
  answer(id: string, limitMs?: number): Promise<PlainAnswer> {
    return waitUntil(`an answer to ${id}`, () => this.look(id), limitMs);
  }

  /** Removes an answer, the reply first. */
  forget(id: string): void {
    rmSync(join(this.#socket, 'outbox', `${id}.json`), { force: true });
    rmSync(join(this.#socket, 'outbox', `${id}.raw`), { force: true });
  }
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A client's hand at the seed's slot. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlainReply } from './spool-hand.ts';
import { waitUntil } from './wait-until.ts';

export class SlotHand {
  readonly command: string;
  readonly pixels: string;
  readonly reply: string;

  constructor(socket: string) {
    this.command = join(socket, 'cmd.json');
    this.pixels = join(socket, 'out.raw');
    this.reply = join(socket, 'out.json');
  }

  /** Sends a command as one rename. */
  send(command: object | string): void {
    const wet = `${this.command}.wet`;
    writeFileSync(wet, typeof command === 'string' ? command : JSON.stringify(command));
    renameSync(wet, this.command);
  }

  /** Waits for `out.raw`, whatever its length; reads and removes it. */
  async takePixels(limitMs?: number): Promise<Buffer> {
    await waitUntil('out.raw', () => existsSync(this.pixels), limitMs);
    const bytes = readFileSync(this.pixels);
    rmSync(this.pixels);
    return bytes;
  }

  /** Waits for `out.json`. */
  takeReply(limitMs?: number): Promise<PlainReply> {
    return waitUntil(
      'out.json',
      () => {
        // Out of the way first: what is removed after reading could be the next reply.
        const own = `${this.reply}.taken`;
        try {
          renameSync(this.reply, own);
        } catch {
          return undefined;
        }
        return JSON.parse(readFileSync(own, 'utf8')) as PlainReply;
      },
      limitMs,
    );
  }
}

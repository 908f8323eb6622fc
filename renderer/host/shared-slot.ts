/** The slot as one of several renderers has it: the seed's slot while it holds the lock, and else one in which nothing waits. */
import type { Reply } from '../../shared/protocol/reply.ts';
import type { Slot } from '../doors.ts';
import type { SeedSlot } from './slot.ts';

export class SharedSlot implements Slot {
  #slot: SeedSlot | undefined;

  get isOpen(): boolean {
    return this.#slot !== undefined;
  }

  /** Serves the slot from now on. */
  open(slot: SeedSlot): void {
    this.#slot = slot;
  }

  /** Serves it no more. A command in hand goes to whoever does. */
  leave(): void {
    const slot = this.#slot;
    this.#slot = undefined;
    slot?.handBack();
    slot?.close();
  }

  take(): boolean {
    return this.#slot?.take() ?? false;
  }

  read(): Uint8Array | undefined {
    return this.#slot?.read();
  }

  waits(): boolean {
    return this.#slot?.waits() ?? false;
  }

  holds(): boolean {
    return this.#slot?.holds() ?? false;
  }

  async prepare(pixels: Uint8Array): Promise<void> {
    await this.#slot?.prepare(pixels);
  }

  publish(reply: Reply, pixels: Uint8Array | undefined, done?: () => void): void {
    if (this.#slot === undefined) done?.();
    else this.#slot.publish(reply, pixels, done);
  }

  withdrawAnswer(): void {
    this.#slot?.withdrawAnswer();
  }

  done(): void {
    this.#slot?.done();
  }

  poison(why: string): void {
    this.#slot?.poison(why);
  }

  republishIfLost(): boolean {
    return this.#slot?.republishIfLost() ?? false;
  }

  /** As it leaves the socket for good. */
  close(): void {
    this.#slot?.close();
    this.#slot = undefined;
  }
}

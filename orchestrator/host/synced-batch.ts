/** Writes that are synced side by side, as a sync takes as long for one as for many: some at a time, and some bytes. */

const AT_A_TIME = 32;
const BYTES_AT_A_TIME = 16_777_216;

export class SyncedBatch {
  readonly #writing: Promise<void>[] = [];
  #bytes = 0;

  /** Whether so many bytes may be written beside what is under way; otherwise `settle` comes first. */
  hasRoom(bytes: number): boolean {
    return this.#writing.length < AT_A_TIME && this.#bytes + bytes <= BYTES_AT_A_TIME;
  }

  add(written: Promise<void>, bytes: number): void {
    // Its fault is heard when all of these have come to their ends.
    written.catch(() => {});
    this.#writing.push(written);
    this.#bytes += bytes;
  }

  /** Waits for the ends of all. @throws what the first of them failed with, once all have ended */
  async settle(): Promise<void> {
    const writing = this.#writing.splice(0);
    this.#bytes = 0;
    await Promise.allSettled(writing);
    await Promise.all(writing);
  }
}

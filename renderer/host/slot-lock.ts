/** The lock of the slot: which of several renderers serves it. The kernel frees it when its holder ends, however it ends. */
import { join } from 'node:path';
import { acquireLock, type Lock, LockHeld } from '../../shared/host/lock.ts';
import type { Presence } from '../../shared/host/presence.ts';
import type { Clock } from '../../shared/world.ts';

/**
 * How long whoever announces itself in the slot may go without the lock, ms: where a cleaner removed the lock's file, the
 * living holder takes it anew within a second.
 */
const YIELD_MS = 3_000;

export class SlotLock {
  readonly #path: string;
  readonly #renderer: string;
  readonly #presence: Pick<Presence, 'alive'>;
  readonly #clock: Pick<Clock, 'monotonic' | 'iso'>;
  #lock: Lock | undefined;
  /** Since when the lock is free although somebody alive announces itself in the slot. */
  #strangeSince: number | undefined;

  /** @param renderer this renderer's name */
  constructor(
    socketDir: string,
    renderer: string,
    presence: Pick<Presence, 'alive'>,
    clock: Pick<Clock, 'monotonic' | 'iso'>,
  ) {
    this.#path = join(socketDir, 'slot.lock');
    this.#renderer = renderer;
    this.#presence = presence;
    this.#clock = clock;
  }

  get isHeld(): boolean {
    return this.#lock !== undefined;
  }

  /**
   * Looks after the lock: takes it where it is free, and anew where its file was removed. To be called when a renderer
   * starts, and about every second from then on.
   *
   * @returns whether it is held now
   * @throws {HostFault} when the lock file cannot be used
   */
  look(): boolean {
    if (this.#lock?.touch()) return true;
    // Who waits for it looks again soon, and does not stand still for it.
    const found = this.#lock === undefined ? this.#acquire(0) : this.#acquire();
    this.#lock?.release();
    this.#lock = found;
    return found !== undefined;
  }

  release(): void {
    this.#lock?.release();
    this.#lock = undefined;
  }

  #acquire(patienceMs?: number): Lock | undefined {
    let lock: Lock;
    try {
      lock = acquireLock(this.#path, this.#clock.iso(), patienceMs);
    } catch (error) {
      if (!(error instanceof LockHeld)) throw error;
      this.#strangeSince = undefined;
      return undefined;
    }
    if (this.#lock === undefined && this.#mustYield()) {
      lock.release();
      return undefined;
    }
    this.#strangeSince = undefined;
    return lock;
  }

  /** Whether somebody alive serves the slot, whose lock file was removed under it, and has not had the time to notice. */
  #mustYield(): boolean {
    const others = this.#presence.alive().filter(({ slot, renderer }) => slot && renderer !== this.#renderer);
    if (others.length === 0) return false;
    const now = this.#clock.monotonic();
    this.#strangeSince ??= now;
    return now - this.#strangeSince < YIELD_MS;
  }
}

/** Whose turn the slot is: of several orchestrators at one socket, the one that holds its lock asks there, until it ends. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock, type Lock, LockHeld } from '../../shared/host/lock.ts';
import type { Clock } from '../../shared/world.ts';

/** The lock's name at the socket; the kernel frees it when its holder ends, however it ends. */
const LOCK = 'client.lock';
/** How often a lock that somebody else holds is tried, ms. */
const TRY_MS = 500;

export class SlotTurn {
  readonly #socketDir: string;
  readonly #clock: Clock;
  #lock: Lock | undefined;
  #triedMs = Number.NEGATIVE_INFINITY;

  constructor(socketDir: string, clock: Clock) {
    this.#socketDir = socketDir;
    this.#clock = clock;
  }

  /**
   * Whether this one may ask in the slot; takes the lock where it is free.
   *
   * @throws {HostFault} when the lock cannot be used
   */
  isOurs(): boolean {
    if (this.#lock?.touch() === true) return true;
    this.giveBack();
    const now = this.#clock.monotonic();
    if (now - this.#triedMs < TRY_MS || !existsSync(this.#socketDir)) return false;
    this.#triedMs = now;
    try {
      this.#lock = acquireLock(join(this.#socketDir, LOCK), this.#clock.iso(), 0);
      return true;
    } catch (error) {
      if (error instanceof LockHeld) return false;
      throw error;
    }
  }

  giveBack(): void {
    this.#lock?.release();
    this.#lock = undefined;
  }
}

/** The doorkeeper: which door is open, spool or slot, and for how long neither was. */
import type { Announcement } from '../shared/protocol/announcement.ts';
import type { DoorChoice } from '../shared/settings.ts';
import type { SlotLine } from './slot-line.ts';

export type OpenDoor = 'spool' | 'slot';

export class Doorkeeper {
  readonly #setting: DoorChoice;
  readonly #line: SlotLine;
  readonly #alive: () => readonly Announcement[];
  readonly #mayAsk: () => boolean;
  readonly #graceMs: number;
  #announced = false;
  #open: OpenDoor | undefined;
  /** When somebody was last known to serve. */
  #seenMs: number;

  /**
   * @param alive reads who announces itself at the socket now
   * @param mayAsk whether the slot is this orchestrator's to ask in, of several
   * @param times `graceMs`: how long an announcement is waited for before the seed's slot is tried
   */
  constructor(
    setting: DoorChoice,
    line: SlotLine,
    alive: () => readonly Announcement[],
    mayAsk: () => boolean,
    { graceMs, nowMs }: { readonly graceMs: number; readonly nowMs: number },
  ) {
    this.#setting = setting;
    this.#line = line;
    this.#alive = alive;
    this.#mayAsk = mayAsk;
    this.#graceMs = graceMs;
    this.#seenMs = nowMs;
  }

  /** Whether a renderer announces itself, so that every answer will name its question. */
  get announced(): boolean {
    return this.#announced;
  }

  /** The door that takes questions now. */
  get open(): OpenDoor | undefined {
    const lost = this.#open === 'slot' && !this.#line.isClear && !this.#line.isBusy;
    return lost ? undefined : this.#open;
  }

  /** Milliseconds since anybody was known to serve; 0 while somebody does. */
  absentMs(nowMs: number): number {
    return this.open !== undefined ? 0 : nowMs - this.#seenMs;
  }

  /**
   * Looks again at who serves, and moves the slot's line on.
   *
   * @throws {HostFault} when it cannot look; then no door is open
   */
  advance(nowMs: number): void {
    this.#open = undefined;
    this.#announced = this.#alive().length > 0;
    this.#open = this.#choose(nowMs);
    if (this.#open !== undefined || this.#line.isInhabited) this.#seenMs = nowMs;
  }

  #choose(nowMs: number): OpenDoor | undefined {
    if (this.#setting === 'spool' || (this.#setting === 'auto' && this.#announced)) {
      if (!this.#line.isBusy) this.#line.leave();
      return this.#announced ? 'spool' : undefined;
    }
    // One question at a time, and its door stays open for its answer.
    if (this.#line.isBusy) return 'slot';
    if (this.#setting === 'auto' && nowMs - this.#seenMs < this.#graceMs && !this.#line.isClear)
      return undefined;
    if (!this.#mayAsk()) return undefined;
    this.#line.advance(nowMs, this.#announced);
    if (!this.#line.isClear) return undefined;
    // The probe may have been answered by a renderer that announced itself after the look above.
    if (!this.#announced && this.#alive().length > 0) {
      this.#announced = true;
      return this.#setting === 'auto' ? 'spool' : 'slot';
    }
    return 'slot';
  }
}

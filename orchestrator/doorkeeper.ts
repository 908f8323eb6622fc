/** The doorkeeper: which door is open, spool or slot, and for how long neither was. */
import type { Announcement } from '../shared/protocol/announcement.ts';
import type { DoorChoice } from '../shared/settings.ts';
import type { SlotLine } from './slot-line.ts';

export type OpenDoor = 'spool' | 'slot';

/** Renderers whose meaning is kept: one may end while its last answers wait. */
const REMEMBERED = 64;

export class Doorkeeper {
  readonly #setting: DoorChoice;
  readonly #line: SlotLine;
  readonly #alive: () => readonly Announcement[];
  readonly #mayAsk: () => boolean;
  readonly #graceMs: number;
  #announced = false;
  /** How far the heartbeats of those who serve are, by name; when each was last seen to move, on the monotonic clock. */
  #beats = new Map<string, { readonly heartbeat: number; readonly movedMs: number }>();
  #semantics: string | undefined;
  /** What the language means to each renderer that was seen lately, by name. */
  readonly #meanings = new Map<string, string>();
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

  /** What the language means to all who serve; undefined where one does not say, or they do not say alike. */
  get semantics(): string | undefined {
    return this.#semantics;
  }

  /** What the language means, or meant, to one renderer, as far as known. */
  semanticsOf(renderer: string | undefined): string | undefined {
    return renderer === undefined ? undefined : this.#meanings.get(renderer);
  }

  /** Milliseconds since the heartbeat of a renderer that serves was seen to move; Infinity where it never was. */
  silentMs(renderer: string, nowMs: number): number {
    return nowMs - (this.#beats.get(renderer)?.movedMs ?? Number.NEGATIVE_INFINITY);
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
    const alive = this.#alive();
    this.#see(alive);
    this.#feel(alive, nowMs);
    this.#open = this.#choose(nowMs);
    if (this.#open !== undefined || this.#line.isInhabited) this.#seenMs = nowMs;
  }

  #feel(alive: readonly Announcement[], nowMs: number): void {
    const beats = alive.map(({ renderer, heartbeat }) => {
      const before = this.#beats.get(renderer);
      if (before !== undefined && before.heartbeat === heartbeat) return [renderer, before] as const;
      // Who was not seen before has moved nothing yet.
      const movedMs = before === undefined ? Number.NEGATIVE_INFINITY : nowMs;
      return [renderer, { heartbeat, movedMs }] as const;
    });
    this.#beats = new Map(beats);
  }

  #see(alive: readonly Announcement[]): void {
    this.#announced = alive.length > 0;
    const [first, ...others] = alive.map(({ semantics }) => semantics);
    this.#semantics = others.every((other) => other === first) ? first : undefined;
    for (const { renderer, semantics } of alive) {
      if (semantics !== undefined) this.#meanings.set(renderer, semantics);
    }
    for (const name of this.#meanings.keys()) {
      if (this.#meanings.size <= REMEMBERED) break;
      this.#meanings.delete(name);
    }
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
    const late = this.#announced ? [] : this.#alive();
    if (late.length > 0) {
      this.#see(late);
      return this.#setting === 'auto' ? 'spool' : 'slot';
    }
    return 'slot';
  }
}

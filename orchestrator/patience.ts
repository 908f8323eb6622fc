/** Patience: how long each answer may take, judged by who has its question in hand, whatever others answer meanwhile. */
import { SILENCE_MS } from './config.ts';
import type { Flight, OrchestratorDoors } from './doors.ts';

/** How many times as long as others an answer may take while a renderer that shows life has its question in hand. */
export const IN_HAND = 10;
/** How often in the time of an answer, and how often at least, it is looked who has what in hand: the latter in ms. */
const LOOKS = 20;
const LOOK_MS = 1_000;

/** Where a question was seen. */
interface Sighting {
  /** The renderer that has it in hand; undefined: none has. */
  readonly holder: string | undefined;
  /** Since when it is there and its turn may have come, on the monotonic clock. */
  sinceMs: number;
  /** What its holder had in hand when it was first seen there, and has still: that may be before it. */
  readonly ahead: Set<string>;
  /** Whether its answer was looked for when its time was over. */
  isHeard: boolean;
}

/** What to do about questions whose time is over. */
export interface Overdue {
  /** These have failed. */
  readonly late: readonly Flight[];
  /** These nobody takes: they are to be offered again. */
  readonly untaken: readonly Flight[];
}

const NOTHING: Overdue = { late: [], untaken: [] };

export class Patience {
  readonly #doors: Pick<OrchestratorDoors, 'keeper' | 'spool'>;
  readonly #timeoutMs: number;
  readonly #sightings = new Map<Flight, Sighting>();
  #hands: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #lookedMs = Number.NEGATIVE_INFINITY;
  /** When there was an answer, or somebody took something, on the monotonic clock. */
  #movedMs = 0;

  /** @param timeoutMs how long an answer may take */
  constructor(doors: Pick<OrchestratorDoors, 'keeper' | 'spool'>, timeoutMs: number) {
    this.#doors = doors;
    this.#timeoutMs = timeoutMs;
  }

  /** An answer was there, or nothing was asked before now. */
  moved(now: number): void {
    this.#movedMs = now;
  }

  /** Time stands still, as while nobody serves. */
  rest(now: number): void {
    this.#movedMs = now;
    for (const sighting of this.#sightings.values()) sighting.sinceMs = now;
  }

  /**
   * Looks where the questions are that wait for answers. To be called often.
   *
   * @param hear looks for an answer that may lie there unheard, as when this process was held up; true while it is not
   *   looked at yet
   */
  look(now: number, waiting: readonly Flight[], hear: (spoolId: string, isNew: boolean) => boolean): Overdue {
    if (now - this.#lookedMs < Math.min(LOOK_MS, this.#timeoutMs / LOOKS)) return NOTHING;
    this.#lookedMs = now;
    this.#see(now, waiting);
    const isIdle = now - this.#movedMs >= this.#timeoutMs * (this.#isAnybodyAtWork(now) ? IN_HAND : 1);
    const late = waiting.filter((flight) => this.#isOver(flight, now));
    const offered = isIdle || late.some(this.#isInNoHand) ? this.#doors.spool.offered() : new Set<string>();
    const isOffered = (flight: Flight): boolean => this.#isInNoHand(flight) && offered.has(flight.spoolId);
    const untaken = isIdle ? waiting.filter(isOffered) : [];
    if (untaken.length > 0) this.#movedMs = now;
    const unanswered = late.filter((flight) => {
      const sighting = this.#sightings.get(flight) as Sighting;
      const isNew = !sighting.isHeard;
      // One that was on its way from a hand to the inbox, or back, may have been seen in neither.
      sighting.isHeard = !isOffered(flight);
      return sighting.isHeard && !hear(flight.spoolId, isNew) && !isNew;
    });
    return { late: unanswered, untaken };
  }

  #see(now: number, waiting: readonly Flight[]): void {
    const hands = waiting.some(({ door }) => door === 'spool') ? this.#doors.spool.hands() : new Map();
    const holders = new Map<string, string>();
    for (const [renderer, ids] of hands) {
      for (const id of ids) {
        holders.set(id, renderer);
        if (this.#hands.get(renderer)?.has(id) !== true) this.#movedMs = now;
      }
    }
    this.#hands = hands;
    const still = new Set(waiting);
    for (const flight of this.#sightings.keys()) if (!still.has(flight)) this.#sightings.delete(flight);
    for (const flight of waiting) {
      const holder = flight.door === 'spool' ? holders.get(flight.spoolId) : undefined;
      const held = holder === undefined ? undefined : hands.get(holder);
      const before = this.#sightings.get(flight);
      if (before !== undefined && before.holder === holder) {
        for (const id of before.ahead) {
          if (held?.has(id) === true) continue;
          before.ahead.delete(id);
          before.sinceMs = now;
        }
        continue;
      }
      const sinceMs = before === undefined ? flight.startedMs : now;
      this.#sightings.set(flight, { holder, sinceMs, ahead: new Set(held), isHeard: false });
    }
  }

  #isOver(flight: Flight, now: number): boolean {
    const { holder, sinceMs } = this.#sightings.get(flight) as Sighting;
    const isAtWork = holder !== undefined && this.#showsLife(holder, now);
    return now - sinceMs >= this.#timeoutMs * (isAtWork ? IN_HAND : 1);
  }

  /** Whether it lies in the inbox, or nobody knows where. */
  readonly #isInNoHand = (flight: Flight): boolean =>
    flight.door === 'spool' && this.#sightings.get(flight)?.holder === undefined;

  #isAnybodyAtWork(now: number): boolean {
    return [...this.#hands].some(([renderer, ids]) => ids.size > 0 && this.#showsLife(renderer, now));
  }

  #showsLife(renderer: string, now: number): boolean {
    return this.#doors.keeper.silentMs(renderer, now) <= SILENCE_MS;
  }
}

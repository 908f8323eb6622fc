/**
 * Leases: an orchestrator's runs are its own as long as it shows that it lives. Several work on one database, and what
 * a dead one left open is taken over by the first who sees it. Whoever was only believed dead finds its runs ended and
 * changes nothing: a run is ended once, and its spool id and its cartridge's name are no other run's.
 */
import { BEAT_MS, SILENCE_MS } from './config.ts';
import type { OrchestratorDoors } from './doors.ts';
import { recover } from './recover.ts';

type LeaseDoors = Pick<OrchestratorDoors, 'owners' | 'table' | 'spool' | 'shelf' | 'clock' | 'journal'>;

export class Leases {
  readonly #doors: LeaseDoors;
  readonly #cartridges: string;
  /** The last heartbeat seen of each other owner of open runs, and since when, on the monotonic clock. */
  readonly #beats = new Map<string, { readonly heartbeat: number; readonly sinceMs: number }>();
  #beatMs = Number.NEGATIVE_INFINITY;
  #tickMs: number | undefined;

  /** @param cartridges their folder, as people write it */
  constructor(doors: LeaseDoors, cartridges: string) {
    this.#doors = doors;
    this.#cartridges = cartridges;
  }

  /**
   * Shows that this one lives, and takes over from those that do not. To be called about once a second.
   *
   * @param isBusy whether this one owns open runs
   * @returns `stoodStill`: whether this process did so for so long that others may have taken its runs; `tookOver`:
   *   whether there are jobs to be taken now, which no change of the database by another tells of
   */
  tick(isBusy: boolean): { readonly stoodStill: boolean; readonly tookOver: boolean } {
    const now = this.#doors.clock.monotonic();
    const stoodStill = this.#tickMs !== undefined && now - this.#tickMs >= SILENCE_MS / 2;
    this.#tickMs = now;
    // Whose heartbeat did not move may have stood still with this one.
    if (stoodStill) this.#beats.clear();
    if (isBusy && now - this.#beatMs >= BEAT_MS) {
      this.#doors.owners.beat();
      this.#beatMs = now;
    }
    return { stoodStill, tookOver: this.#takeOver(now) };
  }

  /** At the start: takes over from all that are dead for certain. */
  begin(): void {
    this.#takeOver(this.#doors.clock.monotonic());
  }

  #takeOver(now: number): boolean {
    const { owners, journal } = this.#doors;
    const others = owners.others();
    let tookOver = false;
    for (const id of this.#beats.keys()) {
      if (!others.some((other) => other.id === id)) this.#beats.delete(id);
    }
    for (const { id, heartbeat } of others) {
      if (this.#lives(id, heartbeat, now)) continue;
      if (id !== null) journal.warn('orchestrator:dead', { orchestrator: id });
      // Who takes over may die as well: nobody looks at an owner of nothing any more.
      recover(this.#doors, id, this.#cartridges, () => {
        if (id !== null) owners.forget(id);
      });
      tookOver = true;
    }
    return tookOver;
  }

  /** By its process, where that can be seen, and by its heartbeat in any case: a process may be suspended for good. */
  #lives(id: string | null, heartbeat: number | undefined, now: number): boolean {
    // From before there could be several, or whoever removed its row: nobody owns it.
    if (id === null || heartbeat === undefined) return false;
    if (this.#doors.owners.isGone(id)) return false;
    const seen = this.#beats.get(id);
    if (seen !== undefined && seen.heartbeat === heartbeat) return now - seen.sinceMs < SILENCE_MS;
    this.#beats.set(id, { heartbeat, sinceMs: now });
    return true;
  }
}

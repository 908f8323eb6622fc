/** The sweeper: an orchestrator's own sweeps, at the slots of a schedule; one of several orchestrators makes each. */
import { type KeepRules, keepsAll } from '../shared/keep-rule.ts';
import type { Clock, Journal } from '../shared/world.ts';
import { stoppedWords } from './fuse.ts';
import type { Schedule } from './schedule.ts';
import { newestSlot, slotName } from './slots.ts';
import type { SweepOrder, SweepResult } from './sweep-doors.ts';

/** The database, and a sweep of it; see host/sweep-record.ts. */
export interface Sweeps {
  /** Takes a slot; false where another one has. */
  take(slot: string): boolean;
  /** Keeps for whoever asks what a sweep has come to. */
  note(result: SweepResult, at: string): void;
  /** Rejects when it is cut off, or the database or the shelf cannot be used. */
  sweep(order: SweepOrder): Promise<SweepResult>;
}

export class Sweeper {
  readonly #sweeps: Sweeps;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #rules: KeepRules;
  readonly #schedule: Schedule;
  /** The slot that was last looked at. */
  #slot: string | undefined;
  #underWay: Promise<void> | undefined;

  constructor(
    doors: { readonly sweeps: Sweeps; readonly clock: Clock; readonly journal: Journal },
    rules: KeepRules,
    schedule: Schedule,
  ) {
    this.#sweeps = doors.sweeps;
    this.#clock = doors.clock;
    this.#journal = doors.journal;
    this.#rules = rules;
    this.#schedule = schedule;
  }

  /** Begins a sweep where one is due. To be called about once a second. */
  look(): void {
    const { runs, logs, cartridges } = this.#rules;
    if (this.#underWay !== undefined || [runs, logs, cartridges].every(keepsAll)) return;
    const newest = newestSlot(this.#schedule, -1, this.#clock.now());
    const slot = newest === undefined ? undefined : slotName(newest);
    if (slot === undefined || slot === this.#slot) return;
    try {
      const isOurs = this.#sweeps.take(slot);
      this.#slot = slot;
      if (!isOurs) return;
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#underWay = this.#sweep().finally(() => {
      this.#underWay = undefined;
    });
  }

  /** Resolves when no sweep is under way. */
  async idle(): Promise<void> {
    await this.#underWay;
  }

  async #sweep(): Promise<void> {
    try {
      const result = await this.#sweeps.sweep({ ...this.#rules, isMeant: true, isForced: false });
      this.#sweeps.note(result, this.#clock.iso());
      this.#report(result);
    } catch (error) {
      this.#fail(error);
    }
  }

  #report(result: SweepResult): void {
    const { status, gone, left, leftWhy, longestMs } = result;
    if (status === 'fuse') {
      const hint = 'gvpie gc shows what would go; gvpie gc --sweep --yes removes it';
      this.#journal.warn('gc:fuse', { message: stoppedWords(result.tallies), hint });
      return;
    }
    const some = left > 0 || Object.values(gone).some((rows) => rows > 0);
    const fields = { ...gone, longest_ms: longestMs, left: left || undefined, why: leftWhy ?? undefined };
    if (left > 0) this.#journal.warn('gc:left', fields);
    else this.#journal[some ? 'info' : 'debug']('gc:swept', fields);
  }

  #fail(error: unknown): void {
    this.#journal.warn('gc:fault', { message: (error as Error).message });
  }
}

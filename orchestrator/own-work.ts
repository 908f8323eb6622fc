/**
 * Work that orchestrators have of their own, such as sweeps and backups: each slot of a schedule is worked off once, by one
 * of them all, and by another where that one died of it.
 */
import type { FaultLog } from '../shared/fault-log.ts';
import type { Clock, Journal } from '../shared/world.ts';
import { OWN_WORK_ATTEMPTS, OWN_WORK_WAIT_MS } from './config.ts';
import { LONGEST_EVERY_MS, type Schedule } from './schedule.ts';
import { newestSlot, slotAfter, slotName } from './slots.ts';

/** `ours`; `theirs`, while somebody works on it who lives; `over`, when it ended; `died`, as it ended too often without a word. */
export type Claimed = 'ours' | 'theirs' | 'over' | 'died';

/** How it ended, and what is kept of that beside. */
export interface WorkEnd {
  readonly outcome: string;
  readonly result: Readonly<Record<string, unknown>>;
}

/** Why it did not end as it should. */
export interface WorkFault {
  readonly message: string;
  readonly hint: string | undefined;
  /** Whether the same slot is tried again, a little later. */
  readonly isPassing: boolean;
}

/** What is known of the slots of one kind of work; see host/own-work-table.ts. Nothing here waits for another program's write. */
export interface WorkBook {
  /** Takes a slot if nobody has it. @throws {HostFault} and has changed nothing */
  claim(slot: string, now: string): Claimed;
  /** Says how a slot of ours ended. @throws {HostFault} and has changed nothing */
  end(slot: string, at: string, end: WorkEnd): void;
  /** Gives a slot back, as if it had not been taken. @throws {HostFault} and has changed nothing */
  release(slot: string): void;
}

/** The work itself. */
export interface Labour {
  /** What its events in the log begin with. */
  readonly event: string;
  /** What its failures are told with. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Begins; `ended` is called once. `later`: somebody else is at it, who is waited for. */
  begin(slot: string, ended: (how: WorkEnd | WorkFault | 'later') => void): void;
  /** Cuts off what is under way; it does not end then, unless it has. */
  stop(): Promise<void>;
}

export interface OwnWorkDoors {
  readonly book: WorkBook;
  readonly labour: Labour;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: FaultLog;
}

interface UnderWay {
  readonly slot: string;
  readonly beganMs: number;
  readonly attempt: number;
}

/** What is still to be written of a slot. */
interface Pending {
  readonly slot: string;
  readonly at: string;
  readonly end: WorkEnd | 'release';
}

export class OwnWork {
  readonly #doors: OwnWorkDoors;
  readonly #schedule: Schedule;
  /** When to look again, Unix epoch, ms. */
  #nextMs = 0;
  #lookedMs = 0;
  #isStopping = false;
  #underWay: UnderWay | undefined;
  /** A slot of ours that is tried again, and how often it was. */
  #again: { readonly slot: string; readonly attempts: number } | undefined;
  #pending: Pending | undefined;

  constructor(doors: OwnWorkDoors, schedule: Schedule) {
    this.#doors = doors;
    this.#schedule = schedule;
  }

  /** Begins what is due, unless somebody has. To be called about once a second. */
  look(): void {
    const { clock, book, journal, labour } = this.#doors;
    const now = clock.now();
    // A clock that was set back must not keep the next one waiting for as long.
    if (now < this.#lookedMs) this.#nextMs = 0;
    this.#lookedMs = now;
    if (this.#isStopping || this.#underWay !== undefined || now < this.#nextMs) return;
    if (!this.#settle()) return;
    if (this.#again !== undefined) {
      this.#begin(this.#again.slot, this.#again.attempts + 1);
      return;
    }
    // As far back as slots can lie apart.
    const due = newestSlot(this.#schedule, now - LONGEST_EVERY_MS, now);
    this.#nextMs = slotAfter(this.#schedule, now) ?? Number.POSITIVE_INFINITY;
    if (due === undefined) return;
    const slot = slotName(due);
    try {
      const claimed = book.claim(slot, clock.iso());
      if (claimed === 'theirs') this.#lookSoon();
      if (claimed === 'ours') this.#begin(slot, 1);
      if (claimed === 'died') {
        const message = `Expected an end of the work for ${slot}, found that each orchestrator died of it`;
        journal.error(`${labour.event}:failed`, { message, ...labour.fields, slot });
      }
    } catch (error) {
      this.#tell(error);
    }
  }

  /** Cuts off what is under way, and gives its slot back. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#underWay !== undefined) await this.#doors.labour.stop();
    const slot = this.#underWay?.slot ?? this.#again?.slot;
    this.#underWay = undefined;
    this.#again = undefined;
    if (slot !== undefined) this.#write(slot, 'release');
    else this.#settle();
  }

  #begin(slot: string, attempt: number): void {
    this.#again = undefined;
    const work = { slot, attempt, beganMs: this.#doors.clock.monotonic() };
    this.#underWay = work;
    this.#doors.labour.begin(slot, (how) => {
      if (this.#underWay !== work) return;
      this.#underWay = undefined;
      this.#hear(work, how);
    });
  }

  #hear({ slot, attempt, beganMs }: UnderWay, how: WorkEnd | WorkFault | 'later'): void {
    const { journal, labour, clock } = this.#doors;
    if (how === 'later') {
      this.#write(slot, 'release');
      this.#lookSoon();
      return;
    }
    if ('outcome' in how) {
      this.#write(slot, how);
      return;
    }
    const { message, hint, isPassing } = how;
    if (isPassing && attempt < OWN_WORK_ATTEMPTS) {
      this.#again = { slot, attempts: attempt };
      this.#tell(how);
      return;
    }
    const took = Math.round(clock.monotonic() - beganMs);
    journal.error(`${labour.event}:failed`, { message, hint, ...labour.fields, slot, duration_ms: took });
    this.#write(slot, { outcome: 'failed', result: { message } });
  }

  #write(slot: string, end: WorkEnd | 'release'): void {
    this.#pending = { slot, end, at: this.#doors.clock.iso() };
    this.#settle();
  }

  /** Writes what is to be written. The work is not done again because that cannot be: it alone is tried again. */
  #settle(): boolean {
    if (this.#pending === undefined) return true;
    const { slot, at, end } = this.#pending;
    const { book } = this.#doors;
    try {
      if (end === 'release') book.release(slot);
      else book.end(slot, at, end);
      this.#pending = undefined;
      return true;
    } catch (error) {
      this.#tell(error);
      return false;
    }
  }

  #tell(error: unknown): void {
    const { faults, labour } = this.#doors;
    this.#lookSoon();
    faults.tell(error, `${labour.event}:fault`);
  }

  #lookSoon(): void {
    this.#nextMs = this.#doors.clock.now() + OWN_WORK_WAIT_MS;
  }
}

/** The watch over backups: has one made for each slot of its schedule, in a thread, by one orchestrator of all. */
import { Worker } from 'node:worker_threads';
import { threadModule } from '../../shared/host/thread-module.ts';
import type { Clock, Journal } from '../../shared/world.ts';
import { BACKUP_LOOK_MS, BACKUP_WAIT_MS } from '../config.ts';
import type { Schedule } from '../schedule.ts';
import { newestSlot, slotAfter, slotName } from '../slots.ts';
import type { BackupPlace } from './backup.ts';
import type { BackupEnd, BackupTable } from './backup-table.ts';
import type { BackupResult } from './backup-thread.ts';

export interface WatchOptions {
  readonly table: BackupTable;
  readonly schedule: Schedule;
  readonly place: BackupPlace;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Whether an orchestrator has ended. */
  readonly isGone: (owner: string) => boolean;
  /** Starts a thread that answers with a BackupResult. */
  readonly hire?: (place: BackupPlace) => Worker;
}

/** How far back a slot may lie whose backup is still to be made, ms: as far as slots can lie apart. */
const BACK_MS = 31_622_400_000;

/** One thread has one memory of its own besides the daemon's. */
function hireThread(place: BackupPlace): Worker {
  return new Worker(threadModule('orchestrator/host/backup-thread.js', 1, 2), { workerData: place });
}

/** A thread at work. */
interface Work {
  readonly worker: Worker;
  readonly slot: string;
  readonly beganMs: number;
}

export class BackupWatch {
  readonly #options: WatchOptions;
  readonly #timer: NodeJS.Timeout;
  #work: Work | undefined;
  /** When to look again, Unix epoch, ms. */
  #nextMs = 0;
  #lookedMs = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.look(), BACKUP_LOOK_MS);
    this.look();
  }

  /** Begins what is due, unless somebody has. */
  look(): void {
    const { clock, schedule, table, place, isGone, journal } = this.#options;
    const now = clock.now();
    // A clock that was set back must not keep the next one waiting for as long.
    if (now < this.#lookedMs) this.#nextMs = 0;
    this.#lookedMs = now;
    if (this.#work !== undefined || now < this.#nextMs) return;
    const due = newestSlot(schedule, now - BACK_MS, now);
    this.#nextMs = slotAfter(schedule, now) ?? Number.POSITIVE_INFINITY;
    if (due === undefined) return;
    const slot = slotName(due);
    try {
      const claimed = table.claim(place.folder, slot, clock.iso(), isGone);
      if (claimed === 'theirs') this.#lookSoon(now);
      if (claimed === 'ours') this.#begin(slot);
    } catch (error) {
      // A database that cannot be written now is said by those who need it; this one waits.
      this.#lookSoon(now);
      journal.debug('backup:waits', { slot, message: (error as Error).message });
    }
  }

  /** Ends the thread, if there is one: what it had begun is none. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const work = this.#work;
    if (work === undefined) return;
    this.#work = undefined;
    await work.worker.terminate();
    this.#tryTo(() => this.#options.table.release(this.#options.place.folder, work.slot));
  }

  #lookSoon(now: number): void {
    this.#nextMs = Math.min(this.#nextMs, now + BACKUP_WAIT_MS);
  }

  #begin(slot: string): void {
    const { place, clock, hire = hireThread } = this.#options;
    let worker: Worker;
    try {
      worker = hire(place);
    } catch (error) {
      this.#fail(slot, (error as Error).message, undefined, 0);
      return;
    }
    const work = { worker, slot, beganMs: clock.monotonic() };
    this.#work = work;
    const over = (heard: () => void): void => {
      // After its answer, and after a stop, its end says nothing.
      if (this.#work !== work) return;
      this.#work = undefined;
      heard();
      void worker.terminate();
    };
    worker.on('message', (result: BackupResult) => over(() => this.#hear(work, result)));
    const died = (why: string) => over(() => this.#fail(slot, why, undefined, this.#since(work)));
    worker.on('error', (error) => died(error.message));
    worker.on('exit', (code) => died(`Expected an answer of the thread, found that it exited with ${code}`));
  }

  #hear(work: Work, result: BackupResult): void {
    const { journal, place, table, clock } = this.#options;
    const { slot } = work;
    if ('busy' in result) {
      journal.debug('backup:waits', { slot, message: result.busy });
      this.#tryTo(() => table.release(place.folder, slot));
      this.#lookSoon(clock.now());
      return;
    }
    if ('fault' in result) {
      this.#fail(slot, result.fault, result.hint, this.#since(work));
      return;
    }
    const { name, cartridges, added, databaseBytes, troubles, removed, unreadable } = result;
    const fields = {
      backup: name,
      folder: place.folder,
      slot,
      cartridges,
      added: added.cartridges,
      bytes: added.bytes + databaseBytes,
      removed,
      duration_ms: this.#since(work),
      ...(unreadable.length === 0 ? {} : { unreadable }),
    };
    const [first] = troubles;
    if (first === undefined) journal.info('backup:done', fields);
    else {
      const message = `${troubles.length} cartridges are not as they were, such as ${first.path}: ${first.message}`;
      journal.warn('backup:incomplete', { message, ...fields });
    }
    const bytes = added.bytes + databaseBytes;
    const message = first === undefined ? null : `${troubles.length}: ${first.path}: ${first.message}`;
    const outcome = first === undefined ? 'done' : 'incomplete';
    this.#record(slot, { outcome, name, cartridges, bytes, message });
  }

  #since({ beganMs }: Work): number {
    return Math.round(this.#options.clock.monotonic() - beganMs);
  }

  /** It is tried again at the next slot. */
  #fail(slot: string, message: string, hint: string | undefined, durationMs: number): void {
    const { journal, place } = this.#options;
    journal.error('backup:failed', { message, hint, folder: place.folder, slot, duration_ms: durationMs });
    this.#record(slot, { outcome: 'failed', name: null, cartridges: null, bytes: null, message });
  }

  #record(slot: string, end: BackupEnd): void {
    const { table, place, clock } = this.#options;
    this.#tryTo(() => table.end(place.folder, slot, clock.iso(), end));
  }

  /** What cannot be written of a backup now is tried again as if it had not been made. */
  #tryTo(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#lookSoon(this.#options.clock.now());
      this.#options.journal.warn('backup:waits', { message: (error as Error).message });
    }
  }
}

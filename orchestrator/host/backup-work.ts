/** Backups as an orchestrator's own work: a thread makes each, so that the daemon's own goes on meanwhile. */
import { Worker } from 'node:worker_threads';
import { threadModule } from '../../shared/host/thread-module.ts';
import type { Clock, Journal } from '../../shared/world.ts';
import type { Labour, WorkEnd, WorkFault } from '../own-work.ts';
import type { BackupPlace } from './backup.ts';
import type { BackupMade, BackupResult } from './backup-thread.ts';

/** One thread has one memory of its own besides the daemon's. */
function hireThread(place: BackupPlace): Worker {
  return new Worker(threadModule('orchestrator/host/backup-thread.js', 1, 2), { workerData: place });
}

export class BackupWork implements Labour {
  readonly event = 'backup';
  readonly fields: { readonly folder: string };
  readonly #place: BackupPlace;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #hire: (place: BackupPlace) => Worker;
  #worker: Worker | undefined;

  /** @param hire starts a thread that answers with a BackupResult */
  constructor(place: BackupPlace, clock: Clock, journal: Journal, hire = hireThread) {
    this.#place = place;
    this.#clock = clock;
    this.#journal = journal;
    this.#hire = hire;
    this.fields = { folder: place.folder };
  }

  begin(slot: string, ended: (how: WorkEnd | WorkFault | 'later') => void): void {
    const beganMs = this.#clock.monotonic();
    let worker: Worker;
    try {
      worker = this.#hire(this.#place);
    } catch (error) {
      ended(failed((error as Error).message));
      return;
    }
    this.#worker = worker;
    const over = (how: () => WorkEnd | WorkFault | 'later'): void => {
      // After its answer, and after a stop, its end says nothing.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      ended(how());
      void worker.terminate();
    };
    worker.on('message', (result: BackupResult) => over(() => this.#judge(slot, result, beganMs)));
    worker.on('error', (error) => over(() => failed(error.message)));
    worker.on('exit', (code) =>
      over(() => failed(`Expected an answer of the thread, found that it exited with ${code}`)),
    );
  }

  /** What the thread had begun is no backup. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #judge(slot: string, result: BackupResult, beganMs: number): WorkEnd | WorkFault | 'later' {
    if ('busy' in result) {
      this.#journal.debug('backup:waits', { slot, message: result.busy });
      return 'later';
    }
    if ('fault' in result) return failed(result.fault, result.hint);
    return this.#report(slot, result, Math.round(this.#clock.monotonic() - beganMs));
  }

  #report(slot: string, made: BackupMade, durationMs: number): WorkEnd {
    const { name, cartridges, added, databaseBytes, troubles, pruned } = made;
    const bytes = added.bytes + databaseBytes;
    const fields = {
      ...{ backup: name, ...this.fields, slot, cartridges, added: added.cartridges, bytes },
      removed: pruned?.backups.length ?? 0,
      duration_ms: durationMs,
      ...(pruned?.unreadable.length ? { unreadable: pruned.unreadable } : {}),
    };
    const [first] = troubles;
    if (first === undefined) {
      this.#journal.info('backup:done', fields);
      return { outcome: 'done', result: { name, cartridges, bytes } };
    }
    const message = `${troubles.length} cartridges are not as they were, such as ${first.path}: ${first.message}`;
    this.#journal.warn('backup:incomplete', { message, ...fields });
    return {
      outcome: 'incomplete',
      result: { name, cartridges, bytes, message: `${troubles.length}: ${first.path}: ${first.message}` },
    };
  }
}

/** The next slot's is tried next. */
function failed(message: string, hint?: string): WorkFault {
  return { message, hint, isPassing: false };
}

/** The ledger: runs in flight, those that have ended among them, and the commit that closes these. */
import { canvasBytes } from '../shared/canvas.ts';
import { errorCode, HostFault } from '../shared/faults.ts';
import type { Flight, OrchestratorDoors } from './doors.ts';
import { backoffMs } from './retry.ts';
import type { JobState, Outcome, RunClose } from './script.ts';
import { Strangers } from './strangers.ts';

/** What a run leaves in its row, beside its outcome. */
export interface Result {
  readonly stdout?: string;
  /** JSON with an `error`, in the shape of a reply's. */
  readonly stderr?: string;
  readonly backend?: string | null;
  readonly cartridge?: RunClose['cartridge'];
  /** The file of a picture that was known. */
  readonly known?: string;
}

export class Ledger {
  readonly #doors: OrchestratorDoors;
  readonly #flights = new Map<string, Flight>();
  /** Those among them that have no answer yet and have not ended. */
  readonly #waiting = new Set<Flight>();
  readonly #endings = new Map<Flight, RunClose>();
  /** How many of the flights have this key. */
  readonly #keys = new Map<string, number>();
  #successful = 0;
  #unsuccessful = 0;
  readonly #strangers: Strangers;

  constructor(doors: OrchestratorDoors) {
    this.#doors = doors;
    this.#strangers = new Strangers((id) => doors.table.outcome(id));
  }

  /** Runs that are claimed and not closed. */
  get size(): number {
    return this.#flights.size;
  }

  /** Runs that have ended and wait for their commit. */
  get ended(): number {
    return this.#endings.size;
  }

  /** Runs closed with success since the start. */
  get successful(): number {
    return this.#successful;
  }

  /** Runs closed otherwise than with success since the start. */
  get unsuccessful(): number {
    return this.#unsuccessful;
  }

  /** RGBA bytes of all canvases in flight. */
  get bytes(): number {
    let bytes = 0;
    for (const { work } of this.#flights.values()) bytes += canvasBytes(work.canvas);
    return bytes;
  }

  add(flight: Flight): void {
    this.#flights.set(flight.spoolId, flight);
    this.#waiting.add(flight);
    const { key } = flight;
    if (key !== undefined) this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
  }

  #forget({ spoolId, key }: Flight): void {
    if (!this.#flights.delete(spoolId) || key === undefined) return;
    const left = (this.#keys.get(key) ?? 0) - 1;
    if (left > 0) this.#keys.set(key, left);
    else this.#keys.delete(key);
  }

  /** Whether work of this key is claimed and not closed. */
  isUnderWay(key: string): boolean {
    return this.#keys.has(key);
  }

  /** How many still wait for their answers. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** A run has its answer; how it ends is still to be seen. */
  answered(flight: Flight): void {
    this.#waiting.delete(flight);
  }

  /** A run that still waits for its answer. */
  waiting(spoolId: string): Flight | undefined {
    const flight = this.#flights.get(spoolId);
    return flight !== undefined && this.#waiting.has(flight) ? flight : undefined;
  }

  /** Whether its run has ended, so that nobody waits for its answer any more, such as one that came too late. */
  isNobodys(spoolId: string): boolean {
    // Undefined: it is no run's here; null: another orchestrator waits for it.
    return !this.#flights.has(spoolId) && this.#strangers.outcome(spoolId) != null;
  }

  /** All runs that still wait for their answers. */
  allWaiting(): Flight[] {
    return [...this.#waiting];
  }

  /** The run whose question lies in the seed's slot. */
  atSlot(): Flight | undefined {
    return this.allWaiting().find(({ door }) => door === 'slot');
  }

  /** Notes how a run ended; `commit` makes it so. */
  end(flight: Flight, outcome: Outcome, result: Result): void {
    const { clock, jitter } = this.#doors;
    const retryMs = outcome === 'failed' ? backoffMs(flight.script.attempts + 1, jitter()) : undefined;
    this.#waiting.delete(flight);
    this.#endings.set(flight, {
      runId: flight.runId,
      finishedAt: clock.iso(),
      durationMs: Math.round(clock.monotonic() - flight.startedMs),
      outcome,
      stdout: result.stdout ?? null,
      stderr: result.stderr ?? null,
      backend: result.backend ?? null,
      retryAt: retryMs === undefined ? null : new Date(clock.now() + retryMs).toISOString(),
      charged: outcome === 'failed' ? 1 : 0,
      cartridge: result.cartridge ?? null,
      ...(result.known === undefined ? {} : { known: result.known }),
    });
  }

  /** Lets go of runs that others have ended meanwhile, whatever has become of them here. */
  dropLost(): void {
    const { table, shelf } = this.#doors;
    for (const [spoolId, flight] of this.#flights) {
      const outcome = table.outcome(spoolId);
      if (outcome === null) continue;
      this.#forget(flight);
      this.#waiting.delete(flight);
      this.#endings.delete(flight);
      if (this.#isNobodysFile(flight, outcome)) shelf.discard(flight.cartridgeName);
      this.#reportLost(flight, outcome);
    }
  }

  #reportLost({ spoolId, script }: Flight, outcome: Outcome | undefined | null): void {
    this.#doors.journal.warn('run:lost', { id: spoolId, script: script.name, outcome: outcome ?? undefined });
  }

  /**
   * Closes in one transaction what has ended, then forgets its answers.
   *
   * @throws {HostFault} when the database cannot be written now; then nothing is forgotten, and it can be
   *   tried again
   */
  commit(): void {
    if (this.#endings.size === 0) return;
    const endings = [...this.#endings];
    try {
      this.#close(endings);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      // A rule of the database's owner, such as a trigger, refuses one of them for good: it must not hold up
      // the others.
      for (const ending of endings) this.#closeAlone(ending);
    }
  }

  #closeAlone(ending: [Flight, RunClose]): void {
    const [flight, close] = ending;
    try {
      this.#close([ending]);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      this.#endings.delete(flight);
      this.#forget(flight);
      this.#unsuccessful++;
      const { message } = error as Error;
      this.#doors.journal.error('run:unclosable', { id: flight.spoolId, outcome: close.outcome, message });
    }
  }

  #close(endings: readonly [Flight, RunClose][]): void {
    const closed = this.#doors.table.close(endings.map(([, close]) => close));
    for (const [index, [flight, close]] of endings.entries()) {
      this.#endings.delete(flight);
      this.#forget(flight);
      const state = closed[index];
      const isOurs = state !== undefined;
      // Somebody deleted the run while it was under way, or ended it: what has become of it is theirs to say.
      const outcome = isOurs ? close.outcome : this.#othersOutcome(flight);
      if (outcome === 'success') this.#successful++;
      else this.#unsuccessful++;
      this.#clearAway(flight, isOurs ? null : outcome);
      if (isOurs) this.#report(flight, close, state);
      else this.#reportLost(flight, outcome);
    }
  }

  /** How somebody else has ended a run; undefined: it is not there, null: that cannot be seen now. */
  #othersOutcome({ spoolId }: Flight): Outcome | null | undefined {
    try {
      return this.#doors.table.outcome(spoolId);
    } catch {
      return null;
    }
  }

  /**
   * What cannot be removed now is nobody's, and swept.
   *
   * @param outcome how somebody else ended the run; null where nobody did, or that cannot be seen now
   */
  #clearAway(flight: Flight, outcome: Outcome | null | undefined): void {
    const { spool, shelf, journal } = this.#doors;
    try {
      if (flight.door === 'spool' && flight.command !== '')
        spool.forget(flight.spoolId, canvasBytes(flight.work.canvas));
      if (this.#isNobodysFile(flight, outcome)) shelf.discard(flight.cartridgeName);
    } catch (error) {
      journal.error('answer:fault', { id: flight.spoolId, message: (error as Error).message });
    }
  }

  /** Whether no row leads to its cartridge; a run may have been removed by now whose cartridge is kept. */
  #isNobodysFile({ cartridgeName }: Flight, outcome: Outcome | null | undefined): boolean {
    if (outcome === 'success' || outcome === null) return false;
    return outcome !== undefined || !this.#doors.table.isRegistered(cartridgeName);
  }

  #report(flight: Flight, close: RunClose, state: JobState | null): void {
    const { journal } = this.#doors;
    const named = { id: flight.spoolId, script: flight.script.name, run: flight.runId };
    if (close.outcome === 'success' && close.known !== undefined) {
      const { cartridge } = JSON.parse(close.stdout ?? '{}');
      journal.info('run:known', { cartridge, duration_ms: close.durationMs, ...named });
    } else if (close.outcome === 'success') {
      const { cartridge, warnings } = JSON.parse(close.stdout ?? '{}');
      journal.info('run:success', {
        cartridge,
        size: `${flight.work.canvas.width}×${flight.work.canvas.height}`,
        bytes: close.cartridge?.bytes,
        backend: close.backend,
        duration_ms: close.durationMs,
        warnings: warnings?.length || undefined,
        ...named,
      });
    } else {
      const { error } = JSON.parse(close.stderr ?? '{}');
      const retryAt = state === 'queued' ? (close.retryAt ?? undefined) : undefined;
      const cartridge = close.known ?? close.cartridge?.fileName;
      journal.warn(`run:${close.outcome}`, { ...named, ...error, cartridge, retry_at: retryAt });
      if (state === 'dead') {
        const hint = 'no attempt is left: gvpie requeue begins anew';
        journal.error('job:dead', { job: flight.script.jobId, script: flight.script.name, hint });
      }
    }
  }
}

/** Whether a rule of the tables, such as a trigger of the database's owner, refused: it will again. */
export function isForbidden(error: unknown): boolean {
  return error instanceof HostFault && errorCode(error.cause)?.startsWith('SQLITE_CONSTRAINT') === true;
}

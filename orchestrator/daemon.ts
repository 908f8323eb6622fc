/** The orchestrator's daemon: watches the table, the doors and the time, and moves runs along. */
import { FaultLog } from '../shared/fault-log.ts';
import { OneAtATime } from '../shared/one-at-a-time.ts';
import { DRAIN_MS, GATHER_MS, LEASE_MS, PRESENCE_MS } from './config.ts';
import { describe } from './decide.ts';
import type { Flight, OnceResult, OrchestratorDoors, OrchestratorOptions } from './doors.ts';
import { Intake } from './intake.ts';
import { Leases } from './leases.ts';
import { Ledger } from './ledger.ts';
import { Patience } from './patience.ts';
import { Planner } from './planner.ts';
import { PresenceReport } from './presence-report.ts';
import { isRetryDue } from './retry.ts';
import { Round } from './round.ts';
import { Settling } from './settling.ts';

/** How often it is looked, during a drain, whether everything has ended, ms. */
const DRAIN_LOOK_MS = 10;

/**
 * Modes: running → stopping (claims nothing; what is in flight is finished or, after a while, handed
 * back). Intake and settling are two tasks, so that the renderer has work while cartridges are synced.
 */
export class OrchestratorDaemon {
  /** Resolves when `once` has done what it can; never otherwise. */
  readonly finished: Promise<OnceResult>;
  readonly #doors: OrchestratorDoors;
  readonly #options: OrchestratorOptions;
  readonly #ledger: Ledger;
  readonly #intake: Intake;
  readonly #settling: Settling;
  readonly #leases: Leases;
  readonly #presence: PresenceReport;
  readonly #faults: FaultLog;
  readonly #takingIn: OneAtATime;
  readonly #settlingDown: OneAtATime;
  readonly #planner: Planner;
  #finish: (result: OnceResult) => void = () => {};
  /** Undefined when it serves until told to stop. */
  #round: Round | undefined;
  #stopping = false;
  /** The database's version that was last looked at; undefined when there is something to look at. */
  #dataVersion: number | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #leasesMs = Number.NEGATIVE_INFINITY;
  readonly #patience: Patience;
  /** Whether what was heard waits for more, and will be settled soon in any case. */
  #isGathering = false;

  constructor(doors: OrchestratorDoors, options: OrchestratorOptions) {
    this.#doors = doors;
    this.#options = options;
    this.#ledger = new Ledger(doors);
    this.#presence = new PresenceReport(doors);
    this.#leases = new Leases(doors, options.cartridges);
    this.#patience = new Patience(doors, options.timeoutMs);
    this.#faults = new FaultLog(doors.journal, doors.clock);
    this.#intake = new Intake(doors, options, this.#ledger);
    this.#settling = new Settling(doors, options, this.#ledger, () => this.#settlingDown.wake());
    this.#planner = new Planner(doors, options.cycleMs);
    this.#takingIn = new OneAtATime(
      () => this.#takeIn(),
      (error) => {
        this.#faults.tell(error);
        this.#dataVersion = undefined;
      },
    );
    this.#settlingDown = new OneAtATime(
      () => this.#settle(),
      (error) => this.#faults.tell(error),
    );
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** Closes what others left open that are dead, then begins. @throws {HostFault} by the database; it may be called again */
  start(): void {
    this.#doors.slot.tidy();
    this.#leases.begin();
    this.#faults.attempt(() => this.#planner.look());
    if (this.#options.once) {
      this.#round = new Round(this.#doors, this.#ledger);
      void this.#round.finished.then(this.#finish);
    }
    this.poll();
  }

  /** Looks at the database, at who serves, and at the time. To be called every few milliseconds. */
  poll(): void {
    if (this.#stopping) return;
    const { clock, keeper } = this.#doors;
    const now = clock.monotonic();
    const before = keeper.open;
    if (before === undefined || now - this.#lookedMs >= PRESENCE_MS) {
      this.#lookedMs = now;
      this.#faults.attempt(() => keeper.advance(now));
      this.#presence.look(now);
    }
    this.#faults.attempt(() => this.#checkLeases(now));
    this.#faults.attempt(() => this.#checkProgress(now));
    this.#faults.attempt(() => this.#checkTable(keeper.open !== before));
    if (this.#ledger.ended > 0) this.#settlingDown.wake();
    this.#checkRound(now);
  }

  /** Something changed at the outbox: the file `name`, or anything. */
  hearOutbox(name: string | undefined): void {
    if (name === undefined) this.#faults.attempt(() => this.#scanOutbox());
    else if (name.endsWith('.json')) this.#hear(name.slice(0, -'.json'.length));
  }

  /** Something changed at the slot. */
  hearSlot(): void {
    const flight = this.#ledger.atSlot();
    if (flight !== undefined) this.#hear(flight.spoolId);
    else if (this.#doors.keeper.open === undefined) this.poll();
  }

  /** Claims nothing more; finishes what is in flight, or takes it back after a while. */
  async stop(): Promise<void> {
    const { clock, spool, line, pause } = this.#doors;
    this.#stopping = true;
    await this.#takingIn.idle();
    const until = clock.monotonic() + DRAIN_MS;
    while (this.#ledger.size > 0 && this.#isMoving() && clock.monotonic() < until) {
      this.#settlingDown.wake();
      await this.#settlingDown.idle();
      if (this.#ledger.size > 0) await pause(DRAIN_LOOK_MS);
    }
    await this.#settlingDown.idle();
    for (const flight of this.#settling.abandon()) this.#interrupt(flight, 'the orchestrator was stopped');
    for (const flight of this.#ledger.allWaiting()) {
      this.#faults.attempt(() => flight.door === 'spool' && spool.withdraw(flight.spoolId));
      this.#interrupt(flight, 'the orchestrator was stopped');
    }
    this.#faults.attempt(() => line.leave());
    // Runs that cannot be closed now stay open and are recovered at the next start.
    this.#faults.attempt(() => this.#ledger.commit());
  }

  /** Whether what is in flight may still end: somebody serves, or presses. */
  #isMoving(): boolean {
    return this.#doors.keeper.open !== undefined || this.#settling.pressing > 0;
  }

  #hear(spoolId: string): void {
    if (this.#ledger.waiting(spoolId) === undefined) return;
    this.#settling.hear(spoolId);
    if (this.#settling.isWorthwhile) this.#settlingDown.wake();
    else void this.#gather();
  }

  /** Settles after a while what few answers there are by then. */
  async #gather(): Promise<void> {
    if (this.#isGathering) return;
    this.#isGathering = true;
    await this.#doors.pause(GATHER_MS);
    this.#isGathering = false;
    this.#settlingDown.wake();
  }

  #scanOutbox(): void {
    for (const id of this.#doors.spool.answered()) {
      if (this.#ledger.isNobodys(id)) this.#doors.spool.forget(id);
      else this.#hear(id);
    }
  }

  #checkLeases(now: number): void {
    if (now - this.#leasesMs < LEASE_MS) return;
    this.#leasesMs = now;
    const { stoodStill, tookOver } = this.#leases.tick(this.#ledger.size > 0);
    if (stoodStill) this.#ledger.dropLost();
    if (stoodStill || tookOver) this.#dataVersion = undefined;
  }

  /** Ends what somebody cancels, unless its answer is there. */
  #cancel(): void {
    if (this.#ledger.size === 0) return;
    const { table, owners, spool } = this.#doors;
    for (const spoolId of table.cancelled(owners.id)) {
      const flight = this.#ledger.waiting(spoolId);
      // Whose question lies in the slot is answered in its turn: nothing there says whose an answer is.
      if (flight === undefined || flight.door === 'slot') continue;
      spool.withdraw(spoolId);
      this.#ledger.end(flight, 'cancelled', { stderr: describe('RUN-E009', 'Cancelled') });
    }
  }

  /** Takes scripts in when somebody changed the table, a wait is over, or another door is open. */
  #checkTable(doorChanged: boolean): void {
    const { table, clock } = this.#doors;
    const version = table.dataVersion();
    const retryIsDue = isRetryDue(this.#intake.nextRetryAt, clock.now());
    const isChanged = version !== this.#dataVersion;
    if (isChanged) {
      this.#cancel();
      this.#planner.hear();
    }
    // A round is of what was there at its start.
    let isPlanned = false;
    this.#faults.attempt(() => {
      isPlanned = this.#round === undefined && this.#planner.look();
    });
    if (!isChanged && !retryIsDue && !doorChanged && !isPlanned) return;
    this.#dataVersion = version;
    this.#takingIn.wake();
  }

  async #takeIn(): Promise<void> {
    const { clock, breathe } = this.#doors;
    while (!this.#stopping) {
      if (this.#ledger.size === 0) this.#patience.moved(clock.monotonic());
      const more = this.#intake.take(this.#round?.agenda);
      if (this.#ledger.ended > 0) this.#settlingDown.wake();
      if (!more) return;
      await breathe();
    }
  }

  async #settle(): Promise<void> {
    const { clock } = this.#doors;
    const onAnswer = (): void => this.#patience.moved(clock.monotonic());
    let isWorthwhile = true;
    do {
      if (isWorthwhile) await this.#settling.settle(onAnswer);
      await this.#settling.rest();
      // What lies in memory is on the shelf at once, and the batch took its part of this turn.
      await this.#doors.breathe();
      const before = this.#ledger.size;
      this.#ledger.commit();
      if (this.#ledger.size < before) this.#takingIn.wake();
      await this.#doors.breathe();
      isWorthwhile = this.#settling.isWorthwhile;
    } while (isWorthwhile || this.#settling.isShelving || this.#ledger.ended > 0);
    if (this.#settling.heard > 0) void this.#gather();
    this.#takingIn.wake();
    this.#checkRound(clock.monotonic());
  }

  /** What takes too long has failed; what nobody takes is offered again. */
  #checkProgress(now: number): void {
    const { keeper, spool, line, journal } = this.#doors;
    const atSlot = this.#ledger.atSlot();
    // While nobody serves, the time of an answer stands still.
    if (!keeper.announced && atSlot === undefined) this.#patience.rest(now);
    if (keeper.open === 'slot' && atSlot === undefined) this.#leaveSpool();
    const { late, untaken } = this.#patience.look(now, this.#ledger.allWaiting(), (spoolId, isNew) => {
      if (isNew) this.#hear(spoolId);
      return this.#settling.isHeard(spoolId);
    });
    if (late.length + untaken.length === 0) return;
    const { timeoutMs } = this.#options;
    journal.warn('renderer:late', { in_flight: late.length + untaken.length, timeout_ms: timeoutMs });
    for (const flight of untaken) if (spool.withdraw(flight.spoolId)) this.#intake.offer(flight);
    const expected = `an answer within ${timeoutMs} ms, as GVPIE_TIMEOUT_MS says`;
    for (const flight of late) {
      if (flight.door === 'slot') line.timedOut();
      else spool.withdraw(flight.spoolId);
      this.#ledger.end(flight, 'failed', {
        stderr: describe('RUN-E006', `Expected ${expected}, found none`),
      });
    }
  }

  /** The spool's renderer is gone and another one serves the slot: its jobs become due again. */
  #leaveSpool(): void {
    for (const flight of this.#ledger.allWaiting()) {
      this.#doors.spool.withdraw(flight.spoolId);
      this.#interrupt(flight, 'the renderer went away');
    }
  }

  #interrupt(flight: Flight, why: string): void {
    this.#ledger.end(flight, 'interrupted', { stderr: describe('RUN-E001', `Interrupted: ${why}`) });
  }

  #checkRound(now: number): void {
    if (!this.#stopping) this.#round?.check(now);
  }
}

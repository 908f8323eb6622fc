/** The renderer's daemon: serves both doors side by side, and renders for one of them at a time. */
import { type Allowance, FULL_ALLOWANCE } from '../shared/allowance.ts';
import { FaultLog } from '../shared/fault-log.ts';
import { OneAtATime } from '../shared/one-at-a-time.ts';
import type { InHand } from '../shared/protocol/announcement.ts';
import type { Command, RefusedCommand } from '../shared/protocol/command.ts';
import { type Answer, type AnswerCommand, answer, type BesideOthers, type Shown } from './answer.ts';
import { FAULT_REST_MS } from './config.ts';
import type { Door, RendererDoors } from './doors.ts';
import { Holds } from './holds.ts';
import type { Progress } from './progress.ts';
import { SlotService } from './slot-service.ts';
import { SpoolService } from './spool-service.ts';
import { Turns } from './turns.ts';

/**
 * Modes: serving (rings are answered) → stopping (no new job is begun; `stop` resolves when what is
 * in hand is answered). A door takes a job only when it is its turn to render, so that whoever dies
 * while rendering had that door's work in hand alone; a slot client that is still writing has no turn, and so
 * delays nobody at the spool. A door whose service the world broke off rests for a while: its job was
 * handed back, and that rings too.
 */
export class RendererDaemon {
  readonly #doors: RendererDoors;
  readonly #version: string;
  readonly #allowance: Allowance;
  readonly #spool: Served;
  readonly #slot: Served;
  readonly #services: readonly Pick<SpoolService, 'abandon' | 'inHand'>[];
  readonly #holds = new Holds();
  readonly #faults: FaultLog;
  #last: Shown | undefined;
  #letLastGo: (() => void) | undefined;
  #stopping = false;

  /** @param allowance what a run may cost at most, whatever its command allows */
  constructor(name: string, version: string, doors: RendererDoors, allowance: Allowance = FULL_ALLOWANCE) {
    this.#doors = doors;
    this.#version = version;
    this.#allowance = allowance;
    this.#faults = new FaultLog(doors.journal, doors.clock);
    const turns = new Turns();
    const answer: AnswerCommand = (command, progress, beside) => this.#answer(command, progress, beside);
    const spool = new SpoolService(doors, name, turns.claim(), answer);
    const slot = new SlotService(doors, name, turns.claim(), answer);
    this.#services = [spool, slot];
    this.#spool = this.#open(spool);
    this.#slot = this.#open(slot);
  }

  /** Something may have arrived: looks at the door, or at both. */
  ring(at?: Door): void {
    if (this.#stopping) return;
    const now = this.#doors.clock.monotonic();
    if (at !== 'spool' && now >= this.#slot.restsUntil) this.#slot.work.wake();
    if (at !== 'slot' && now >= this.#spool.restsUntil) this.#spool.work.wake();
  }

  /** What it works on, as it is now: of the spool the oldest first, then of the slot. At most 65, HAND_JOBS and one. */
  inHand(): InHand[] {
    return this.#services.flatMap((service) => service.inHand());
  }

  /** Begins nothing new and resolves when nothing is in hand. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([this.#spool.work.idle(), this.#slot.work.idle()]);
  }

  /** Begins nothing new and lets go of what is in hand, at once: the spool's jobs are there for the next renderer. */
  abandon(): void {
    this.#stopping = true;
    for (const service of this.#services) service.abandon();
  }

  #open(service: { drain(stopping: () => boolean): Promise<void> }): Served {
    const { clock } = this.#doors;
    const door: Served = {
      restsUntil: Number.NEGATIVE_INFINITY,
      work: new OneAtATime(
        () => service.drain(() => this.#stopping),
        (error) => {
          door.restsUntil = clock.monotonic() + FAULT_REST_MS;
          this.#faults.tell(error);
        },
      ),
    };
    return door;
  }

  async #answer(
    command: Command | RefusedCommand,
    progress: Progress,
    beside?: BesideOthers,
  ): Promise<Answer> {
    const { backends, clock, readInput, breathe } = this.#doors;
    const given = await answer(command, {
      backends,
      version: this.#version,
      allowance: this.#allowance,
      last: this.#last,
      nowMs: clock.now(),
      beside,
      progress,
      readInput,
      breathe,
      monotonic: () => clock.monotonic(),
    });
    const done = given.painted && this.#holds.hold(given.painted);
    if (given.shown !== undefined) {
      const letGo = this.#letLastGo;
      this.#last = given.shown;
      this.#letLastGo = this.#holds.hold(given.shown.painted);
      letGo?.();
    }
    return done === undefined ? given : { ...given, done };
  }
}

interface Served {
  readonly work: OneAtATime;
  /** Until then, on the monotonic clock, rings at this door are not heard. */
  restsUntil: number;
}

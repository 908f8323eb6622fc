/** The planner: makes jobs of scripts that have a schedule or a matrix, slot by slot, when they come due. */
import type { Complaint } from '../shared/faults.ts';
import type { Params } from '../shared/params.ts';
import type { Clock, Journal } from '../shared/world.ts';
import { type CatchUp, isOver, planSlots } from './catch-up.ts';
import { BATCH } from './config.ts';
import { describeRefusal } from './decide.ts';
import { pointSlot, readMatrix, unqueueable } from './matrix.ts';
import { readSchedule } from './schedule.ts';
import { slotName } from './slots.ts';

/** A script that wants to be planned, as any SQLite client may have written it. */
export interface Plannable {
  readonly id: number;
  readonly name: string;
  readonly revision: number;
  readonly schedule: string | null;
  readonly timeZone: string | null;
  readonly catchUp: string;
  readonly matrix: string | null;
  /** ISO 8601 UTC: when it got this revision, and up to where its slots are dealt with; null: none is. */
  readonly revisedAt: string;
  readonly plannedTo: string | null;
  /** As it was read: another one by now means that somebody else has planned. */
  readonly planAt: string;
  /** How many of its jobs are queued. */
  readonly queued: number;
  /** How many jobs of all scripts may be; null: any number. */
  readonly maxQueued: number | null;
}

/** What a plan does to its script. */
export interface Planned {
  readonly script: Plannable;
  /** Jobs to be queued, oldest first, where there is none of that slot yet. */
  readonly jobs: readonly { readonly slot: string; readonly dueAt: string; readonly params: string | null }[];
  /** Whether jobs that are still queued give their place to these. */
  readonly replaces: boolean;
  /** Whether none is queued where there is none yet: only what an older revision left undone begins anew. */
  readonly renewsOnly: boolean;
  readonly skipped: number;
  /** There were more than are counted. */
  readonly skippedAtLeast: boolean;
  readonly plannedTo: string | null;
  /** When to plan again; null: never, unless the script changes. */
  readonly planAt: string | null;
  /** Why it is refused instead; JSON. */
  readonly refusal: string | null;
}

/** The database; see host/plan-table.ts. */
export interface Plans {
  /** Enabled scripts to plan, those that are due longest first. */
  due(now: string, limit: number): Plannable[];
  nextAt(): string | null;
  /** Makes it so in one transaction; false where somebody else was first. */
  carryOut(planned: Planned, now: string, newId: () => string): boolean;
  /** Has all scripts with a schedule planned anew. */
  replanAll(): void;
  /** Queues every enabled script without a schedule for the slot, where none of its jobs is queued or running. */
  cycle(slot: string): number;
}

/** Jobs of one script that are queued by `all`, at most; further slots are planned as these end. */
const BACKLOG = 1_000;
/** When to look again at a script whose backlog is full, ms. */
const FULL_MS = 1_000;
/** How long a script rests whose plan could not be carried out, ms. */
const ASIDE_MS = 10_000;
/** How far the wall clock may fall behind the monotonic one between two looks before it counts as set back, ms. */
const SLACK_MS = 1_000;

export class Planner {
  readonly #plans: Plans;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #newId: () => string;
  readonly #cycleMs: number | undefined;
  /** Wall less monotonic at the last look. */
  #offsetMs: number | undefined;
  #nextAt: string | null = '';
  #cycledMs: number | undefined;
  /** Scripts whose plans could not be carried out, and until when they rest, on the monotonic clock. */
  readonly #aside = new Map<number, number>();

  /** @param cycleMs how often every script is rendered again, as the seed does; undefined: never */
  constructor(
    doors: { readonly plans: Plans; readonly clock: Clock; readonly journal: Journal; newId(): string },
    cycleMs: number | undefined,
  ) {
    this.#plans = doors.plans;
    this.#clock = doors.clock;
    this.#journal = doors.journal;
    this.#newId = () => doors.newId();
    this.#cycleMs = cycleMs;
  }

  /** Somebody has changed the table. */
  hear(): void {
    this.#nextAt = '';
  }

  /**
   * Plans what is due. To be called often; most of the time it only compares two times.
   *
   * @returns whether there are new jobs
   */
  look(): boolean {
    this.#minTheClock();
    const cycled = this.#cycle();
    const now = this.#clock.iso();
    if (this.#nextAt === null || this.#nextAt > now) return cycled;
    let more = false;
    for (const script of this.#plans.due(now, BATCH + this.#aside.size)) {
      const planned = this.#attempt(script, now);
      if (planned === undefined) continue;
      more = true;
      if (planned.refusal !== null) {
        const { error } = JSON.parse(planned.refusal) as { error: Complaint };
        this.#journal.warn('script:refused', { script: script.name, ...error });
      }
      if (planned.skipped > 0) {
        const atLeast = planned.skippedAtLeast || undefined;
        this.#journal.info('slots:skipped', {
          script: script.name,
          skipped: planned.skipped,
          at_least: atLeast,
        });
      }
    }
    this.#nextAt = this.#plans.nextAt();
    return more || cycled;
  }

  /** One script whose jobs are refused, as by a full queue, holds up no other: it has its turn again after a while. */
  #attempt(script: Plannable, now: string): Planned | undefined {
    const nowMs = this.#clock.monotonic();
    if (nowMs < (this.#aside.get(script.id) ?? Number.NEGATIVE_INFINITY)) return undefined;
    this.#aside.delete(script.id);
    try {
      const planned = this.#plan(script);
      return this.#plans.carryOut(planned, now, this.#newId) ? planned : undefined;
    } catch (error) {
      this.#aside.set(script.id, nowMs + ASIDE_MS);
      this.#journal.error('plan:fault', { script: script.name, message: (error as Error).message });
      return undefined;
    }
  }

  /** A clock that is set back would leave every schedule resting until it is as late again as it was. */
  #minTheClock(): void {
    const offsetMs = this.#clock.now() - this.#clock.monotonic();
    // At the start too: it may have been set back while nobody looked.
    if (this.#offsetMs === undefined || offsetMs < this.#offsetMs - SLACK_MS) {
      this.#plans.replanAll();
      this.#nextAt = '';
      this.#cycledMs = undefined;
    }
    this.#offsetMs = offsetMs;
  }

  #cycle(): boolean {
    if (this.#cycleMs === undefined) return false;
    const slotMs = Math.floor(this.#clock.now() / this.#cycleMs) * this.#cycleMs;
    if (this.#cycledMs === undefined) {
      // What is there at the start is due by itself.
      this.#cycledMs = slotMs;
      return false;
    }
    if (slotMs <= this.#cycledMs) return false;
    this.#cycledMs = slotMs;
    return this.#plans.cycle(slotName(slotMs)) > 0;
  }

  #plan(script: Plannable): Planned {
    const points = script.matrix === null ? [undefined] : readMatrix(script.matrix);
    if ('code' in points) return refused(script, points);
    const tooMany = script.matrix === null ? undefined : unqueueable(points, script.maxQueued);
    if (tooMany !== undefined) return refused(script, tooMany);
    if (script.schedule !== null) return this.#planSchedule(script, script.schedule, points);
    const dueAt = this.#clock.iso();
    const jobs = points.map((point) => job(`r${script.revision}`, dueAt, point));
    return { ...DONE, script, jobs, plannedTo: script.plannedTo };
  }

  #planSchedule(script: Plannable, text: string, points: readonly (Params | undefined)[]): Planned {
    const schedule = readSchedule(text, script.timeZone);
    if ('code' in schedule) return refused(script, schedule);
    const catchUp = readCatchUp(script.catchUp);
    if (catchUp === undefined) {
      const message = `Expected catch_up to be skip, one or all, found ${JSON.stringify(script.catchUp)}`;
      return refused(script, { code: 'ROW-E009', message });
    }
    const nowMs = this.#clock.now();
    const room = Math.floor((BACKLOG - script.queued) / points.length);
    if (catchUp === 'all' && room < 1 && script.queued > 0) {
      return { ...DONE, script, jobs: [], plannedTo: script.plannedTo, planAt: slotName(nowMs + FULL_MS) };
    }
    const revisedMs = Date.parse(script.revisedAt) || 0;
    const plan = planSlots(schedule, {
      nowMs,
      catchUp,
      lastMs: script.plannedTo === null ? null : Date.parse(script.plannedTo),
      sinceMs: schedule.kind === 'at' ? -1 : revisedMs,
      limit: Math.max(1, room),
    });
    return {
      script,
      jobs: plan.run.flatMap((ms) => points.map((point) => job(slotName(ms), slotName(ms), point))),
      replaces: catchUp !== 'all' && plan.run.length > 0,
      renewsOnly: isOver(schedule, revisedMs),
      skipped: plan.skipped,
      skippedAtLeast: plan.skippedAtLeast,
      plannedTo: plan.lastMs === null ? null : slotName(plan.lastMs),
      planAt: plan.nextMs === undefined ? null : slotName(Math.max(plan.nextMs, 0)),
      refusal: null,
    };
  }
}

const DONE = {
  replaces: false,
  renewsOnly: false,
  skipped: 0,
  skippedAtLeast: false,
  planAt: null,
  refusal: null,
} as const;

function refused(script: Plannable, complaint: Complaint): Planned {
  return { ...DONE, script, jobs: [], plannedTo: script.plannedTo, refusal: describeRefusal(complaint) };
}

function job(slot: string, dueAt: string, point: Params | undefined) {
  return { slot: pointSlot(slot, point), dueAt, params: point === undefined ? null : JSON.stringify(point) };
}

function readCatchUp(text: string): CatchUp | undefined {
  return (['skip', 'one', 'all'] as const).find((choice) => choice === text);
}

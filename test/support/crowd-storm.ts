/** A storm over a crowd of daemons on one database and one socket: killed, stopped for a while, and started again. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { type Database, openDatabase } from '../../orchestrator/host/migrate.ts';
import { errorCode } from '../../shared/faults.ts';
import { seeded } from '../../shared/seeded.ts';
import { type Child, startProgram } from './child.ts';
import { recordHistory } from './job-history.ts';
import { namesIn } from './renderer-process.ts';
import type { Place } from './shelf-objections.ts';
import { insertPlanned, type Planned, planStorm } from './storm-plan.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

export const ORCHESTRATORS = 4;
const RENDERERS = 3;
/** The largest burst of scripts, as a part of all; most are much smaller. */
const BURST = 1 / 16;
/** How long the work that is left may take once nobody is killed any more, ms. */
const QUIET_MS = 300_000;
/** A writer that is held up holds up the feeder too, which must have its turn to wake it. */
const BUSY_MS = 20;

export interface StormOptions {
  readonly scripts: number;
  /** Of these, those with a slot every two seconds. */
  readonly scheduled: number;
  readonly durationMs: number;
  readonly seed: number;
  /** How long one is stopped at most, and left alone at most, ms. */
  readonly longestStopMs: number;
  readonly longestPeaceMs: number;
}

export interface CrowdStorm {
  readonly place: Place;
  readonly planned: readonly Planned[];
  readonly kills: number;
  readonly stops: number;
  /** Of those that were stopped, how many were killed then, or as soon as they went on. */
  readonly killedAsleep: number;
  /** Warnings and errors of the daemons, by what happened. */
  readonly told: ReadonlyMap<string, number>;
  /** All that they wrote. */
  readonly output: string;
  readonly stormS: number;
  readonly quietS: number;
}

/** The seed decides every moment; the same seed gives the same plan, not the same race. */
export async function crowdStorm(options: StormOptions): Promise<CrowdStorm> {
  const folder = temporaryFolder();
  const place = {
    socket: join(folder, 'socket'),
    database: join(folder, 'daemon.db'),
    cartridges: join(folder, 'cartridges'),
  };
  mkdirSync(place.cartridges);
  const planned = planStorm(options.scripts, options.scheduled, options.seed);
  const created = openDatabase(place.database, { durability: 'fast' });
  created.exec('DELETE FROM improvement_scripts');
  recordHistory(created);
  created.close();
  const database = new BetterSqlite3(place.database, { timeout: BUSY_MS });

  const begunMs = performance.now();
  const wards = [
    ...Array.from({ length: RENDERERS }, () => 'renderer' as const),
    ...Array.from({ length: ORCHESTRATORS }, () => 'orchestrator' as const),
  ].map((daemon, n) => new Ward(daemon, place, options, n));
  const fed = feed(database, planned, options);
  await Promise.all([fed, ...wards.map((ward) => ward.suffer(begunMs + options.durationMs))]);
  const stormS = (performance.now() - begunMs) / 1_000;

  const quietMs = performance.now();
  await waitUntil('every job to have ended', () => hasNothingToDo(database), QUIET_MS, 50);
  // Answers to questions of the dead come last, and the slow scan clears them away.
  await waitUntil('an empty outbox', () => namesIn(place.socket, 'outbox').length === 0, 20_000, 20);
  // Who was given up, went on and died while it wrote leaves half a command, which is swept after a minute.
  await waitUntil('an empty tmp', () => namesIn(place.socket, 'tmp').length === 0, 90_000, 20);
  const quietS = (performance.now() - quietMs) / 1_000;
  for (const ward of wards.toReversed()) await ward.end();
  database.close();
  const output = wards.map((ward) => ward.output).join('');
  const sum = (count: (ward: Ward) => number) => wards.reduce((all, ward) => all + count(ward), 0);
  return {
    ...{ place, planned, stormS, quietS, output, told: eventsIn(output) },
    kills: sum(({ kills }) => kills),
    stops: sum(({ stops }) => stops),
    killedAsleep: sum(({ killedAsleep }) => killedAsleep),
  };
}

/** One daemon of the crowd, in all its lives. */
class Ward {
  kills = 0;
  stops = 0;
  killedAsleep = 0;
  readonly #daemon: 'renderer' | 'orchestrator';
  readonly #settings: string;
  readonly #options: StormOptions;
  readonly #next: () => number;
  #child: Child | undefined;
  #before = '';

  constructor(daemon: 'renderer' | 'orchestrator', place: Place, options: StormOptions, n: number) {
    this.#daemon = daemon;
    this.#options = options;
    this.#next = seeded(options.seed + 1 + n);
    this.#settings = JSON.stringify({
      ...{ socketDir: place.socket, database: place.database, cartridges: place.cartridges },
      ...{ pollMs: '20', durability: 'fast', backend: 'cpu' },
    });
  }

  get output(): string {
    return this.#before + (this.#child?.output() ?? '');
  }

  /** Lives and dies until the storm is over, and lives then. */
  async suffer(untilMs: number): Promise<void> {
    const next = this.#next;
    const { longestStopMs, longestPeaceMs } = this.#options;
    while (performance.now() < untilMs) {
      const child = await this.#living();
      // A part of the moments lies in its first steps, the others anywhere in its life.
      await sleep(next() < 0.3 ? next() * 60 : next() * longestPeaceMs);
      const chance = next();
      if (chance < 0.55) {
        await this.#kill(child);
        continue;
      }
      this.stops++;
      child.process.kill('SIGSTOP');
      // From a tenth of a second on, the short ones more often.
      await sleep(100 * (longestStopMs / 100) ** next());
      if (chance > 0.9) {
        this.killedAsleep++;
        await this.#kill(child);
        continue;
      }
      child.process.kill('SIGCONT');
      if (chance < 0.8) continue;
      await sleep(next() * 20);
      this.killedAsleep++;
      await this.#kill(child);
    }
    await this.#living();
  }

  async end(): Promise<void> {
    this.#child?.process.kill('SIGTERM');
    const end = await this.#child?.ended;
    if (end?.code !== 0) throw new Error(`the ${this.#daemon} ended with ${end?.code}: ${this.output}`);
  }

  async #living(): Promise<Child> {
    if (this.#child !== undefined && this.#child.end() === undefined) return this.#child;
    const child = startProgram('storm-daemon', [this.#daemon, this.#settings]);
    this.#child = child;
    const isThere = () => child.output().includes('begin') || child.end() !== undefined;
    await waitUntil(`the ${this.#daemon} to begin`, isThere, 60_000, 5);
    return child;
  }

  async #kill(child: Child): Promise<void> {
    child.process.kill('SIGKILL');
    const { signal } = await child.ended;
    if (signal !== 'SIGKILL') throw new Error(`the ${this.#daemon} ended by itself: ${child.output()}`);
    this.kills++;
    this.#before += child.output();
    this.#child = undefined;
  }
}

/** Gives the scripts, a burst at a time. */
async function feed(
  database: Database,
  planned: readonly Planned[],
  { durationMs, seed }: StormOptions,
): Promise<void> {
  const next = seeded(seed);
  const begunMs = performance.now();
  for (let given = 0; given < planned.length; ) {
    const burst = planned.slice(given, given + Math.ceil((planned.length * BURST) ** next()));
    await whenFree(() => insertPlanned(database, burst));
    given += burst.length;
    // What is left of the storm meets the last of them.
    const dueMs = begunMs + (0.95 * durationMs * given) / planned.length;
    await sleep(Math.max(0, dueMs - performance.now()));
  }
  // Each at a moment when it has nothing to do, so that every slot up to there has been dealt with.
  const disable = database.prepare(`
    UPDATE improvement_scripts AS script SET enabled = 0 WHERE schedule IS NOT NULL AND enabled = 1 AND NOT EXISTS (
      SELECT 1 FROM jobs WHERE script_id = script.id AND state IN ('queued', 'running'))`);
  const isOn = database.prepare(
    'SELECT 1 FROM improvement_scripts WHERE schedule IS NOT NULL AND enabled = 1',
  );
  while (isOn.get() !== undefined) {
    await whenFree(() => disable.run());
    await sleep(50);
  }
}

/** As any client does that can do something else meanwhile. */
async function whenFree(write: () => unknown): Promise<void> {
  for (;;) {
    try {
      write();
      return;
    } catch (error) {
      if (!errorCode(error)?.startsWith('SQLITE_BUSY')) throw error;
      await sleep(50);
    }
  }
}

function hasNothingToDo(database: Database): boolean {
  return (
    database
      .prepare(`
        SELECT 1 FROM jobs WHERE state IN ('queued', 'running')
        UNION ALL SELECT 1 FROM improvement_runs WHERE spool_id IS NOT NULL AND finished_at IS NULL
        UNION ALL SELECT 1 FROM improvement_scripts WHERE plan_at IS NOT NULL AND enabled = 1`)
      .get() === undefined
  );
}

function eventsIn(output: string): Map<string, number> {
  const told = new Map<string, number>();
  for (const [, event = ''] of output.matchAll(/^\{"event":"([^"]+)"/gm)) {
    told.set(event, 1 + (told.get(event) ?? 0));
  }
  return told;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A storm over both daemons: each is killed again and again at random moments, and started again at once. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase } from '../../orchestrator/host/migrate.ts';
import { seeded } from '../../shared/seeded.ts';
import type { DoorChoice } from '../../shared/settings.ts';
import { type Child, startProgram } from './child.ts';
import { namesIn } from './renderer-process.ts';
import type { Place } from './shelf-objections.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

/** Scripts that wait or are under way during the storm: enough that there is always work. */
const BACKLOG = 12;

export interface Storm {
  readonly place: Place;
  readonly kills: { readonly renderer: number; readonly orchestrator: number };
  /** Runs that a kill cut off. */
  readonly interrupted: number;
  /** Successes that were on the shelf when the storm ended. */
  readonly during: number;
  readonly seconds: number;
}

/** A program that takes a few milliseconds, with a picture of its own. */
function stormProgram(n: number): string {
  const rects = Array.from(
    { length: 60 },
    (_, i) => `RECT ${(i * 7 + n) % 300} ${(i * 5) % 200} ${i + 20} ${i + 9}`,
  );
  return [`TXT 1 1 storm ${n}`, ...rects].join('\n');
}

/**
 * @param kills of both daemons together
 * @param seed decides every moment; the same seed gives the same plan, not the same race
 */
export async function storm(
  scripts: number,
  kills: number,
  seed: number,
  door: DoorChoice = 'auto',
): Promise<Storm> {
  const begun = performance.now();
  const folder = temporaryFolder();
  const place = {
    socket: join(folder, 'socket'),
    database: join(folder, 'daemon.db'),
    cartridges: join(folder, 'cartridges'),
  };
  mkdirSync(place.cartridges);
  const settings = {
    socketDir: place.socket,
    database: place.database,
    cartridges: place.cartridges,
    pollMs: '5',
    durability: 'fast',
    door,
  };
  const database = openDatabase(place.database, { durability: 'fast' });
  database.exec('DELETE FROM improvement_scripts');
  const feeder = new Feeder(database, scripts);

  let left = kills;
  const killed = { renderer: 0, orchestrator: 0 };
  const ward = async (daemon: 'renderer' | 'orchestrator', next: () => number): Promise<Child> => {
    for (;;) {
      const child = startProgram('storm-daemon', [daemon, JSON.stringify(settings)]);
      await waitUntil(
        `the ${daemon} to begin`,
        () => child.output().includes('begin') || child.end() !== undefined,
        30_000,
      );
      if (left === 0) return child;
      left--;
      // Half of the moments lie in its first steps, half anywhere in a short life.
      await new Promise((resolve) => setTimeout(resolve, next() * (next() < 0.5 ? 60 : 400)));
      child.process.kill('SIGKILL');
      const { signal } = await child.ended;
      if (signal !== 'SIGKILL') throw new Error(`the ${daemon} ended by itself: ${child.output()}`);
      killed[daemon]++;
      feeder.feed(1 - left / kills);
    }
  };
  feeder.feed(0);
  const daemons = await Promise.all([ward('renderer', seeded(seed)), ward('orchestrator', seeded(seed + 1))]);
  const during = feeder.successes();
  feeder.feed(1);
  await waitUntil('every script to be rendered', () => feeder.open() === 0, 60_000, 20);
  // Answers to questions of the dead come last, and the slow scan clears them away.
  await waitUntil('an empty outbox', () => namesIn(place.socket, 'outbox').length === 0, 10_000, 20);
  for (const child of [...daemons].reverse()) {
    child.process.kill('SIGTERM');
    await child.ended;
  }
  const interrupted = feeder.interrupted();
  database.close();
  return { place, kills: killed, interrupted, during, seconds: (performance.now() - begun) / 1_000 };
}
/** Gives the orchestrator its scripts, a few at a time, and looks at what became of them. */
class Feeder {
  readonly #database: Database;
  readonly #scripts: number;
  #given = 0;

  constructor(database: Database, scripts: number) {
    this.#database = database;
    this.#scripts = scripts;
  }

  /** @param progress of the storm, 0 to 1; at 1 all are given */
  feed(progress: number): void {
    const target = progress < 1 ? Math.ceil(this.#scripts * progress) + BACKLOG : this.#scripts;
    const insert = this.#database.prepare(
      `INSERT INTO improvement_scripts (name, lang, code, width, height) VALUES (?, 'pixel', ?, ?, ?)`,
    );
    while (this.#given < Math.min(target, this.#scripts)) {
      const n = this.#given++;
      insert.run(`storm-${n}`, stormProgram(n), 256 + (n % 5) * 32, 256);
    }
  }

  open(): number {
    return this.#count(`jobs WHERE state IN ('queued', 'running')`);
  }

  successes(): number {
    return this.#count(`improvement_runs WHERE outcome = 'success'`);
  }

  interrupted(): number {
    return this.#count(`improvement_runs WHERE outcome = 'interrupted'`);
  }

  #count(where: string): number {
    return this.#database.prepare<[], number>(`SELECT count(*) FROM ${where}`).pluck().get() ?? 0;
  }
}

/** What a storm of daemons is given to do: a seeded mix of everything that a queue has to bear. */
import type { Database } from '../../orchestrator/host/migrate.ts';
import { seeded } from '../../shared/seeded.ts';

export type Kind = 'plain' | 'matrix' | 'needs' | 'refused' | 'scheduled';

export interface Planned {
  readonly name: string;
  readonly kind: Kind;
  readonly code: string;
  readonly width: number;
  readonly height: number;
  readonly priority: number;
  readonly lang: string;
  readonly matrix: string | null;
  readonly needs: readonly string[];
  readonly schedule: string | null;
  readonly catchUp: 'one' | 'all';
  readonly force: 0 | 1;
}

/** The points of every matrix. */
export const POINTS = [1, 2, 3];
export const PRIORITIES = [-10, 0, 10];
/** Length of a schedule's slots, ms. */
export const EVERY_MS = 2_000;

/** So many scripts that need nobody are between one that needs and the last of what it may need. */
const AHEAD = 20;

/** @param scheduled how many scripts have a slot every two seconds, first of all */
export function planStorm(scripts: number, scheduled: number, seed: number): Planned[] {
  const next = seeded(seed);
  const kinds = Array.from({ length: scripts }, (_, n) => (n < scheduled ? 'scheduled' : kindAt(next())));
  return kinds.map((kind, n) => {
    const size = SIZES[Math.floor(next() * SIZES.length)] as (typeof SIZES)[number];
    return {
      ...{ name: nameOf(kind, n), kind, width: size.width, height: size.height },
      code: codeOf(kind, n, size.rects),
      // A row that the renderer refuses, or that is refused before.
      lang: kind === 'refused' && next() < 0.3 ? 'python' : 'pixel',
      priority: PRIORITIES[Math.floor(next() * PRIORITIES.length)] ?? 0,
      matrix: kind === 'matrix' ? JSON.stringify({ n: POINTS }) : null,
      needs: kind === 'needs' ? neededBy(kinds, n, next()) : [],
      schedule: kind === 'scheduled' ? `every ${EVERY_MS / 1_000}s` : null,
      catchUp: n % 2 === 0 ? 'all' : 'one',
      force: n % 3 === 0 && kind === 'scheduled' ? 1 : 0,
    };
  });
}

/** Small ones, one that takes some 20 ms to paint, so that kills meet it in hand, and one that is pressed in a thread. */
const SIZES = [
  { width: 128, height: 64, rects: 0 },
  { width: 96, height: 96, rects: 100 },
  { width: 256, height: 192, rects: 20_000 },
  { width: 640, height: 480, rects: 200 },
];

function kindAt(chance: number): Kind {
  if (chance < 0.03) return 'refused';
  if (chance < 0.07) return 'matrix';
  return chance < 0.17 ? 'needs' : 'plain';
}

const nameOf = (kind: Kind, n: number): string => `${kind}-${n}`;

/** One that comes later as often as one that was before. */
function neededBy(kinds: readonly Kind[], n: number, chance: number): string[] {
  const from = n + Math.floor((chance - 0.5) * AHEAD);
  const isFree = (kind: Kind | undefined) => kind === 'plain' || kind === 'matrix';
  for (let at = from; at < kinds.length; at++) {
    if (isFree(kinds[at])) return [nameOf(kinds[at]!, at)];
  }
  return [];
}

function codeOf(kind: Kind, n: number, rects: number): string {
  if (kind === 'refused') return `RECT ten ${n}`;
  const many = rects === 0 ? [] : [`FOR i 0 ${rects}`, `RECT (i*7+${n})%200 i*5%150 i%40+20 30`, 'END'];
  const param = kind === 'matrix' ? ['PARAM n 0 0 9', 'RECT 0 20 n 9'] : [];
  return [...param, `TXT 1 1 ${n}`, ...many].join('\n');
}

/** Puts scripts into the table in one transaction, as a person does. */
export function insertPlanned(database: Database, planned: readonly Planned[]): void {
  const insert = database.prepare(`
    INSERT INTO improvement_scripts
      (name, lang, code, width, height, priority, matrix, needs, schedule, catch_up, force)
    VALUES (@name, @lang, @code, @width, @height, @priority, @matrix, @needs, @schedule, @catchUp, @force)`);
  database
    .transaction(() => {
      for (const one of planned) {
        insert.run({ ...one, needs: one.needs.length === 0 ? null : JSON.stringify(one.needs) });
      }
    })
    .immediate();
}

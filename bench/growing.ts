/** Growing pictures: a process paints rectangles on ever larger canvases, or ever more of them, by us and by Skia. */
import { comparePictures } from '../renderer/raster/conformance/comparer.ts';
import { RECTANGLES, SCREEN } from '../renderer/timing/pictures.ts';
import { contest, type Side } from './contest.ts';
import { ourPainter } from './painters.ts';
import { listOf, paintPlainly } from './pictures/ours.ts';
import type { Scene } from './pictures/scene.ts';
import { rectanglesOn } from './pictures/scenes.ts';
import { skiaPainter } from './pictures/skia.ts';

const SIDES = [256, 512, 1_024, 2_048, 4_096, 8_192];
const COUNTS = [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];
/** The part of a canvas's side that a rectangle's may have. */
const PART = 10;
/** Longest side where their number grows, pixels. */
const SMALL = 20;

export interface GrowthQuestion {
  readonly against: 'pixels' | 'shapes';
  readonly rounds: number;
  /** How many of the smallest are painted; all where it is left out. */
  readonly most: number | undefined;
}

/** Milliseconds of each picture. */
export interface Grown {
  readonly x: number;
  readonly ours: number[];
  readonly skia: number[];
}

export async function serveGrowing(): Promise<{
  ready: string;
  answer(question: unknown): Promise<Grown[]>;
  stop(): Promise<void>;
}> {
  return { ready: 'growing', answer: (question) => grow(question as GrowthQuestion), stop: async () => {} };
}

async function grow({ against, rounds, most }: GrowthQuestion): Promise<Grown[]> {
  const grown: Grown[] = [];
  for (const [x, scene] of scenesOf(against).slice(0, most)) {
    const made = scene();
    const expected = paintPlainly(listOf(made));
    const paint = await ourPainter();
    const check = (result: unknown): void => {
      const difference = comparePictures(expected, result as Uint8Array, made.canvas);
      if (difference !== undefined) throw new Error(`${x} ${against}: ${difference}`);
    };
    const sides: Side[] = [
      { name: 'ours', act: () => paint(listOf(made)), check },
      { name: 'Skia', act: skiaPainter(made, 'kept', 'getImageData()'), check },
    ];
    const [ours = [], skia = []] = await contest(sides, { warmUp: 3, rounds, calls: 1 });
    grown.push({ x, ours, skia });
  }
  return grown;
}

function scenesOf(against: GrowthQuestion['against']): [x: number, scene: () => Scene][] {
  if (against === 'shapes') return COUNTS.map((count) => [count, () => rectanglesOn(SCREEN, count, SMALL)]);
  return SIDES.map((side) => {
    const canvas = { width: side, height: side };
    return [side * side, () => rectanglesOn(canvas, RECTANGLES, Math.floor(side / PART))];
  });
}

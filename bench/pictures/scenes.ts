/** The scenes of the contest with Skia, by chance and the same on every machine. */
import { rectangles, SCREEN } from '../../renderer/timing/pictures.ts';
import type { Canvas } from '../../shared/canvas.ts';
import { seededBetween } from '../../shared/seeded.ts';
import { SEED } from '../seed.ts';
import type { Likeness, Mark, Scene } from './scene.ts';

const LARGE: Canvas = { width: 4096, height: 4096 };
/** Longest side of a shape, pixels. */
const LONGEST = 200;
const HALF = 128;
/** The width of a line of text and the height of its letters, pixels. */
const TEXT = { characters: 32, advance: 6, height: 7 };

/** To the byte. */
const EXACT: Likeness = { step: 0, share: 0 };
/** Skia mixes by a formula of its own: found were steps of 1. */
const MIXED_ALIKE: Likeness = { step: 2, share: 0 };
/** Skia smooths edges, and has no switch for that: found were two thirds of the shares below. */
const edges = (share: number): Likeness => ({ step: 6, share });

type Draw = (random: Random, canvas: Canvas, number: number) => Mark;
type Random = (low: number, high: number) => number;

const line: Draw = (random, canvas, number) => text(random, canvas, opaque(random), number);
const opaqueTriangle: Draw = (random, canvas) => triangle(random, canvas, opaque(random));
const opaqueShape: Draw = (random, canvas, number) => shape(random, canvas, opaque(random), number);
const softShape: Draw = (random, canvas, number) => shape(random, canvas, soft(random), number);
/** Shapes and texts by turns, every other shape translucent. */
const anything: Draw = (random, canvas, number) => {
  if (number % 4 === 3) return line(random, canvas, number);
  return (random(0, 2) === 0 ? opaqueShape : softShape)(random, canvas, number);
};

/** Targets are ours over Skia's time. */
export const SCENES = {
  '1080p, 1,000 opaque rectangles': timedScene(255, EXACT, 0.15),
  '1080p, 1,000 rectangles at alpha 128': timedScene(HALF, MIXED_ALIKE, 0.4),
  '1080p, 2,000 lines of text': sceneOf(SCREEN, 2_000, line, EXACT, 0.3),
  '1080p, 500 triangles': sceneOf(SCREEN, 500, opaqueTriangle, edges(0.07), 0.5),
  '1080p, 1,000 mixed': sceneOf(SCREEN, 1_000, anything, edges(0.04), 0.3),
  '4096², 10,000 opaque shapes': sceneOf(LARGE, 10_000, opaqueShape, edges(0.035), 0.15),
  '4096², 10,000 shapes at alpha 128': sceneOf(LARGE, 10_000, softShape, edges(0.053), 0.4),
} as const;

export type SceneName = keyof typeof SCENES;
export const SCENE_NAMES = Object.keys(SCENES) as SceneName[];

function sceneOf(canvas: Canvas, count: number, draw: Draw, likeness: Likeness, target: number) {
  const make = (): Scene => {
    const random = seededBetween(SEED);
    const marks = Array.from({ length: count }, (_, number) => draw(random, canvas, number));
    return { canvas, marks, likeness };
  };
  return { make, target };
}

/** The rectangles that `gvpie selftest` times too. */
function timedScene(alpha: number, likeness: Likeness, target: number) {
  const make = (): Scene => {
    const marks = rectangles(SCREEN, alpha).map(
      ({ x0, y0, x1, y1, color }): Mark => ({ kind: 'rect', x: x0, y: y0, w: x1 - x0, h: y1 - y0, color }),
    );
    return { canvas: SCREEN, marks, likeness };
  };
  return { make, target };
}

/** Rectangles of a canvas's own scale, for plots. @param longest longest side, pixels */
export function rectanglesOn(canvas: Canvas, count: number, longest: number): Scene {
  const random = seededBetween(SEED);
  const marks = Array.from({ length: count }, () => rect(random, canvas, opaque(random), longest));
  return { canvas, marks, likeness: EXACT };
}

function opaque(random: Random): number {
  return (0xff000000 | random(0, 0x1000000)) >>> 0;
}

function soft(random: Random): number {
  return ((HALF << 24) | random(0, 0x1000000)) >>> 0;
}

function rect(random: Random, canvas: Canvas, color: number, longest = LONGEST): Mark {
  const [w, h] = [random(1, longest + 1), random(1, longest + 1)];
  const [x, y] = [random(0, canvas.width - w + 1), random(0, canvas.height - h + 1)];
  return { kind: 'rect', x, y, w, h, color };
}

function disc(random: Random, canvas: Canvas, color: number): Mark {
  const r = random(1, LONGEST / 2);
  return { kind: 'disc', x: random(r, canvas.width - r), y: random(r, canvas.height - r), r, color };
}

function triangle(random: Random, canvas: Canvas, color: number): Mark {
  const [left, top] = [random(0, canvas.width - LONGEST), random(0, canvas.height - LONGEST)];
  const corner = () => [left + random(0, LONGEST + 1), top + random(0, LONGEST + 1)] as const;
  return { kind: 'triangle', points: [...corner(), ...corner(), ...corner()], color };
}

function text(random: Random, canvas: Canvas, color: number, number: number): Mark {
  const width = TEXT.characters * TEXT.advance;
  const [x, y] = [random(0, canvas.width - width), random(0, canvas.height - TEXT.height)];
  const words = `Line ${number} says: ${random(0, 1_000_000)} of ${random(0, 1_000_000)} seen`;
  return { kind: 'text', x, y, text: words.padEnd(TEXT.characters, '.').slice(0, TEXT.characters), color };
}

/** Rectangles, discs and triangles by turns. */
function shape(random: Random, canvas: Canvas, color: number, number: number): Mark {
  return [rect, disc, triangle][number % 3]?.(random, canvas, color) as Mark;
}

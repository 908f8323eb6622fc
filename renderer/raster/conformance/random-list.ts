/** Random display lists: seeded, small, and biased to where painters err. */
import type { Canvas } from '../../../shared/canvas.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { BLENDS } from '../../display/blends.ts';
import type { EncodedList } from '../../display/builder.ts';
import { encode } from '../../display/encode.ts';
import type { Bitmap, Shape } from '../../display/list.ts';
import { ALPHAS } from './blending.ts';
import { EDGY_SIDES } from './canvases.ts';
import { bitmapOf, glyph, inMode, rect } from './case.ts';
import { allGlyphs, BITMAP_SIDE } from './glyphs.ts';
import { blockOf, image, type PixelBlock } from './image.ts';

/** Longest side of a random canvas, pixels. */
const LONGEST_SIDE = 300;

type Between = (low: number, high: number) => number;

/** The same list for the same seed, on every machine. */
export function randomList(seed: number): EncodedList {
  const random = seededBetween(seed);
  const canvas = { width: randomSide(random), height: randomSide(random) };
  const few = random(0, 100);
  const length = few < 80 ? random(0, 16) : few < 97 ? random(16, 80) : random(80, 600);
  // A few bitmaps, so that shapes share some of them.
  const bitmaps = Array.from({ length: random(1, 5) }, () => randomBitmap(random));
  const shapes = Array.from({ length }, () => randomBlend(random, randomShape(random, canvas, bitmaps)));
  if (seed % 2 === 0) addImages(seededBetween(~seed), canvas, shapes);
  return encode(shapes, canvas);
}

/** Puts images between shapes, by chance of their own: the other shapes are what they are without them. */
function addImages(random: Between, canvas: Canvas, shapes: Shape[]): void {
  const side = () => (random(0, 3) === 0 ? pick(random, [1, 2, 8, 31, 33]) : random(1, 40));
  const blocks = Array.from({ length: random(1, 4) }, () =>
    blockOf(side(), side(), () => randomColor(random)),
  );
  for (let left = random(1, 4 + (shapes.length >> 2)); left > 0; left--) {
    const shape = randomBlend(random, randomImage(random, canvas, pick(random, blocks)));
    shapes.splice(random(0, shapes.length + 1), 0, shape);
  }
}

/** Any way up and at any scale, over an edge now and then; one in four in maps by chance. */
function randomImage(random: Between, canvas: Canvas, block: PixelBlock): Shape {
  if (random(0, 4) > 0) {
    const way = { scale: pick(random, [1, 1, 2, 3, 7]), turns: random(0, 4), flips: random(0, 4) };
    const place = (side: number) => (random(0, 3) === 0 ? 0 : Math.min(side - 1, randomPlace(random, side)));
    const over = random(0, 4) === 0 ? 1 - Math.min(block.width, block.height) : 0;
    return image(canvas, place(canvas.width) || over, place(canvas.height) || over, block, way);
  }
  const [x0, x1] = randomRange(random, canvas.width);
  const [y0, y1] = randomRange(random, canvas.height);
  const map = (length: number, most: number) => Uint32Array.from({ length }, () => random(0, most));
  const [columns, rows] = [map(x1 - x0, block.width), map(y1 - y0, block.height)];
  return {
    kind: 'image',
    ...{ x0, y0, x1, y1 },
    pixels: block.pixels,
    columns,
    rows: rows.map((row) => row * block.width),
  };
}

function pick<T>(random: Between, choices: readonly T[]): T {
  return choices[random(0, choices.length)] as T;
}

function randomSide(random: Between): number {
  const kind = random(0, 20);
  if (kind < 9) return pick(random, EDGY_SIDES);
  return random(1, kind < 19 ? 100 : LONGEST_SIDE + 1);
}

/** From 0 to `side`; every other one near an edge of small tiles, which large tiles share. */
function randomPlace(random: Between, side: number): number {
  const place = random(0, side + 1);
  if (random(0, 2) === 0) return place;
  return Math.min(side, Math.max(0, (place & ~7) + random(-1, 2)));
}

function randomShape(random: Between, canvas: Canvas, bitmaps: readonly Bitmap[]): Shape {
  const kind = random(0, 7);
  if (kind < 3) return randomRect(random, canvas);
  return kind < 5 ? randomGlyph(random, canvas, bitmaps) : randomSpans(random, canvas);
}

/** Two in three stay as they are: what covers a tile is to be frequent. */
function randomBlend(random: Between, shape: Shape): Shape {
  return random(0, 3) > 0 ? shape : inMode(pick(random, BLENDS).name, shape);
}

function randomRect(random: Between, canvas: Canvas): Shape {
  const [x0, x1] = randomRange(random, canvas.width);
  const [y0, y1] = randomRange(random, canvas.height);
  return rect(x0, y0, x1, y1, randomColor(random));
}

function randomRange(random: Between, side: number): readonly [from: number, to: number] {
  const kind = random(0, 10);
  if (kind === 0) return [0, side];
  const [a, b] = [randomPlace(random, side), randomPlace(random, side)];
  if (kind > 1 && a !== b) return [Math.min(a, b), Math.max(a, b)];
  const from = Math.min(a, side - 1);
  return [from, from + 1];
}

function randomGlyph(random: Between, canvas: Canvas, bitmaps: readonly Bitmap[]): Shape {
  const bitmap = pick(random, bitmaps);
  const place = (side: number, size: number) =>
    random(0, 4) === 0 ? random(1 - size, side) : Math.min(side - 1, randomPlace(random, side));
  const [x, y] = [place(canvas.width, bitmap.width), place(canvas.height, bitmap.height)];
  return glyph(x, y, bitmap, randomColor(random));
}

/** Runs that lie anywhere, or lean by some pixels a row; some hold nothing, some leave the box. */
function randomSpans(random: Between, canvas: Canvas): Shape {
  const [x0, x1] = randomRange(random, canvas.width);
  const [y0, y1] = randomRange(random, canvas.height);
  const leans = random(0, 2) === 0;
  const [slope, length] = [random(-3, 4), random(0, x1 - x0 + 1)];
  const runs = Array.from({ length: y1 - y0 }, (_, row) => {
    if (leans) return [x0 + row * slope, x0 + row * slope + length];
    return [randomPlace(random, canvas.width), randomPlace(random, canvas.width)];
  });
  return { kind: 'spans', x0, y0, x1, y1, runs: runs.flat(), color: randomColor(random) };
}

function randomBitmap(random: Between): Bitmap {
  if (random(0, 2) === 0) return pick(random, allGlyphs());
  const side = () => (random(0, 3) === 0 ? pick(random, [1, 2, 8, 31, BITMAP_SIDE]) : random(1, 33));
  const ink = random(1, 5);
  return bitmapOf(side(), side(), () => random(0, 4) < ink);
}

function randomColor(random: Between): number {
  const rgb = random(0, 8) === 0 ? pick(random, [0, 0xffffff]) : random(0, 0x1000000);
  const kind = random(0, 10);
  const alpha = kind < 4 ? 255 : kind < 7 ? pick(random, ALPHAS) : random(0, 256);
  return (alpha * 0x1000000 + rgb) >>> 0;
}

/** Cases of images: at every edge, scaled, turned and mirrored, of every alpha and mode, and among other shapes. */
import type { Canvas } from '../../../shared/canvas.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { BLENDS, type BlendName } from '../../display/blends.ts';
import type { Shape } from '../../display/list.ts';
import { EXTREMES } from './canvases.ts';
import {
  type Case,
  caseOf,
  cover,
  glyph,
  hue,
  inMode,
  rect,
  rgba,
  spans,
  square,
  TILE_SIZES,
} from './case.ts';
import { glyphOf } from './glyphs.ts';
import { blockOf, image, type PixelBlock } from './image.ts';
import { MODE_ALPHAS } from './modes.ts';
import { edgePairs, REST } from './tile-edges.ts';

/** Alphas of pixels side by side: of each class, and so that none has a neighbour of its own. */
const ALPHAS = [255, 0, 254, 1, 128, 255, 127, 0];

export function* imageCases(): Generator<Case> {
  yield* canvases();
  for (const tile of TILE_SIZES) yield* aroundTiles(tile);
  yield* ways();
  for (const { name } of BLENDS) {
    yield everyBlend(name);
    yield onePixel(name);
    yield among(name);
  }
  yield* crowds();
}

/** Pixels of many colours and of each class of alpha. */
function mottled(width: number, height: number, first = 0): PixelBlock {
  return blockOf(width, height, (x, y) => hue(first + y * width + x, ALPHAS[(x + 3 * y) % ALPHAS.length]));
}

/** An image over the whole canvas, one over each edge and corner, and one of a pixel in each corner. */
function* canvases(): Generator<Case> {
  const sides = [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33];
  for (const side of sides) yield framed({ width: side, height: sides[(side * 5) % sides.length] as number });
  for (const [width, height] of EXTREMES) yield framed({ width, height });
}

function framed(canvas: Canvas): Case {
  const { width, height } = canvas;
  const [right, bottom] = [width - 1, height - 1];
  const [whole, small, dot] = [mottled(width, height), mottled(7, 5, 9), blockOf(1, 1, () => hue(4))];
  return caseOf(`images over every edge of ${width}×${height}`, canvas, [
    cover(canvas, hue(1)),
    image(canvas, 0, 0, whole),
    image(canvas, -3, -2, small),
    image(canvas, right - 3, -4, small),
    image(canvas, -6, bottom - 1, small),
    image(canvas, right, bottom, small),
    ...[0, right].flatMap((x) => [0, bottom].map((y) => image(canvas, x, y, dot))),
  ]);
}

/** Images that begin and end before, at and after edges of tiles: rows, columns, and boxes. */
function* aroundTiles(tile: number): Generator<Case> {
  const side = 2 * tile + REST;
  const pairs = edgePairs(tile);
  const lines = pairs.length;
  const line = mottled(side, 1);
  const wide = pairs.map(([from, to], y) => image({ width: to, height: lines }, from, y, line));
  yield caseOf(`tile ${tile}: rows of images`, { width: side, height: lines }, wide);
  const high = pairs.map(([from, to], x) => image({ width: lines, height: to }, x, from, line, { turns: 1 }));
  yield caseOf(`tile ${tile}: columns of images`, { width: lines, height: side }, high);
  const canvas = square(side);
  const block = mottled(side, side);
  const boxes = [-1, 0, 1].flatMap((by) => {
    const end = square(2 * tile - by);
    return [image(end, tile + by, tile - by, block), image(end, by + 1, tile + by, block, { flips: 1 })];
  });
  // Opaque, and hides nothing of what lies around it; then one that covers a tile, but for its holes.
  const solid = blockOf(tile, tile, (x, y) => hue(x ^ y));
  yield caseOf(`tile ${tile}: boxes of images`, canvas, [
    cover(canvas, hue(1)),
    glyph(tile - 2, tile - 3, glyphOf('@'), hue(2)),
    image(canvas, tile, tile, solid),
    image(canvas, 0, 0, solid),
    ...boxes,
    image(canvas, tile, 0, mottled(tile, tile)),
    rect(tile + 1, 1, side, tile - 1, hue(3, 0x60)),
  ]);
}

/** Every way to turn and to mirror, at scales of which some are no power of two, whole and cut by each edge. */
function* ways(): Generator<Case> {
  const drawn = mottled(5, 3);
  for (const scale of [1, 2, 3, 7, 64]) {
    const pitch = 5 * scale + 1;
    const canvas = square(Math.min(4 * pitch, 400));
    const shapes: Shape[] = [cover(canvas, hue(1, 0x80))];
    for (let turns = 0; turns < 4; turns++) {
      for (let flips = 0; flips < 4; flips++) {
        const [x, y] = [(turns * pitch) % canvas.width, (flips * pitch) % canvas.height];
        shapes.push(image(canvas, x, y, drawn, { scale, turns, flips }));
      }
    }
    yield caseOf(`images in every way, ${scale} times as large`, canvas, shapes);
    const small = { width: 4 * scale, height: 2 * scale + 1 };
    for (const [turns, flips] of [
      [0, 1],
      [1, 0],
      [2, 2],
      [3, 3],
    ] as const) {
      const name = `an image ${scale} times as large, turned ${turns}, mirrored ${flips}, over every edge`;
      yield caseOf(name, small, [image(small, -(scale >> 1), -1, drawn, { scale, turns, flips })]);
    }
  }
}

/** As in modes.ts, with an image for the ground and one for all the sources. */
function everyBlend(mode: BlendName): Case {
  const triples = Math.ceil(256 / 3);
  const canvas = { width: 256, height: triples * MODE_ALPHAS.length };
  const ground = blockOf(256, 1, (x) => rgba(x, 255 - x, (x * 167 + 13) & 255));
  const sources = blockOf(canvas.height, 1, (row) => {
    const red = Math.floor(row / MODE_ALPHAS.length) * 3;
    const alpha = MODE_ALPHAS[row % MODE_ALPHAS.length] as number;
    return rgba(red, Math.min(255, red + 1), Math.min(255, red + 2), alpha);
  });
  const box = { kind: 'image', x0: 0, y0: 0, x1: canvas.width, y1: canvas.height } as const;
  const [across, down] = [canvas.width, canvas.height].map((side) =>
    Uint32Array.from({ length: side }, (_, at) => at),
  );
  return caseOf(`${mode}: every pixel of an image over every destination`, canvas, [
    { ...box, pixels: ground.pixels, columns: across!, rows: new Uint32Array(canvas.height) },
    inMode(mode, { ...box, pixels: sources.pixels, columns: new Uint32Array(canvas.width), rows: down! }),
  ]);
}

/** Images of one pixel of every alpha, side by side and one over the next. */
function onePixel(mode: BlendName): Case {
  const canvas = { width: 258, height: 3 };
  const shapes = Array.from({ length: 256 }, (_, alpha) => {
    const dot = blockOf(1, 1, () => hue(alpha, alpha));
    return [0, 1, 2].map((by) => inMode(mode, image(canvas, alpha + by, by, dot)));
  });
  const ground = [rect(0, 0, 258, 1, rgba(255, 255, 255)), rect(0, 1, 258, 2, hue(7))];
  return caseOf(`${mode}: an image for each alpha`, canvas, [...ground, ...shapes.flat()]);
}

/** Between shapes of every kind and mode, over and under them. */
function among(mode: BlendName): Case {
  const canvas = square(40);
  const diamond = [4, 3, 2, 1, 0, 0, 1, 2, 3, 4].map((x): [number, number] => [9 + x, 31 - x]);
  const [whole, small] = [mottled(40, 40, 50), mottled(13, 11, 90)];
  return caseOf(`${mode}: images among other shapes`, canvas, [
    rect(0, 0, 20, 40, hue(1)),
    inMode(mode, image(canvas, 0, 0, whole, { flips: 2 })),
    inMode(mode, spans(14, diamond, hue(2, 0xa0))),
    image(canvas, 11, 9, small),
    inMode(mode, glyph(15, 12, glyphOf('#'), hue(3))),
    inMode(mode, image(canvas, 14, 11, small, { scale: 2, turns: 1 })),
    rect(5, 5, 30, 30, hue(4, 0x90)),
    inMode(mode, image(canvas, 33, 35, small)),
    glyph(30, 30, glyphOf('&'), hue(5)),
  ]);
}

/** More images in a tile than a painter takes at once, of the same pixels and of pixels of their own; and one of many pixels. */
function* crowds(): Generator<Case> {
  const canvas = square(70);
  const random = seededBetween(70);
  const shared = mottled(9, 6);
  const shapes = Array.from({ length: 600 }, (_, index): Shape => {
    const [x, y] = [random(-8, 70), random(-5, 70)];
    if (index % 7 === 6) return rect(Math.max(0, x), Math.max(0, y), 70, 70, hue(index, random(1, 255)));
    const block = index % 3 === 0 ? mottled(random(9, 14), random(6, 9), index) : shared;
    const { name } = BLENDS[index % BLENDS.length] as (typeof BLENDS)[number];
    return inMode(name, image(canvas, x, y, block, { turns: random(0, 1), flips: random(0, 4) }));
  });
  yield caseOf('600 shapes, of which most are images', canvas, shapes);
  const large = { width: 300, height: 280 };
  yield caseOf('an image of 84,000 pixels', large, [image(large, 0, 0, mottled(300, 280))]);
  yield caseOf('an image of 84,000 pixels, upside down', large, [
    image(large, 0, 0, mottled(300, 280), { turns: 2 }),
  ]);
}

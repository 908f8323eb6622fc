/** Cases of number and order: no shapes, thousands in one pixel, one tile or one row, and what covers them midway. */
import { seededBetween } from '../../../shared/seeded.ts';
import type { Shape } from '../../display/list.ts';
import { bitmapOf, type Case, caseOf, cover, glyph, hue, rect, square } from './case.ts';
import { allGlyphs, BITMAP_SIDE } from './glyphs.ts';

/** Lengths of a tile's list around those at which a painter may take it in pieces. */
const LENGTHS = [
  0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1_023,
  1_024, 1_025, 4_095, 4_096, 4_097,
];

export function* stackCases(): Generator<Case> {
  for (const length of LENGTHS) yield oneTile(length);
  yield* deep();
  yield* coveredMidway();
  yield* oneLine();
  yield* crowds();
  yield* orders();
}

/** Small shapes in one tile, translucent so that none is lost below the others. */
function oneTile(length: number): Case {
  const random = seededBetween(length);
  const shapes = Array.from({ length }, (_, index): Shape => {
    const [x, y] = [random(0, 8), random(0, 8)];
    if (index % 5 === 4) return glyph(x - 2, y - 3, allGlyphs()[index % 96]!, hue(index, 0x58));
    return rect(x, y, random(x + 1, 9), random(y + 1, 9), hue(index, random(0x20, 0xff)));
  });
  return caseOf(`${length} shapes in one tile`, square(8), shapes);
}

function* deep(): Generator<Case> {
  const depth = 5_000;
  const veils = (x: number, y: number, side: number): Shape[] =>
    Array.from({ length: depth }, (_, index) =>
      rect(x, y, x + side, y + side, hue(index, 1 + (index % 254))),
    );
  yield caseOf(`${depth} veils over a pixel`, square(1), veils(0, 0, 1));
  yield caseOf(`${depth} veils over a crossing of tiles`, square(70), veils(62, 62, 4));
  const faint = Array.from({ length: depth }, (_, index) => cover(square(9), hue(index, 1)));
  yield caseOf(`${depth} of the faintest veils`, square(9), faint);
}

function* coveredMidway(): Generator<Case> {
  const canvas = square(70);
  const length = 3_000;
  const random = seededBetween(length);
  const veils = Array.from({ length }, (_, index): Shape => {
    const [x, y] = [random(0, 70), random(0, 70)];
    return rect(x, y, random(x + 1, 71), random(y + 1, 71), hue(index, random(1, 255)));
  });
  for (const [name, alpha] of [
    ['covered', 255],
    ['all but covered', 254],
  ] as const) {
    for (const at of [0, 1, length / 2, length - 1, length]) {
      yield caseOf(`${length} veils, ${name} after ${at}`, canvas, [
        ...veils.slice(0, at),
        cover(canvas, hue(at, alpha)),
        ...veils.slice(at),
      ]);
    }
  }
}

function* oneLine(): Generator<Case> {
  const length = 4_096;
  const wide = Array.from({ length }, (_, x) => rect(x, 0, x + 1, 1, hue(x)));
  const high = Array.from({ length }, (_, y) => rect(0, y, 1, y + 1, hue(y)));
  yield caseOf(`${length} shapes in one row`, { width: length, height: 1 }, wide);
  yield caseOf(`${length} shapes in one column`, { width: 1, height: length }, high);
  const halves = Array.from({ length }, (_, x) => rect(x, 1, Math.min(length, x + 9), 2, hue(x, 0x80)));
  yield caseOf(`${length} shapes one over the next`, { width: length, height: 3 }, halves);
  yield caseOf('a letter after another, in one row', { width: 4_096, height: 9 }, [
    ...Array.from({ length: 680 }, (_, index) => glyph(index * 6, 1, allGlyphs()[index % 96]!, hue(index))),
  ]);
}

function* crowds(): Generator<Case> {
  const canvas = { width: 200, height: 100 };
  const pixels = Array.from({ length: 20_000 }, (_, index) => {
    const at = (index * 7_919) % 20_000;
    const [x, y] = [at % 200, Math.floor(at / 200)];
    return rect(x, y, x + 1, y + 1, hue(index));
  });
  yield caseOf('a shape for each of 20,000 pixels', canvas, pixels);
  const side = 256;
  const random = seededBetween(side);
  const bitmaps = Array.from({ length: 600 }, (_, index) => {
    const bitmap = bitmapOf(BITMAP_SIDE, BITMAP_SIDE, () => random(0, 4) === 0);
    return glyph(random(-31, side), random(-31, side), bitmap, hue(index, random(0x40, 0x100)));
  });
  yield caseOf('600 different bitmaps of 32×32', square(side), bitmaps);
  const corner = Array.from({ length: 500 }, (_, index) => rect(299, 298, 300, 300, hue(index, 0x44)));
  yield caseOf('500 shapes in the last of many tiles', square(300), corner);
}

/** Two and three shapes in each order. */
function* orders(): Generator<Case> {
  const shapes = [
    rect(2, 2, 12, 9, hue(1, 0x90)),
    rect(5, 5, 16, 16, hue(2)),
    glyph(
      8,
      6,
      bitmapOf(5, 7, (x, y) => (x + y) % 2 === 0),
      hue(3, 0xd0),
    ),
  ] as const;
  const [a, b, c] = shapes;
  for (const order of [
    [a, b],
    [b, a],
    [a, a],
    [a, b, c],
    [a, c, b],
    [b, a, c],
    [b, c, a],
    [c, a, b],
    [c, b, a],
  ]) {
    const letters = order.map((shape) => 'abc'[shapes.indexOf(shape as (typeof shapes)[0])]).join('');
    yield caseOf(`the order ${letters}`, square(18), order);
  }
}

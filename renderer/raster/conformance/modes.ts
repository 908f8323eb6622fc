/** Cases of the blend modes: every mode over every source and every destination, of every kind of shape, and in every order. */
import { BLENDS, type BlendName } from '../../display/blends.ts';
import type { Shape } from '../../display/list.ts';
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
import { allGlyphs, glyphOf } from './glyphs.ts';

/** Alphas at which a mode may branch or round otherwise. */
export const MODE_ALPHAS: readonly number[] = [0, 1, 127, 128, 254, 255];

/** All modes by name. */
const MODES: readonly BlendName[] = BLENDS.map(({ name }) => name);

export function* modeCases(): Generator<Case> {
  for (const mode of MODES) {
    yield everyBlend(mode);
    for (const alpha of MODE_ALPHAS) yield oneAlpha(mode, alpha);
    for (const tile of TILE_SIZES) yield covering(mode, tile);
    yield stack(mode);
    for (const next of MODES) yield oneOverAnother(mode, next);
  }
  yield letters();
}

/** As in blending.ts: each column has a destination in each channel, each row an alpha of the above and three sources. */
function everyBlend(mode: BlendName): Case {
  const triples = Math.ceil(256 / 3);
  const rows = triples * MODE_ALPHAS.length;
  const shapes: Shape[] = [];
  for (let ground = 0; ground < 256; ground++) {
    const color = rgba(ground, 255 - ground, (ground * 167 + 13) & 255);
    shapes.push(rect(ground, 0, ground + 1, rows, color));
  }
  for (let row = 0; row < rows; row++) {
    const red = Math.floor(row / MODE_ALPHAS.length) * 3;
    const alpha = MODE_ALPHAS[row % MODE_ALPHAS.length] as number;
    const color = rgba(red, Math.min(255, red + 1), Math.min(255, red + 2), alpha);
    shapes.push(inMode(mode, rect(0, row, 256, row + 1, color)));
  }
  return caseOf(`${mode}: every source over every destination`, { width: 256, height: rows }, shapes);
}

/** One alpha as a rectangle, as glyphs and as spans, over the ground, over white, over colors and over itself. */
function oneAlpha(mode: BlendName, alpha: number): Case {
  const wedge = Array.from({ length: 10 }, (_, row): [number, number] => [3 * row, 48 - row]);
  const mixed: Shape[] = [
    rect(0, 2, 48, 8, hue(3, alpha)),
    rect(0, 6, 48, 14, hue(4, alpha)),
    ...[4, 10, 20, 22, 34, 43].map((x) => glyph(x, 12, glyphOf('%'), hue(5, alpha))),
    spans(10, wedge, hue(6, alpha)),
    spans(14, wedge.toReversed(), hue(7, alpha)),
    rect(20, 4, 40, 22, hue(8, alpha)),
  ];
  return caseOf(`${mode}: alpha ${alpha} of every kind of shape`, { width: 48, height: 24 }, [
    rect(12, 0, 24, 24, rgba(255, 255, 255)),
    rect(24, 0, 36, 24, hue(1)),
    rect(36, 0, 48, 24, hue(2, 0x70)),
    ...mixed.map((shape) => inMode(mode, shape)),
  ]);
}

/** What an opaque rectangle hides when it covers a tile, a row of tiles or the canvas, and when it does not. */
function covering(mode: BlendName, tile: number): Case {
  const side = 2 * tile + 3;
  const canvas = square(side);
  return caseOf(`${mode}: opaque over tiles of ${tile}`, canvas, [
    cover(canvas, hue(1)),
    glyph(tile - 2, tile - 3, glyphOf('@'), hue(2)),
    rect(1, 1, side, side - 2, hue(3, 0x90)),
    inMode(mode, rect(0, 0, tile, tile, hue(4))),
    inMode(mode, rect(tile, 0, side, tile, hue(5))),
    inMode(mode, rect(0, tile, side, side, hue(6))),
    rect(2, 2, tile, side, hue(7, 0x40)),
    inMode(mode, cover(canvas, hue(8))),
  ]);
}

/** More shapes over a pixel than a painter takes at once, of which every other one is blended by the mode. */
function stack(mode: BlendName): Case {
  const shapes = Array.from({ length: 600 }, (_, index) => {
    const veil = rect(index % 5, index % 3, 9, 9, hue(index, (index * 37) & 255));
    return index % 2 === 0 ? veil : inMode(mode, veil);
  });
  return caseOf(`${mode}: 600 in a tile, with others between`, square(9), shapes);
}

function oneOverAnother(mode: BlendName, next: BlendName): Case {
  const diamond = [4, 3, 2, 1, 0, 0, 1, 2, 3, 4].map((x): [number, number] => [6 + x, 18 - x]);
  return caseOf(`${next} over ${mode}`, square(20), [
    rect(0, 0, 10, 20, hue(1)),
    inMode(mode, rect(2, 2, 16, 12, hue(2, 0xc0))),
    inMode(next, rect(5, 5, 19, 19, hue(3))),
    inMode(mode, glyph(8, 6, glyphOf('#'), hue(4))),
    inMode(next, spans(8, diamond, hue(5, 0xa0))),
    inMode(mode, spans(1, diamond, hue(6))),
  ]);
}

/** Glyphs of all modes over one another. */
function letters(): Case {
  const shapes = allGlyphs().map((bitmap, index) => {
    const mode = MODES[index % MODES.length] as BlendName;
    return inMode(mode, glyph((index % 16) * 3, Math.floor(index / 16) * 3, bitmap, hue(index, 0xd0)));
  });
  return caseOf('all glyphs in all modes', { width: 50, height: 22 }, shapes);
}

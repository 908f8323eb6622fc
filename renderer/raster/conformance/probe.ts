/**
 * The probe: one small picture that touches everything a painter does. Before a GPU is trusted it must paint
 * this one as pinned, to the bit. A new kind of shape, or of color, is added here too; a test asks for it.
 */
import { BLENDS } from '../../display/blends.ts';
import type { EncodedList } from '../../display/builder.ts';
import { encode } from '../../display/encode.ts';
import type { Shape } from '../../display/list.ts';
import { bitmapOf, glyph, hue, inMode, rect, rgba, spans } from './case.ts';
import { allGlyphs, BITMAP_SIDE, glyphOf } from './glyphs.ts';
import { MODE_ALPHAS } from './modes.ts';
import { probeImages } from './probe-images.ts';

/** More than one tile, and a part of one, in both directions at every tile size up to 64. */
const CANVAS = { width: 200, height: 104 };

/** SHA-256 of the probe's pixels. */
export const PROBE_SHA256 = '52b077330ca0d5d47dae8bfaff1f21eaa09dd0d85ae542f085f8688fa64abe54';

/** The picture that is pinned. */
export function probeList(): EncodedList {
  return encode(everything(), CANVAS);
}

/** All of it but images: a list without them may be painted another way. */
export function imagelessProbe(): EncodedList {
  return encode(
    everything().filter(({ kind }) => kind !== 'image'),
    CANVAS,
  );
}

/** Its rectangles and glyphs of the mode `over` alone, likewise. */
export function plainProbe(): EncodedList {
  const isPlain = ({ kind, blend = 'over' }: Shape) =>
    (kind === 'rect' || kind === 'glyph') && blend === 'over';
  return encode(everything().filter(isPlain), CANVAS);
}

function everything(): Shape[] {
  return [
    ...hidden(),
    ...blends(),
    ...alphas(),
    ...edges(),
    ...widths(),
    ...heights(),
    ...hanging(),
    ...stack(),
    ...letters(),
    ...modes(),
    ...runs(),
    ...probeImages(CANVAS),
  ];
}

/**
 * The probe's small sisters: each remainder that a width can leave when pixels are painted four at a time,
 * with a few shapes over one another up to the last column.
 */
export function probeTails(): readonly EncodedList[] {
  return [33, 34, 35].map((width) => {
    const shapes = [
      rect(0, 0, width, 20, rgba(20, 90, 160)),
      rect(width - 3, 2, width, 40, rgba(250, 10, 90, 0x81)),
      glyph(width - 4, 10, glyphOf('W'), rgba(240, 240, 20)),
      rect(width - 2, 5, width, 30, rgba(10, 250, 30, 0x40)),
      rect(width - 1, 0, width, 36, rgba(90, 30, 250, 0xc0)),
    ];
    return encode(shapes, { width, height: 40 });
  });
}

/** Shapes behind opaque covers, which must not show, and what all but covers a tile, behind which they do. */
function hidden(): Shape[] {
  const rows = Array.from({ length: 32 }, (_, y): [number, number] => [0, y === 20 ? 31 : 32]);
  const holed = bitmapOf(BITMAP_SIDE, BITMAP_SIDE, (x, y) => x % 7 !== 3 || y % 7 !== 3);
  return [
    // The first shape of all, and to be seen.
    rect(100, 98, 180, 102, rgba(0, 90, 60)),
    rect(0, 0, 160, 96, rgba(255, 0, 255)),
    glyph(70, 10, glyphOf('X'), rgba(255, 255, 255)),
    rect(0, 0, 128, 96, rgba(10, 10, 10)),
    rect(128, 0, 160, 96, rgba(0, 0, 40)),
    rect(3, 3, 90, 70, rgba(255, 0, 0)),
    rect(0, 0, 80, 96, rgba(24, 32, 48)),
    // Tiles of 64, 32 and 16 pixels: covered to the pixel, all but covered by alpha, by holes, and in width.
    rect(64, 0, 128, 64, rgba(40, 60, 30)),
    rect(31, 31, 64, 64, rgba(255, 255, 255)),
    rect(32, 32, 64, 64, rgba(60, 30, 40, 254)),
    rect(160, 32, 192, 64, rgba(255, 250, 230, 254)),
    glyph(160, 32, holed, rgba(70, 50, 90)),
    rect(17, 16, 32, 32, rgba(30, 60, 60)),
    // By spans, but for a pixel, and by a mode in which nothing is hidden.
    spans(64, rows, rgba(50, 50, 80)),
    inMode('add', rect(32, 64, 64, 96, rgba(20, 4, 40))),
  ];
}

/** 48 grounds side by side below 16 rows of veils, three sources each: 2,304 different blends. */
function blends(): Shape[] {
  const shapes: Shape[] = [];
  for (let column = 0; column < 48; column++) {
    const ground = Math.round((column * 255) / 47);
    shapes.push(rect(66 + column, 2, 67 + column, 18, rgba(ground, 255 - ground, (ground * 167 + 13) & 255)));
  }
  for (let row = 0; row < 16; row++) {
    const source = (row * 53) & 255;
    shapes.push(rect(66, 2 + row, 114, 3 + row, rgba(source, 255 - source, row * 17, (row * 16 + 9) & 255)));
  }
  return shapes;
}

/** Each class of alpha over black, white and color, as a rectangle and as a glyph. */
function alphas(): Shape[] {
  const shapes: Shape[] = [
    rect(66, 26, 126, 34, rgba(255, 255, 255)),
    rect(66, 34, 126, 40, rgba(200, 120, 20)),
  ];
  for (const [index, alpha] of [0, 1, 2, 64, 127, 128, 192, 253, 254, 255].entries()) {
    shapes.push(rect(67 + index * 6, 20, 71 + index * 6, 38, rgba(20, 140, 230, alpha)));
    shapes.push(glyph(66 + index * 6, 29, glyphOf('8'), rgba(230, 30, 90, alpha)));
  }
  return shapes;
}

/** Runs and columns from before, at and after the edges of tiles to the next ones. */
function edges(): Shape[] {
  const places = [7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129];
  const wide = places.slice(0, -1).map((from, index) => {
    const to = places[Math.min(places.length - 1, index + 2)]!;
    return rect(from, 1 + index, to, 2 + index, hue(index, index % 3 === 0 ? 0x90 : 255));
  });
  const high = places.slice(0, -3).map((from, index) => {
    const to = Math.min(places[index + 2]!, CANVAS.height);
    return rect(1 + index, from, 2 + index, to, hue(index, 0xa0));
  });
  return [...wide, ...high];
}

/** A bitmap of every width, its rows a comb, a line from edge to edge, and the left and right pixel. */
function widths(): Shape[] {
  const shapes: Shape[] = [];
  let [x, y] = [14, 66];
  for (let width = 1; width <= BITMAP_SIDE; width++) {
    if (x + width > 146) [x, y] = [14, y + 4];
    const bitmap = bitmapOf(width, 3, (column, row) =>
      row === 0 ? column % 2 === 0 : row === 1 || column === 0 || column === width - 1,
    );
    shapes.push(glyph(x, y, bitmap, hue(width, width % 4 === 0 ? 0xc0 : 255)));
    x += width + 1;
  }
  return shapes;
}

/** The least and the largest bitmaps, across the edges of tiles. */
function heights(): Shape[] {
  return [
    glyph(
      16,
      20,
      bitmapOf(BITMAP_SIDE, BITMAP_SIDE, (x, y) => (x ^ y) % 3 === 0),
      rgba(250, 220, 90, 0xb0),
    ),
    glyph(
      52,
      30,
      bitmapOf(1, BITMAP_SIDE, (_, y) => y % 5 !== 3),
      rgba(90, 250, 160),
    ),
    glyph(
      48,
      48,
      bitmapOf(1, 1, () => true),
      rgba(255, 255, 255),
    ),
    glyph(
      54,
      47,
      bitmapOf(BITMAP_SIDE, 1, (x) => x % 5 !== 3),
      rgba(90, 160, 250, 0xf0),
    ),
  ];
}

/** Bitmaps over each edge and each corner of the canvas. */
function hanging(): Shape[] {
  const { width, height } = CANVAS;
  const disc = bitmapOf(BITMAP_SIDE, BITMAP_SIDE, (x, y) => (2 * x - 31) ** 2 + (2 * y - 31) ** 2 < 900);
  return [
    glyph(-20, -22, disc, rgba(220, 60, 60)),
    glyph(width - 12, -22, disc, rgba(60, 200, 60, 0x80)),
    glyph(-20, height - 10, disc, rgba(60, 90, 240, 0x80)),
    glyph(width - 12, height - 8, disc, rgba(230, 230, 60)),
    glyph(width - 1, 40, glyphOf('H'), rgba(255, 255, 255)),
    glyph(-4, 50, glyphOf('H'), rgba(255, 255, 255)),
    glyph(40, -6, glyphOf('_'), rgba(255, 255, 255)),
    glyph(60, height - 1, glyphOf('T'), rgba(255, 255, 255)),
  ];
}

/** More shapes over a crossing of tiles than any painter takes at once, and a cover in their middle. */
function stack(): Shape[] {
  const veils = (first: number) =>
    Array.from({ length: 260 }, (_, index) =>
      rect(124 + (index % 3), 60, 131, 67 - (index % 2), hue(first + index, 1 + (index % 60))),
    );
  return [...veils(0), rect(126, 58, 130, 70, rgba(250, 250, 250)), ...veils(260)];
}

/** The whole font, small and crowded. */
function letters(): Shape[] {
  return allGlyphs().map((bitmap, index) =>
    glyph(
      131 + (index % 5) * 6,
      14 + Math.floor(index / 5) * 4,
      bitmap,
      hue(index, index % 2 === 0 ? 255 : 0xa0),
    ),
  );
}

/** 32 grounds side by side below a row for each mode and alpha; and a glyph and spans of each mode, opaque and not. */
function modes(): Shape[] {
  const shapes: Shape[] = [];
  for (let column = 0; column < 32; column++) {
    const ground = Math.round((column * 255) / 31);
    const color = rgba(ground, 255 - ground, (ground * 167 + 13) & 255);
    shapes.push(rect(160 + column, 66, 161 + column, 96, color));
  }
  for (const [index, { name }] of BLENDS.entries()) {
    for (const [at, alpha] of MODE_ALPHAS.entries()) {
      const y = 66 + index * MODE_ALPHAS.length + at;
      const source = (y * 53) & 255;
      shapes.push(inMode(name, rect(160, y, 192, y + 1, rgba(source, 255 - source, y * 2, alpha))));
    }
    // Products of 128, the least that is rounded up.
    shapes.push(rect(82 + index, 41, 83 + index, 44, rgba(8, 2, 1)));
    shapes.push(inMode(name, rect(82 + index, 42, 83 + index, 44, rgba(16, 64, 128))));
    const x = 90 + 7 * index;
    const wedge = [5, 3, 6, 0, 4].map((length): [number, number] => [x, x + length]);
    shapes.push(inMode(name, glyph(x, 41, glyphOf('%'), rgba(210, 120, 90, 0xc0))));
    shapes.push(inMode(name, glyph(x, 45, glyphOf('&'), rgba(90, 120, 210))));
    shapes.push(inMode(name, spans(43, wedge, rgba(160, 230, 70))));
    shapes.push(inMode(name, spans(46, wedge, rgba(70, 160, 230, 0x70))));
  }
  return shapes;
}

/** Spans of each class of alpha, with a row without a run; spans over edges of tiles, wide and narrow. */
function runs(): Shape[] {
  const small = [0, 1, 2, 64, 127, 128, 192, 253, 254, 255].map((alpha, index) => {
    const x = 88 + 3 * index;
    const rows: [number, number][] = [
      [x, x + 3],
      [x, x],
      [x + 1, x + 3],
      [x, x + 2],
    ];
    return spans(54, rows, rgba(240, 40, 120, alpha));
  });
  const line = Array.from({ length: 42 }, (_, y): [number, number] => [y * 3, y * 3 + 4]);
  const steep = Array.from({ length: 70 }, (_, y): [number, number] => [66 + (y >> 2), 67 + (y >> 2)]);
  const edges = [7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65].map((x): [number, number] => [x, x + 9]);
  return [
    ...small,
    spans(62, line, rgba(255, 160, 0, 0xa0)),
    spans(30, steep, rgba(0, 220, 255)),
    spans(76, edges, rgba(255, 80, 80, 0xd0)),
  ];
}

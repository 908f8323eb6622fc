/** Cases of the tile: shapes that begin and end one pixel before, at and after the edges of tiles of each size. */
import type { Bitmap, Shape } from '../../display/list.ts';
import { FONT_HEIGHT, FONT_WIDTH } from '../font.ts';
import { bitmapOf, type Case, caseOf, cover, glyph, hue, rect, spans, square, TILE_SIZES } from './case.ts';
import { BITMAP_SIDE, glyphOf } from './glyphs.ts';

/** Every canvas here is two tiles and this many pixels of a third, in both directions. */
export const REST = 3;

/** @param tileSizes sides of tiles, pixels; powers of two from 8 */
export function* tileCases(tileSizes: readonly number[] = TILE_SIZES): Generator<Case> {
  for (const tile of tileSizes) {
    yield* ranges(tile);
    yield* boxes(tile);
    yield* covers(tile);
    yield singlePixels(tile);
    yield glyphsAround(tile);
    yield bitmapsAround(tile);
  }
}

/** Every pair of places near edges as a run of pixels, one to a row, and one to a column. */
function* ranges(tile: number): Generator<Case> {
  const side = 2 * tile + REST;
  const pairs = edgePairs(tile);
  for (const alpha of [255, 0x80]) {
    const [wide, high]: [Shape[], Shape[]] = [[], []];
    for (const [line, [from, to]] of pairs.entries()) {
      wide.push(rect(from, line, to, line + 1, hue(line, alpha)));
      high.push(rect(line, from, line + 1, to, hue(line, alpha)));
    }
    const lines = pairs.length;
    yield caseOf(`tile ${tile}: runs, alpha ${alpha}`, { width: side, height: lines }, wide);
    yield caseOf(`tile ${tile}: columns, alpha ${alpha}`, { width: lines, height: side }, high);
  }
}

/** The same pairs as the rows of one shape, as shapes of two rows each, and as a shape over whole rows of tiles. */
export function* spansAround(tileSizes: readonly number[] = TILE_SIZES): Generator<Case> {
  for (const tile of tileSizes) {
    const side = 2 * tile + REST;
    const pairs = edgePairs(tile);
    const lines = pairs.length;
    for (const alpha of [255, 0x80]) {
      const one = [spans(0, pairs, hue(tile, alpha))];
      yield caseOf(`tile ${tile}: spans, alpha ${alpha}`, { width: side, height: lines }, one);
      const many = pairs.map((pair, line) => spans(line, [pair, [pair[0], pair[1] - 1]], hue(line, alpha)));
      yield caseOf(
        `tile ${tile}: spans of two rows, alpha ${alpha}`,
        { width: side, height: lines + 1 },
        many,
      );
      const high = pairs.map(([from, to], line) =>
        spans(
          from,
          Array.from({ length: to - from }, () => [line, line + 1]),
          hue(line, alpha),
        ),
      );
      yield caseOf(`tile ${tile}: columns of spans, alpha ${alpha}`, { width: lines, height: side }, high);
    }
    const leaning = Array.from({ length: side }, (_, y): [number, number] => [y, Math.min(side, y + 2)]);
    const holed = Array.from({ length: side }, (_, y): [number, number] => [0, y === tile ? 0 : side]);
    yield caseOf(`tile ${tile}: a line across, and all but a row covered`, square(side), [
      cover(square(side), hue(1)),
      spans(0, leaning, hue(2)),
      spans(0, holed, hue(3, 0x90)),
      spans(0, holed, hue(4)),
      spans(0, leaning.toReversed(), hue(5)),
    ]);
  }
}

export function edgePairs(tile: number): (readonly [from: number, to: number])[] {
  const side = 2 * tile + REST;
  const places = [0, 1, tile - 1, tile, tile + 1, 2 * tile - 1, 2 * tile, 2 * tile + 1, side - 1, side];
  return places.flatMap((from, at) => places.slice(at + 1).map((to) => [from, to] as const));
}

/** Boxes from around one crossing of edges to around the next, the larger below. */
function* boxes(tile: number): Generator<Case> {
  const around = [-1, 0, 1];
  const ends = around.flatMap((dx) => around.map((dy) => [2 * tile + dx, 2 * tile + dy] as const));
  ends.sort(([ax, ay], [bx, by]) => bx + by - (ax + ay));
  for (const x0 of around.map((by) => tile + by)) {
    for (const y0 of around.map((by) => tile + by)) {
      for (const alpha of [255, 0x55]) {
        const shapes = ends.map(([x1, y1], index) => rect(x0, y0, x1, y1, hue(index, alpha)));
        yield caseOf(
          `tile ${tile}: boxes from ${x0}, ${y0}, alpha ${alpha}`,
          square(2 * tile + REST),
          shapes,
        );
      }
    }
  }
}

/** What covers a tile, or all but covers it, with something behind and something before it. */
function* covers(tile: number): Generator<Case> {
  const side = 2 * tile + REST;
  const end = 2 * tile;
  const frames: readonly (readonly [x0: number, y0: number, x1: number, y1: number])[] = [
    [tile, tile, end, end],
    [tile + 1, tile, end, end],
    [tile, tile + 1, end, end],
    [tile, tile, end - 1, end],
    [tile, tile, end, end - 1],
    [tile - 1, tile - 1, end + 1, end + 1],
    [0, 0, tile, tile],
    [end, end, side, side],
    [end, end, side, side - 1],
    [0, tile, side, end],
    [tile, 0, end, side],
    [0, 0, side, side],
    [1, 0, side, side],
    [0, 0, side, side - 1],
  ];
  const behind = [rect(0, 0, side - 1, side - 1, hue(1)), glyph(end - 2, end - 3, glyphOf('@'), hue(2))];
  const before = [rect(tile + 2, 1, end - 1, side - 1, hue(3, 0x60)), glyph(1, 1, glyphOf('@'), hue(4))];
  for (const [x0, y0, x1, y1] of frames) {
    for (const alpha of [255, 254]) {
      const name = `tile ${tile}: ${x0}, ${y0} to ${x1}, ${y1} covered, alpha ${alpha}`;
      yield caseOf(name, square(side), [...behind, rect(x0, y0, x1, y1, hue(5, alpha)), ...before]);
    }
  }
  if (tile > BITMAP_SIDE) return;
  const holed = bitmapOf(tile, tile, (x, y) => x !== 3 || y !== 5);
  yield caseOf(`tile ${tile}: covered by a bitmap, but for a pixel`, square(side), [
    ...behind,
    glyph(tile, tile, holed, hue(6)),
    ...before,
  ]);
}

/** A pixel in each corner of each tile. */
function singlePixels(tile: number): Case {
  const side = 2 * tile + REST;
  const places = [0, tile - 1, tile, 2 * tile - 1, 2 * tile, side - 1];
  const shapes = places.flatMap((y, row) =>
    places.map((x, column) => rect(x, y, x + 1, y + 1, hue(row * 8 + column))),
  );
  return caseOf(`tile ${tile}: a pixel in every corner`, square(side), [
    cover(square(side), hue(99, 0x30)),
    ...shapes,
  ]);
}

/** A glyph at every place in which it touches a crossing of edges, each at a crossing of its own. */
function glyphsAround(tile: number): Case {
  const shapes: Shape[] = [];
  // A multiple of the tile that leaves a clear pixel between glyphs.
  const apart = Math.max(tile, 16);
  let [columns, rows] = [0, 0];
  for (let dy = -FONT_HEIGHT; dy <= 1; dy++, rows++) {
    columns = 0;
    for (let dx = -FONT_WIDTH; dx <= 1; dx++, columns++) {
      const place = hue(rows * 16 + columns, (rows + columns) % 2 === 0 ? 255 : 0xb0);
      shapes.push(glyph((columns + 1) * apart + dx, (rows + 1) * apart + dy, glyphOf('@'), place));
    }
  }
  const canvas = { width: (columns + 1) * apart + 2, height: (rows + 1) * apart + 2 };
  return caseOf(`tile ${tile}: glyphs around crossings`, canvas, shapes);
}

/** The same with bitmaps of the least and the largest sides. */
function bitmapsAround(tile: number): Case {
  const bitmaps: readonly Bitmap[] = [
    bitmapOf(1, 1, () => true),
    bitmapOf(BITMAP_SIDE, 1, (x) => x % 3 !== 1),
    bitmapOf(1, BITMAP_SIDE, (_, y) => y % 3 !== 1),
    bitmapOf(BITMAP_SIDE, BITMAP_SIDE, (x, y) => (x ^ y) % 3 !== 1),
  ];
  const apart = Math.max(tile, 2 * BITMAP_SIDE);
  const shapes: Shape[] = [];
  for (const [index, bitmap] of bitmaps.entries()) {
    const { width, height } = bitmap;
    for (const [row, dy] of [-height, 1 - height, -1, 0].entries()) {
      for (const [column, dx] of [-width, 1 - width, -1, 0].entries()) {
        const x = ((index % 2) * 4 + column + 1) * apart + dx;
        const y = ((index >> 1) * 4 + row + 1) * apart + dy;
        shapes.push(glyph(x, y, bitmap, hue(shapes.length, index % 2 === 0 ? 255 : 0xb0)));
      }
    }
  }
  return caseOf(`tile ${tile}: bitmaps around crossings`, square(9 * apart), shapes);
}

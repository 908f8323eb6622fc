/** Binning: for each tile of the canvas, the shapes that can change its pixels, in paint order. */
import type { EncodedList } from '../display/builder.ts';
import {
  BLEND_OVER,
  SHAPE_WORDS,
  TAG_RECT,
  TAG_SPANS,
  WORD_BLEND,
  WORD_COLOR,
  WORD_POOL,
  WORD_TAG,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
  WORD_Y1,
} from '../display/encoding.ts';
import { TILE_SIZE } from './layout.ts';

export interface Bins {
  readonly tileSize: number;
  readonly tilesX: number;
  readonly tilesY: number;
  /** Tile `t` (row-major) holds `entries[offsets[t]] … entries[offsets[t + 1] - 1]`. */
  readonly offsets: Uint32Array;
  /** Shape indices, back to front within a tile. */
  readonly entries: Uint32Array;
}

/**
 * Bins an encoded list. Shapes are visited front to back: an opaque rectangle that covers a tile
 * closes it, so what lies behind is never listed, and once every tile is closed the rest is not read.
 * Spans are listed where their runs are, from the leftmost to the rightmost in a row of tiles.
 *
 * @param tileSize a power of two, pixels
 */
export function bin(list: EncodedList, tileSize: number = TILE_SIZE): Bins {
  const tilesX = Math.ceil(list.canvas.width / tileSize);
  const tilesY = Math.ceil(list.canvas.height / tileSize);
  const offsets = new Uint32Array(tilesX * tilesY + 1);
  // Counted first, then filled: both walks see the same tiles close at the same shapes.
  walk(list, tileSize, tilesX, tilesY, (tile) => {
    offsets[tile + 1]!++;
  });
  for (let tile = 0; tile < tilesX * tilesY; tile++) offsets[tile + 1]! += offsets[tile]!;
  const entries = new Uint32Array(offsets[tilesX * tilesY]!);
  const cursors = offsets.slice(1);
  walk(list, tileSize, tilesX, tilesY, (tile, shape) => {
    entries[--cursors[tile]!] = shape;
  });
  return { tileSize, tilesX, tilesY, offsets, entries };
}

function walk(
  list: EncodedList,
  tileSize: number,
  tilesX: number,
  tilesY: number,
  visit: (tile: number, shape: number) => void,
): void {
  const { shapes, pool, canvas } = list;
  const shift = 31 - Math.clz32(tileSize);
  const closed = new Uint8Array(tilesX * tilesY);
  let open = closed.length;
  for (let shape = list.shapeCount - 1; shape >= 0 && open > 0; shape--) {
    const at = shape * SHAPE_WORDS;
    const x0 = Math.max(0, shapes[at + WORD_X0]! | 0);
    const y0 = Math.max(0, shapes[at + WORD_Y0]! | 0);
    const x1 = Math.min(canvas.width, shapes[at + WORD_X1]! | 0);
    const y1 = Math.min(canvas.height, shapes[at + WORD_Y1]! | 0);
    if (x0 >= x1 || y0 >= y1) continue;
    const covers =
      shapes[at + WORD_TAG] === TAG_RECT &&
      shapes[at + WORD_COLOR]! >>> 24 === 255 &&
      shapes[at + WORD_BLEND] === BLEND_OVER;
    const hasRuns = shapes[at + WORD_TAG] === TAG_SPANS;
    const lastY = (y1 - 1) >> shift;
    for (let ty = y0 >> shift; ty <= lastY; ty++) {
      const top = ty << shift;
      const coversRows = covers && y0 <= top && y1 >= Math.min(top + tileSize, canvas.height);
      let [from, to] = [x0, x1];
      if (hasRuns) {
        // A line or the edge of a disc has a wide box and touches few of the box's tiles.
        [from, to] = [x1, x0];
        const first = shapes[at + WORD_POOL]! - 2 * (shapes[at + WORD_Y0]! | 0);
        const bottom = Math.min(y1, top + tileSize);
        for (let y = Math.max(y0, top); y < bottom; y++) {
          const start = Math.max(x0, pool[first + 2 * y]! | 0);
          const end = Math.min(x1, pool[first + 2 * y + 1]! | 0);
          if (start >= end) continue;
          from = Math.min(from, start);
          to = Math.max(to, end);
        }
        if (from >= to) continue;
      }
      const lastX = (to - 1) >> shift;
      for (let tx = from >> shift; tx <= lastX; tx++) {
        const tile = ty * tilesX + tx;
        if (closed[tile] === 1) continue;
        visit(tile, shape);
        const left = tx << shift;
        if (coversRows && x0 <= left && x1 >= Math.min(left + tileSize, canvas.width)) {
          closed[tile] = 1;
          open--;
        }
      }
    }
  }
}

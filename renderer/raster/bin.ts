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

/** Entries that there is room for at first, for each shape; long ones take more. */
const FIRST_ROOM = 2;

/**
 * Bins an encoded list. Shapes are visited front to back: an opaque rectangle, or opaque spans, that cover a tile
 * close it, so what lies behind is never listed, and once every tile is closed the rest is not read.
 * Spans are listed where their runs are, from the leftmost to the rightmost in a row of tiles.
 *
 * @param tileSize a power of two, pixels
 */
export function bin(list: EncodedList, tileSize: number = TILE_SIZE): Bins {
  const { shapes, pool, canvas, shapeCount } = list;
  const { width, height } = canvas;
  const tilesX = Math.ceil(width / tileSize);
  const tilesY = Math.ceil(height / tileSize);
  const shift = 31 - Math.clz32(tileSize);
  const closed = new Uint8Array(tilesX * tilesY);
  const offsets = new Uint32Array(tilesX * tilesY + 1);
  // Found front to back, in one walk, and sorted by tile afterwards: where spans lie is read once.
  let room = FIRST_ROOM * shapeCount + 16;
  let tiles = new Uint32Array(room);
  let found = new Uint32Array(room);
  let count = 0;
  let open = closed.length;
  for (let shape = shapeCount - 1; shape >= 0 && open > 0; shape--) {
    const at = shape * SHAPE_WORDS;
    const x0 = Math.max(0, shapes[at + WORD_X0]! | 0);
    const y0 = Math.max(0, shapes[at + WORD_Y0]! | 0);
    const x1 = Math.min(width, shapes[at + WORD_X1]! | 0);
    const y1 = Math.min(height, shapes[at + WORD_Y1]! | 0);
    if (x0 >= x1 || y0 >= y1) continue;
    const tag = shapes[at + WORD_TAG]!;
    const hasRuns = tag === TAG_SPANS;
    const hides =
      (tag === TAG_RECT || hasRuns) &&
      shapes[at + WORD_COLOR]! >>> 24 === 255 &&
      shapes[at + WORD_BLEND] === BLEND_OVER;
    const lastY = (y1 - 1) >> shift;
    for (let ty = y0 >> shift; ty <= lastY; ty++) {
      const top = ty << shift;
      const bottom = Math.min(top + tileSize, height);
      const hidesRows = hides && y0 <= top && y1 >= bottom;
      // Columns that it has in some of the rows, and in all of them.
      let [from, to, allFrom, allTo] = [x0, x1, x0, x1];
      if (hasRuns) {
        // A line or the edge of a disc has a wide box and touches few of the box's tiles.
        [from, to] = [x1, x0];
        const first = Math.max(y0, top);
        const rows = Math.min(y1, bottom) - first;
        const word = shapes[at + WORD_POOL]! + 2 * (first - (shapes[at + WORD_Y0]! | 0));
        // Rows whose words lie beyond the pool's end have nothing.
        const known = Math.max(0, Math.min(rows, Math.floor((pool.length - word) / 2)));
        if (known < rows) allTo = 0;
        for (let run = word | 0, end = (word + 2 * known) | 0; run < end; run += 2) {
          const runStart = pool[run]! | 0;
          const runEnd = pool[run + 1]! | 0;
          allFrom = Math.max(allFrom, runStart);
          allTo = Math.min(allTo, runEnd);
          const seenFrom = Math.max(runStart, x0);
          const seenTo = Math.min(runEnd, x1);
          if (seenFrom >= seenTo) continue;
          from = Math.min(from, seenFrom);
          to = Math.max(to, seenTo);
        }
        if (from >= to) continue;
      }
      const row = ty * tilesX;
      const lastX = (to - 1) >> shift;
      if (count + tilesX > room) {
        room = 2 * room + tilesX;
        tiles = roomier(tiles, room);
        found = roomier(found, room);
      }
      for (let tx = from >> shift; tx <= lastX; tx++) {
        const tile = row + tx;
        if (closed[tile] === 1) continue;
        tiles[count] = tile;
        found[count++] = shape;
        offsets[tile + 1]!++;
        const left = tx << shift;
        if (hidesRows && allFrom <= left && allTo >= Math.min(left + tileSize, width)) {
          closed[tile] = 1;
          open--;
        }
      }
    }
  }
  for (let tile = 0; tile < tilesX * tilesY; tile++) offsets[tile + 1]! += offsets[tile]!;
  const entries = new Uint32Array(count);
  const cursors = offsets.slice(1);
  for (let entry = 0; entry < count; entry++) entries[--cursors[tiles[entry]!]!] = found[entry]!;
  return { tileSize, tilesX, tilesY, offsets, entries };
}

function roomier(words: Uint32Array, room: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(room);
  copy.set(words);
  return copy;
}

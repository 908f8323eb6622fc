/**
 * Fine rasterisation: paints the tiles of a binned list into RGBA words. Integers only; every
 * rule here, and in mixing.ts, is the definition that any other painter must match bit for bit.
 */
import type { EncodedList } from '../display/builder.ts';
import {
  BLEND_OVER,
  SHAPE_WORDS,
  TAG_GLYPH,
  TAG_IMAGE,
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
import type { Bins } from './bin.ts';
import { ImagePainter } from './image-part.ts';
import { GROUND } from './layout.ts';
import { blended, MIXES, type Mix, sourceOver } from './mixing.ts';

/** Below this many pixels a plain loop beats `fill`'s call (measured at 8 to 24, flat between). */
const SHORT_RUN = 16;

/**
 * Paints tile `tile` into `out` (one RGBA word per pixel, row-major, the whole canvas). Every pixel
 * of the tile is written: first the opaque black background or the shape that covers it, then the rest.
 *
 * @param from the first entry that is painted; where it is not the tile's first, it is painted on what is there
 * @param to the entry that is not painted any more; none before it is a shade, which raster/shading.ts paints
 */
export function fine(
  list: EncodedList,
  bins: Bins,
  tile: number,
  out: Uint32Array,
  from: number = bins.offsets[tile]!,
  to: number = bins.offsets[tile + 1]!,
): void {
  const { shapes, canvas } = list;
  const left = (tile % bins.tilesX) * bins.tileSize;
  const top = Math.floor(tile / bins.tilesX) * bins.tileSize;
  const right = Math.min(left + bins.tileSize, canvas.width);
  const bottom = Math.min(top + bins.tileSize, canvas.height);
  const isBegun = from !== bins.offsets[tile];
  let entry = from;

  let ground = GROUND;
  if (
    !isBegun &&
    entry < to &&
    coversTile(shapes, bins.entries[entry]! * SHAPE_WORDS, left, top, right, bottom)
  ) {
    ground = shapes[bins.entries[entry]! * SHAPE_WORDS + WORD_COLOR]!;
    entry++;
  }
  // Rows between two edges are alike: the first is painted, the others are copies of it.
  const rows = isBegun ? allRows(top, bottom) : freshRows(list, bins, entry, to, top, bottom);
  if (!isBegun) {
    for (const y of rows) out.fill(ground, y * canvas.width + left, y * canvas.width + right);
  }

  let images: ImagePainter | undefined;
  for (; entry < to; entry++) {
    const at = bins.entries[entry]! * SHAPE_WORDS;
    const color = shapes[at + WORD_COLOR]!;
    const shapeX = shapes[at + WORD_X0]! | 0;
    const shapeY = shapes[at + WORD_Y0]! | 0;
    const shapeRight = shapes[at + WORD_X1]! | 0;
    const x0 = Math.max(left, shapeX);
    const y0 = Math.max(top, shapeY);
    const x1 = Math.min(right, shapeRight);
    const y1 = Math.min(bottom, shapes[at + WORD_Y1]! | 0);
    const blend = shapes[at + WORD_BLEND]!;
    const first = shapes[at + WORD_POOL]!;
    switch (shapes[at + WORD_TAG]) {
      case TAG_RECT:
        for (const y of rows) {
          if (y >= y0 && y < y1) paintRun(out, y * canvas.width + x0, y * canvas.width + x1, color, blend);
        }
        break;
      case TAG_GLYPH:
        for (let y = y0; y < y1; y++) {
          const bits = list.pool[first + y - shapeY]!;
          const row = y * canvas.width;
          for (let x = x0; x < x1; x++) {
            if ((bits >>> (shapeRight - 1 - x)) & 1) paintRun(out, row + x, row + x + 1, color, blend);
          }
        }
        break;
      case TAG_SPANS:
        for (let y = y0; y < y1; y++) {
          const run = first + 2 * (y - shapeY);
          const start = Math.max(x0, list.pool[run]! | 0);
          const stop = Math.min(x1, list.pool[run + 1]! | 0);
          if (start < stop) paintRun(out, y * canvas.width + start, y * canvas.width + stop, color, blend);
        }
        break;
      case TAG_IMAGE: {
        const columns = first + 1 - shapeX;
        const words = { base: first, columns, rows: columns + shapeRight - shapeY };
        images ??= new ImagePainter(list.pool);
        images.paint(out, canvas.width, { x0, y0, x1, y1 }, words, blend);
        break;
      }
    }
  }

  let next = 0;
  for (let y = top; y < bottom; y++) {
    if (y === rows[next]) next++;
    else copyRowAbove(out, y * canvas.width + left, y * canvas.width + right, canvas.width);
  }
}

function copyRowAbove(out: Uint32Array, start: number, end: number, width: number): void {
  out.copyWithin(start, start - width, end - width);
}

function allRows(top: number, bottom: number): number[] {
  return Array.from({ length: bottom - top }, (_, row) => top + row);
}

/** The rows of a tile that may differ from the row above: the first, each after an edge, and all along what is no rectangle. */
function freshRows(
  list: EncodedList,
  bins: Bins,
  first: number,
  end: number,
  top: number,
  bottom: number,
): number[] {
  const fresh = new Uint8Array(bottom - top + 1);
  fresh[0] = 1;
  for (let entry = first; entry < end; entry++) {
    const at = bins.entries[entry]! * SHAPE_WORDS;
    const y0 = Math.max(top, list.shapes[at + WORD_Y0]! | 0) - top;
    const y1 = Math.min(bottom, list.shapes[at + WORD_Y1]! | 0) - top;
    if (list.shapes[at + WORD_TAG] === TAG_RECT) fresh[y0] = fresh[y1] = 1;
    else fresh.fill(1, y0, y1 + 1);
  }
  const rows: number[] = [];
  for (let y = top; y < bottom; y++) if (fresh[y - top] === 1) rows.push(y);
  return rows;
}

function coversTile(
  shapes: Uint32Array,
  at: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): boolean {
  return (
    shapes[at + WORD_TAG] === TAG_RECT &&
    shapes[at + WORD_COLOR]! >>> 24 === 255 &&
    shapes[at + WORD_BLEND] === BLEND_OVER &&
    (shapes[at + WORD_X0]! | 0) <= left &&
    (shapes[at + WORD_Y0]! | 0) <= top &&
    (shapes[at + WORD_X1]! | 0) >= right &&
    (shapes[at + WORD_Y1]! | 0) >= bottom
  );
}

function paintRun(out: Uint32Array, start: number, end: number, color: number, blend: number): void {
  const alpha = color >>> 24;
  if (blend !== BLEND_OVER) {
    if (alpha > 0) mixRun(out, start, end, color, MIXES[blend]);
  } else if (alpha === 255) {
    if (end - start >= SHORT_RUN) out.fill(color, start, end);
    else for (let i = start; i < end; i++) out[i] = color;
  } else if (alpha > 0) {
    for (let i = start; i < end; i++) out[i] = sourceOver(color, out[i]!);
  }
}

/** @param mix undefined for a mode that is not of the table */
function mixRun(out: Uint32Array, start: number, end: number, color: number, mix: Mix | undefined): void {
  if (mix === undefined) return;
  for (let i = start; i < end; i++) out[i] = blended(mix, color, out[i]!);
}

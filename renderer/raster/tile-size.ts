/** The size of a plan's tiles. */
import type { EncodedList } from '../display/builder.ts';
import { SHAPE_WORDS, WORD_X0, WORD_X1, WORD_Y0, WORD_Y1 } from '../display/encoding.ts';
import { GPU_BOUNDS } from './gpu-bounds.ts';
import * as layout from './layout.ts';
import { PlanTooLarge } from './plan-too-large.ts';

/**
 * The smallest tiles whose entries surely fit: a list of many large shapes takes larger ones.
 *
 * @param binned how many lists of entries there are, each with offsets of its own
 * @param room words that offsets and entries may take
 * @throws {PlanTooLarge} when the entries of a single tile do not fit
 */
export function chooseTileSize(list: EncodedList, binned: number, room: number): number {
  const { width, height } = list.canvas;
  for (let tileSize = layout.GPU_TILE_SIZE; ; tileSize *= 2) {
    const tiles = Math.ceil(width / tileSize) * Math.ceil(height / tileSize);
    const most = Math.min(GPU_BOUNDS.entries, room - binned * (tiles + 1));
    if (touchedTiles(list, tileSize, most) <= most) return tileSize;
    if (tiles > 1) continue;
    if (list.shapeCount <= room - 2 * binned) return tileSize;
    throw new PlanTooLarge(
      `Expected a list that fits a binding, found ${list.shapeCount} shapes for ${room} words`,
    );
  }
}

/** Tiles that the shapes' boxes touch, counted for each shape; stops counting above `enough`. */
function touchedTiles(list: EncodedList, tileSize: number, enough: number): number {
  const { shapes, canvas } = list;
  const shift = 31 - Math.clz32(tileSize);
  let touched = 0;
  for (let at = 0; at < shapes.length && touched <= enough; at += SHAPE_WORDS) {
    const x0 = Math.max(0, shapes[at + WORD_X0]! | 0);
    const y0 = Math.max(0, shapes[at + WORD_Y0]! | 0);
    const x1 = Math.min(canvas.width, shapes[at + WORD_X1]! | 0);
    const y1 = Math.min(canvas.height, shapes[at + WORD_Y1]! | 0);
    if (x0 >= x1 || y0 >= y1) continue;
    touched += (((x1 - 1) >> shift) - (x0 >> shift) + 1) * (((y1 - 1) >> shift) - (y0 >> shift) + 1);
  }
  return touched;
}

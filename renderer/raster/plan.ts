/**
 * The plan of a paint on the GPU: what is uploaded, dispatched and read back, as plain data. It is made
 * and tested without a device; the engine plays it.
 */

import { invariant } from '../../shared/faults.ts';
import type { EncodedList } from '../display/builder.ts';
import {
  BLEND_OVER,
  SHAPE_WORDS,
  TAG_GLYPH,
  TAG_IMAGE,
  TAG_RECT,
  WORD_BLEND,
  WORD_TAG,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
  WORD_Y1,
} from '../display/encoding.ts';
import { bin } from './bin.ts';
import { GPU_BOUNDS } from './gpu-bounds.ts';
import * as layout from './layout.ts';

/** What a device can take. */
export interface PlanLimits {
  /** Most bytes of one storage binding; at least the scene of one shape in one tile. */
  readonly bindingBytes: number;
  /** Most bytes of one band of output, at least one row; no more than a binding and a buffer may have. */
  readonly bandBytes: number;
  /** Most workgroups along each axis of a dispatch. */
  readonly workgroups: number;
  /** Distance of one dispatch's parameters from the next one's, bytes. */
  readonly paramStride: number;
  /** Most pixels times entries that one dispatch may look at: what keeps it far below a GPU's watchdog. */
  readonly dispatchWork: number;
  /** Most of the same for one picture: beyond it the CPU, which walks a shape's own pixels only, is faster. */
  readonly pictureWork: number;
}

export interface Dispatch {
  /** Where its parameters begin in `params`, bytes. */
  readonly paramsAt: number;
  readonly workgroups: readonly [x: number, y: number, z: number];
}

/** Rows of the canvas that are painted and read back together. */
export interface Band {
  readonly top: number;
  readonly rows: number;
  /** In this order, each after the one before it has finished. */
  readonly dispatches: readonly Dispatch[];
}

/**
 * Which shapes a list has, `plain` ones alone, which are rectangles and glyphs of the mode `over`, shapes of any kind but
 * images, or `every` kind: a shader for fewer of them is faster in software.
 */
export type Kinds = 'plain' | 'imageless' | 'every';

export interface Plan {
  readonly width: number;
  readonly height: number;
  /** Shapes, pool, offsets and entries, as fine.wgsl reads them. */
  readonly scene: Uint32Array<ArrayBuffer>;
  /** The parameters of all dispatches, `paramStride` bytes apart. */
  readonly params: Uint32Array<ArrayBuffer>;
  /** What its shapes ask of a shader. */
  readonly kinds: Kinds;
  /** From the top down; together they are the canvas. */
  readonly bands: readonly Band[];
}

/** A list that asks more of a device than it can take, even in bands and with the largest tiles, or something else. */
export class PlanTooLarge extends RangeError {
  override readonly name = 'PlanTooLarge';
}

/**
 * Plans a paint.
 *
 * @throws {PlanTooLarge} when a binding cannot hold the scene, the work is more than a picture may take, or there are shades
 */
export function plan(list: EncodedList, limits: PlanLimits): Plan {
  invariant(limits.workgroups >= 1 && limits.dispatchWork >= 1, 'a dispatch paints something');
  if (list.shades.length > 0) {
    throw new PlanTooLarge(`Expected a list without SHADEs for the GPU, found ${list.shades.length}`);
  }
  const { width, height } = list.canvas;
  const room = Math.floor(limits.bindingBytes / 4) - list.shapes.length - list.pool.length;
  const tileSize = chooseTileSize(list, room);
  const { tilesX, offsets, entries } = bin(list, tileSize);
  // Each tile costs its ground and each of its entries.
  const work = (entries.length + offsets.length - 1) * tileSize ** 2;
  if (work > limits.pictureWork) {
    throw new PlanTooLarge(
      `Expected a list of ${limits.pictureWork} pixels times shapes or fewer for the GPU, by tiles, found ${work}`,
    );
  }

  const scene = new Uint32Array(list.shapes.length + list.pool.length + offsets.length + entries.length);
  const poolAt = list.shapes.length;
  const offsetsAt = poolAt + list.pool.length;
  const entriesAt = offsetsAt + offsets.length;
  scene.set(list.shapes, 0);
  scene.set(list.pool, poolAt);
  scene.set(offsets, offsetsAt);
  scene.set(entries, entriesAt);

  const common = new Uint32Array(layout.PARAM_WORDS);
  common[layout.PARAM_WIDTH] = width;
  common[layout.PARAM_TILE_SIZE] = tileSize;
  common[layout.PARAM_TILES_X] = tilesX;
  common[layout.PARAM_POOL] = poolAt;
  common[layout.PARAM_OFFSETS] = offsetsAt;
  common[layout.PARAM_ENTRIES] = entriesAt;

  const blocks: Uint32Array[] = [];
  const side = tileSize / layout.GPU_TILE_SIZE;
  const bandRows = Math.max(1, Math.floor(limits.bandBytes / (width * 4)));
  const bands: Band[] = [];
  for (let top = 0; top < height; top += bandRows) {
    const rows = Math.min(bandRows, height - top);
    const firstTile = Math.floor(top / tileSize) * tilesX;
    const endTile = Math.ceil((top + rows) / tileSize) * tilesX;
    const dispatches = layers(offsets, firstTile, endTile, tileSize * tileSize, limits).map((layer) => {
      const block = common.slice();
      block[layout.PARAM_BAND_TOP] = top;
      block[layout.PARAM_BAND_BOTTOM] = top + rows;
      block[layout.PARAM_FIRST_TILE] = layer.firstTile;
      block[layout.PARAM_SKIP] = layer.skip;
      block[layout.PARAM_TAKE] = layer.take;
      const paramsAt = blocks.push(block) - 1;
      return {
        paramsAt: paramsAt * limits.paramStride,
        workgroups: [side, side, layer.tiles] as const,
      };
    });
    bands.push({ top, rows, dispatches });
  }
  const params = new Uint32Array((blocks.length * limits.paramStride) / 4);
  for (const [index, block] of blocks.entries()) params.set(block, (index * limits.paramStride) / 4);
  return { width, height, scene, params, kinds: kindsOf(list), bands };
}

function kindsOf({ shapes }: EncodedList): Kinds {
  let kinds: Kinds = 'plain';
  for (let at = 0; at < shapes.length; at += SHAPE_WORDS) {
    const tag = shapes[at + WORD_TAG];
    if (tag === TAG_IMAGE) return 'every';
    if ((tag !== TAG_RECT && tag !== TAG_GLYPH) || shapes[at + WORD_BLEND] !== BLEND_OVER)
      kinds = 'imageless';
  }
  return kinds;
}

/**
 * The smallest tiles whose entries surely fit: a list of many large shapes takes larger ones.
 *
 * @param room words that offsets and entries may take
 */
function chooseTileSize(list: EncodedList, room: number): number {
  const { width, height } = list.canvas;
  for (let tileSize = layout.GPU_TILE_SIZE; ; tileSize *= 2) {
    const tiles = Math.ceil(width / tileSize) * Math.ceil(height / tileSize);
    const most = Math.min(GPU_BOUNDS.entries, room - tiles - 1);
    if (touchedTiles(list, tileSize, most) <= most) return tileSize;
    if (tiles > 1) continue;
    if (list.shapeCount <= room - 2) return tileSize;
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

interface Layer {
  readonly firstTile: number;
  readonly tiles: number;
  readonly skip: number;
  readonly take: number;
}

/**
 * Cuts the tiles `firstTile ≤ t < endTile` into layers, one dispatch each: as many tiles as the work of
 * their entries allows, and a tile whose own list is longer than that by and by.
 */
function layers(
  offsets: Uint32Array,
  firstTile: number,
  endTile: number,
  tilePixels: number,
  limits: PlanLimits,
): Layer[] {
  const longest = Math.max(1, Math.floor(limits.dispatchWork / tilePixels));
  const found: Layer[] = [];
  for (let first = firstTile; first < endTile; ) {
    let end = first;
    let entries = 0;
    let most = 0;
    while (end < endTile && end - first < limits.workgroups) {
      const own = offsets[end + 1]! - offsets[end]!;
      // A tile without entries costs its ground.
      if (end > first && entries + Math.max(1, own) > longest) break;
      entries += Math.max(1, own);
      most = Math.max(most, own);
      end++;
    }
    for (let skip = 0; skip === 0 || skip < most; skip += longest) {
      found.push({ firstTile: first, tiles: end - first, skip, take: longest });
    }
    first = end;
  }
  return found;
}

/** Batches: small canvases that a GPU paints in one dispatch, each as if it were alone; plain data, as plans are. */
import { canvasBytes } from '../../shared/canvas.ts';
import type { EncodedList } from '../display/builder.ts';
import { SHAPE_WORDS } from '../display/encoding.ts';
import { type Bins, bin } from './bin.ts';
import { GPU_BOUNDS } from './gpu-bounds.ts';
import * as layout from './layout.ts';
import { type Dispatch, type Kinds, kindsOf, type PlanLimits } from './plan.ts';
import { segmentsOf } from './segments.ts';

/** What one canvas adds to a batch. */
export interface Load {
  readonly tiles: number;
  /** Of the scene, its part of the tables included. */
  readonly words: number;
  /** Pixels times entries, as plans count them. */
  readonly work: number;
  /** Of pixels. */
  readonly bytes: number;
}

/** Of batches: lists without images would be a tenth faster in software by a shader of their own, and wait for one another. */
type BatchKinds = Exclude<Kinds, 'imageless'>;

/** A list that may be painted together with others. */
export interface Piece extends Load {
  readonly list: EncodedList;
  readonly bins: Bins;
  readonly kinds: BatchKinds;
}

export interface Batch {
  /** Shapes of all, the canvases' records, pools of all, the canvas of each tile, and offsets and entries of all tiles. */
  readonly scene: Uint32Array<ArrayBuffer>;
  readonly params: Uint32Array<ArrayBuffer>;
  readonly kinds: BatchKinds;
  readonly dispatch: Dispatch;
  /** Where the pixels of each canvas begin in the output, bytes, in the order of the pieces; and at last where they end. */
  readonly outputs: readonly number[];
}

/** Whether a list can be painted together with others, as far as its size says. */
export function isSmallEnough({ canvas, shapes, pool, shades }: EncodedList): boolean {
  if (shades.length > 0 || canvas.width * canvas.height > GPU_BOUNDS.batchedPixels) return false;
  return shapes.length + pool.length <= GPU_BOUNDS.batchedWords;
}

/** The piece that a list is; undefined when it is to be painted by itself: as large, as much work, or with shades. */
export function pieceOf(list: EncodedList, limits: PlanLimits): Piece | undefined {
  if (!isSmallEnough(list)) return undefined;
  const { shapes, pool } = list;
  const bins = bin(list, layout.GPU_TILE_SIZE);
  const tiles = bins.offsets.length - 1;
  const piece: Piece = {
    list,
    bins,
    kinds: kindsOf(list, segmentsOf(list)) === 'plain' ? 'plain' : 'every',
    tiles,
    // A tile has its canvas and its offset, the last one of the batch an end.
    words: shapes.length + pool.length + layout.CANVAS_WORDS + 2 * tiles + bins.entries.length,
    work: (bins.entries.length + tiles) * layout.GPU_TILE_SIZE ** 2,
    bytes: canvasBytes(list.canvas),
  };
  return fits(NO_LOAD, piece, limits) ? piece : undefined;
}

export const NO_LOAD: Load = { tiles: 0, words: 1, work: 0, bytes: 0 };

export function together(a: Load, b: Load): Load {
  return {
    tiles: a.tiles + b.tiles,
    words: a.words + b.words,
    work: a.work + b.work,
    bytes: a.bytes + b.bytes,
  };
}

/** Whether a batch of such a load has room for one more canvas. */
export function fits(load: Load, more: Load, limits: PlanLimits): boolean {
  const { tiles, words, work, bytes } = together(load, more);
  return (
    tiles <= limits.workgroups &&
    words * 4 <= Math.min(GPU_BOUNDS.batchBytes, limits.bindingBytes) &&
    work <= limits.dispatchWork &&
    bytes <= Math.min(GPU_BOUNDS.batchBytes, limits.bandBytes)
  );
}

/** Plans a batch. @param pieces at least one, which fit together */
export function batchOf(pieces: readonly Piece[]): Batch {
  const load = pieces.reduce<Load>(together, NO_LOAD);
  const shapesWords = pieces.reduce((sum, { list }) => sum + list.shapes.length, 0);
  const poolWords = pieces.reduce((sum, { list }) => sum + list.pool.length, 0);
  const recordsAt = shapesWords;
  const poolsAt = recordsAt + pieces.length * layout.CANVAS_WORDS;
  const ownersAt = poolsAt + poolWords;
  const offsetsAt = ownersAt + load.tiles;
  const entriesAt = offsetsAt + load.tiles + 1;
  const scene = new Uint32Array(load.words);
  let [shapeAt, poolAt, tile, entry, output] = [0, poolsAt, 0, 0, 0];
  const outputs: number[] = [];
  for (const [number, { list, bins, tiles, bytes }] of pieces.entries()) {
    scene.set(list.shapes, shapeAt);
    scene.set(list.pool, poolAt);
    scene.fill(number, ownersAt + tile, ownersAt + tile + tiles);
    scene.set(recordOf(list, bins, tile, poolAt, output / 4), recordsAt + number * layout.CANVAS_WORDS);
    // In the scene shapes and entries are counted through all canvases.
    const firstShape = shapeAt / SHAPE_WORDS;
    for (let own = 0; own < tiles; own++) scene[offsetsAt + tile + own] = entry + bins.offsets[own]!;
    for (const shape of bins.entries) scene[entriesAt + entry++] = firstShape + shape;
    outputs.push(output);
    shapeAt += list.shapes.length;
    poolAt += list.pool.length;
    tile += tiles;
    output += bytes;
  }
  scene[offsetsAt + tile] = entry;
  outputs.push(output);
  const params = new Uint32Array(layout.PARAM_WORDS);
  params[layout.PARAM_TILE_SIZE] = layout.GPU_TILE_SIZE;
  params[layout.PARAM_OFFSETS] = offsetsAt;
  params[layout.PARAM_ENTRIES] = entriesAt;
  params[layout.PARAM_OWNERS] = ownersAt;
  params[layout.PARAM_CANVASES] = recordsAt;
  // Never more than the work of all together.
  params[layout.PARAM_TAKE] = entry;
  const dispatch = { paramsAt: 0, workgroups: [1, 1, load.tiles] as const };
  const kinds = pieces.every((piece) => piece.kinds === 'plain') ? 'plain' : 'every';
  return { scene, params, kinds, dispatch, outputs };
}

function recordOf(
  { canvas, pool }: EncodedList,
  { tilesX }: Bins,
  firstTile: number,
  poolAt: number,
  output: number,
): Uint32Array {
  const record = new Uint32Array(layout.CANVAS_WORDS);
  record[layout.CANVAS_WIDTH] = canvas.width;
  record[layout.CANVAS_HEIGHT] = canvas.height;
  record[layout.CANVAS_TILES_X] = tilesX;
  record[layout.CANVAS_FIRST_TILE] = firstTile;
  record[layout.CANVAS_POOL] = poolAt;
  record[layout.CANVAS_POOL_SIZE] = pool.length;
  record[layout.CANVAS_OUTPUT] = output;
  return record;
}

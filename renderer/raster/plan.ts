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
} from '../display/encoding.ts';
import { quarterWave } from '../machine/trigonometry.ts';
import type { Shade } from '../shade/shade.ts';
import { PIXELS_PER_GROUP } from '../shade/wgsl.ts';
import { readsWave } from '../shade/work.ts';
import { type Bins, bin } from './bin.ts';
import { layers, layersOnTop } from './layers.ts';
import * as layout from './layout.ts';
import { PlanTooLarge } from './plan-too-large.ts';
import { type Segment, segmentList, segmentsOf } from './segments.ts';
import { shadingLayers, shadingWork } from './shading-layers.ts';
import { chooseTileSize } from './tile-size.ts';

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
  /**
   * Most pixels times entries that one dispatch may look at: what keeps it far below a GPU's watchdog. Of shades,
   * SHADE_OPERATIONS count as one.
   */
  readonly dispatchWork: number;
  /** Most of the same for one picture: beyond it the CPU, which walks a shape's own pixels only, is faster. */
  readonly pictureWork: number;
}

export interface Dispatch {
  /** Whose pixels it makes anew; without, it paints tiles. */
  readonly shade?: Shade;
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
  /** Shapes, pool, the table of a quarter wave where a shade reads it, and the offsets and entries of each segment. */
  readonly scene: Uint32Array<ArrayBuffer>;
  /** The parameters of all dispatches, `paramStride` bytes apart. */
  readonly params: Uint32Array<ArrayBuffer>;
  /** What its shapes ask of a shader. */
  readonly kinds: Kinds;
  /** From the top down; together they are the canvas. */
  readonly bands: readonly Band[];
}

/**
 * Plans a paint. A list is painted in segments: what comes before a shade, the shade, what comes after it.
 *
 * @throws {PlanTooLarge} when a binding cannot hold the scene, or the work is more than a picture may take
 */
export function plan(list: EncodedList, limits: PlanLimits): Plan {
  invariant(limits.workgroups >= 1 && limits.dispatchWork >= 1, 'a dispatch paints something');
  const { width, height } = list.canvas;
  const segments = segmentsOf(list);
  const shaded = shadingWork(segments);
  const isWaveRead = segments.some(({ shading }) => shading !== undefined && readsWave(shading.shade));
  const wave = isWaveRead ? quarterWave() : new Int32Array();
  const waveAt = list.shapes.length + list.pool.length;
  const segmentsAt = waveAt + wave.length;
  const room = Math.floor(limits.bindingBytes / 4) - segmentsAt;
  // Without shapes there is the ground alone, and on what is there already nothing.
  const painted = segments.filter(({ from, to }, index) => index === 0 || to > from);
  const tileSize = chooseTileSize(list, painted.length, room);
  const binned = new Map(painted.map((segment) => [segment, bin(segmentList(list, segment), tileSize)]));
  // Each tile costs its ground and each of its entries.
  let [words, work] = [0, shaded];
  for (const { offsets, entries } of binned.values()) {
    words += offsets.length + entries.length;
    work += (entries.length + offsets.length - 1) * tileSize ** 2;
  }
  if (work > limits.pictureWork) {
    throw new PlanTooLarge(
      `Expected a list of ${limits.pictureWork} pixels times shapes or fewer for the GPU, by tiles, found ${work}`,
    );
  }

  const scene = new Uint32Array(segmentsAt + words);
  scene.set(list.shapes, 0);
  scene.set(list.pool, list.shapes.length);
  scene.set(wave, waveAt);
  const common = new Uint32Array(layout.PARAM_WORDS);
  common[layout.PARAM_WIDTH] = width;
  common[layout.PARAM_TILE_SIZE] = tileSize;
  common[layout.PARAM_TILES_X] = Math.ceil(width / tileSize);
  common[layout.PARAM_POOL] = list.shapes.length;
  common[layout.PARAM_POOL_SIZE] = list.pool.length;
  common[layout.PARAM_WAVE] = waveAt;

  const blocks: Uint32Array[] = [];
  /** @returns where the parameters begin, bytes */
  const keep = (block: Uint32Array): number => (blocks.push(block) - 1) * limits.paramStride;
  const placed = place(scene, segmentsAt, segments, binned);
  const bandRows = Math.max(1, Math.floor(limits.bandBytes / (width * 4)));
  const bands: Band[] = [];
  for (let top = 0; top < height; top += bandRows) {
    const rows = Math.min(bandRows, height - top);
    const band = common.slice();
    band[layout.PARAM_BAND_TOP] = top;
    band[layout.PARAM_BAND_BOTTOM] = top + rows;
    const dispatches = placed.flatMap((each, index) => [
      ...tileDispatches(each, index > 0, band, limits, keep),
      ...shadeDispatches(each.segment, band, limits, keep),
    ]);
    bands.push({ top, rows, dispatches });
  }
  const params = new Uint32Array((blocks.length * limits.paramStride) / 4);
  for (const [index, block] of blocks.entries()) params.set(block, (index * limits.paramStride) / 4);
  return { width, height, scene, params, kinds: kindsOf(list, segments), bands };
}

/** A segment, and where its offsets and entries begin in the scene, words. */
interface Placed {
  readonly segment: Segment;
  /** Undefined where there is nothing to paint but the shade. */
  readonly bins: Bins | undefined;
  readonly offsetsAt: number;
  readonly entriesAt: number;
}

/** Puts the offsets and entries of all segments into the scene, one after the other. */
function place(
  scene: Uint32Array,
  at: number,
  segments: readonly Segment[],
  binned: ReadonlyMap<Segment, Bins>,
): Placed[] {
  let next = at;
  return segments.map((segment) => {
    const bins = binned.get(segment);
    const offsetsAt = next;
    const entriesAt = offsetsAt + (bins?.offsets.length ?? 0);
    next = entriesAt + (bins?.entries.length ?? 0);
    scene.set(bins?.offsets ?? [], offsetsAt);
    // In the scene shapes have the numbers of the whole list.
    bins?.entries.forEach((shape, index) => {
      scene[entriesAt + index] = segment.from + shape;
    });
    return { segment, bins, offsetsAt, entriesAt };
  });
}

/** @param isBegun whether it is painted on what lies in the band already */
function tileDispatches(
  { bins, offsetsAt, entriesAt }: Placed,
  isBegun: boolean,
  band: Uint32Array,
  limits: PlanLimits,
  keep: (block: Uint32Array) => number,
): Dispatch[] {
  if (bins === undefined) return [];
  const { tileSize, tilesX } = bins;
  const firstTile = Math.floor(band[layout.PARAM_BAND_TOP]! / tileSize) * tilesX;
  const endTile = Math.ceil(band[layout.PARAM_BAND_BOTTOM]! / tileSize) * tilesX;
  const side = tileSize / layout.GPU_TILE_SIZE;
  return (isBegun ? layersOnTop : layers)(bins, firstTile, endTile, limits).map((layer) => {
    const block = band.slice();
    block[layout.PARAM_OFFSETS] = offsetsAt;
    block[layout.PARAM_ENTRIES] = entriesAt;
    block[layout.PARAM_FIRST_TILE] = layer.firstTile;
    block[layout.PARAM_SKIP] = layer.skip;
    block[layout.PARAM_TAKE] = layer.take;
    block[layout.PARAM_BEGUN] = isBegun || layer.skip > 0 ? 1 : 0;
    return { paramsAt: keep(block), workgroups: [side, side, layer.tiles] as const };
  });
}

function shadeDispatches(
  { shading }: Segment,
  band: Uint32Array,
  limits: PlanLimits,
  keep: (block: Uint32Array) => number,
): Dispatch[] {
  if (shading === undefined) return [];
  const [top, bottom] = [band[layout.PARAM_BAND_TOP]!, band[layout.PARAM_BAND_BOTTOM]!];
  const { shape, shade } = shading;
  return shadingLayers(shading, top, bottom, limits).map(({ skip, take }) => {
    const block = band.slice();
    block[layout.PARAM_SHAPE] = shape;
    block[layout.PARAM_SKIP] = skip;
    block[layout.PARAM_TAKE] = take;
    const workgroups = [Math.ceil(take / PIXELS_PER_GROUP), 1, 1] as const;
    return { shade, paramsAt: keep(block), workgroups };
  });
}

/** What all segments ask of a shader together. */
export function kindsOf({ shapes }: EncodedList, segments: readonly Segment[]): Kinds {
  let kinds: Kinds = 'plain';
  for (const { from, to } of segments) {
    for (let at = from * SHAPE_WORDS; at < to * SHAPE_WORDS; at += SHAPE_WORDS) {
      const tag = shapes[at + WORD_TAG];
      if (tag === TAG_IMAGE) return 'every';
      if ((tag !== TAG_RECT && tag !== TAG_GLYPH) || shapes[at + WORD_BLEND] !== BLEND_OVER)
        kinds = 'imageless';
    }
  }
  return kinds;
}

/** Effort: what a list asks of the backends, counted shape by shape. Costs are fitted to it, so nothing here need be exact. */
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
import { workOf } from '../shade/work.ts';
import { GPU_BOUNDS } from './gpu-bounds.ts';
import { GPU_TILE_SIZE } from './layout.ts';
import { segmentsOf } from './segments.ts';
import { SHADE_OPERATIONS } from './shading-layers.ts';

/** All are numbers from 0; whatever hides other shapes hides nothing here. */
export interface Effort {
  /** 1. */
  readonly picture: number;
  /** Of the canvas. */
  readonly pixels: number;
  readonly shapes: number;
  /** Pixels of opaque rectangles and spans. */
  readonly filled: number;
  /** Pixels of those that are mixed with what lies below. */
  readonly mixed: number;
  /** Pixels of the boxes of glyphs. */
  readonly inked: number;
  /** Pixels of images. */
  readonly copied: number;
  /** Operations of shades, by their prices. */
  readonly shaded: number;
  /** Pixels times entries that a GPU looks at: of each shape all pixels of the tiles that its box touches. */
  readonly looks: number;
  /** Operations of shades as a GPU has them. */
  readonly work: number;
  /** Dispatches of a GPU, at least one. */
  readonly dispatches: number;
  /** Shades that a GPU must compile first. */
  readonly compiles: number;
}

/** Operations besides the price, for each pixel of a shade. */
const PIXEL = 8;

/** @param compiles see Effort */
export function effortOf(list: EncodedList, compiles = 0): Effort {
  const { canvas, shapes, shapeCount } = list;
  const pixels = canvas.width * canvas.height;
  let [filled, mixed, inked, copied, looks] = [0, 0, 0, 0, pixels];
  for (let at = 0; at < shapeCount * SHAPE_WORDS; at += SHAPE_WORDS) {
    const x0 = Math.max(0, shapes[at + WORD_X0]! | 0);
    const y0 = Math.max(0, shapes[at + WORD_Y0]! | 0);
    const x1 = Math.min(canvas.width, shapes[at + WORD_X1]! | 0);
    const y1 = Math.min(canvas.height, shapes[at + WORD_Y1]! | 0);
    if (x0 >= x1 || y0 >= y1) continue;
    const tag = shapes[at + WORD_TAG]!;
    const box = (x1 - x0) * (y1 - y0);
    if (tag === TAG_GLYPH) inked += box;
    else if (tag === TAG_IMAGE) copied += box;
    else if (tag === TAG_RECT || tag === TAG_SPANS) {
      const own = tag === TAG_RECT ? box : pixelsOfRuns(list, at, x0, y0, x1, y1);
      const isOpaque = shapes[at + WORD_COLOR]! >>> 24 === 255 && shapes[at + WORD_BLEND] === BLEND_OVER;
      if (isOpaque) filled += own;
      else mixed += own;
    } else continue;
    looks += touched(x0, x1) * touched(y0, y1) * GPU_TILE_SIZE ** 2;
  }
  const shading = shadingOf(list);
  const bands = Math.ceil((pixels * 4) / GPU_BOUNDS.bandBytes);
  const long = Math.floor((looks + shading.work / SHADE_OPERATIONS) / GPU_BOUNDS.dispatchWork);
  const dispatches = bands * (1 + 2 * shading.shadings) + long;
  const { shaded, work } = shading;
  return {
    ...{ picture: 1, pixels, shapes: shapeCount, filled, mixed, inked, copied },
    ...{ shaded, looks, work, dispatches, compiles },
  };
}

/** Tiles of a GPU that the pixels from one to before another lie in. */
function touched(from: number, to: number): number {
  return Math.floor((to - 1) / GPU_TILE_SIZE) - Math.floor(from / GPU_TILE_SIZE) + 1;
}

/** A line has a wide box and few pixels. */
function pixelsOfRuns(
  { shapes, pool }: EncodedList,
  at: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): number {
  const first = shapes[at + WORD_POOL]! - 2 * (shapes[at + WORD_Y0]! | 0);
  let found = 0;
  for (let y = y0; y < y1; y++) {
    const start = Math.max(x0, pool[first + 2 * y]! | 0);
    const end = Math.min(x1, pool[first + 2 * y + 1]! | 0);
    if (start < end) found += end - start;
  }
  return found;
}

function shadingOf(list: EncodedList): { shadings: number; shaded: number; work: number } {
  if (list.shades.length === 0) return { shadings: 0, shaded: 0, work: 0 };
  const works = new Map(list.shades.map((shade) => [shade, workOf(shade)]));
  let [shadings, shaded, work] = [0, 0, 0];
  for (const { shading } of segmentsOf(list)) {
    if (shading === undefined) continue;
    const { shade, x0, y0, x1, y1 } = shading;
    const pixels = (x1 - x0) * (y1 - y0);
    shadings++;
    shaded += pixels * (shade.price + PIXEL);
    work += pixels * (works.get(shade) ?? 0);
  }
  return { shadings, shaded, work };
}

/** Segments: a list with shades, cut where a GPU must have painted all that comes before. */
import { BLENDS } from '../display/blends.ts';
import type { EncodedList } from '../display/builder.ts';
import {
  SHADE_NUMBER,
  SHAPE_WORDS,
  TAG_SHADE,
  WORD_BLEND,
  WORD_POOL,
  WORD_TAG,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
  WORD_Y1,
} from '../display/encoding.ts';
import type { Shade } from '../shade/shade.ts';

/** A shape that is a shade and shows something. */
export interface Shading {
  /** Its number among the shapes. */
  readonly shape: number;
  readonly shade: Shade;
  /** The part of its box that lies on the canvas, at least one pixel. */
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Shapes without a shade among them, and the shade that comes after, if one does. */
export interface Segment {
  /** The number of its first shape, and the one after its last. */
  readonly from: number;
  readonly to: number;
  readonly shading: Shading | undefined;
}

/** In paint order, at least one. A shade that shows nothing is in none of them. */
export function segmentsOf(list: EncodedList): Segment[] {
  const { shapes, shapeCount } = list;
  const found: Segment[] = [];
  let from = 0;
  for (let shape = 0; list.shades.length > 0 && shape < shapeCount; shape++) {
    if (shapes[shape * SHAPE_WORDS + WORD_TAG] !== TAG_SHADE) continue;
    const shading = shadingAt(list, shape);
    if (shading === undefined) continue;
    found.push({ from, to: shape, shading });
    from = shape + 1;
  }
  found.push({ from, to: shapeCount, shading: undefined });
  return found;
}

/** A list of the shapes of a segment alone, in the memory of the whole one. */
export function segmentList(list: EncodedList, { from, to }: Segment): EncodedList {
  return {
    ...list,
    shapeCount: to - from,
    shapes: list.shapes.subarray(from * SHAPE_WORDS, to * SHAPE_WORDS),
  };
}

function shadingAt({ shapes, pool, shades, canvas }: EncodedList, shape: number): Shading | undefined {
  const at = shape * SHAPE_WORDS;
  const shade = shades[pool[shapes[at + WORD_POOL]! + SHADE_NUMBER] ?? 0];
  const x0 = Math.max(0, shapes[at + WORD_X0]! | 0);
  const y0 = Math.max(0, shapes[at + WORD_Y0]! | 0);
  const x1 = Math.min(canvas.width, shapes[at + WORD_X1]! | 0);
  const y1 = Math.min(canvas.height, shapes[at + WORD_Y1]! | 0);
  const isBlended = BLENDS[shapes[at + WORD_BLEND]!] !== undefined;
  if (shade === undefined || !isBlended || x0 >= x1 || y0 >= y1) return undefined;
  return { shape, shade, x0, y0, x1, y1 };
}

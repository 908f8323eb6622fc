/** The encoded display list: shapes as unsigned 32-bit words, the form every painter reads. */
import type { Canvas } from '../../shared/canvas.ts';
import {
  SHAPE_WORDS,
  TAG_GLYPH,
  TAG_RECT,
  WORD_BITMAP,
  WORD_COLOR,
  WORD_TAG,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
  WORD_Y1,
} from '../raster/layout.ts';
import type { Bitmap, Shape } from './list.ts';

export interface EncodedList {
  readonly canvas: Canvas;
  readonly shapeCount: number;
  /** SHAPE_WORDS words per shape, in paint order; see layout.ts for the offsets. */
  readonly shapes: Uint32Array;
  /** Rows of the bitmaps that glyph shapes point into; each distinct bitmap stands here once. */
  readonly bitmaps: Uint32Array;
}

/** Encodes shapes in paint order. The result depends on the shapes and the canvas alone. */
export function encode(shapes: readonly Shape[], canvas: Canvas): EncodedList {
  const words = new Uint32Array(shapes.length * SHAPE_WORDS);
  const rows: number[] = [];
  const offsets = new Map<Bitmap, number>();
  let at = 0;
  for (const shape of shapes) {
    words[at + WORD_COLOR] = shape.color;
    if (shape.kind === 'rect') {
      words[at + WORD_TAG] = TAG_RECT;
      words[at + WORD_X0] = shape.x0;
      words[at + WORD_Y0] = shape.y0;
      words[at + WORD_X1] = shape.x1;
      words[at + WORD_Y1] = shape.y1;
    } else {
      let offset = offsets.get(shape.bitmap);
      if (offset === undefined) {
        offset = rows.length;
        offsets.set(shape.bitmap, offset);
        rows.push(...shape.bitmap.rows);
      }
      words[at + WORD_TAG] = TAG_GLYPH;
      words[at + WORD_X0] = shape.x;
      words[at + WORD_Y0] = shape.y;
      words[at + WORD_X1] = shape.x + shape.bitmap.width;
      words[at + WORD_Y1] = shape.y + shape.bitmap.height;
      words[at + WORD_BITMAP] = offset;
    }
    at += SHAPE_WORDS;
  }
  return { canvas, shapeCount: shapes.length, shapes: words, bitmaps: Uint32Array.from(rows) };
}

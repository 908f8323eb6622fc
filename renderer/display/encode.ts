/** Between shapes as records and the encoded list that every painter reads, both ways. */
import type { Canvas } from '../../shared/canvas.ts';
import { type EncodedList, ListBuilder } from './builder.ts';
import {
  SHAPE_WORDS,
  TAG_RECT,
  WORD_BITMAP,
  WORD_COLOR,
  WORD_TAG,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
  WORD_Y1,
} from './encoding.ts';
import type { Shape } from './list.ts';

/** Encodes shapes in paint order. The result depends on the shapes and the canvas alone. */
export function encode(shapes: readonly Shape[], canvas: Canvas): EncodedList {
  const builder = new ListBuilder();
  for (const shape of shapes) {
    if (shape.kind === 'rect') builder.rect(shape.x0, shape.y0, shape.x1, shape.y1, shape.color);
    else builder.glyph(shape.x, shape.y, shape.bitmap, shape.color);
  }
  return builder.finish(canvas);
}

/** The shapes `from` to `to` of a list, as records. */
export function decode(list: EncodedList, from = 0, to = list.shapeCount): Shape[] {
  const { shapes, bitmaps } = list;
  const found: Shape[] = [];
  for (let at = from * SHAPE_WORDS; at < to * SHAPE_WORDS; at += SHAPE_WORDS) {
    const signed = (word: number): number => (shapes[at + word] as number) | 0;
    const [x0, y0, x1, y1] = [signed(WORD_X0), signed(WORD_Y0), signed(WORD_X1), signed(WORD_Y1)];
    const color = shapes[at + WORD_COLOR] as number;
    if (shapes[at + WORD_TAG] === TAG_RECT) {
      found.push({ kind: 'rect', x0, y0, x1, y1, color });
      continue;
    }
    const first = shapes[at + WORD_BITMAP] as number;
    const rows = Array.from(bitmaps.subarray(first, first + y1 - y0));
    found.push({ kind: 'glyph', x: x0, y: y0, bitmap: { width: x1 - x0, height: y1 - y0, rows }, color });
  }
  return found;
}

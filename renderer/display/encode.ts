/** Between shapes as records and the encoded list that every painter reads, both ways. */
import type { Canvas } from '../../shared/canvas.ts';
import { invariant } from '../../shared/faults.ts';
import { BLENDS, blendNumber } from './blends.ts';
import { type EncodedList, ListBuilder } from './builder.ts';
import {
  BLEND_OVER,
  SHAPE_WORDS,
  TAG_GLYPH,
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
} from './encoding.ts';
import type { Shape } from './list.ts';

/** Encodes shapes in paint order. The result depends on the shapes and the canvas alone. */
export function encode(shapes: readonly Shape[], canvas: Canvas): EncodedList {
  const builder = new ListBuilder();
  for (const shape of shapes) add(builder, shape);
  return builder.finish(canvas);
}

function add(builder: ListBuilder, shape: Shape): void {
  const { color } = shape;
  const blend = shape.blend === undefined ? BLEND_OVER : blendNumber(shape.blend);
  switch (shape.kind) {
    case 'rect':
      builder.rect(shape.x0, shape.y0, shape.x1, shape.y1, color, blend);
      break;
    case 'glyph':
      builder.glyph(shape.x, shape.y, shape.bitmap, color, blend);
      break;
    case 'spans':
      builder.spans(shape.x0, shape.y0, shape.x1, shape.y1, shape.runs, color, blend);
      break;
    default:
      shape satisfies never;
  }
}

/** The shapes `from` to `to` of a list that a builder has made, as records. */
export function decode(list: EncodedList, from = 0, to = list.shapeCount): Shape[] {
  return Array.from({ length: to - from }, (_, index) => shapeAt(list, (from + index) * SHAPE_WORDS));
}

function shapeAt({ shapes, pool }: EncodedList, at: number): Shape {
  const signed = (word: number): number => (shapes[at + word] as number) | 0;
  const [x0, y0, x1, y1] = [signed(WORD_X0), signed(WORD_Y0), signed(WORD_X1), signed(WORD_Y1)];
  const mode = BLENDS[shapes[at + WORD_BLEND] as number];
  invariant(mode !== undefined, 'a shape has a blend mode of the table');
  const ink = {
    color: shapes[at + WORD_COLOR] as number,
    ...(mode.number === BLEND_OVER ? {} : { blend: mode.name }),
  };
  const first = shapes[at + WORD_POOL] as number;
  const tag = shapes[at + WORD_TAG];
  switch (tag) {
    case TAG_RECT:
      return { kind: 'rect', x0, y0, x1, y1, ...ink };
    case TAG_GLYPH: {
      const rows = Array.from(pool.subarray(first, first + y1 - y0));
      return { kind: 'glyph', x: x0, y: y0, bitmap: { width: x1 - x0, height: y1 - y0, rows }, ...ink };
    }
    case TAG_SPANS: {
      const runs = Array.from(pool.subarray(first, first + 2 * (y1 - y0)), (word) => word | 0);
      return { kind: 'spans', x0, y0, x1, y1, runs, ...ink };
    }
    default:
      throw new Error(`invariant broken: a shape has a tag of the encoding, not ${tag}`);
  }
}

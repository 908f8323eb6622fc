/** Between shapes as records and the encoded list that every painter reads, both ways. */
import type { Canvas } from '../../shared/canvas.ts';
import { invariant } from '../../shared/faults.ts';
import { BLENDS, blendNumber } from './blends.ts';
import { type EncodedList, ListBuilder } from './builder.ts';
import {
  BLEND_OVER,
  SHADE_HEIGHT,
  SHADE_LEFT,
  SHADE_NUMBER,
  SHADE_OPAQUE,
  SHADE_TOP,
  SHADE_UNIFORMS,
  SHADE_WIDTH,
  SHAPE_WORDS,
  TAG_GLYPH,
  TAG_IMAGE,
  TAG_RECT,
  TAG_SHADE,
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
import type { ImageShape, Shape } from './list.ts';

/** Where the pixels of images stand in the pool: shapes that have the same ones share them. */
type Bases = Map<ImageShape['pixels'], number>;

/** Encodes shapes in paint order. The result depends on the shapes and the canvas alone. */
export function encode(shapes: readonly Shape[], canvas: Canvas): EncodedList {
  const builder = new ListBuilder();
  const bases: Bases = new Map();
  for (const shape of shapes) add(builder, bases, shape);
  return builder.finish(canvas);
}

function add(builder: ListBuilder, bases: Bases, shape: Shape): void {
  const blend = shape.blend === undefined ? BLEND_OVER : blendNumber(shape.blend);
  switch (shape.kind) {
    case 'rect':
      builder.rect(shape.x0, shape.y0, shape.x1, shape.y1, shape.color, blend);
      break;
    case 'glyph':
      builder.glyph(shape.x, shape.y, shape.bitmap, shape.color, blend);
      break;
    case 'spans':
      builder.spans(shape.x0, shape.y0, shape.x1, shape.y1, shape.runs, shape.color, blend);
      break;
    case 'image': {
      const { x0, y0, x1, y1, pixels, columns, rows } = shape;
      const base = bases.get(pixels) ?? builder.keep(pixels);
      bases.set(pixels, base);
      builder.image(x0, y0, x1, y1, base, columns, rows, blend);
      break;
    }
    case 'shade':
      builder.shade(shape, blend);
      break;
    default:
      shape satisfies never;
  }
}

/** The shapes `from` to `to` of a list that a builder has made, as records. */
export function decode(list: EncodedList, from = 0, to = list.shapeCount): Shape[] {
  return Array.from({ length: to - from }, (_, index) => shapeAt(list, (from + index) * SHAPE_WORDS));
}

function shapeAt({ shapes, pool, shades }: EncodedList, at: number): Shape {
  const signed = (word: number): number => (shapes[at + word] as number) | 0;
  const [x0, y0, x1, y1] = [signed(WORD_X0), signed(WORD_Y0), signed(WORD_X1), signed(WORD_Y1)];
  const mode = BLENDS[shapes[at + WORD_BLEND] as number];
  invariant(mode !== undefined, 'a shape has a blend mode of the table');
  const blending = mode.number === BLEND_OVER ? {} : { blend: mode.name };
  const ink = { color: shapes[at + WORD_COLOR] as number, ...blending };
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
    case TAG_IMAGE: {
      // Views: a picture of millions of pixels may be shown by thousands of shapes.
      const columns = pool.subarray(first + 1, first + 1 + x1 - x0);
      const rows = pool.subarray(first + 1 + x1 - x0, first + 1 + x1 - x0 + y1 - y0);
      const base = pool[first] as number;
      const pixels = pool.subarray(base, base + greatest(columns) + greatest(rows) + 1);
      return { kind: 'image', x0, y0, x1, y1, pixels, columns, rows, ...blending };
    }
    case TAG_SHADE: {
      const word = (index: number): number => pool[first + index] as number;
      const shade = shades[word(SHADE_NUMBER)];
      invariant(shade !== undefined, 'a list has the shades of its shapes');
      const from = first + SHADE_UNIFORMS;
      const uniforms = Array.from(pool.subarray(from, from + shade.uniforms), (value) => value | 0);
      const [left, top] = [word(SHADE_LEFT) | 0, word(SHADE_TOP) | 0];
      const [width, height] = [word(SHADE_WIDTH), word(SHADE_HEIGHT)];
      const isOpaque = word(SHADE_OPAQUE) === 1;
      const rectangle = { left, top, width, height };
      return { kind: 'shade', x0, y0, x1, y1, ...rectangle, shade, uniforms, isOpaque, ...blending };
    }
    default:
      throw new Error(`invariant broken: a shape has a tag of the encoding, not ${tag}`);
  }
}

function greatest(words: Uint32Array): number {
  return words.reduce((most, word) => Math.max(most, word), 0);
}

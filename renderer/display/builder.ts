/** The builder of display lists: shapes become words as they come, so that a million of them stay small. */
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
} from './encoding.ts';
import type { Bitmap } from './list.ts';

/** Shapes that there is room for at first. */
const FIRST_ROOM = 16;

export interface EncodedList {
  readonly canvas: Canvas;
  readonly shapeCount: number;
  /** SHAPE_WORDS words per shape, in paint order; see layout.ts for the offsets. */
  readonly shapes: Uint32Array;
  /** Rows of the bitmaps that glyph shapes point into; each distinct bitmap stands here once. */
  readonly bitmaps: Uint32Array;
}

/** Takes shapes in paint order, as list.ts describes them. */
export class ListBuilder {
  #words = new Uint32Array(FIRST_ROOM * SHAPE_WORDS);
  #length = 0;
  readonly #rows: number[] = [];
  readonly #offsets = new Map<Bitmap, number>();

  get shapeCount(): number {
    return this.#length / SHAPE_WORDS;
  }

  /** A rectangle as in RectShape. */
  rect(x0: number, y0: number, x1: number, y1: number, color: number): void {
    const at = this.#next(TAG_RECT, x0, y0, color);
    this.#words[at + WORD_X1] = x1;
    this.#words[at + WORD_Y1] = y1;
  }

  /** A glyph as in GlyphShape. */
  glyph(x: number, y: number, bitmap: Bitmap, color: number): void {
    let offset = this.#offsets.get(bitmap);
    if (offset === undefined) {
      offset = this.#rows.length;
      this.#offsets.set(bitmap, offset);
      this.#rows.push(...bitmap.rows);
    }
    const at = this.#next(TAG_GLYPH, x, y, color);
    this.#words[at + WORD_X1] = x + bitmap.width;
    this.#words[at + WORD_Y1] = y + bitmap.height;
    this.#words[at + WORD_BITMAP] = offset;
  }

  /** The list of all that came so far. It shares the builder's memory, where nothing of it changes any more. */
  finish(canvas: Canvas): EncodedList {
    const shapes = this.#words.subarray(0, this.#length);
    return { canvas, shapeCount: this.shapeCount, shapes, bitmaps: Uint32Array.from(this.#rows) };
  }

  #next(tag: number, x0: number, y0: number, color: number): number {
    const at = this.#length;
    if (at === this.#words.length) {
      const words = new Uint32Array(at * 2);
      words.set(this.#words);
      this.#words = words;
    }
    this.#length += SHAPE_WORDS;
    this.#words[at + WORD_TAG] = tag;
    this.#words[at + WORD_COLOR] = color;
    this.#words[at + WORD_X0] = x0;
    this.#words[at + WORD_Y0] = y0;
    return at;
  }
}

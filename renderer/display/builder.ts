/** The builder of display lists: shapes become words as they come, so that a million of them stay small. */
import type { Canvas } from '../../shared/canvas.ts';
import { invariant } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { Shade } from '../shade/shade.ts';
import { BLENDS, type BlendName, type BlendNumber } from './blends.ts';
import {
  BLEND_OVER,
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
import type { Bitmap, ShadeShape, SpansShape } from './list.ts';
import { ShortMemory } from './short-memory.ts';

/** Words that there is room for at first, of shapes and in the pool. */
const FIRST_ROOM = 16 * SHAPE_WORDS;
/** Words from which on room is made once for all that a list may have: 4 MiB. The system gives pages as they are written. */
const LARGE_ROOM = 2 ** 20;

export interface EncodedList {
  readonly canvas: Canvas;
  readonly shapeCount: number;
  /** SHAPE_WORDS words per shape, in paint order; see encoding.ts for the offsets. */
  readonly shapes: Uint32Array;
  /** What shapes point into: rows of glyphs' bitmaps, where each distinct bitmap stands once, runs of spans, pixels and maps of images. */
  readonly pool: Uint32Array;
  /** What its shapes of TAG_SHADE are worked out by, each once. */
  readonly shades: readonly Shade[];
}

/** A box, and start and end of the run of each of its rows; what lies beyond these words means nothing. */
interface Rows extends Pick<SpansShape, 'x0' | 'y0' | 'x1' | 'y1'> {
  readonly words: ArrayLike<number>;
}

/** Takes shapes in paint order, as list.ts describes them. */
export class ListBuilder {
  #words = new Uint32Array(FIRST_ROOM);
  #length = 0;
  #pool = new Uint32Array(FIRST_ROOM);
  #pooled = 0;
  readonly #offsets = new ShortMemory<Bitmap, number>();
  readonly #shades = new Map<Shade, number>();
  /** Bit `n` for each blend mode `n` of a shape. */
  #modes = 0;

  get shapeCount(): number {
    return this.#length / SHAPE_WORDS;
  }

  /** Words of the list so far: of its shapes, and in the pool. */
  get words(): number {
    return this.#length + this.#pooled;
  }

  /** The blend modes of the shapes so far, by their numbers. */
  get blends(): BlendName[] {
    return BLENDS.filter(({ number }) => (this.#modes >> number) & 1).map(({ name }) => name);
  }

  /** A rectangle as in RectShape. */
  rect(x0: number, y0: number, x1: number, y1: number, color: number, blend: BlendNumber = BLEND_OVER): void {
    const at = this.#next(TAG_RECT, x0, y0, color, blend);
    this.#words[at + WORD_X1] = x1;
    this.#words[at + WORD_Y1] = y1;
  }

  /** A glyph as in GlyphShape. */
  glyph(x: number, y: number, bitmap: Bitmap, color: number, blend: BlendNumber = BLEND_OVER): void {
    this.glyphAt(x, y, bitmap.width, bitmap.height, this.place(bitmap), color, blend);
  }

  /** As glyph, of a bitmap of that size. @param place where it stands, as `place` has said in the same `placing` */
  glyphAt(
    x: number,
    y: number,
    width: number,
    height: number,
    place: number,
    color: number,
    blend: BlendNumber,
  ): void {
    const at = this.#next(TAG_GLYPH, x, y, color, blend);
    this.#words[at + WORD_X1] = x + width;
    this.#words[at + WORD_Y1] = y + height;
    this.#words[at + WORD_POOL] = place;
  }

  /** Where a bitmap stands in the pool, into which it is put unless it is remembered. */
  place(bitmap: Bitmap): number {
    let offset = this.#offsets.get(bitmap);
    if (offset === undefined) {
      offset = this.keep(bitmap.rows);
      this.#offsets.set(bitmap, offset);
    }
    return offset;
  }

  /** Rises when the bitmaps are forgotten: each is to be placed anew then. */
  get placing(): number {
    return this.#offsets.turn;
  }

  /**
   * Spans as in SpansShape. Painting takes the less time, the tighter the box.
   *
   * @param runs start and end of each row from y0 to y1
   */
  spans(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    runs: ArrayLike<number>,
    color: number,
    blend: BlendNumber = BLEND_OVER,
  ): void {
    invariant(runs.length === 2 * (y1 - y0), 'each row of spans has a run');
    this.layer({ x0, y0, x1, y1, words: runs }, color, blend);
  }

  /** As spans. */
  layer({ x0, y0, x1, y1, words }: Rows, color: number, blend: BlendNumber): void {
    const offset = this.#pooled;
    const count = 2 * (y1 - y0);
    const end = offset + count;
    if (end > this.#pool.length) this.#pool = roomier(this.#pool, end);
    const pool = this.#pool;
    // Most shapes have some hundred rows, of which no view is worth making.
    for (let at = 0; at < count; at++) pool[offset + at] = words[at] as number;
    this.#pooled = end;
    const at = this.#next(TAG_SPANS, x0, y0, color, blend);
    this.#words[at + WORD_X1] = x1;
    this.#words[at + WORD_Y1] = y1;
    this.#words[at + WORD_POOL] = offset;
  }

  /**
   * An image as in ImageShape.
   *
   * @param base where its pixels begin in the pool, as `keep` has said; many images may share them
   */
  image(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    base: number,
    columns: ArrayLike<number>,
    rows: ArrayLike<number>,
    blend: BlendNumber = BLEND_OVER,
  ): void {
    invariant(
      columns.length === x1 - x0 && rows.length === y1 - y0,
      'each column and row of an image is mapped',
    );
    const offset = this.keep([base]);
    this.keep(columns);
    this.keep(rows);
    const at = this.#next(TAG_IMAGE, x0, y0, 0, blend);
    this.#words[at + WORD_X1] = x1;
    this.#words[at + WORD_Y1] = y1;
    this.#words[at + WORD_POOL] = offset;
  }

  /** A shade as in ShadeShape. */
  shade(shape: Omit<ShadeShape, 'kind' | 'blend'>, blend: BlendNumber = BLEND_OVER): void {
    const { shade, uniforms, isOpaque, left, top, width, height } = shape;
    invariant(uniforms.length === shade.uniforms, 'a shade is given as many values as it takes');
    const number = this.#shades.get(shade) ?? this.#shades.size;
    this.#shades.set(shade, number);
    const offset = this.keep([number, left, top, width, height, isOpaque ? 1 : 0]);
    this.keep(uniforms);
    const at = this.#next(TAG_SHADE, shape.x0, shape.y0, 0, blend);
    this.#words[at + WORD_X1] = shape.x1;
    this.#words[at + WORD_Y1] = shape.y1;
    this.#words[at + WORD_POOL] = offset;
  }

  /** Puts words into the pool, such as the pixels of images. @returns where they begin */
  keep(words: ArrayLike<number>): number {
    const at = this.#pooled;
    const end = at + words.length;
    if (end > this.#pool.length) this.#pool = roomier(this.#pool, end);
    this.#pool.set(words, at);
    this.#pooled = end;
    return at;
  }

  /** The list of all that came so far. It shares the builder's memory, where nothing of it changes any more. */
  finish(canvas: Canvas): EncodedList {
    const shapes = this.#words.subarray(0, this.#length);
    const pool = this.#pool.subarray(0, this.#pooled);
    return { canvas, shapeCount: this.shapeCount, shapes, pool, shades: [...this.#shades.keys()] };
  }

  #next(tag: number, x0: number, y0: number, color: number, blend: BlendNumber): number {
    const at = this.#length;
    if (at === this.#words.length) this.#words = roomier(this.#words, at + SHAPE_WORDS);
    this.#length += SHAPE_WORDS;
    this.#modes |= 1 << blend;
    this.#words[at + WORD_TAG] = tag;
    this.#words[at + WORD_COLOR] = color;
    this.#words[at + WORD_X0] = x0;
    this.#words[at + WORD_Y0] = y0;
    this.#words[at + WORD_BLEND] = blend;
    return at;
  }
}

/**
 * The same words with more room, at least for `least` words: four times as much as long as that is little, since each move
 * costs as much as a long list takes to write. What was moved is garbage for a while, which a long list has none of.
 */
function roomier(words: Uint32Array, least: number): Uint32Array<ArrayBuffer> {
  const room = words.length < LARGE_ROOM ? words.length * 4 : Math.max(LIMITS.listWords, words.length * 2);
  const copy = new Uint32Array(Math.max(least, room));
  copy.set(words);
  return copy;
}

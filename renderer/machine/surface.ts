/** The surface: what reaches the display list, cut to the clip, and the pixels that it writes. */
import type { Canvas } from '../../shared/canvas.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { BlendName, BlendNumber } from '../display/blends.ts';
import { type EncodedList, ListBuilder } from '../display/builder.ts';
import { decode } from '../display/encode.ts';
import { BLEND_OVER, SHADE_UNIFORMS, SHAPE_WORDS } from '../display/encoding.ts';
import type { Bitmap, ShadeShape, Shape } from '../display/list.ts';
import { ShortMemory } from '../display/short-memory.ts';
import type { TakeLayer } from '../geometry/layers.ts';
import type { Clip, Spans } from '../geometry/spans.ts';
import { Cutter } from './cutter.ts';
import { exhausted, inkOf } from './price.ts';
import { Refused } from './refused.ts';
import type { Stamp } from './stamp.ts';

/** What a shape is drawn with: a packed colour, whose alpha may be 0, and how it meets what lies below. */
export interface Ink {
  readonly color: number;
  readonly blend: BlendNumber;
}

/** Coordinates are those of the canvas, exact in doubles; whatever lies outside the clip is left out. */
export class Surface {
  readonly #canvas: Canvas;
  readonly #allowed: number;
  readonly #builder = new ListBuilder();
  readonly #cutter = new Cutter();
  readonly #inks = new ShortMemory<Bitmap, number>();
  /** What the layers of a shape are listed with. */
  #color = 0;
  #blend: BlendNumber = BLEND_OVER;
  readonly #list: TakeLayer = (layer) => this.#builder.layer(layer, this.#color, this.#blend);
  /** As in the price. */
  pixels = 0;

  /** @param allowed pixels that may be written */
  constructor(canvas: Canvas, allowed: number) {
    this.#canvas = canvas;
    this.#allowed = allowed;
  }

  /** Shapes that have reached the list. */
  get listed(): number {
    return this.#builder.shapeCount;
  }

  /** The blend modes of these shapes. */
  get blends(): readonly BlendName[] {
    return this.#builder.blends;
  }

  /** The shapes that reached the list, from number `from` on. */
  drawn(from: number): Shape[] {
    return decode(this.finish(), from);
  }

  /** The list so far. It shares the surface's memory until something more is drawn. */
  finish(): EncodedList {
    return this.#builder.finish(this.#canvas);
  }

  /** x + w may pass 2³¹, which a double holds exactly: nothing wraps. */
  fill(clip: Clip, x: number, y: number, w: number, h: number, { color, blend }: Ink): void {
    const x0 = Math.max(clip.x0, x);
    const y0 = Math.max(clip.y0, y);
    const x1 = Math.min(clip.x1, x + w);
    const y1 = Math.min(clip.y1, y + h);
    if (x0 >= x1 || y0 >= y1 || color >>> 24 === 0) return;
    this.#builder.rect(x0, y0, x1, y1, color, blend);
    this.pixels += (x1 - x0) * (y1 - y0);
  }

  /** A bitmap with its top left at (x, y); false where nothing of it is seen. */
  stamp({ x0, y0, x1, y1 }: Clip, x: number, y: number, bitmap: Bitmap, { color, blend }: Ink): boolean {
    const left = Math.max(0, x0 - x);
    const top = Math.max(0, y0 - y);
    const right = Math.min(bitmap.width, x1 - x);
    const bottom = Math.min(bitmap.height, y1 - y);
    if (left >= right || top >= bottom || color >>> 24 === 0) return false;
    const seen = this.#cutter.cut(bitmap, left, top, right, bottom);
    this.#builder.glyph(x + left, y + top, seen, color, blend);
    let ink = this.#inks.get(seen);
    if (ink === undefined) {
      ink = inkOf(seen);
      this.#inks.set(seen, ink);
    }
    this.pixels += ink;
    return true;
  }

  /** A stamp that is wholly seen, its top left at (x, y); of an ink that is. */
  stampWhole(x: number, y: number, stamp: Stamp, { color, blend }: Ink): void {
    const builder = this.#builder;
    if (stamp.placing !== builder.placing) {
      stamp.place = builder.place(stamp.bitmap);
      stamp.placing = builder.placing;
    }
    builder.glyphAt(x, y, stamp.width, stamp.height, stamp.place, color, blend);
    this.pixels += stamp.ink;
  }

  /** A finished shape, which its own clip has cut. */
  spans(spans: Spans, { color, blend }: Ink): void {
    if (color >>> 24 === 0) return;
    this.pixels += spans.pixels;
    // What is too much is not listed first.
    this.limit();
    this.#color = color;
    this.#blend = blend;
    spans.eachLayer(this.#list);
  }

  /**
   * What the clip leaves of a picture.
   *
   * @param base where its pixels begin, as `keep` has said
   * @param columns what each column of the box adds to that, and `rows` each row
   * @throws {Refused} as `limit`
   */
  image(
    { x0, y0, x1, y1 }: Clip,
    base: number,
    columns: Uint32Array,
    rows: Uint32Array,
    blend: BlendNumber,
  ): void {
    this.pixels += columns.length * rows.length;
    this.limit(SHAPE_WORDS + 1 + columns.length + rows.length);
    this.#builder.image(x0, y0, x1, y1, base, columns, rows, blend);
  }

  /**
   * What the clip leaves of a shade, as ShadeShape has it.
   *
   * @throws {Refused} as `limit`
   */
  shade(shape: Omit<ShadeShape, 'kind' | 'blend'>, blend: BlendNumber): void {
    this.pixels += (shape.x1 - shape.x0) * (shape.y1 - shape.y0);
    this.limit(SHAPE_WORDS + SHADE_UNIFORMS + shape.uniforms.length);
    this.#builder.shade(shape, blend);
  }

  /** Puts pixels into the list. @returns where they begin */
  keep(pixels: Uint32Array): number {
    return this.#builder.keep(pixels);
  }

  /**
   * @param more words that are about to be listed
   * @throws {Refused} when too many pixels are written, or the list is too long
   */
  limit(more = 0): void {
    if (this.pixels > this.#allowed) throw exhausted('PXL-E014', this.#allowed);
    const words = this.#builder.words + more;
    if (words <= LIMITS.listWords) return;
    const message = `Expected a display list of at most ${LIMITS.listWords} words, found ${words}`;
    throw new Refused(
      'PXL-E035',
      message,
      'shapes of fewer rows, fewer large letters, or smaller pictures make it shorter',
    );
  }
}

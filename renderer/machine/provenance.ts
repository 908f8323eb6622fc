/** Provenance: which statements painted one pixel, and by which calls the run came to them. */
import { LIMITS } from '../../shared/limits.ts';
import { blendNumber } from '../display/blends.ts';
import type { ImageShape, ShadeShape, Shape } from '../display/list.ts';
import { GROUND } from '../raster/layout.ts';
import { blended, MIXES } from '../raster/mixing.ts';
import { shaderOf } from '../shade/shader.ts';
import type { Moment } from './watch.ts';

/** A shape that covers the pixel. */
export interface Coat {
  /** Of the statement that drew it, from 1. */
  readonly line: number;
  /** The DEFs that were open, the innermost first, each with the line that called it: LIMITS.listedCalls of them at most. */
  readonly calls: readonly { readonly line: number; readonly name: string }[];
  /** Calls beyond `calls`. */
  readonly moreCalls: number;
  readonly shape: Shape;
  /** Its own colour there: packed, R in the low byte. */
  readonly color: number;
  /** Of a shade, the pixel that it was worked out from: as those it is of. */
  readonly before?: number;
  /** The pixel afterwards: packed, R in the low byte, opaque. */
  readonly pixel: number;
  /** Whether shapes in front of it leave nothing of it: one of them is opaque and mixes with nothing. */
  readonly hidden: boolean;
}

/** The calls that led to a statement. */
type Chain = Pick<Coat, 'calls' | 'moreCalls'>;

/** Looks on at one run: `watch` is its Watch. A million shapes may cover the pixel: the front ones are kept, the others counted. */
export class Provenance {
  readonly #x: number;
  readonly #y: number;
  /** The latest coats, LIMITS.listedShapes of them at most: each takes the place of the one that came as many before it. */
  readonly #latest: Omit<Coat, 'hidden'>[] = [];
  #count = 0;
  #pixel = GROUND;
  #line = 0;
  #listed = 0;
  /** What led to the statements of the call that drew last, as Moment.call counts it. */
  #chain: Chain = { calls: [], moreCalls: 0 };
  #call = 0;

  /** @param x canvas pixels, 0 ≤ x < width; so is `y` */
  constructor(x: number, y: number) {
    this.#x = x;
    this.#y = y;
  }

  readonly watch = (moment: Moment): void => {
    // What came since the last moment was drawn by the line that began or went on then; HALT ends every run.
    if (moment.listed > this.#listed) {
      for (const shape of moment.drawn(this.#listed)) this.#add(shape, moment);
    }
    this.#line = moment.line;
    this.#listed = moment.listed;
  };

  /** The shapes that cover the pixel, from the front to the back, LIMITS.listedShapes of them at most. */
  coats(): readonly Coat[] {
    let hidden = false;
    return this.#latest.map((_, front) => {
      const coat = this.#latest[(this.#count - 1 - front) % LIMITS.listedShapes]!;
      const told = { ...coat, hidden };
      hidden ||= hides(coat);
      return told;
    });
  }

  /** How many shapes cover the pixel, those of `coats` and the ones behind them. */
  get count(): number {
    return this.#count;
  }

  /** The pixel at the end. */
  get pixel(): number {
    return this.#pixel;
  }

  #add(shape: Shape, moment: Moment): void {
    const before = this.#pixel;
    const color = colorAt(shape, this.#x, this.#y, before);
    if (color === undefined) return;
    this.#pixel = blended(MIXES[blendNumber(shape.blend ?? 'over')]!, color, before);
    const from = shape.kind === 'shade' ? { before } : {};
    const coat = { line: this.#line, ...this.#chainOf(moment), shape, color, ...from, pixel: this.#pixel };
    this.#latest[this.#count++ % LIMITS.listedShapes] = coat;
  }

  /** All that one call draws was led to by the same calls, and shares them. */
  #chainOf(moment: Moment): Chain {
    const call = moment.call(moment.depth);
    if (call !== this.#call) {
      const calls = moment.chain(LIMITS.listedCalls);
      this.#chain = { calls, moreCalls: moment.depth - calls.length };
      this.#call = call;
    }
    return this.#chain;
  }
}

/** Whether it leaves nothing of what lies behind it. */
function hides({ shape, color }: Pick<Coat, 'shape' | 'color'>): boolean {
  if (shape.kind === 'shade' && shape.shade.readsPixel) return false;
  return (shape.blend ?? 'over') === 'over' && color >>> 24 === 255;
}

/**
 * The colour that a shape has at a pixel; undefined where it does not cover it, as an image does not with a hole.
 *
 * @param before the pixel behind it
 */
function colorAt(shape: Shape, x: number, y: number, before: number): number | undefined {
  if (shape.kind === 'image') return pixelOf(shape, x, y) || undefined;
  if (!covers(shape, x, y)) return undefined;
  return shape.kind === 'shade' ? shadedColor(shape, x, y, before) : shape.color;
}

function shadedColor(shape: ShadeShape, x: number, y: number, before: number): number {
  const { shade, left, top, width, height, uniforms, isOpaque } = shape;
  const out = Int32Array.of(before);
  const place = [(x - left) | 0, (y - top) | 0, width, height] as const;
  // Its own colour is what would be blended, not what comes of that.
  shaderOf(shade)(out, 0, 1, ...place, Uint32Array.from(uniforms), 0, isOpaque, false, (source) => source);
  return out[0]! >>> 0;
}

function pixelOf({ x0, y0, x1, y1, pixels, columns, rows }: ImageShape, x: number, y: number): number {
  if (x < x0 || x >= x1 || y < y0 || y >= y1) return 0;
  const pixel = pixels[columns[x - x0]! + rows[y - y0]!]!;
  return pixel >>> 24 === 0 ? 0 : pixel;
}

function covers(shape: Exclude<Shape, ImageShape>, x: number, y: number): boolean {
  switch (shape.kind) {
    case 'rect':
    case 'shade':
      return x >= shape.x0 && x < shape.x1 && y >= shape.y0 && y < shape.y1;
    case 'glyph': {
      const { width, height, rows } = shape.bitmap;
      const [column, row] = [x - shape.x, y - shape.y];
      return (
        column >= 0 &&
        column < width &&
        row >= 0 &&
        row < height &&
        ((rows[row]! >>> (width - 1 - column)) & 1) === 1
      );
    }
    case 'spans': {
      if (y < shape.y0 || y >= shape.y1) return false;
      const at = 2 * (y - shape.y0);
      return x >= shape.runs[at]! && x < shape.runs[at + 1]!;
    }
  }
}

/** Provenance: which statements painted one pixel, and by which calls the run came to them. */
import { blendNumber } from '../display/blends.ts';
import type { ImageShape, Shape } from '../display/list.ts';
import { GROUND } from '../raster/layout.ts';
import { blended, MIXES } from '../raster/mixing.ts';
import type { Moment } from './watch.ts';

/** A shape that covers the pixel. */
export interface Coat {
  /** Of the statement that drew it, from 1. */
  readonly line: number;
  /** The DEFs that were open, the innermost first, each with the line that called it. */
  readonly calls: readonly { readonly line: number; readonly name: string }[];
  readonly shape: Shape;
  /** Its own colour there: packed, R in the low byte. */
  readonly color: number;
  /** The pixel afterwards: packed, R in the low byte, opaque. */
  readonly pixel: number;
  /** Whether shapes in front of it leave nothing of it: one of them is opaque and mixes with nothing. */
  readonly hidden: boolean;
}

/** Looks on at one run: `watch` is its Watch. */
export class Provenance {
  readonly #x: number;
  readonly #y: number;
  readonly #coats: { -readonly [Field in keyof Coat]: Coat[Field] }[] = [];
  #pixel = GROUND;
  #line = 0;
  #listed = 0;

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

  /** The shapes that cover the pixel, from the front to the back. */
  coats(): readonly Coat[] {
    return this.#coats.toReversed();
  }

  /** The pixel at the end. */
  get pixel(): number {
    return this.#pixel;
  }

  #add(shape: Shape, moment: Moment): void {
    const color = colorAt(shape, this.#x, this.#y);
    if (color === undefined) return;
    const { blend = 'over' } = shape;
    this.#pixel = blended(MIXES[blendNumber(blend)]!, color, this.#pixel);
    if (blend === 'over' && color >>> 24 === 255) for (const coat of this.#coats) coat.hidden = true;
    this.#coats.push({
      line: this.#line,
      calls: moment.chain(),
      shape,
      color,
      pixel: this.#pixel,
      hidden: false,
    });
  }
}

/** The colour that a shape has at a pixel; undefined where it does not cover it, as an image does not with a hole. */
function colorAt(shape: Shape, x: number, y: number): number | undefined {
  if (shape.kind === 'image') return pixelOf(shape, x, y) || undefined;
  return covers(shape, x, y) ? shape.color : undefined;
}

function pixelOf({ x0, y0, x1, y1, pixels, columns, rows }: ImageShape, x: number, y: number): number {
  if (x < x0 || x >= x1 || y < y0 || y >= y1) return 0;
  const pixel = pixels[columns[x - x0]! + rows[y - y0]!]!;
  return pixel >>> 24 === 0 ? 0 : pixel;
}

function covers(shape: Exclude<Shape, ImageShape>, x: number, y: number): boolean {
  switch (shape.kind) {
    case 'rect':
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

/** The blitter: what of a picture a box shows, scaled, mirrored and turned, and its pixels in the display list. */
import { ShortMemory } from '../display/short-memory.ts';
import type { Clip } from '../geometry/spans.ts';
import { type DrawingState, opaque } from './drawing-state.ts';
import type { Picture } from './pictures.ts';
import type { Surface } from './surface.ts';

/** Columns and rows that one step maps, and pixels that one step puts into the list. */
const PER_STEP = 8;

const MIRROR_ACROSS = 1;
const MIRROR_DOWN = 2;

/** How a picture is drawn. */
export interface Placing {
  /** Its top left, canvas pixels; exact in doubles. */
  readonly x: number;
  readonly y: number;
  /** Canvas pixels of one of its own, from 1, each way. */
  readonly scale: number;
  /** Quarter turns clockwise, of which the lowest two bits count. */
  readonly turns: number;
  /** Before it is turned: bit 0 mirrors left and right, bit 1 top and bottom. */
  readonly flips: number;
}

export class Blitter {
  readonly #surface: Surface;
  readonly #pictures: readonly Picture[];
  /** Where the pixels of a picture begin in the list's pool, by what they depend on. */
  readonly #bases = new ShortMemory<number, number>();

  constructor(surface: Surface, pictures: readonly Picture[]) {
    this.#surface = surface;
    this.#pictures = pictures;
  }

  /**
   * Draws picture number `number`.
   *
   * @returns the steps that it takes besides the line's own
   * @throws {Refused} when a pixel is too many, or the list is too long
   */
  blit(number: number, state: DrawingState, placing: Placing): number {
    const picture = this.#pictures[number] as Picture;
    const box = seenBox(picture, state.clip, placing);
    if (box.x0 >= box.x1 || box.y0 >= box.y1) return 0;
    // At most 2^17 pictures, and for each 2^33 pens: exact in a double.
    const key = (number * 2 + (state.replaces ? 1 : 0)) * 2 ** 32 + (picture.usesPen ? state.color : 0);
    const known = this.#bases.get(key);
    const base = known ?? this.#put(picture, state.color, state.replaces);
    if (known === undefined) this.#bases.set(key, base);
    const { columns, rows } = maps(picture, placing, box);
    this.#surface.image(box, base, columns, rows, state.blend);
    const put = known === undefined ? picture.width * picture.height : 0;
    return Math.ceil((columns.length + rows.length) / PER_STEP) + Math.ceil(put / PER_STEP);
  }

  /** @returns where the pixels begin in the pool */
  #put(picture: Picture, pen: number, replaces: boolean): number {
    this.#surface.limit(picture.width * picture.height);
    const pixels = picture.pixels(pen);
    return this.#surface.keep(replaces ? pixels.map(replacing) : pixels);
  }
}

/** Under SRC what is no hole is opaque. */
function replacing(pixel: number): number {
  return pixel >>> 24 === 0 ? 0 : opaque(pixel);
}

/** What the clip leaves of the box. */
function seenBox({ width, height }: Picture, clip: Clip, { x, y, scale, turns }: Placing): Clip {
  const [across, down] = isOnItsSide(turns) ? [height, width] : [width, height];
  return {
    x0: Math.max(clip.x0, x),
    y0: Math.max(clip.y0, y),
    x1: Math.min(clip.x1, x + across * scale),
    y1: Math.min(clip.y1, y + down * scale),
  };
}

/** For each column and each row of the seen box, what it adds to the number of the pixel that is shown there. */
function maps(
  { width, height }: Picture,
  { x, y, scale, turns, flips }: Placing,
  { x0, y0, x1, y1 }: Clip,
): { columns: Uint32Array; rows: Uint32Array } {
  // A quarter turn leads upwards in the picture where it leads to the right on the canvas, and so on.
  const quarter = turns & 3;
  const isLeftwards = quarter >= 2 !== ((flips & MIRROR_ACROSS) !== 0);
  const isUpwards = (quarter === 1 || quarter === 2) !== ((flips & MIRROR_DOWN) !== 0);
  const across = (from: number, count: number) => steps(from, count, scale, width, isLeftwards, 1);
  const down = (from: number, count: number) => steps(from, count, scale, height, isUpwards, width);
  return isOnItsSide(turns)
    ? { columns: down(x0 - x, x1 - x0), rows: across(y0 - y, y1 - y0) }
    : { columns: across(x0 - x, x1 - x0), rows: down(y0 - y, y1 - y0) };
}

/**
 * Steps along one side of a picture.
 *
 * @param from canvas pixels from the box's edge
 * @param size of the side, in pixels of the picture
 * @param isBack whether it is gone from its end
 * @param stride from one pixel to the next
 */
function steps(
  from: number,
  count: number,
  scale: number,
  size: number,
  isBack: boolean,
  stride: number,
): Uint32Array {
  const path = new Uint32Array(count);
  for (let at = 0; at < count; at++) {
    const step = Math.floor((from + at) / scale);
    path[at] = (isBack ? size - 1 - step : step) * stride;
  }
  return path;
}

function isOnItsSide(turns: number): boolean {
  return (turns & 1) === 1;
}

/** Where two pictures differ, in figures and as a picture: one beside the other beside what differs. */
import { type Canvas, canvasBytes } from '../shared/canvas.ts';

export interface Picture {
  readonly canvas: Canvas;
  /** RGBA8, row-major. */
  readonly pixels: Uint8Array;
}

export interface PictureDifference {
  /** Pixels that differ; those that only one of the canvases has do. */
  readonly count: number;
  /** Of those, all that are on a canvas. */
  readonly of: number;
  /** The smallest rectangle that holds them. */
  readonly box: Canvas & { readonly x: number; readonly y: number };
  /** Of a channel, over the pixels that both have: 0 to 255. */
  readonly largest: number;
  /** The first of them, row by row; eight hex digits, or null where a canvas does not have it. */
  readonly first: {
    readonly x: number;
    readonly y: number;
    readonly before: string | null;
    readonly after: string | null;
  };
}

/** Pixels between the parts of a picture. */
const GAP = 4;
/** What differs, RGBA: a colour that few pictures have. */
const MARK = [255, 0, 255, 255] as const;

/** Undefined where they are the same. */
export function comparePictures(one: Picture, other: Picture): PictureDifference | undefined {
  if (isOfSize(one.canvas, other.canvas) && Buffer.compare(one.pixels, other.pixels) === 0) return undefined;
  const canvas = hull(one.canvas, other.canvas);
  let count = 0;
  let largest = 0;
  let first: PictureDifference['first'] | undefined;
  let [left, top, right, bottom] = [canvas.width, canvas.height, -1, -1];
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const [at, to] = [placeOf(one, x, y), placeOf(other, x, y)];
      if (at < 0 && to < 0) continue;
      const difference = at < 0 || to < 0 ? -1 : channelDifference(one.pixels, at, other.pixels, to);
      if (difference === 0) continue;
      count++;
      largest = Math.max(largest, difference);
      first ??= { x, y, before: hexOf(one.pixels, at), after: hexOf(other.pixels, to) };
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  if (first === undefined) return undefined;
  const box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  const shared =
    Math.min(one.canvas.width, other.canvas.width) * Math.min(one.canvas.height, other.canvas.height);
  const of = (canvasBytes(one.canvas) + canvasBytes(other.canvas)) / 4 - shared;
  return { count, of, box, largest, first };
}

/** The canvas of `pictureOfDifference`. */
export function canvasOfDifference(one: Canvas, other: Canvas): Canvas {
  const { width, height } = hull(one, other);
  return { width: one.width + other.width + width + 2 * GAP, height };
}

/** One, other, and the first once more, grey and dark, with each pixel that differs in magenta; transparent between. */
export function pictureOfDifference(one: Picture, other: Picture): Picture {
  const canvas = canvasOfDifference(one.canvas, other.canvas);
  const pixels = new Uint8Array(canvasBytes(canvas));
  copyInto(pixels, canvas.width, one, 0);
  copyInto(pixels, canvas.width, other, one.canvas.width + GAP);
  const left = one.canvas.width + other.canvas.width + 2 * GAP;
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; left + x < canvas.width; x++) {
      const [at, to] = [placeOf(one, x, y), placeOf(other, x, y)];
      if (at < 0 && to < 0) continue;
      const isSame = at >= 0 && to >= 0 && channelDifference(one.pixels, at, other.pixels, to) === 0;
      pixels.set(isSame ? shadow(one.pixels, at) : MARK, 4 * (y * canvas.width + left + x));
    }
  }
  return { canvas, pixels };
}

function isOfSize(one: Canvas, other: Canvas): boolean {
  return one.width === other.width && one.height === other.height;
}

function hull(one: Canvas, other: Canvas): Canvas {
  return { width: Math.max(one.width, other.width), height: Math.max(one.height, other.height) };
}

/** The offset of a pixel; -1 where the canvas does not have it. */
function placeOf({ canvas }: Picture, x: number, y: number): number {
  return x < canvas.width && y < canvas.height ? 4 * (y * canvas.width + x) : -1;
}

function channelDifference(one: Uint8Array, at: number, other: Uint8Array, to: number): number {
  let most = 0;
  for (let channel = 0; channel < 4; channel++) {
    most = Math.max(most, Math.abs((one[at + channel] as number) - (other[to + channel] as number)));
  }
  return most;
}

function hexOf(pixels: Uint8Array, at: number): string | null {
  return at < 0 ? null : Buffer.from(pixels.subarray(at, at + 4)).toString('hex');
}

/** A third of its green, which is most of what is seen, as an opaque grey. */
function shadow(pixels: Uint8Array, at: number): readonly number[] {
  const grey = Math.floor((pixels[at + 1] as number) / 3);
  return [grey, grey, grey, 255];
}

function copyInto(pixels: Uint8Array, width: number, { canvas, pixels: own }: Picture, left: number): void {
  for (let y = 0; y < canvas.height; y++) {
    const row = own.subarray(4 * y * canvas.width, 4 * (y + 1) * canvas.width);
    pixels.set(row, 4 * (y * width + left));
  }
}

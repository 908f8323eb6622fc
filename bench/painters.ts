/** The painters of the contest: each makes the bytes of one picture of 1,000 rectangles, from the same list. */
import { createCanvas, type Canvas as SkiaCanvas } from '@napi-rs/canvas';
import { encode } from '../renderer/display/encode.ts';
import { type RectShape, WHITE } from '../renderer/display/list.ts';
import { parse } from '../renderer/language/parser.ts';
import { decodeSource } from '../renderer/language/source.ts';
import { run } from '../renderer/machine/machine.ts';
import { paintOnCpu } from '../renderer/raster/cpu-painter.ts';
import { randomFrom, SEED } from './random.ts';

const PICTURE = { width: 1920, height: 1080 };
export const RECTANGLES = 1_000;
/** Longest side of a rectangle, pixels. */
const LONGEST = 200;

/** Each gets ready and returns what is timed: RGBA bytes, row-major. */
export const PAINTERS = {
  list: () => {
    const shapes = rectangles();
    return () => paintOnCpu(encode(shapes, PICTURE));
  },
  words: () => {
    const encoded = encode(rectangles(), PICTURE);
    return () => paintOnCpu(encoded);
  },
  // PXL-ε's pen is white so far: what a program can say is compared with Skia saying the same.
  text: () => {
    const program = Buffer.from(inWhite(rectangles()).map(lineOf).join('\n'));
    return () => paintOnCpu(encode(run(parse(decodeSource(program)), PICTURE).shapes, PICTURE));
  },
  'Skia, data()': () => skia(rectangles(), newCanvas, dataOf),
  'Skia, getImageData()': () => skia(rectangles(), newCanvas, imageDataOf),
  'Skia in white, data()': () => skia(inWhite(rectangles()), newCanvas, dataOf),
  'Skia in white, getImageData()': () => skia(inWhite(rectangles()), newCanvas, imageDataOf),
  'Skia, canvas kept, data()': () => skia(rectangles(), keptCanvas(), dataOf),
  'Skia, canvas kept, getImageData()': () => skia(rectangles(), keptCanvas(), imageDataOf),
} as const satisfies Record<string, () => () => Uint8Array>;

export type PainterName = keyof typeof PAINTERS;

/** Seeded: the same in every process. */
function rectangles(): RectShape[] {
  const random = randomFrom(SEED);
  return Array.from({ length: RECTANGLES }, () => {
    const width = random(1, LONGEST + 1);
    const height = random(1, LONGEST + 1);
    const x0 = random(0, PICTURE.width - width + 1);
    const y0 = random(0, PICTURE.height - height + 1);
    const color = (0xff000000 | random(0, 0x1000000)) >>> 0;
    return { kind: 'rect', x0, y0, x1: x0 + width, y1: y0 + height, color };
  });
}

function inWhite(shapes: readonly RectShape[]): RectShape[] {
  return shapes.map((shape) => ({ ...shape, color: WHITE }));
}

function lineOf({ x0, y0, x1, y1 }: RectShape): string {
  return `RECT ${x0} ${y0} ${x1 - x0} ${y1 - y0}`;
}

/** Skia at its best: styles spelt out beforehand, whole coordinates, no path. */
function skia(
  shapes: readonly RectShape[],
  canvasOf: () => SkiaCanvas,
  bytesOf: (canvas: SkiaCanvas) => Uint8Array,
): () => Uint8Array {
  const spelt = shapes.map(
    ({ x0, y0, x1, y1, color }) => [styleOf(color), x0, y0, x1 - x0, y1 - y0] as const,
  );
  return () => {
    const canvas = canvasOf();
    const context = canvas.getContext('2d');
    context.fillStyle = '#000000';
    context.fillRect(0, 0, PICTURE.width, PICTURE.height);
    for (const [style, x, y, width, height] of spelt) {
      context.fillStyle = style;
      context.fillRect(x, y, width, height);
    }
    return bytesOf(canvas);
  };
}

function newCanvas(): SkiaCanvas {
  return createCanvas(PICTURE.width, PICTURE.height);
}

function keptCanvas(): () => SkiaCanvas {
  const canvas = newCanvas();
  return () => canvas;
}

function dataOf(canvas: SkiaCanvas): Uint8Array {
  return canvas.data();
}

function imageDataOf(canvas: SkiaCanvas): Uint8Array {
  const { data } = canvas.getContext('2d').getImageData(0, 0, PICTURE.width, PICTURE.height);
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

function styleOf(color: number): string {
  const parts = [color & 255, (color >>> 8) & 255, (color >>> 16) & 255];
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

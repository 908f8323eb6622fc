/** The painters of the contest: each makes the bytes of one picture of 1,000 rectangles, from the same list. */
import { createCanvas, type Canvas as SkiaCanvas } from '@napi-rs/canvas';
import { encode } from '../renderer/display/encode.ts';
import { type RectShape, WHITE } from '../renderer/display/list.ts';
import { paintOnCpu } from '../renderer/raster/cpu-painter.ts';
import { encodeProgram, rectangles, SCREEN } from '../renderer/timing/pictures.ts';

/** Each gets ready and returns what is timed: RGBA bytes, row-major. */
export const PAINTERS = {
  list: () => {
    const shapes = rectangles(SCREEN);
    return () => paintOnCpu(encode(shapes, SCREEN));
  },
  words: () => {
    const encoded = encode(rectangles(SCREEN), SCREEN);
    return () => paintOnCpu(encoded);
  },
  // PXL-ε's pen is white so far: what a program can say is compared with Skia saying the same.
  text: () => {
    const program = Buffer.from(inWhite(rectangles(SCREEN)).map(lineOf).join('\n'));
    return () => paintOnCpu(encodeProgram(program, SCREEN));
  },
  'Skia, data()': () => skia(rectangles(SCREEN), newCanvas, dataOf),
  'Skia, getImageData()': () => skia(rectangles(SCREEN), newCanvas, imageDataOf),
  'Skia in white, data()': () => skia(inWhite(rectangles(SCREEN)), newCanvas, dataOf),
  'Skia in white, getImageData()': () => skia(inWhite(rectangles(SCREEN)), newCanvas, imageDataOf),
  'Skia, canvas kept, data()': () => skia(rectangles(SCREEN), keptCanvas(), dataOf),
  'Skia, canvas kept, getImageData()': () => skia(rectangles(SCREEN), keptCanvas(), imageDataOf),
} as const satisfies Record<string, () => () => Uint8Array>;

export type PainterName = keyof typeof PAINTERS;

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
    context.fillRect(0, 0, SCREEN.width, SCREEN.height);
    for (const [style, x, y, width, height] of spelt) {
      context.fillStyle = style;
      context.fillRect(x, y, width, height);
    }
    return bytesOf(canvas);
  };
}

function newCanvas(): SkiaCanvas {
  return createCanvas(SCREEN.width, SCREEN.height);
}

function keptCanvas(): () => SkiaCanvas {
  const canvas = newCanvas();
  return () => canvas;
}

function dataOf(canvas: SkiaCanvas): Uint8Array {
  return canvas.data();
}

function imageDataOf(canvas: SkiaCanvas): Uint8Array {
  const { data } = canvas.getContext('2d').getImageData(0, 0, SCREEN.width, SCREEN.height);
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

function styleOf(color: number): string {
  const parts = [color & 255, (color >>> 8) & 255, (color >>> 16) & 255];
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** The canvas: its size, its limits and the number of bytes it takes. */
import { LIMITS } from './limits.ts';
import { show } from './show.ts';

/** Width and height in pixels, both integers from 1 to 16,384, at most 64 Mpx together. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** The seed's canvas: 128×64. */
export const DEFAULT_CANVAS: Canvas = { width: 128, height: 64 };

/** What is wrong with a canvas, naming the number and the limit; undefined when it is fine. */
export function canvasComplaint(width: unknown, height: unknown): string | undefined {
  for (const [name, value] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      return `Expected canvas ${name} to be a whole number of pixels, found ${show(value)}`;
    }
    if (value < 1 || value > LIMITS.canvasSide) {
      return `Expected canvas ${name} from 1 to ${LIMITS.canvasSide} pixels, found ${value}`;
    }
  }
  const pixels = (width as number) * (height as number);
  if (pixels > LIMITS.canvasPixels) {
    return `Expected a canvas of at most ${LIMITS.canvasPixels} pixels, found ${width}×${height} = ${pixels}`;
  }
  return undefined;
}

/** Bytes of the canvas as RGBA8, row-major. */
export function canvasBytes(canvas: Canvas): number {
  return canvas.width * canvas.height * 4;
}

/**
 * The oracle: paints a display list straight from the rules, pixel by pixel, with nothing of the
 * product's painters in it. Slow, and obviously right.
 */
import type { Shape } from '../../../renderer/display/list.ts';
import type { Canvas } from '../../../shared/canvas.ts';

/** RGBA8, row-major. */
export function paintByTheRules(shapes: readonly Shape[], canvas: Canvas): Uint8Array {
  const bytes: number[] = [];
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      // The background is opaque black; later shapes lie over earlier ones; alpha stays 255.
      let pixel: readonly number[] = [0, 0, 0];
      for (const shape of shapes) if (covers(shape, x, y)) pixel = over(shape.color, pixel);
      bytes.push(...pixel, 255);
    }
  }
  return Uint8Array.from(bytes);
}

function covers(shape: Shape, x: number, y: number): boolean {
  if (shape.kind === 'rect') return x >= shape.x0 && x < shape.x1 && y >= shape.y0 && y < shape.y1;
  const { width, height, rows } = shape.bitmap;
  const [column, row] = [x - shape.x, y - shape.y];
  if (column < 0 || column >= width || row < 0 || row >= height) return false;
  // As a picture of ones and zeros: its leftmost character is the leftmost pixel.
  return rows[row]!.toString(2).padStart(width, '0')[column] === '1';
}

function over(color: number, below: readonly number[]): readonly number[] {
  const [red, green, blue, alpha] = [0, 8, 16, 24].map((shift) => Math.floor(color / 2 ** shift) % 256);
  return [red, green, blue].map((source, channel) =>
    Math.round((source! * alpha! + below[channel]! * (255 - alpha!)) / 255),
  );
}

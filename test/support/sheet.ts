/** Pictures of fonts, in grey: filling and drawing on them. */
import type { Bitmap } from '../../renderer/display/list.ts';

/** A picture: RGBA8, row-major, `width * height * 4` bytes. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** The grey level of a glyph's pixels. */
const PEN = 0xff;

/** An opaque sheet of one grey level. */
export function sheetOf(width: number, height: number, grey: number): Sheet {
  const sheet = { width, height, pixels: new Uint8Array(width * height * 4).fill(0xff) };
  fill(sheet, 0, 0, width, height, grey);
  return sheet;
}

export function fill(sheet: Sheet, x: number, y: number, width: number, height: number, grey: number): void {
  for (let row = y; row < y + height; row++) {
    const start = (row * sheet.width + x) * 4;
    for (let at = start; at < start + width * 4; at += 4) sheet.pixels.fill(grey, at, at + 3);
  }
}

/** Draws a glyph with its top left at (x, y), each of its pixels `scale` × `scale` large. */
export function draw(sheet: Sheet, x: number, y: number, bitmap: Bitmap, scale: number): void {
  for (const [row, bits] of bitmap.rows.entries()) {
    for (let column = 0; column < bitmap.width; column++) {
      if (((bits >>> (bitmap.width - 1 - column)) & 1) === 0) continue;
      fill(sheet, x + column * scale, y + row * scale, scale, scale, PEN);
    }
  }
}

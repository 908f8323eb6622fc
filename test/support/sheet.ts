/** Sheets: pictures of fonts and of other pictures on grey, filling and drawing on them. */
import type { Bitmap } from '../../renderer/display/list.ts';

/** A picture: RGBA8, row-major, `width * height * 4` bytes. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** The grey level of a glyph's pixels, unless another is asked for. */
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
export function draw(
  sheet: Sheet,
  x: number,
  y: number,
  bitmap: Bitmap,
  scale: number,
  grey: number = PEN,
): void {
  for (const [row, bits] of bitmap.rows.entries()) {
    for (let column = 0; column < bitmap.width; column++) {
      if (((bits >>> (bitmap.width - 1 - column)) & 1) === 0) continue;
      fill(sheet, x + column * scale, y + row * scale, scale, scale, grey);
    }
  }
}

/** Copies a picture with its top left at (x, y), each of its pixels `scale` × `scale` large. */
export function hang(sheet: Sheet, x: number, y: number, picture: Sheet, scale: number): void {
  const length = picture.width * 4;
  const line = new Uint8Array(length * scale);
  for (let row = 0; row < picture.height; row++) {
    const source = picture.pixels.subarray(row * length, (row + 1) * length);
    for (let at = 0; at < line.length; at++) {
      line[at] = source[Math.floor(at / 4 / scale) * 4 + (at % 4)] as number;
    }
    for (let i = 0; i < scale; i++) sheet.pixels.set(line, ((y + row * scale + i) * sheet.width + x) * 4);
  }
}

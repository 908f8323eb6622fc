/** Decoding rows: the bytes that a PNG's pixels were deflated from become RGBA8. */
import type { Canvas } from '../canvas.ts';
import { CartridgeFault } from './cartridge-fault.ts';

/** How the pixels lie in a file. */
export type Form =
  | { readonly kind: 'rgba' }
  | {
      readonly kind: 'palette';
      /** Bits of an index: 1, 2, 4 or 8. */
      readonly depth: number;
      /** R, G and B of each colour. */
      readonly colors: Uint8Array;
    };

/** Bytes of one row, without its filter byte. */
export function rowBytes({ width }: Canvas, form: Form): number {
  return form.kind === 'rgba' ? 4 * width : Math.ceil((form.depth * width) / 8);
}

/**
 * The pixels, RGBA8, row-major.
 *
 * @param rows each behind its filter byte, exactly as many as the canvas has; they are overwritten
 * @throws {CartridgeFault} E010 for a filter that PNG does not have, and for an index outside the palette
 */
export function decodeRows(rows: Uint8Array, canvas: Canvas, form: Form): Uint8Array {
  const { width, height } = canvas;
  const length = rowBytes(canvas, form);
  const unit = form.kind === 'rgba' ? 4 : 1;
  const pixels = new Uint8Array(4 * width * height);
  const colors = form.kind === 'palette' ? opaque(form.colors) : undefined;
  let above: Uint8Array = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    const begin = y * (length + 1) + 1;
    const row = rows.subarray(begin, begin + length);
    unfilter(row, above, unit, rows[begin - 1]!, y);
    const out = pixels.subarray(4 * width * y, 4 * width * (y + 1));
    if (form.kind === 'rgba' || colors === undefined) out.set(row);
    else lookUp(row, form.depth, colors, out, y);
    above = row;
  }
  return pixels;
}

/** Undoes a row's filter. @param unit bytes of a pixel, at least 1 */
function unfilter(row: Uint8Array, above: Uint8Array, unit: number, filter: number, y: number): void {
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = unit; i < row.length; i++) row[i]! += row[i - unit]!;
      return;
    case 2:
      for (let i = 0; i < row.length; i++) row[i]! += above[i]!;
      return;
    case 3:
      for (let i = 0; i < row.length; i++) {
        row[i]! += ((i < unit ? 0 : row[i - unit]!) + above[i]!) >> 1;
      }
      return;
    case 4:
      for (let i = 0; i < row.length; i++) {
        row[i]! += i < unit ? above[i]! : paeth(row[i - unit]!, above[i]!, above[i - unit]!);
      }
      return;
    default:
      throw new CartridgeFault('CART-E010', `Expected a filter from 0 to 4 in row ${y}, found ${filter}`);
  }
}

/** Of left, above and above left the one that is nearest to left + above − above left; the earlier one at a tie. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function lookUp(row: Uint8Array, depth: number, colors: Uint8Array, out: Uint8Array, y: number): void {
  const mask = (1 << depth) - 1;
  for (let x = 0; 4 * x < out.length; x++) {
    const bit = x * depth;
    const color = 4 * ((row[bit >>> 3]! >>> (8 - depth - (bit & 7))) & mask);
    if (color >= colors.length) {
      const found = `${color / 4} at (${x}, ${y})`;
      throw new CartridgeFault('CART-E010', `Expected an index under ${colors.length / 4}, found ${found}`);
    }
    out[4 * x] = colors[color]!;
    out[4 * x + 1] = colors[color + 1]!;
    out[4 * x + 2] = colors[color + 2]!;
    out[4 * x + 3] = colors[color + 3]!;
  }
}

/** A palette with an alpha of 255 behind each colour. */
function opaque(colors: Uint8Array): Uint8Array {
  const withAlpha = new Uint8Array((colors.length / 3) * 4).fill(255);
  for (let i = 0; i < colors.length; i++) withAlpha[4 * Math.floor(i / 3) + (i % 3)] = colors[i]!;
  return withAlpha;
}

/** Decoding rows: the bytes that a PNG's pixels were deflated from become RGBA8. */
import { canvasBytes } from '../canvas.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import type { Form } from './image-frame.ts';
import { type Pass, passesOf, pixelBits, rowBytes } from './image-header.ts';
import { placingOf } from './place-samples.ts';

/**
 * The pixels, RGBA8, row-major; those of RGBA8 that is not interlaced are at the beginning of `rows`.
 *
 * @param rows each behind its filter byte, exactly as many as the header has; they are overwritten
 * @throws {CartridgeFault} E006 for more than 8 bits a sample, E010 for a filter that PNG does not have, and for an index
 *   outside the palette
 */
export function decodeRows(rows: Uint8Array, form: Form): Uint8Array {
  const { canvas, colorType, depth, interlaced } = form.header;
  const bits = pixelBits(form.header);
  // A large picture has no room for a second one of its size, and less to do.
  if (colorType === 6 && depth === 8 && !interlaced) return inPlace(rows, canvas.width, canvas.height);
  const place = placingOf(form);
  const pixels = new Uint8Array(canvasBytes(canvas));
  let begin = 0;
  for (const pass of passesOf(form.header)) {
    const length = rowBytes(pass.columns, bits);
    let above: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < pass.rows; row++) {
      const samples = rows.subarray(begin + 1, begin + 1 + length);
      unfilter(samples, above, Math.max(1, bits >> 3), rows[begin]!, row);
      const outside = place(
        samples,
        pass.columns,
        pixels,
        offsetOf(pass, row, canvas.width),
        4 * pass.across,
      );
      if (outside !== undefined) throw outsidePalette(outside, pass, row, form);
      above = samples;
      begin += 1 + length;
    }
  }
  return pixels;
}

/** Each row is moved up by the filter bytes before it: over rows that have been read. */
function inPlace(rows: Uint8Array, width: number, height: number): Uint8Array {
  const length = 4 * width;
  let above: Uint8Array = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    const begin = y * (length + 1);
    const filter = rows[begin]!;
    rows.copyWithin(y * length, begin + 1, begin + 1 + length);
    const row = rows.subarray(y * length, (y + 1) * length);
    unfilter(row, above, 4, filter, y);
    above = row;
  }
  return rows.subarray(0, height * length);
}

/** Where the first pixel of a row of a pass is. */
function offsetOf({ left, top, down }: Pass, row: number, width: number): number {
  return 4 * ((top + row * down) * width + left);
}

function outsidePalette(
  { column, index }: { readonly column: number; readonly index: number },
  { left, top, across, down }: Pass,
  row: number,
  { colors }: Form,
): CartridgeFault {
  const found = `${index} at (${left + column * across}, ${top + row * down})`;
  const count = (colors?.length ?? 0) / 3;
  return new CartridgeFault('CART-E010', `Expected an index under ${count}, found ${found}`);
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

/** Images in words of pixels: blocks of them, and the maps that scale, turn, mirror and cut a block. */
import { invariant } from '../../../shared/faults.ts';
import type { ImageShape } from '../../display/list.ts';

/** Pixels in rows, the topmost first. */
export interface PixelBlock {
  readonly width: number;
  readonly height: number;
  /** Packed, R in the low byte. */
  readonly pixels: Uint32Array;
}

export function blockOf(
  width: number,
  height: number,
  pixelAt: (x: number, y: number) => number,
): PixelBlock {
  const pixels = Uint32Array.from({ length: width * height }, (_, at) =>
    pixelAt(at % width, Math.floor(at / width)),
  );
  return { width, height, pixels };
}

interface Way {
  readonly scale?: number;
  /** Quarter turns clockwise, 0 to 3, after the mirroring. */
  readonly turns?: number;
  /** Bit 0: left for right. Bit 1: top for bottom. */
  readonly flips?: number;
}

/** A block with its top left at (x, y), of which only what lies before `end` and not before 0 is in the box; never empty. */
export function image(
  end: { readonly width: number; readonly height: number },
  x: number,
  y: number,
  { width, height, pixels }: PixelBlock,
  { scale = 1, turns = 0, flips = 0 }: Way = {},
): ImageShape {
  const isUpright = turns % 2 === 0;
  const [across, down] = isUpright ? [width, height] : [height, width];
  const [x0, y0] = [Math.max(0, x), Math.max(0, y)];
  const [x1, y1] = [Math.min(end.width, x + across * scale), Math.min(end.height, y + down * scale)];
  invariant(x0 < x1 && y0 < y1, 'an image is to be seen');
  // Where a column and a row of the block stand in its pixels, counted as they are seen.
  const column = (at: number) => (flips % 2 === 1 ? width - 1 - at : at);
  const row = (at: number) => width * (flips >= 2 ? height - 1 - at : at);
  const [byColumn, byRow] = [
    [column, (at: number) => row(height - 1 - at), (at: number) => column(width - 1 - at), row],
    [row, column, (at: number) => row(height - 1 - at), (at: number) => column(width - 1 - at)],
  ].map((maps) => maps[turns] as (at: number) => number) as [typeof row, typeof row];
  const columns = Uint32Array.from({ length: x1 - x0 }, (_, at) =>
    byColumn(Math.floor((x0 - x + at) / scale)),
  );
  const rows = Uint32Array.from({ length: y1 - y0 }, (_, at) => byRow(Math.floor((y0 - y + at) / scale)));
  return { kind: 'image', x0, y0, x1, y1, pixels, columns, rows };
}

/** The probe's images: every class of alpha in every mode side by side, in every way and at scales, over edges of tiles. */
import type { Canvas } from '../../../shared/canvas.ts';
import { BLENDS } from '../../display/blends.ts';
import type { Shape } from '../../display/list.ts';
import { hue, inMode, rgba } from './case.ts';
import { blockOf, image, type PixelBlock } from './image.ts';

/** Where a painter may branch or round otherwise; neighbours differ, so that four pixels side by side have four alphas. */
const ALPHAS: readonly number[] = [255, 0, 128, 1, 254, 64, 2, 192, 127, 253];

/** All that is drawn lies in the probe's lower middle, and at its right edge. */
export function probeImages(canvas: Canvas): Shape[] {
  const ground = blockOf(23, 7, (x, y) => rgba(x * 11, 255 - y * 36, (x * 67 + y * 13) & 255));
  const shapes: Shape[] = [image(canvas, 82, 82, ground, { scale: 2 })];
  const block = (first: number): PixelBlock =>
    blockOf(7, 6, (x, y) => hue(first + 7 * y + x, ALPHAS[(x + 3 * y) % ALPHAS.length]));
  const shared = block(0);
  for (const [index, { name }] of BLENDS.entries()) {
    // Boxes that begin and end in each of four columns; pixels of their own, and pixels that images share.
    shapes.push(inMode(name, image(canvas, 82 + 9 * index, 83, block(100 * index))));
    shapes.push(
      inMode(name, image(canvas, 82 + 9 * index, 89, shared, { turns: index % 4, flips: index % 3 })),
    );
  }
  const letter = blockOf(5, 3, (x, y) => (x * y === 4 ? 0 : hue(60 + 5 * y + x, y === 1 ? 0xb0 : 255)));
  return [
    ...shapes,
    // Across edges of tiles of 32 and 128, cut on both sides, and over one another.
    image({ width: 135, height: 99 }, 119, 90, letter, { scale: 3 }),
    inMode('screen', image(canvas, 126, 93, letter, { scale: 2, turns: 3, flips: 1 })),
    // A column, a row and a pixel, up to the last of the canvas.
    image({ width: 194, height: 63 }, 193, 33, block(7), { scale: 5 }),
    image({ width: canvas.width, height: 31 }, 192, 30, block(8), { scale: 2, turns: 2 }),
    image(canvas, canvas.width - 1, 96, letter),
  ];
}

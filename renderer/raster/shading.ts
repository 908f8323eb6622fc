/** Shades on the CPU: their pixels in one tile, a little at a time. */
import type { EncodedList } from '../display/builder.ts';
import {
  BLEND_OVER,
  SHADE_HEIGHT,
  SHADE_LEFT,
  SHADE_NUMBER,
  SHADE_OPAQUE,
  SHADE_TOP,
  SHADE_UNIFORMS,
  SHADE_WIDTH,
  WORD_BLEND,
  WORD_POOL,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
  WORD_Y1,
} from '../display/encoding.ts';
import { shaderOf } from '../shade/shader.ts';
import { blended, MIXES } from './mixing.ts';

/** A part of the canvas, pixels: left ≤ x < right, top ≤ y < bottom. */
export interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Operations between two pauses, at most, but for a single pixel's: about a millisecond, several while the code is new. */
const SLICE = 2 ** 18;
/** What reading, blending and writing a pixel takes besides, in operations. */
const PIXEL = 8;

/**
 * Paints the shape whose words begin at `at`, where it covers a part of the canvas, into `out` as `fine` does. Pauses
 * after a row, or in it, so that whoever drives it can let other work have its turn.
 */
export function* shadeInSlices(
  list: EncodedList,
  at: number,
  part: Part,
  out: Uint32Array,
): Generator<void, void> {
  const { shapes, pool, canvas } = list;
  const words = shapes[at + WORD_POOL]!;
  const word = (index: number): number => pool[words + index] ?? 0;
  const shade = list.shades[word(SHADE_NUMBER)];
  const mode = shapes[at + WORD_BLEND]!;
  const mix = MIXES[mode];
  if (shade === undefined || mix === undefined) return;
  const x0 = Math.max(part.left, shapes[at + WORD_X0]! | 0);
  const y0 = Math.max(part.top, shapes[at + WORD_Y0]! | 0);
  const x1 = Math.min(part.right, shapes[at + WORD_X1]! | 0);
  const y1 = Math.min(part.bottom, shapes[at + WORD_Y1]! | 0);
  const [left, top] = [word(SHADE_LEFT), word(SHADE_TOP)];
  const [width, height] = [word(SHADE_WIDTH), word(SHADE_HEIGHT)];
  const shader = shaderOf(shade);
  const pixels = new Int32Array(out.buffer, out.byteOffset, out.length);
  const blend = (source: number, destination: number): number => blended(mix, source, destination);
  const [isOpaque, isOver] = [word(SHADE_OPAQUE) === 1, mode === BLEND_OVER];
  const most = Math.max(1, Math.floor(SLICE / (shade.price + PIXEL)));
  let done = 0;
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; ) {
      const end = Math.min(x1, x + most - done);
      const row = y * canvas.width;
      const place = [(x - left) | 0, (y - top) | 0, width | 0, height | 0] as const;
      shader(pixels, row + x, row + end, ...place, pool, words + SHADE_UNIFORMS, isOpaque, isOver, blend);
      done += end - x;
      x = end;
      if (done < most) continue;
      done = 0;
      yield;
    }
  }
}

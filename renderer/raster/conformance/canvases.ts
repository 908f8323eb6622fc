/** Cases of the canvas: both sides of every size that a painter might round to, each with all its edges drawn. */
import type { Canvas } from '../../../shared/canvas.ts';
import type { Shape } from '../../display/list.ts';
import { GROUND } from '../layout.ts';
import { type Case, caseOf, cover, glyph, hue, rect } from './case.ts';
import { glyphOf } from './glyphs.ts';

/** Sides around powers of two, pixels. */
export const EDGY_SIDES: readonly number[] = [
  1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257,
];

/** Canvases that are long, odd, or both, pixels. */
export const EXTREMES: readonly (readonly [width: number, height: number])[] = [
  [16_384, 1],
  [1, 16_384],
  [16_383, 2],
  [4_096, 1],
  [1, 4_096],
  [4_097, 1],
  [3, 4_095],
  [2_049, 5],
  [1_009, 13],
  [333, 77],
  [77, 333],
  [641, 479],
  [1_025, 513],
];

export function* canvasCases(): Generator<Case> {
  for (const width of EDGY_SIDES) {
    for (const height of EDGY_SIDES) yield framed({ width, height });
  }
  for (const [width, height] of EXTREMES) {
    const canvas = { width, height };
    yield framed(canvas);
    yield caseOf(`canvas ${width}×${height}, empty`, canvas, []);
    yield caseOf(`canvas ${width}×${height}, black`, canvas, [cover(canvas, GROUND)]);
    yield caseOf(`canvas ${width}×${height}, its last pixel`, canvas, [
      rect(width - 1, height - 1, width, height, hue(1)),
    ]);
  }
  for (const [width, height] of [
    [1, 1],
    [65, 17],
    [128, 64],
  ] as const) {
    yield caseOf(`canvas ${width}×${height}, empty`, { width, height }, []);
  }
}

/** A canvas with each edge, each corner and its middle painted over one another. */
function framed(canvas: Canvas): Case {
  const { width, height } = canvas;
  const [right, bottom] = [width - 1, height - 1];
  const [middle, centre] = [width >> 1, height >> 1];
  const corner = glyphOf('g');
  const shapes: Shape[] = [
    cover(canvas, hue(0, 0x90)),
    rect(0, 0, 1, height, hue(1)),
    rect(right, 0, width, height, hue(2)),
    rect(0, 0, width, 1, hue(3, 0x80)),
    rect(0, bottom, width, height, hue(4, 0x80)),
    rect(middle, 0, middle + 1, height, hue(5, 0x7f)),
    rect(0, centre, width, centre + 1, hue(6, 0x81)),
    rect(0, 0, middle + 1, centre + 1, hue(7, 0x40)),
    rect(middle, centre, width, height, hue(8, 0x40)),
    glyph(-2, -3, corner, hue(9)),
    glyph(width - 3, -3, corner, hue(10, 0xc0)),
    glyph(-2, height - 4, corner, hue(11, 0xc0)),
    glyph(width - 3, height - 4, corner, hue(12)),
    rect(0, 0, 1, 1, hue(13, 0xfe)),
    rect(right, 0, width, 1, hue(14)),
    rect(0, bottom, 1, height, hue(15)),
    rect(right, bottom, width, height, hue(16, 0xfe)),
  ];
  return caseOf(`canvas ${width}×${height}, every edge`, canvas, shapes);
}

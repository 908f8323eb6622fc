/**
 * Cases that no run encodes but that the encoding allows: boxes that hang over the canvas, lie outside it
 * or hold nothing, and glyphs that share rows.
 */
import type { Canvas } from '../../../shared/canvas.ts';
import {
  SHAPE_WORDS,
  TAG_GLYPH,
  TAG_RECT,
  WORD_BITMAP,
  WORD_COLOR,
  WORD_TAG,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
  WORD_Y1,
} from '../../display/encoding.ts';
import { type Case, hue } from './case.ts';

/** The least and the largest coordinate that a word holds. */
const [LEAST, LARGEST] = [-(2 ** 31), 2 ** 31 - 1];

interface RawShape {
  readonly tag: number;
  readonly box: readonly [x0: number, y0: number, x1: number, y1: number];
  readonly color: number;
  readonly bitmap?: number;
}

function raw(
  name: string,
  canvas: Canvas,
  shapes: readonly RawShape[],
  bitmaps: readonly number[] = [],
): Case {
  const words = new Uint32Array(shapes.length * SHAPE_WORDS);
  for (const [index, { tag, box, color, bitmap }] of shapes.entries()) {
    const at = index * SHAPE_WORDS;
    words[at + WORD_TAG] = tag;
    words[at + WORD_COLOR] = color;
    [words[at + WORD_X0], words[at + WORD_Y0], words[at + WORD_X1], words[at + WORD_Y1]] = box;
    words[at + WORD_BITMAP] = bitmap ?? 0;
  }
  const list = { canvas, shapeCount: shapes.length, shapes: words, bitmaps: Uint32Array.from(bitmaps) };
  return { name, list };
}

export function* rawCases(): Generator<Case> {
  for (const canvas of [
    { width: 1, height: 1 },
    { width: 20, height: 20 },
    { width: 64, height: 64 },
    { width: 130, height: 67 },
  ]) {
    yield hanging(canvas);
    yield outside(canvas);
  }
  yield sharedRows();
}

/** Rectangles over every edge and corner, by a pixel and by as much as a word holds. */
function hanging(canvas: Canvas): Case {
  const { width, height } = canvas;
  const shapes: RawShape[] = [];
  for (const [x0, x1] of [
    [-1, 1],
    [width - 1, width + 1],
    [-1, width + 1],
    [LEAST, 1],
    [width - 1, LARGEST],
    [LEAST, LARGEST],
  ] as const) {
    for (const [y0, y1] of [
      [-1, 1],
      [height - 1, height + 1],
      [-1, height + 1],
      [LEAST, 1],
      [height - 1, LARGEST],
    ] as const) {
      shapes.push({ tag: TAG_RECT, box: [x0, y0, x1, y1], color: hue(shapes.length, 0x38) });
    }
  }
  return raw(`rectangles hanging over ${width}×${height}`, canvas, shapes);
}

/** What shows nothing, over a ground that would show it; then an opaque one that hangs over all edges. */
function outside(canvas: Canvas): Case {
  const { width, height } = canvas;
  const ground: RawShape = { tag: TAG_RECT, box: [0, 0, width, height], color: hue(1) };
  const boxes: readonly RawShape['box'][] = [
    [-5, -5, 0, 0],
    [-5, 0, 0, height],
    [0, -5, width, 0],
    [width, 0, width + 5, height],
    [0, height, width, height + 5],
    [LEAST, LEAST, LEAST + 5, LEAST + 7],
    [LARGEST - 5, LARGEST - 7, LARGEST, LARGEST],
    [0, 0, 0, height],
    [0, 0, width, 0],
    [width, height, 0, 0],
    [1, 0, 0, height],
  ];
  const unseen = boxes.flatMap((box, index) => [
    { tag: TAG_RECT, box, color: hue(index + 2) },
    // Where a glyph's box holds nothing, its rows are not to be read.
    { tag: TAG_GLYPH, box, color: hue(index + 2) },
  ]);
  const around: RawShape = { tag: TAG_RECT, box: [-3, -4, width + 3, height + 4], color: hue(20) };
  const last: RawShape = { tag: TAG_RECT, box: [0, 0, (width + 1) >> 1, height], color: hue(21, 0x77) };
  return raw(`nothing to be seen on ${width}×${height}`, canvas, [
    ground,
    ...unseen,
    around,
    last,
    ...unseen,
  ]);
}

/** Glyphs that begin within another's rows, read fewer bits or fewer rows of them, or end at the last word. */
function sharedRows(): Case {
  const rows = Array.from({ length: 40 }, (_, y) => Math.imul(y + 3, 0x9e3779b1) >>> 0);
  const boxes: readonly (readonly [x: number, y: number, width: number, height: number, row: number])[] = [
    [0, 0, 32, 32, 0],
    [40, 0, 32, 32, 8],
    [0, 40, 5, 7, 3],
    [10, 40, 5, 7, 33],
    [20, 40, 1, 32, 5],
    [30, 40, 32, 1, 39],
    [30, 50, 31, 1, 39],
    [30, 60, 8, 3, 37],
  ];
  const shapes = boxes.map(([x, y, width, height, bitmap], index) => ({
    tag: TAG_GLYPH,
    box: [x, y, x + width, y + height] as const,
    color: hue(index),
    bitmap,
  }));
  return raw('glyphs that share rows', { width: 75, height: 75 }, shapes, rows);
}

/**
 * Cases that no run encodes but that the encoding allows: boxes that hang over the canvas, lie outside it
 * or hold nothing, glyphs that share rows, and words that lead out of the pool or mean nothing.
 */
import type { Canvas } from '../../../shared/canvas.ts';
import {
  BLEND_OVER,
  SHAPE_WORDS,
  TAG_GLYPH,
  TAG_RECT,
  TAG_SPANS,
  WORD_BLEND,
  WORD_COLOR,
  WORD_POOL,
  WORD_TAG,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
  WORD_Y1,
} from '../../display/encoding.ts';
import { type Case, hue } from './case.ts';

/** The least and the largest coordinate that a word holds. */
export const [LEAST, LARGEST] = [-(2 ** 31), 2 ** 31 - 1];

export interface RawShape {
  readonly tag: number;
  readonly box: readonly [x0: number, y0: number, x1: number, y1: number];
  readonly color: number;
  /** Where its words in the pool begin. */
  readonly words?: number;
  readonly blend?: number;
}

export function raw(
  name: string,
  canvas: Canvas,
  shapes: readonly RawShape[],
  pool: readonly number[] = [],
): Case {
  const words = new Uint32Array(shapes.length * SHAPE_WORDS);
  for (const [index, { tag, box, color, words: first, blend }] of shapes.entries()) {
    const at = index * SHAPE_WORDS;
    words[at + WORD_TAG] = tag;
    words[at + WORD_COLOR] = color;
    [words[at + WORD_X0], words[at + WORD_Y0], words[at + WORD_X1], words[at + WORD_Y1]] = box;
    words[at + WORD_POOL] = first ?? 0;
    words[at + WORD_BLEND] = blend ?? BLEND_OVER;
  }
  const list = { canvas, shapeCount: shapes.length, shapes: words, pool: Uint32Array.from(pool), shades: [] };
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
  const shapes = boxes.map(([x, y, width, height, words], index) => ({
    tag: TAG_GLYPH,
    box: [x, y, x + width, y + height] as const,
    color: hue(index),
    words,
  }));
  return raw('glyphs that share rows', { width: 75, height: 75 }, shapes, rows);
}

/** Lists that no builder makes. Each shows what the rules say, and leads no painter astray. */
export function* hostileCases(): Generator<Case> {
  yield beyondThePool();
  yield* farAbove();
  yield unknown();
  yield* wildRuns();
}

export const HOSTILE: Canvas = { width: 40, height: 36 };
export const GROUND: RawShape = { tag: TAG_RECT, box: [0, 0, HOSTILE.width, HOSTILE.height], color: hue(1) };
export const VEIL: RawShape = { ...GROUND, box: [0, 0, 33, 20], color: hue(2, 0x55) };

/** Words that end with the pool, one and two words later, and at the last number that a word holds. */
function beyondThePool(): Case {
  const pool = Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? index : 24 + index));
  const firsts = [
    0,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    16,
    64,
    1_000,
    2 ** 24,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32 - 2,
    2 ** 32 - 1,
  ];
  const shapes = firsts.flatMap((words, index): RawShape[] => {
    const y = 2 * index;
    return [
      { tag: TAG_SPANS, box: [0, y, 36, y + 2], color: hue(index + 3, 0xb0), words },
      { tag: TAG_GLYPH, box: [index, y, index + 6, y + 4], color: hue(index + 30, 0xb0), words },
    ];
  });
  return raw('words beyond the pool', HOSTILE, [GROUND, ...shapes, VEIL], pool);
}

/** Boxes that begin far above the canvas, so that the rows that are seen are far down, with and without words for them. */
function* farAbove(): Generator<Case> {
  const pool = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? index % 9 : 39 - (index % 7)));
  for (const y0 of [-1, -63, -64, -65, -99, -100, -(2 ** 24), -(2 ** 30), LEAST + 1, LEAST]) {
    const shapes = [0, 1, 198, 2 ** 32 - 2].flatMap((words, index): RawShape[] => [
      { tag: TAG_SPANS, box: [0, y0, 40, 30], color: hue(index + 3, 0x90), words },
      { tag: TAG_GLYPH, box: [4 + 8 * index, y0, 12 + 8 * index, 34], color: hue(index + 9, 0x90), words },
    ]);
    yield raw(`shapes from ${y0} on`, HOSTILE, [GROUND, ...shapes, VEIL], pool);
  }
}

/** Tags and modes that the encoding does not know, each opaque and over everything. */
function unknown(): Case {
  const pool = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 0 : 40));
  const tags = [0, 5, 6, 255, 2 ** 31, 2 ** 32 - 1].map((tag) => ({ ...GROUND, tag, color: hue(7) }));
  const blends = [5, 6, 255, 2 ** 31, 2 ** 32 - 1].flatMap((blend) =>
    [TAG_RECT, TAG_GLYPH, TAG_SPANS].map((tag) => ({ ...GROUND, tag, color: hue(8), blend })),
  );
  return raw('tags and modes that mean nothing', HOSTILE, [GROUND, VEIL, ...tags, ...blends, VEIL], pool);
}

/** Runs from and to the ends of what a word holds, in boxes that hang over the canvas by as much. */
function* wildRuns(): Generator<Case> {
  const ends = [LEAST, LEAST + 1, -1, 0, 1, 20, 39, 40, 41, LARGEST - 1, LARGEST];
  const pool = ends.flatMap((start) => ends.flatMap((end) => [start, end]));
  const boxes: readonly RawShape['box'][] = [
    [0, 0, 40, 36],
    [LEAST, 0, LARGEST, 36],
    [-5, -20, 45, LARGEST],
    [LARGEST - 1, 0, LARGEST, 36],
    [20, 0, 20, 36],
    [30, 0, 10, 36],
  ];
  for (const box of boxes) {
    const shapes = [0, 60, 120, 180].map((words, index): RawShape => {
      return { tag: TAG_SPANS, box, color: hue(index + 3, 0x70), words };
    });
    yield raw(`runs without bounds in ${box.join(', ')}`, HOSTILE, [GROUND, ...shapes, VEIL], pool);
  }
}

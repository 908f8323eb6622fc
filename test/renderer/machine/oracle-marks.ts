/** The oracle's marks: what a display list must hold, exact where the page says how, and otherwise pixel by pixel. */
import type { BlendName } from '../../../renderer/display/blends.ts';
import type { ImageShape, ShadeShape, Shape } from '../../../renderer/display/list.ts';

export interface Ink {
  /** Packed, R in the low byte; unsigned. */
  readonly color: number;
  readonly blend: BlendName;
}

/** Pixels of one ink, each once, which rectangles and spans together make, however they share them. */
export interface Patch {
  readonly kind: 'patch';
  readonly color: number;
  readonly blend?: BlendName;
  /** y · width + x of each, ascending. */
  readonly pixels: readonly number[];
}

/** Pixels of a picture in its box, holes too: what the box shows, however the list says it. */
export interface Depiction {
  readonly kind: 'picture';
  readonly blend?: BlendName;
  /** In order of y · width + x; the packed colour is 0 in holes. */
  readonly shown: readonly { readonly at: number; readonly color: number }[];
}

/** Pixels that a SHADE works out, which the picture shows. */
export interface Shaded {
  readonly kind: 'shaded';
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly isOpaque: boolean;
  readonly blend?: BlendName;
}

export type Mark = Exclude<Shape, ImageShape | ShadeShape> | Patch | Depiction | Shaded;

/** As shapes of a list name their ink. */
export function inked({ color, blend }: Ink): { color: number; blend?: BlendName } {
  return blend === 'over' ? { color } : { color, blend };
}

/**
 * The shapes of a list as marks: in each patch's place the shapes of its ink that come there, as many as it takes to have
 * as many pixels.
 *
 * @param width of the canvas
 */
export function asMarks(shapes: readonly Shape[], expected: readonly Mark[], width: number): Mark[] {
  const found: Mark[] = [];
  let at = 0;
  for (const mark of expected) {
    if (mark.kind !== 'patch') {
      found.push(...shapes.slice(at, ++at).map((shape) => asMark(shape, width)));
      continue;
    }
    const pixels: number[] = [];
    const { kind: _, pixels: wanted, ...ink } = mark;
    for (; pixels.length < wanted.length; at++) {
      const shape = shapes[at];
      if (shape === undefined || (shape.kind !== 'rect' && shape.kind !== 'spans')) break;
      if (shape.color !== ink.color || shape.blend !== ink.blend) break;
      for (const pixel of pixelsIn(shape, width)) pixels.push(pixel);
    }
    found.push({ kind: 'patch', ...ink, pixels: pixels.sort((a, b) => a - b) });
  }
  return [...found, ...shapes.slice(at).map((shape) => asMark(shape, width))];
}

/** A shape as it stands; of an image what it shows, of a shade where. */
function asMark(shape: Shape, width: number): Mark {
  if (shape.kind === 'shade') {
    const { x0, y0, x1, y1, isOpaque, blend } = shape;
    return { kind: 'shaded', x0, y0, x1, y1, isOpaque, ...(blend === undefined ? {} : { blend }) };
  }
  if (shape.kind !== 'image') return shape;
  const { x0, y0, columns, rows, pixels, kind: _, x1: __, y1: ___, ...blending } = shape;
  const shown = Array.from(rows, (row, y) =>
    Array.from(columns, (column, x) => {
      const color = pixels[column + row] ?? 0;
      return { at: (y0 + y) * width + x0 + x, color: color >>> 24 === 0 ? 0 : color };
    }),
  );
  return { kind: 'picture', ...blending, shown: shown.flat() };
}

function* pixelsIn(shape: Extract<Shape, { kind: 'rect' | 'spans' }>, width: number): Generator<number> {
  for (let y = shape.y0; y < shape.y1; y++) {
    const row = 2 * (y - shape.y0);
    const start = shape.kind === 'rect' ? shape.x0 : shape.runs[row]!;
    const end = shape.kind === 'rect' ? shape.x1 : shape.runs[row + 1]!;
    for (let x = start; x < end; x++) {
      // What hangs out of its box would not be painted: it is no pixel of the list.
      if (x < shape.x0 || x >= shape.x1) throw new Error(`Expected a run within its box, found one at ${x}`);
      yield y * width + x;
    }
  }
}

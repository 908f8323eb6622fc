/** Shapes in words, for people, and as records, for `--json`. */
import type { BlendName } from '../renderer/display/blends.ts';
import type { Shape } from '../renderer/display/list.ts';
import { count } from './print.ts';

/** Canvas pixels. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * What one statement drew: a text by its number of glyphs, one rectangle by its size, several shapes by their number
 * and the box around all of them; an image or a shade is called one. The place is a top left corner, of a text its first
 * glyph's. The colour is left out where the shapes have several, as an image has, and the blend mode where it is `over`
 * or they differ. Empty for no shapes.
 */
export function shapeWords(shapes: readonly Shape[]): string {
  const [first] = shapes;
  if (first === undefined) return '';
  const color = colorOf(first);
  const isAlike = shapes.every((shape) => colorOf(shape) === color);
  const isBlendedAlike = shapes.every(({ blend }) => blend === first.blend);
  const ink = [isAlike ? color : undefined, isBlendedAlike ? blendOf(first) : undefined]
    .filter((word) => word !== undefined)
    .map((word) => ` ${word}`)
    .join('');
  if (shapes.every(({ kind }) => kind === 'glyph'))
    return `${count(shapes.length, 'glyph')} at ${boxOf(first).x},${boxOf(first).y}${ink}`;
  const { x, y, w, h } = shapes.map(boxOf).reduce(around);
  const one = 'color' in first ? '' : `${first.kind} `;
  const what = shapes.length === 1 ? one : `${shapes.length} shapes within `;
  return `${what}${w}×${h} at ${x},${y}${ink}`;
}

/**
 * A shape as `--json` prints it: what kind it is, the box that it fills, its colour, which an image and a shade do not have, and
 * its blend mode, which is left out where it is `over`.
 */
export function shapeRecord(shape: Shape): Record<string, unknown> {
  const [color, blend] = [colorOf(shape), blendOf(shape)];
  return {
    kind: shape.kind,
    ...boxOf(shape),
    ...(color === undefined ? {} : { color }),
    ...(blend === undefined ? {} : { blend }),
  };
}

function boxOf(shape: Shape): Box {
  if (shape.kind === 'glyph') {
    const { x, y, bitmap } = shape;
    return { x, y, w: bitmap.width, h: bitmap.height };
  }
  const { x0, y0, x1, y1 } = shape;
  return { x: x0, y: y0, w: x1 - x0, h: y1 - y0 };
}

function around(one: Box, other: Box): Box {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const right = Math.max(one.x + one.w, other.x + other.w);
  const bottom = Math.max(one.y + one.h, other.y + other.h);
  return { x, y, w: right - x, h: bottom - y };
}

/** As a program may write it; undefined for an image and a shade. */
function colorOf(shape: Shape): string | undefined {
  return 'color' in shape ? colorWords(shape.color) : undefined;
}

function blendOf({ blend }: Shape): BlendName | undefined {
  return blend === 'over' ? undefined : blend;
}

/** `#rrggbbaa` of a packed colour. */
export function colorWords(color: number): string {
  const bytes = [color & 255, (color >>> 8) & 255, (color >>> 16) & 255, color >>> 24];
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

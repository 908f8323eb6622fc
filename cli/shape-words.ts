/** Shapes in words, for people, and as records, for `--json`. */
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
 * and the box around all of them. The place is a top left corner, of a text its first glyph's. The colour is left
 * out where the shapes have several. Empty for no shapes.
 */
export function shapeWords(shapes: readonly Shape[]): string {
  const [first] = shapes;
  if (first === undefined) return '';
  const color = colorOf(first);
  const ink = shapes.every((shape) => colorOf(shape) === color) ? ` ${color}` : '';
  if (shapes.every(({ kind }) => kind === 'glyph'))
    return `${count(shapes.length, 'glyph')} at ${boxOf(first).x},${boxOf(first).y}${ink}`;
  const { x, y, w, h } = shapes.map(boxOf).reduce(around);
  const what = shapes.length === 1 ? '' : `${shapes.length} shapes within `;
  return `${what}${w}×${h} at ${x},${y}${ink}`;
}

/** A shape as `--json` prints it: what kind it is, the box that it fills, and its colour. */
export function shapeRecord(shape: Shape): Record<string, unknown> {
  return { kind: shape.kind, ...boxOf(shape), color: colorOf(shape) };
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

/** As a program may write it. */
function colorOf({ color }: Shape): string {
  return colorWords(color);
}

/** `#rrggbbaa` of a packed colour. */
export function colorWords(color: number): string {
  const bytes = [color & 255, (color >>> 8) & 255, (color >>> 16) & 255, color >>> 24];
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Windows of the largest canvas to draw in: around a place, at every edge of a box, of one pixel, and empty. */
import type { Clip } from '../../../renderer/geometry/spans.ts';
import { LIMITS } from '../../../shared/limits.ts';

/** A whole number from `low` up to and without `high`. */
export type Between = (low: number, high: number) => number;

const onCanvas = (n: number): number => Math.min(Math.max(n, 0), LIMITS.canvasSide);

export function clip(x0: number, y0: number, x1: number, y1: number): Clip {
  return { x0: onCanvas(x0), y0: onCanvas(y0), x1: onCanvas(x1), y1: onCanvas(y1) };
}

/** A window of 1 to 40 pixels a side that holds (x, y), as far as the canvas does. */
export function clipAround(between: Between, x: number, y: number): Clip {
  const [left, top] = [x - between(0, 20), y - between(0, 20)];
  return clip(left, top, x + between(1, 21), y + between(1, 21));
}

/** Windows of which each cuts a box of the canvas in another way. */
export function clipsAt(x0: number, y0: number, x1: number, y1: number): Clip[] {
  const [middleX, middleY] = [(x0 + x1) >> 1, (y0 + y1) >> 1];
  return [
    clip(x0, y0, x1, y1),
    clip(x0 - 1, y0 - 1, x1 + 1, y1 + 1),
    clip(x0 + 1, y0, x1, y1),
    clip(x0, y0 + 1, x1, y1),
    clip(x0, y0, x1 - 1, y1),
    clip(x0, y0, x1, y1 - 1),
    clip(middleX, middleY, middleX + 1, middleY + 1),
    clip(middleX, y0, middleX + 1, y1),
    clip(x0, middleY, x1, middleY + 1),
    clip(x0 - 9, y0, x0, y1),
    clip(x1, y0, x1 + 9, y1),
    clip(x0, y0 - 9, x1, y0),
    clip(x0, y1, x1, y1 + 9),
    clip(middleX, y0, middleX, y1),
    clip(x0, middleY, x1, middleY),
    clip(x1, y1, x0, y0),
  ];
}

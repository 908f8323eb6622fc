/**
 * Filled triangles: what polygon.ts says of three points, by walking down both sides at once.
 *
 * Each row of a triangle is crossed by two edges, the one from the highest point to the lowest and one of the others, of
 * which one goes down and one up: both windings take what lies between them.
 */
import type { Clip, Spans } from './spans.ts';

/** @param points x and y of its three points by turns, −16384 to 16383; what lies beyond them means nothing */
export function triangle(spans: Spans, clip: Clip, points: Int32Array): void {
  spans.begin(clip);
  const high = highest(points);
  const low = lowest(points);
  const middle = 6 - high - low;
  const x = points[high] as number;
  const y = points[high + 1] as number;
  const middleX = points[middle] as number;
  const middleY = points[middle + 1] as number;
  const dx = (points[low] as number) - x;
  const dy = (points[low + 1] as number) - y;
  const left = Math.min(x, middleX, x + dx);
  const right = Math.max(x, middleX, x + dx);
  // Above 0 where the middle point lies to the right of the long edge; 0 where there is nothing between the two.
  const side = (middleX - x) * dy - (middleY - y) * dx;
  spans.enter(left, y, right, y + dy);
  spans.enter(left, y, right, middleY);
  if (side > 0) between(spans, x, y, dx, dy, x, y, middleX - x, middleY - y);
  else if (side < 0) between(spans, x, y, middleX - x, middleY - y, x, y, dx, dy);
  spans.enter(left, middleY, right, y + dy);
  if (side > 0) between(spans, x, y, dx, dy, middleX, middleY, x + dx - middleX, y + dy - middleY);
  else if (side < 0) between(spans, middleX, middleY, x + dx - middleX, y + dy - middleY, x, y, dx, dy);
  spans.finish();
}

/** Where in `points` the first of the highest stands. */
function highest(points: Int32Array): number {
  const a = points[1] as number;
  const b = points[3] as number;
  const c = points[5] as number;
  if (a <= b && a <= c) return 0;
  return b <= c ? 2 : 4;
}

/** The last of the lowest, so that it is another one. */
function lowest(points: Int32Array): number {
  const a = points[1] as number;
  const b = points[3] as number;
  const c = points[5] as number;
  if (c >= a && c >= b) return 4;
  return b >= a ? 2 : 0;
}

/**
 * The pixels between two edges in the rows that `enter` found, each crossed by both. Of an edge from (x, y) that goes dy
 * rows down, the first pixel of row y + k is x + ceil(((2k + 1) · dx − dy) / (2 · dy)). It moves by whole pixels and a rest
 * from row to row, so that only the first row divides.
 */
function between(
  spans: Spans,
  leftX: number,
  leftY: number,
  leftDx: number,
  leftDy: number,
  rightX: number,
  rightY: number,
  rightDx: number,
  rightDy: number,
): void {
  const { top, bottom } = spans;
  if (top >= bottom) return;
  const leftWhole = 2 * leftDy;
  const rightWhole = 2 * rightDy;
  // What is divided lies under 2³².
  const leftFirst = (2 * (top - leftY) + 1) * leftDx - leftDy;
  const rightFirst = (2 * (top - rightY) + 1) * rightDx - rightDy;
  const leftPixels = Math.ceil(leftFirst / leftWhole);
  const rightPixels = Math.ceil(rightFirst / rightWhole);
  // How far the edge itself lies before the pixel, 0 ≤ rest < whole.
  let leftRest = (leftPixels * leftWhole - leftFirst) | 0;
  let rightRest = (rightPixels * rightWhole - rightFirst) | 0;
  let start = (leftX + leftPixels) | 0;
  let end = (rightX + rightPixels) | 0;
  const leftStep = Math.floor(leftDx / leftDy) | 0;
  const rightStep = Math.floor(rightDx / rightDy) | 0;
  const leftMore = (2 * (leftDx - leftStep * leftDy)) | 0;
  const rightMore = (2 * (rightDx - rightStep * rightDy)) | 0;
  for (let row = top; row < bottom; row++) {
    spans.add(row, start, end);
    leftRest -= leftMore;
    rightRest -= rightMore;
    // All bits where the edge has passed the pixel's middle: one pixel further, without a branch that nobody can foretell.
    const leftPassed = leftRest >> 31;
    const rightPassed = rightRest >> 31;
    start = (start + leftStep - leftPassed) | 0;
    end = (end + rightStep - rightPassed) | 0;
    leftRest += leftWhole & leftPassed;
    rightRest += rightWhole & rightPassed;
  }
}

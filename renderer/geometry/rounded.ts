/**
 * Rectangles with round corners.
 *
 * The pixels of the rectangle, but of its four corners of r × r pixels only those with
 * (2i + 1)² + (2j + 1)² ≤ (2r)², where i and j count pixels from 0 on, from the corner's inner end outwards: those
 * whose centres lie on the quarter disc.
 */
import { squareRoot } from '../machine/integer.ts';
import type { Clip, Spans } from './spans.ts';

/**
 * @param x signed 33-bit, as are `y`, x + w and y + h: no sum wraps
 * @param w nothing is drawn when it is below 1, or `h`
 * @param r 0 to 16383; more than half of the shorter side, rounded down, counts as that
 */
export function roundedRectangle(
  spans: Spans,
  clip: Clip,
  x: number,
  y: number,
  w: number,
  h: number,
  r: number,
): void {
  spans.begin(clip);
  if (w < 1 || h < 1) return;
  const radius = Math.min(r, Math.floor(Math.min(w, h) / 2));
  spans.enter(x, y, x + w, y + h);
  for (let py = spans.top; py < spans.bottom; py++) {
    const fromEdge = Math.min(py - y, y + h - 1 - py);
    const inset = fromEdge < radius ? cornerInset(radius, radius - 1 - fromEdge) : 0;
    spans.add(py, x + inset, x + w - inset);
  }
  spans.finish();
}

/** Pixels that a corner leaves out in its row j, 0 to r − 1: those beyond the last i with 2i + 1 ≤ √(4r² − (2j + 1)²). */
function cornerInset(r: number, j: number): number {
  const reach = squareRoot(4 * r * r - (2 * j + 1) * (2 * j + 1));
  return r - ((reach + 1) >> 1);
}

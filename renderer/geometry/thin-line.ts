/**
 * Lines of one pixel, from end to end, the same whichever end comes first.
 *
 * With dx = x1 − x0 and dy = y1 − y0, where |dx| ≥ |dy|, from left to right: in each column x from x0 to x1 the pixel
 * y0 + floor((2 · (x − x0) · dy + dx) / (2 · dx)). Otherwise from top to bottom: in each row y from y0 to y1 the pixel
 * x0 + floor((2 · (y − y0) · dx + dy) / (2 · dy)). A point is one pixel.
 */
import type { Spans } from './spans.ts';

/** @param x0 −16384 to 16383, as are the other coordinates */
export function addThinLine(spans: Spans, x0: number, y0: number, x1: number, y1: number): void {
  spans.enter(Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1) + 1, Math.max(y0, y1) + 1);
  if (Math.abs(x1 - x0) < Math.abs(y1 - y0)) {
    if (y0 < y1) addSteep(spans, x0, y0, x1 - x0, y1 - y0);
    else addSteep(spans, x1, y1, x0 - x1, y0 - y1);
  } else if (x0 < x1) addFlat(spans, x0, y0, x1 - x0, y1 - y0);
  else addFlat(spans, x1, y1, x0 - x1, y0 - y1);
}

/** @param dy above |dx| */
function addSteep(spans: Spans, x0: number, y0: number, dx: number, dy: number): void {
  for (let py = spans.top; py < spans.bottom; py++) {
    const x = x0 + Math.floor((2 * (py - y0) * dx + dy) / (2 * dy));
    spans.add(py, x, x + 1);
  }
}

/**
 * The columns of row y0 + k are those with 2k · dx ≤ 2 · (x − x0) · dy + dx < 2 · (k + 1) · dx, solved for x.
 *
 * @param dx |dy| or more
 */
function addFlat(spans: Spans, x0: number, y0: number, dx: number, dy: number): void {
  for (let py = spans.top; py < spans.bottom; py++) {
    const first = (2 * (py - y0) - 1) * dx;
    let start = 0;
    let end = dx + 1;
    if (dy > 0) {
      start = Math.max(start, Math.ceil(first / (2 * dy)));
      end = Math.min(end, Math.ceil((first + 2 * dx) / (2 * dy)));
    } else if (dy < 0) {
      // Divided by what is below 0: the bounds change places, and with them which of the two is included.
      start = Math.max(start, Math.floor((first + 2 * dx) / (2 * dy)) + 1);
      end = Math.min(end, Math.floor(first / (2 * dy)) + 1);
    }
    spans.add(py, x0 + start, x0 + end);
  }
}

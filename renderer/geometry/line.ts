/** Lines and polylines, by the pen: a polyline is the union of its lines, with each pixel once. */
import type { Clip, Spans } from './spans.ts';
import { addThickLine } from './thick-line.ts';
import { addThinLine } from './thin-line.ts';

/**
 * @param x0 −16384 to 16383, as are the other coordinates
 * @param pen 1 to 255
 */
export function line(
  spans: Spans,
  clip: Clip,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  pen: number,
): void {
  spans.begin(clip);
  addLine(spans, x0, y0, x1, y1, pen);
  spans.finish();
}

/**
 * @param points x and y by turns, −16384 to 16383; what lies beyond `count` means nothing
 * @param count how many points, 2 or more; nothing is drawn of fewer
 * @param pen 1 to 255
 */
export function polyline(spans: Spans, clip: Clip, points: Int32Array, count: number, pen: number): void {
  spans.begin(clip);
  if (count > 2) spans.scatter();
  for (let at = 2; at < count * 2; at += 2) {
    addLine(
      spans,
      points[at - 2] as number,
      points[at - 1] as number,
      points[at] as number,
      points[at + 1] as number,
      pen,
    );
  }
  spans.finish();
}

function addLine(spans: Spans, x0: number, y0: number, x1: number, y1: number, pen: number): void {
  if (pen === 1) addThinLine(spans, x0, y0, x1, y1);
  else addThickLine(spans, x0, y0, x1, y1, pen);
}

/**
 * Circles and ellipses, filled and as outlines.
 *
 * Filled: with dx and dy counted from the centre, A = rx² + rx and B = ry² + ry, the pixels with |dx| ≤ rx, |dy| ≤ ry
 * and dx² · B + dy² · A ≤ A · B. A radius of 0 leaves one column or row; of equal radii it is dx² + dy² ≤ r² + r.
 *
 * Outline, pen 1: those of the filled one of whose four neighbours, left, right, above and below, one is not in it.
 * Pen n ≥ 2: the filled one without the filled one of radii rx − n and ry − n; all of it where either is below 0.
 */
import { smallSquareRoot, squareRoot } from '../machine/integer.ts';
import type { Clip, Spans } from './spans.ts';

/**
 * The filled ellipse.
 *
 * @param x −16384 to 16383, as is `y`
 * @param rx 0 to 16383, as is `ry`; equal ones make a disc
 */
export function ellipse(spans: Spans, clip: Clip, x: number, y: number, rx: number, ry: number): void {
  spans.begin(clip);
  spans.enter(x - rx, y - ry, x + rx + 1, y + ry + 1);
  for (let py = spans.top; py < spans.bottom; py++) {
    const half = halfWidth(rx, ry, py - y);
    spans.add(py, x - half, x + half + 1);
  }
  spans.finish();
}

/**
 * The outline.
 *
 * @param x −16384 to 16383, as is `y`
 * @param rx 0 to 16383, as is `ry`; equal ones make a circle
 * @param pen 1 to 255
 */
export function ellipseOutline(
  spans: Spans,
  clip: Clip,
  x: number,
  y: number,
  rx: number,
  ry: number,
  pen: number,
): void {
  spans.begin(clip);
  spans.scatter();
  spans.enter(x - rx, y - ry, x + rx + 1, y + ry + 1);
  for (let py = spans.top; py < spans.bottom; py++) {
    const outer = halfWidth(rx, ry, py - y);
    const inner = innerHalfWidth(rx, ry, pen, py - y, outer);
    spans.add(py, x - outer, inner < 0 ? x + outer + 1 : x - inner);
    if (inner >= 0) spans.add(py, x + inner + 1, x + outer + 1);
  }
  spans.finish();
}

/** The largest dx of the filled ellipse in row dy; −1 where it has none. */
export function halfWidth(rx: number, ry: number, dy: number): number {
  if (Math.abs(dy) > ry) return -1;
  const b = ry * ry + ry;
  if (rx === ry) return smallSquareRoot(b - dy * dy);
  // One row of 2rx + 1 pixels, and the division below would be by 0.
  if (ry === 0) return rx;
  return squareRoot(scale(rx * rx + rx, b - dy * dy, b));
}

/**
 * The largest dx that the outline leaves out in row dy; −1 where it leaves out none.
 *
 * @param outer halfWidth of the same row, not −1
 */
export function innerHalfWidth(rx: number, ry: number, pen: number, dy: number, outer: number): number {
  if (pen > 1) return rx < pen ? -1 : halfWidth(rx - pen, ry - pen, dy);
  // Rows grow no wider outwards: where the next one outwards has a pixel, the next one inwards has it too.
  return Math.min(outer - 1, halfWidth(rx, ry, Math.abs(dy) + 1));
}

/** floor(a · c / b), though a · c may reach 2⁵⁶; a and b are at most 2²⁸, and c at most b. */
function scale(a: number, c: number, b: number): number {
  // Long division with two digits to the base 2¹⁴: each dividend is under 2⁴³.
  const low = c & 16383;
  const high = a * ((c - low) / 16384);
  const quotient = Math.floor(high / b);
  return quotient * 16384 + Math.floor(((high - quotient * b) * 16384 + a * low) / b);
}

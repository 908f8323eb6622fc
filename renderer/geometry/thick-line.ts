/**
 * Lines drawn with a pen of n ≥ 2 pixels: every pixel, as the point (px, py), whose distance to the segment is at most
 * n / 2, so that 4 · distance² ≤ n². The ends are round. As both edges belong to it, an upright or level line is n
 * pixels wide for an odd n, and n + 1 for an even one.
 *
 * With a and b the ends, d = b − a and p a pixel, these are three sets: the discs |p − a|² ≤ floor(n² / 4) and
 * |p − b|² ≤ floor(n² / 4), and the band with 0 ≤ (p − a) · d ≤ |d|² and |cross(d, p − a)| ≤ √(n² · |d|² / 4). Each has one run a
 * row, and as their union is convex, its run goes from the first of their pixels to the last.
 */
import { squareRoot } from '../machine/integer.ts';
import type { Spans } from './spans.ts';

/** Further from a segment's end than any pixel. */
const FAR = 1 << 20;

/**
 * @param x0 −16384 to 16383, as are the other coordinates
 * @param pen 2 to 255
 */
export function addThickLine(
  spans: Spans,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  pen: number,
): void {
  const reach = pen >> 1;
  const square = Math.floor((pen * pen) / 4);
  spans.enter(
    Math.min(x0, x1) - reach,
    Math.min(y0, y1) - reach,
    Math.max(x0, x1) + reach + 1,
    Math.max(y0, y1) + reach + 1,
  );
  const band = new Band(x1 - x0, y1 - y0, pen);
  for (let py = spans.top; py < spans.bottom; py++) {
    band.cut(py - y0);
    const isBand = band.low <= band.high;
    let first = isBand ? x0 + band.low : FAR;
    let last = isBand ? x0 + band.high : -FAR;
    if (Math.abs(py - y0) <= reach) {
      const half = squareRoot(square - (py - y0) * (py - y0));
      first = Math.min(first, x0 - half);
      last = Math.max(last, x0 + half);
    }
    if (Math.abs(py - y1) <= reach) {
      const half = squareRoot(square - (py - y1) * (py - y1));
      first = Math.min(first, x1 - half);
      last = Math.max(last, x1 + half);
    }
    spans.add(py, first, last + 1);
  }
}

/** The rectangle between the round ends, counted from the first one; in each row it has one run. */
class Band {
  readonly #dx: number;
  readonly #dy: number;
  /** The largest |cross|: floor(√(n² · |d|² / 4)), where n² · |d|² is under 2⁴⁸. */
  readonly #width: number;
  /** The pixels low ≤ x ≤ high of the row that was cut last; none when low > high. */
  low = 0;
  high = 0;

  constructor(dx: number, dy: number, pen: number) {
    this.#dx = dx;
    this.#dy = dy;
    this.#width = squareRoot(Math.floor((pen * pen * (dx * dx + dy * dy)) / 4));
  }

  cut(y: number): void {
    const dx = this.#dx;
    const dy = this.#dy;
    const width = this.#width;
    this.low = -FAR;
    // Between the ends of a point there is nothing.
    this.high = width === 0 ? -FAR - 1 : FAR;
    // cross = dx · y − dy · x lies from −width to width, and dot = dx · x + dy · y from 0 to |d|².
    this.#between(dy, dx * y - width, dx * y + width);
    this.#between(dx, -dy * y, dx * dx + dy * dy - dy * y);
  }

  /** Leaves the x with least ≤ factor · x ≤ most; of factor 0 all or none. */
  #between(factor: number, least: number, most: number): void {
    if (factor > 0) {
      this.low = Math.max(this.low, Math.ceil(least / factor));
      this.high = Math.min(this.high, Math.floor(most / factor));
    } else if (factor < 0) {
      this.low = Math.max(this.low, Math.ceil(most / factor));
      this.high = Math.min(this.high, Math.floor(least / factor));
    } else if (least > 0 || most < 0) {
      this.high = this.low - 1;
    }
  }
}

/**
 * Lines drawn with a pen of n ≥ 2 pixels: every pixel whose distance to the segment is at most n / 2, so that
 * 4 · distance² ≤ n². For an odd n a pixel is the point (px, py), for an even one its middle (px + ½, py + ½): so an upright
 * or level line is n pixels wide. The ends are round.
 *
 * Everything is counted in half pixels: with e = 0 for an odd n and 1 for an even one, p = (2px + e, 2py + e), a and b are
 * twice the ends and d = (b − a) / 2. These are three sets: the discs |p − a|² ≤ n² and |p − b|² ≤ n², and the band with
 * 0 ≤ (p − a) · d ≤ 2 · |d|² and |cross(d, p − a)| ≤ n · |d|. Each has one run a row, and as their union is convex, its run
 * goes from the first of their pixels to the last.
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
  const shift = pen & 1 ? 0 : 1;
  const before = (pen + shift) >> 1;
  const after = (pen - shift) >> 1;
  spans.enter(
    Math.min(x0, x1) - before,
    Math.min(y0, y1) - before,
    Math.max(x0, x1) + after + 1,
    Math.max(y0, y1) + after + 1,
  );
  const band = new Band(x1 - x0, y1 - y0, pen, shift);
  for (let py = spans.top; py < spans.bottom; py++) {
    band.cut(2 * (py - y0) + shift);
    const isBand = band.low <= band.high;
    let first = isBand ? x0 + band.low : FAR;
    let last = isBand ? x0 + band.high : -FAR;
    for (const [x, y] of [
      [x0, y0],
      [x1, y1],
    ] as const) {
      const down = 2 * (py - y) + shift;
      if (Math.abs(down) > pen) continue;
      const half = squareRoot(pen * pen - down * down);
      first = Math.min(first, x - ((half + shift) >> 1));
      last = Math.max(last, x + ((half - shift) >> 1));
    }
    spans.add(py, first, last + 1);
  }
}

/** The rectangle between the round ends, counted from the first one; in each row it has one run. */
class Band {
  readonly #dx: number;
  readonly #dy: number;
  /** The largest |cross|: floor(n · |d|), where n² · |d|² is under 2⁴⁸. */
  readonly #width: number;
  readonly #shift: number;
  /** The pixels low ≤ x ≤ high of the row that was cut last; none when low > high. */
  low = 0;
  high = 0;

  constructor(dx: number, dy: number, pen: number, shift: number) {
    this.#dx = dx;
    this.#dy = dy;
    this.#width = squareRoot(pen * pen * (dx * dx + dy * dy));
    this.#shift = shift;
  }

  /** @param down half pixels below the first end */
  cut(down: number): void {
    const dx = this.#dx;
    const dy = this.#dy;
    const width = this.#width;
    const shift = this.#shift;
    this.low = -FAR;
    // Between the ends of a point there is nothing.
    this.high = width === 0 ? -FAR - 1 : FAR;
    // With across = 2x + shift: cross = dx · down − dy · across, dot = dx · across + dy · down.
    this.#between(2 * dy, dx * down - dy * shift - width, dx * down - dy * shift + width);
    this.#between(2 * dx, -dy * down - dx * shift, 2 * (dx * dx + dy * dy) - dy * down - dx * shift);
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

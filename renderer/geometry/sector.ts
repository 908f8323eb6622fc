/**
 * Sectors of a circle: pies and arcs.
 *
 * PIE is the disc and ARC the circle's outline, both as in ellipse.ts, and of them only the pixels that lie clockwise
 * from `from`, included, to `to`, not included. Angles are those of trigonometry.ts: a turn is 65536, 0 is to the right
 * and y grows down. The sweep is to − from: all of the turn when that is 65536 or more, or −65536 or less; otherwise
 * (to − from) & 65535, and nothing when that is 0.
 *
 * With u and v the directions (cosine, sine) of `from` and `to`, as whole numbers, p = (dx, dy) counted from the centre
 * and cross(a, b) = ax · by − ay · bx, a sweep
 * - under 32768 has the p with cross(u, p) ≥ 0 and cross(v, p) < 0;
 * - of 32768 has those with cross(u, p) > 0, and of those with cross(u, p) = 0 the ones with u · p > 0;
 * - over 32768 has those that the sector from `to` to `from` has not.
 * The centre itself belongs to every sector that is not nothing.
 */
import { cosine, sine } from '../machine/trigonometry.ts';
import { halfWidth, innerHalfWidth } from './ellipse.ts';
import type { Clip, Spans } from './spans.ts';

const TURN = 65536;
const HALF_TURN = 32768;

/** Further than any dx. */
const FAR = 1 << 20;

/**
 * @param x −16384 to 16383, as is `y`
 * @param r 0 to 16383
 * @param from signed 32-bit, as is `to`
 * @param pen 1 to 255 of an arc; 0 fills, for a pie
 */
export function sector(
  spans: Spans,
  clip: Clip,
  x: number,
  y: number,
  r: number,
  from: number,
  to: number,
  pen: number,
): void {
  spans.begin(clip);
  const sweep = Math.abs(to - from) >= TURN ? TURN : (to - from) & (TURN - 1);
  if (sweep === 0) return;
  // What is left out of a wide sector is a narrow one, and of the whole turn an empty one.
  const isWide = sweep > HALF_TURN;
  const wedge = isWide ? new Wedge(to, from, TURN - sweep) : new Wedge(from, to, sweep);
  spans.enter(x - r, y - r, x + r + 1, y + r + 1);
  for (let py = spans.top; py < spans.bottom; py++) {
    const dy = py - y;
    const outer = halfWidth(r, r, dy);
    const inner = pen === 0 ? -1 : innerHalfWidth(r, r, pen, dy, outer);
    wedge.cut(dy);
    if (!isWide && dy === 0) wedge.reach(0);
    // The run to the left of the hole, and the one to its right; without a hole one run.
    const leftEnd = inner < 0 ? outer : -inner - 1;
    addCut(spans, py, x, -outer, leftEnd, wedge, isWide);
    if (inner >= 0) addCut(spans, py, x, inner + 1, outer, wedge, isWide);
  }
  spans.finish();
}

/** Of the pixels first ≤ dx ≤ last those inside the wedge, or those outside. */
function addCut(
  spans: Spans,
  py: number,
  x: number,
  first: number,
  last: number,
  { low, high }: Wedge,
  isOutside: boolean,
): void {
  if (!isOutside) {
    spans.add(py, x + Math.max(first, low), x + Math.min(last, high) + 1);
  } else if (low > high) {
    spans.add(py, x + first, x + last + 1);
  } else {
    spans.add(py, x + first, x + Math.min(last, low - 1) + 1);
    spans.add(py, x + Math.max(first, high + 1), x + last + 1);
  }
}

/** A sector of at most half a turn without its centre; in each row it has one run. */
class Wedge {
  readonly #ux: number;
  readonly #uy: number;
  readonly #vx: number;
  readonly #vy: number;
  readonly #sweep: number;
  /** The pixels low ≤ dx ≤ high of the row that was cut last; none when low > high. */
  low = 0;
  high = 0;

  /** @param sweep 0 to 32768 */
  constructor(from: number, to: number, sweep: number) {
    this.#ux = cosine(from);
    this.#uy = sine(from);
    this.#vx = cosine(to);
    this.#vy = sine(to);
    this.#sweep = sweep;
  }

  cut(dy: number): void {
    this.low = -FAR;
    this.high = this.#sweep === 0 ? -FAR - 1 : FAR;
    if (this.#sweep === 0) return;
    this.#cutAtFrom(dy);
    // The two rays of half a turn are one line.
    if (this.#sweep < HALF_TURN) this.#cutBeforeTo(dy);
  }

  /** Takes dx in, which is next to what there is. */
  reach(dx: number): void {
    const isEmpty = this.low > this.high;
    this.low = isEmpty ? dx : Math.min(this.low, dx);
    this.high = isEmpty ? dx : Math.max(this.high, dx);
  }

  /** cross(u, p) ≥ 0: uy · dx ≤ ux · dy. */
  #cutAtFrom(dy: number): void {
    const ux = this.#ux;
    const uy = this.#uy;
    // On the line of u, but against it: only with half a turn, where no other cut keeps it out.
    const isAgainst = this.#sweep === HALF_TURN && uy * dy < 0;
    const bound = (ux * dy) / uy;
    if (uy > 0) this.high = isAgainst ? Math.ceil(bound) - 1 : Math.floor(bound);
    else if (uy < 0) this.low = isAgainst ? Math.floor(bound) + 1 : Math.ceil(bound);
    else if (ux * dy < 0) this.high = -FAR - 1;
    else if (dy === 0 && this.#sweep === HALF_TURN) {
      if (ux > 0) this.low = 1;
      else this.high = -1;
    }
  }

  /** cross(v, p) < 0: vy · dx > vx · dy. */
  #cutBeforeTo(dy: number): void {
    const vx = this.#vx;
    const vy = this.#vy;
    const bound = (vx * dy) / vy;
    if (vy > 0) this.low = Math.max(this.low, Math.floor(bound) + 1);
    else if (vy < 0) this.high = Math.min(this.high, Math.ceil(bound) - 1);
    else if (vx * dy >= 0) this.high = -FAR - 1;
  }
}

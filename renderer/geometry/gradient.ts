/** The gradient: the colours of strips that go from one colour to another. */

/** Strips of one colour, side by side. */
export interface Strip {
  /** Strips start ≤ i < end of the whole gradient. */
  readonly start: number;
  readonly end: number;
  /** Packed, R in the low byte; unsigned. */
  readonly color: number;
}

/**
 * The strips `first` ≤ i < `last` of a gradient of `count`, neighbours of one colour as one, in time proportional to
 * what is given back. Strip 0 has the colour
 * `from` and strip count − 1 the colour `to`; between them each channel, alpha too, is
 * (from·(count − 1 − i) + to·i) / (count − 1), rounded to the nearest, halves up.
 *
 * @param from packed, R in the low byte; so is `to`
 * @param count 1 to 2³¹ − 1
 */
export function strips(from: number, to: number, count: number, first: number, last: number): Strip[] {
  const found: Strip[] = [];
  for (let start = first; start < last; ) {
    const color = colorAt(from, to, count, start);
    const end = Math.min(last, changeAfter(from, to, count - 1, color));
    found.push({ start, end, color });
    start = end;
  }
  return found;
}

/** The first strip after those of `color` that has another one, by the rule solved for i. */
function changeAfter(from: number, to: number, whole: number, color: number): number {
  let change = Number.POSITIVE_INFINITY;
  if (whole === 0) return change;
  for (let shift = 0; shift < 32; shift += 8) {
    const [a, b, now] = [(from >>> shift) & 255, (to >>> shift) & 255, (color >>> shift) & 255];
    if (now === b) continue;
    const next =
      b > a
        ? Math.ceil((whole * (2 * (now - a) + 1)) / (2 * (b - a)))
        : Math.floor((whole * (2 * (a - now) + 1)) / (2 * (a - b))) + 1;
    change = Math.min(change, next);
  }
  return change;
}

function colorAt(from: number, to: number, count: number, i: number): number {
  const whole = count - 1;
  if (whole === 0) return from >>> 0;
  let color = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const sum = ((from >>> shift) & 255) * (whole - i) + ((to >>> shift) & 255) * i;
    // At most 2 · 255 · 2³¹: a double holds it exactly.
    color |= Math.floor((2 * sum + whole) / (2 * whole)) << shift;
  }
  return color >>> 0;
}

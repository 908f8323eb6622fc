/**
 * Bézier curves as points, which a polyline joins.
 *
 * Of n segments, point i from 0 to n is the Bernstein sum, over n² or n³, rounded to the nearest, halves up:
 * quadratic: p0 · (n − i)² + 2 · p1 · (n − i) · i + p2 · i², with n = 1 + floor(√d);
 * cubic: p0 · (n − i)³ + 3 · p1 · (n − i)² · i + 3 · p2 · (n − i) · i² + p3 · i³, with n = 1 + floor(√(3 · d)).
 * There d is the largest of the second differences |p0 − 2 · p1 + p2|, and |p1 − 2 · p2 + p3|, in x and in y: the more
 * the curve bends, the more segments it has, and a straight one has one.
 */
import { squareRoot } from '../machine/integer.ts';

/** Numbers that the longest curve's points take, those of 444 segments: d is at most 65534. */
export const CURVE_NUMBERS = 2 * 445;

/**
 * Writes the points of a quadratic curve, x and y by turns, and gives how many there are: 2 to 257.
 *
 * @param control x and y of its three points, −16384 to 16383; what lies beyond them means nothing
 * @param points CURVE_NUMBERS long
 */
export function quadraticPoints(control: Int32Array, points: Int32Array): number {
  const n = 1 + squareRoot(bend(control, 0));
  for (let i = 0; i <= n; i++) {
    const j = n - i;
    for (let axis = 0; axis < 2; axis++) {
      const [p0, p1, p2] = [control[axis]!, control[axis + 2]!, control[axis + 4]!];
      points[2 * i + axis] = round(p0 * j * j + 2 * p1 * j * i + p2 * i * i, n * n);
    }
  }
  return n + 1;
}

/**
 * Writes the points of a cubic curve, x and y by turns, and gives how many there are: 2 to 445.
 *
 * @param control x and y of its four points, −16384 to 16383; what lies beyond them means nothing
 * @param points CURVE_NUMBERS long
 */
export function cubicPoints(control: Int32Array, points: Int32Array): number {
  const n = 1 + squareRoot(3 * Math.max(bend(control, 0), bend(control, 2)));
  for (let i = 0; i <= n; i++) {
    const j = n - i;
    for (let axis = 0; axis < 2; axis++) {
      const [p0, p1, p2, p3] = [control[axis]!, control[axis + 2]!, control[axis + 4]!, control[axis + 6]!];
      const sum = p0 * j * j * j + 3 * p1 * j * j * i + 3 * p2 * j * i * i + p3 * i * i * i;
      points[2 * i + axis] = round(sum, n * n * n);
    }
  }
  return n + 1;
}

/** The larger second difference, in x or y, of the three points from control[at] on. */
function bend(control: Int32Array, at: number): number {
  const x = control[at]! - 2 * control[at + 2]! + control[at + 4]!;
  const y = control[at + 1]! - 2 * control[at + 3]! + control[at + 5]!;
  return Math.max(Math.abs(x), Math.abs(y));
}

/** a / b, halves up; the sums stay under 2⁴². */
function round(a: number, b: number): number {
  return Math.floor((2 * a + b) / (2 * b));
}

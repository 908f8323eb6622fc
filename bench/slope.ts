/** Slopes: how a cost grows with what it is paid for, by least squares. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Fit {
  /** y at x = 0. */
  readonly intercept: number;
  /** What one more x costs. */
  readonly slope: number;
}

/**
 * The straight line with the least squares of distances in y.
 *
 * @param points at least two, not all at the same x
 * @throws {Error} when no line is the best one
 */
export function fitLine(points: readonly Point[]): Fit {
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  let covariance = 0;
  let variance = 0;
  for (const { x, y } of points) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  if (!(variance > 0)) throw new Error(`Expected points at two places at least, found ${points.length}`);
  const slope = covariance / variance;
  return { intercept: meanY - slope * meanX, slope };
}

/**
 * The power of x that y grows with: 1 is linear, 2 is quadratic. What each point costs whatever its x lowers it, so
 * that it is told of the upper points alone.
 *
 * @param points x and y above 0
 * @param from how many of the largest x are looked at, at least two
 */
export function exponentOf(points: readonly Point[], from = Math.ceil(points.length / 2)): number {
  const upper = points.toSorted((a, b) => a.x - b.x).slice(-Math.max(2, from));
  return fitLine(upper.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }))).slope;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

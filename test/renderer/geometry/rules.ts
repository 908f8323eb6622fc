/** What each shape is, pixel by pixel: its rule word for word, in BigInt, for canvases small enough to ask each pixel. */
import { cosine, sine } from '../../../renderer/machine/trigonometry.ts';

/** Whether a pixel belongs to the shape. */
export type Rule = (px: number, py: number) => boolean;

type Point = readonly [x: number, y: number];

const abs = (n: bigint): bigint => (n < 0n ? -n : n);

/** floor(a / b). */
function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

export function discRule(x: number, y: number, r: number): Rule {
  const limit = BigInt(r) * BigInt(r) + BigInt(r);
  return (px, py) => BigInt(px - x) ** 2n + BigInt(py - y) ** 2n <= limit;
}

export function ellipseRule(x: number, y: number, rx: number, ry: number): Rule {
  if (rx < 0 || ry < 0) return () => false;
  const a = BigInt(rx) ** 2n + BigInt(rx);
  const b = BigInt(ry) ** 2n + BigInt(ry);
  return (px, py) => {
    const [dx, dy] = [BigInt(px - x), BigInt(py - y)];
    return abs(dx) <= BigInt(rx) && abs(dy) <= BigInt(ry) && dx * dx * b + dy * dy * a <= a * b;
  };
}

export function outlineRule(x: number, y: number, rx: number, ry: number, pen: number): Rule {
  const filled = ellipseRule(x, y, rx, ry);
  const hole = ellipseRule(x, y, rx - pen, ry - pen);
  if (pen > 1) return (px, py) => filled(px, py) && !hole(px, py);
  return (px, py) =>
    filled(px, py) && !(filled(px - 1, py) && filled(px + 1, py) && filled(px, py - 1) && filled(px, py + 1));
}

export function lineRule(x0: number, y0: number, x1: number, y1: number, pen: number): Rule {
  return pen === 1 ? thinRule([x0, y0], [x1, y1]) : thickRule([x0, y0], [x1, y1], pen);
}

function thinRule(a: Point, b: Point): Rule {
  const isFlat = Math.abs(b[0] - a[0]) >= Math.abs(b[1] - a[1]);
  // Along the axis that is longer; the other one is across.
  const [along, across] = isFlat ? [0, 1] : [1, 0];
  const [from, to] = a[along]! <= b[along]! ? [a, b] : [b, a];
  const length = BigInt(to[along]! - from[along]!);
  const rise = BigInt(to[across]! - from[across]!);
  return (px, py) => {
    const pixel = [px, py];
    const steps = BigInt(pixel[along]! - from[along]!);
    if (steps < 0n || steps > length) return false;
    const off = length === 0n ? 0n : floorDiv(2n * steps * rise + length, 2n * length);
    return BigInt(pixel[across]! - from[across]!) === off;
  };
}

/**
 * 4 · distance² ≤ n², the nearest point of the segment being an end or the foot of the perpendicular; of an even pen from
 * the pixel's middle, so all is doubled.
 */
function thickRule(a: Point, b: Point, pen: number): Rule {
  const [dx, dy] = [2n * BigInt(b[0] - a[0]), 2n * BigInt(b[1] - a[1])];
  const length = dx * dx + dy * dy;
  const limit = BigInt(pen) ** 2n;
  const middle = pen % 2 === 0 ? 1n : 0n;
  return (px, py) => {
    const [ax, ay] = [2n * BigInt(px - a[0]) + middle, 2n * BigInt(py - a[1]) + middle];
    const [bx, by] = [2n * BigInt(px - b[0]) + middle, 2n * BigInt(py - b[1]) + middle];
    const dot = ax * dx + ay * dy;
    if (dot <= 0n) return ax * ax + ay * ay <= limit;
    if (dot >= length) return bx * bx + by * by <= limit;
    return (dx * ay - dy * ax) ** 2n <= limit * length;
  };
}

export function polylineRule(points: readonly number[], pen: number): Rule {
  const lines: Rule[] = [];
  for (let i = 2; i < points.length; i += 2) {
    lines.push(lineRule(points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!, pen));
  }
  return (px, py) => lines.some((rule) => rule(px, py));
}

export function polygonRule(points: readonly number[], winding: 'nonzero' | 'evenodd'): Rule {
  const count = points.length / 2;
  return (px, py) => {
    let [turns, crossings] = [0, 0];
    for (let i = 0; i < count; i++) {
      const j = (i + 1) % count;
      const [ax, ay, bx, by] = [points[2 * i]!, points[2 * i + 1]!, points[2 * j]!, points[2 * j + 1]!];
      if (py < Math.min(ay, by) || py >= Math.max(ay, by)) continue;
      // X = ax + (py + ½ − ay) · (bx − ax) / (by − ay) ≤ px + ½, both sides times 2 · |by − ay|.
      const height = BigInt(Math.abs(by - ay));
      const sign = by > ay ? 1n : -1n;
      const x = 2n * BigInt(ax) * height + BigInt(2 * (py - ay) + 1) * BigInt(bx - ax) * sign;
      if (x > BigInt(2 * px + 1) * height) continue;
      turns += by > ay ? 1 : -1;
      crossings++;
    }
    return winding === 'nonzero' ? turns !== 0 : crossings % 2 === 1;
  };
}

/** Whether a direction lies from `from`, included, clockwise to `to`, not included. */
function sectorRule(x: number, y: number, from: number, to: number): Rule {
  const swept = BigInt(to) - BigInt(from);
  if (abs(swept) >= 65536n) return () => true;
  const sweep = Number(swept & 65535n);
  if (sweep === 0) return () => false;
  if (sweep > 32768) {
    const rest = sectorRule(x, y, to, from);
    return (px, py) => (px === x && py === y) || !rest(px, py);
  }
  const u = [BigInt(cosine(from)), BigInt(sine(from))] as const;
  const v = [BigInt(cosine(to)), BigInt(sine(to))] as const;
  return (px, py) => {
    const [dx, dy] = [BigInt(px - x), BigInt(py - y)];
    if (dx === 0n && dy === 0n) return true;
    const crossU = u[0] * dy - u[1] * dx;
    const crossV = v[0] * dy - v[1] * dx;
    if (crossU === 0n) return u[0] * dx + u[1] * dy > 0n;
    return crossU > 0n && (sweep === 32768 || crossV < 0n);
  };
}

export function pieRule(x: number, y: number, r: number, from: number, to: number): Rule {
  const [disc, sector] = [discRule(x, y, r), sectorRule(x, y, from, to)];
  return (px, py) => disc(px, py) && sector(px, py);
}

export function arcRule(x: number, y: number, r: number, from: number, to: number, pen: number): Rule {
  const [circle, sector] = [outlineRule(x, y, r, r, pen), sectorRule(x, y, from, to)];
  return (px, py) => circle(px, py) && sector(px, py);
}

export function roundedRule(x: number, y: number, w: number, h: number, radius: number): Rule {
  const r = Math.min(radius, Math.floor(Math.min(w, h) / 2));
  return (px, py) => {
    if (px < x || py < y || px >= x + w || py >= y + h) return false;
    // How far outwards from the corners' inner ends; below 0 between two corners.
    const i = Math.max(x + r - 1 - px, px - (x + w - r));
    const j = Math.max(y + r - 1 - py, py - (y + h - r));
    if (i < 0 || j < 0) return true;
    return BigInt(2 * i + 1) ** 2n + BigInt(2 * j + 1) ** 2n <= BigInt(2 * r) ** 2n;
  };
}

/** The points of a Bézier curve of three or four control points. */
export function curvePoints(control: readonly number[]): number[] {
  const degree = control.length / 2 - 1;
  let bend = 0n;
  for (let i = 0; i + 4 < control.length; i++) {
    const second = abs(BigInt(control[i]!) - 2n * BigInt(control[i + 2]!) + BigInt(control[i + 4]!));
    if (second > bend) bend = second;
  }
  const square = degree === 2 ? bend : 3n * bend;
  let n = 1n;
  while (n * n <= square) n++;
  const binomials = degree === 2 ? [1n, 2n, 1n] : [1n, 3n, 3n, 1n];
  const points: number[] = [];
  for (let i = 0n; i <= n; i++) {
    for (const axis of [0, 1]) {
      const sum = binomials.reduce(
        (total, binomial, k) =>
          total + binomial * BigInt(control[2 * k + axis]!) * (n - i) ** BigInt(degree - k) * i ** BigInt(k),
        0n,
      );
      const whole = n ** BigInt(degree);
      points.push(Number(floorDiv(2n * sum + whole, 2n * whole)));
    }
  }
  return points;
}

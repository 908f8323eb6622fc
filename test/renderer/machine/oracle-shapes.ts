/** The oracle's shapes: which pixels each has, to be asked one by one, and the rows of the clip that it costs. */
import {
  arcRule,
  curvePoints,
  ellipseRule,
  lineRule,
  outlineRule,
  pieRule,
  polygonRule,
  type Rule,
  roundedRule,
} from '../geometry/rules.ts';

/** Canvas pixels, x0 ≤ x < x1 and so for y; nothing where x0 ≥ x1 or y0 ≥ y1. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** Pixels by a rule, none of them outside a box. */
interface Part {
  readonly box: Box;
  readonly rule: Rule;
}

export interface Figure {
  /** Together, each pixel once, they are the figure. */
  readonly parts: readonly Part[];
  /** Each costs a step for every row of the clip in which it can be seen. */
  readonly reaches: readonly Box[];
}

const NOTHING: Figure = { parts: [], reaches: [] };

/** How a line of the pen reaches to the left of its points, or above, and to the right or below. */
function margins(pen: number): readonly [before: number, after: number] {
  return pen % 2 === 1 ? [(pen - 1) / 2, (pen - 1) / 2] : [pen / 2, pen / 2 - 1];
}

export function lines(points: readonly number[], pen: number): Figure {
  const [before, after] = margins(pen);
  const parts: Part[] = [];
  for (let i = 2; i < points.length; i += 2) {
    const [x0, y0, x1, y1] = points.slice(i - 2, i + 2) as [number, number, number, number];
    const box: Box = [
      Math.min(x0, x1) - before,
      Math.min(y0, y1) - before,
      Math.max(x0, x1) + after + 1,
      Math.max(y0, y1) + after + 1,
    ];
    parts.push({ box, rule: lineRule(x0, y0, x1, y1, pen) });
  }
  return { parts, reaches: parts.map(({ box }) => box) };
}

export function curve(control: readonly number[], pen: number): Figure {
  return lines(curvePoints(control), pen);
}

/** An edge costs its rows, wherever it lies, as long as the polygon is as wide as to be seen. */
export function polygon(points: readonly number[], winding: 'nonzero' | 'evenodd'): Figure {
  const xs = points.filter((_, index) => index % 2 === 0);
  const ys = points.filter((_, index) => index % 2 === 1);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const reaches = ys.map((y, index): Box => {
    const next = ys[(index + 1) % ys.length]!;
    return [left, Math.min(y, next), right, Math.max(y, next)];
  });
  const box: Box = [left, Math.min(...ys), right, Math.max(...ys)];
  return { parts: [{ box, rule: polygonRule(points, winding) }], reaches };
}

function whole(box: Box, rule: Rule): Figure {
  return { parts: [{ box, rule }], reaches: [box] };
}

function around(x: number, y: number, rx: number, ry: number): Box {
  return [x - rx, y - ry, x + rx + 1, y + ry + 1];
}

export function ellipse(x: number, y: number, rx: number, ry: number): Figure {
  return whole(around(x, y, rx, ry), ellipseRule(x, y, rx, ry));
}

export function outline(x: number, y: number, rx: number, ry: number, pen: number): Figure {
  return whole(around(x, y, rx, ry), outlineRule(x, y, rx, ry, pen));
}

/** @param pen undefined fills it */
export function sector(
  x: number,
  y: number,
  r: number,
  from: number,
  to: number,
  pen: number | undefined,
): Figure {
  if (from === to) return NOTHING;
  const isWhole = Math.abs(to - from) >= 65536;
  if (!isWhole && (to - from) % 65536 === 0) return NOTHING;
  const rule = pen === undefined ? pieRule(x, y, r, from, to) : arcRule(x, y, r, from, to, pen);
  return whole(around(x, y, r, r), rule);
}

export function rounded(x: number, y: number, w: number, h: number, r: number): Figure {
  return whole([x, y, x + w, y + h], roundedRule(x, y, w, h, r));
}

/** What a RECT fills within `pen` pixels of its edges. */
export function frame(x: number, y: number, w: number, h: number, pen: number): Figure {
  const rule: Rule = (px, py) => Math.min(px - x, py - y, x + w - 1 - px, y + h - 1 - py) < pen;
  // A rectangle costs no rows.
  return { parts: [{ box: [x, y, x + w, y + h], rule }], reaches: [] };
}

export function common([ax0, ay0, ax1, ay1]: Box, [bx0, by0, bx1, by1]: Box): Box {
  return [Math.max(ax0, bx0), Math.max(ay0, by0), Math.min(ax1, bx1), Math.min(ay1, by1)];
}

export function isEmpty([x0, y0, x1, y1]: Box): boolean {
  return x0 >= x1 || y0 >= y1;
}

/** The figure's pixels in the clip, row by row: y · width + x of each. */
export function pixelsOf({ parts }: Figure, clip: Box, width: number): number[] {
  const found = new Set<number>();
  for (const { box, rule } of parts) {
    const [x0, y0, x1, y1] = common(box, clip);
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) if (rule(x, y)) found.add(y * width + x);
  }
  return [...found].sort((a, b) => a - b);
}

export function costOf({ reaches }: Figure, clip: Box): number {
  return reaches
    .map((box) => common(box, clip))
    .filter((box) => !isEmpty(box))
    .reduce((sum, [, y0, , y1]) => sum + y1 - y0, 0);
}

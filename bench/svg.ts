/** Plots: measured points with their quartiles on two logarithmic axes, as an SVG. */
import { type Fit, fitLine, type Point } from './slope.ts';

export interface Measured extends Point {
  /** The quartiles of y. */
  readonly low: number;
  readonly high: number;
}

export interface Series {
  readonly name: string;
  /** x and y above 0. */
  readonly points: readonly Measured[];
}

export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

const WIDTH = 720;
const HEIGHT = 480;
const FRAME = { left: 80, right: 48, top: 48, bottom: 96 };
const COLOURS = ['#1f6feb', '#d1242f', '#8250df', '#1a7f37'];
/** Points of the curve of a straight line, which on logarithmic axes is bent by what each point costs anyway. */
const CURVE_POINTS = 64;

interface Axis {
  /** Decades, both included. */
  readonly from: number;
  readonly to: number;
  place(value: number): number;
}

/** A picture of its own: no script, no style sheet, no font that is not there. */
export function plotSvg({ title, x, y, series }: Plot): string {
  const points = series.flatMap((one) => one.points);
  const across = axisOf(
    points.map((point) => point.x),
    FRAME.left,
    WIDTH - FRAME.right,
  );
  const up = axisOf(
    points.flatMap((point) => [point.low, point.y, point.high]),
    HEIGHT - FRAME.bottom,
    FRAME.top,
  );
  const middle = (FRAME.top + HEIGHT - FRAME.bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${WIDTH / 2}" y="26" text-anchor="middle" font-size="15">${escaped(title)}</text>`,
    ...gridOf(across, up),
    `<text x="${WIDTH / 2}" y="${HEIGHT - FRAME.bottom + 36}" text-anchor="middle">${escaped(x)}</text>`,
    `<text x="20" y="${middle}" text-anchor="middle" transform="rotate(-90 20 ${middle})">${escaped(y)}</text>`,
    ...series.flatMap((one, index) => drawSeries(one, index, across, up)),
    '</svg>\n',
  ].join('\n');
}

function axisOf(values: readonly number[], start: number, end: number): Axis {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values))));
  const place = (value: number) => start + ((Math.log10(value) - from) / (to - from)) * (end - start);
  return { from, to, place };
}

/** A line and a label for each decade. */
function gridOf(across: Axis, up: Axis): string[] {
  const [left, right] = [FRAME.left, WIDTH - FRAME.right];
  const [top, bottom] = [FRAME.top, HEIGHT - FRAME.bottom];
  const grid: string[] = [];
  for (const decade of decades(across)) {
    const at = tidy(across.place(10 ** decade));
    grid.push(
      `<path d="M${at} ${top}V${bottom}" stroke="#ddd"/>`,
      `<text x="${at}" y="${bottom + 16}" text-anchor="middle">${labelOf(decade)}</text>`,
    );
  }
  for (const decade of decades(up)) {
    const at = tidy(up.place(10 ** decade));
    grid.push(
      `<path d="M${left} ${at}H${right}" stroke="#ddd"/>`,
      `<text x="${left - 8}" y="${at + 4}" text-anchor="end">${labelOf(decade)}</text>`,
    );
  }
  return grid;
}

function decades({ from, to }: Axis): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function labelOf(decade: number): string {
  return decade >= 0 ? `${10 ** decade}`.replace(/\B(?=(\d{3})+$)/g, ',') : (10 ** decade).toFixed(-decade);
}

function drawSeries({ name, points }: Series, index: number, across: Axis, up: Axis): string[] {
  const colour = COLOURS[index % COLOURS.length] as string;
  const legend = HEIGHT - FRAME.bottom + 56 + 16 * index;
  const drawn = points.flatMap((point) => {
    const x = tidy(across.place(point.x));
    const [low, high] = [tidy(up.place(point.low)), tidy(up.place(point.high))];
    return [
      `<path d="M${x} ${low}V${high}" stroke="${colour}"/>`,
      `<circle cx="${x}" cy="${tidy(up.place(point.y))}" r="3.5" fill="${colour}"/>`,
    ];
  });
  const curve =
    points.length < 2
      ? []
      : [
          `<path d="${curveOf(fitLine(points), points, across, up)}" fill="none" stroke="${colour}" stroke-dasharray="4 4"/>`,
        ];
  return [
    ...curve,
    ...drawn,
    `<circle cx="${FRAME.left}" cy="${legend - 4}" r="3.5" fill="${colour}"/>`,
    `<text x="${FRAME.left + 12}" y="${legend}">${escaped(name)}</text>`,
  ];
}

/** The straight line, as far as it lies in the frame. */
function curveOf(fit: Fit, points: readonly Measured[], across: Axis, up: Axis): string {
  const all = points.map(({ x }) => Math.log10(x));
  const [from, to] = [Math.min(...all), Math.max(...all)];
  const places: string[] = [];
  for (let step = 0; step < CURVE_POINTS; step++) {
    const x = 10 ** (from + ((to - from) * step) / (CURVE_POINTS - 1));
    const y = fit.intercept + fit.slope * x;
    if (y >= 10 ** up.from && y <= 10 ** up.to) places.push(`${tidy(across.place(x))} ${tidy(up.place(y))}`);
  }
  return places.length === 0 ? 'M0 0' : `M${places.join('L')}`;
}

function tidy(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

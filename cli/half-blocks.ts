/** Pictures as text: each character cell shows two pixels above each other, in as many colours as a terminal has. */
import type { Canvas } from '../shared/canvas.ts';

/** Character cells that a picture may take; both at least 1. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** What a terminal can show: every colour, the 256 of xterm, or characters alone. */
export type Palette = 'true colour' | '256 colours' | 'characters';

/** The palette that the environment speaks for: NO_COLOR and TERM=dumb first, then COLORTERM. */
export function paletteOf(environment: Readonly<Record<string, string | undefined>>): Palette {
  if (environment.NO_COLOR || environment.TERM === 'dumb') return 'characters';
  return /^(truecolor|24bit)$/i.test(environment.COLORTERM ?? '') ? 'true colour' : '256 colours';
}

/** How many pixels of a side become one: the smallest whole number with which the canvas fits the room. */
export function shrinkFactor(canvas: Canvas, { columns, rows }: Room): number {
  return Math.max(Math.ceil(canvas.width / columns), Math.ceil(canvas.height / (2 * rows)));
}

/**
 * The lines that show a picture, shrunk to fit if it has to be. In colours each cell is `▀`, its upper
 * pixel the foreground and its lower the background; each line ends as plain as it began, and where the
 * height is odd the last line's lower half keeps the terminal's own background. In characters alone a
 * cell is `▀` or `▄` where one half is much brighter, else the shade ` ░▒▓█` of both.
 *
 * @param pixels opaque RGBA8 of the canvas, row-major
 */
export function halfBlocks(pixels: Uint8Array, canvas: Canvas, room: Room, palette: Palette): string[] {
  const { width, height, colors } = shrink(pixels, canvas, shrinkFactor(canvas, room));
  const line = palette === 'characters' ? lineOfShades : coloredLines(palette);
  return Array.from({ length: Math.ceil(height / 2) }, (_, row) => {
    const at = 2 * row * width;
    return line(colors.subarray(at, at + width), colors.subarray(at + width, at + 2 * width));
  });
}

interface Small {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB each, row-major. */
  readonly colors: Uint32Array;
}

/**
 * Makes `factor`² pixels one, or as many as the canvas has at its right and lower edge. A channel becomes
 * the root of the mean of its squares, rounded up: close to mixing light, so that a white line one pixel
 * wide on black is still seen where a plain mean has faded, and nothing lit becomes black.
 */
function shrink(pixels: Uint8Array, canvas: Canvas, factor: number): Small {
  const width = Math.ceil(canvas.width / factor);
  const height = Math.ceil(canvas.height / factor);
  const colors = new Uint32Array(width * height);
  // The sums reach 255² · 2^26, which a double holds exactly and 32 bits do not.
  const squares = new Float64Array(3 * width);
  for (let row = 0; row < height; row++) {
    const bottom = Math.min((row + 1) * factor, canvas.height);
    squares.fill(0);
    for (let y = row * factor; y < bottom; y++) addSquares(squares, pixels, y * canvas.width, canvas, factor);
    for (let column = 0; column < width; column++) {
      const across = Math.min(factor, canvas.width - column * factor);
      const count = across * (bottom - row * factor);
      let color = 0;
      for (let channel = 0; channel < 3; channel++) {
        color = (color << 8) | rootOfMean(squares[3 * column + channel] as number, count);
      }
      colors[row * width + column] = color;
    }
  }
  return { width, height, colors };
}

/** Adds one row of the canvas, which begins at pixel `start`, to the sums of its small row. */
function addSquares(
  squares: Float64Array,
  pixels: Uint8Array,
  start: number,
  { width }: Canvas,
  factor: number,
): void {
  for (let x = 0, column = 0; x < width; column += 3) {
    const right = Math.min(x + factor, width);
    let [red, green, blue] = [0, 0, 0];
    for (let at = 4 * (start + x); x < right; x++, at += 4) {
      const [r, g, b] = [pixels[at] as number, pixels[at + 1] as number, pixels[at + 2] as number];
      red += r * r;
      green += g * g;
      blue += b * b;
    }
    squares[column] = (squares[column] as number) + red;
    squares[column + 1] = (squares[column + 1] as number) + green;
    squares[column + 2] = (squares[column + 2] as number) + blue;
  }
}

/** The smallest whole number whose square is at least `sum / count`. */
function rootOfMean(sum: number, count: number): number {
  let root = Math.floor(Math.sqrt(sum / count));
  while (root * root * count < sum) root++;
  return root;
}

/** A row of cells from its pixels; `lower` is shorter, and empty, below the last row of an odd height. */
type Line = (upper: Uint32Array, lower: Uint32Array) => string;

function coloredLines(palette: 'true colour' | '256 colours'): Line {
  const name = palette === 'true colour' ? trueColor : nearest256();
  return (upper, lower) => {
    let line = '';
    let front = '';
    let back = '';
    for (let x = 0; x < upper.length; x++) {
      const nextFront = `38;${name(upper[x] as number)}`;
      const under = lower[x];
      const nextBack = under === undefined ? '' : `48;${name(under)}`;
      const changes = [nextFront === front ? '' : nextFront, nextBack === back ? '' : nextBack];
      const said = changes.filter((change) => change !== '').join(';');
      line += said === '' ? '▀' : `\x1b[${said}m▀`;
      front = nextFront;
      back = nextBack;
    }
    return `${line}\x1b[0m`;
  };
}

function trueColor(color: number): string {
  return `2;${color >> 16};${(color >> 8) & 255};${color & 255}`;
}

/** Steps of a channel in the 6×6×6 cube of the 256 colours. */
const STEPS = [0, 95, 135, 175, 215, 255];

/** Colours 16 to 255 of xterm, 0xRRGGBB: the cube, then 24 greys. The first 16 are each terminal's own. */
const FIXED_COLORS: readonly number[] = [
  ...STEPS.flatMap((r) => STEPS.flatMap((g) => STEPS.map((b) => (r << 16) | (g << 8) | b))),
  ...Array.from({ length: 24 }, (_, grey) => (8 + 10 * grey) * 0x010101),
];

/** Names the nearest of the 256 colours: least sum of squared differences, of equals the first. */
function nearest256(): (color: number) => string {
  const known = new Map<number, string>();
  return (color) => {
    const before = known.get(color);
    if (before !== undefined) return before;
    const distances = FIXED_COLORS.map((fixed) => distance(color, fixed));
    const name = `5;${16 + distances.indexOf(Math.min(...distances))}`;
    known.set(color, name);
    return name;
  };
}

function distance(one: number, other: number): number {
  const channel = (shift: number): number => ((one >> shift) & 255) - ((other >> shift) & 255);
  return channel(16) ** 2 + channel(8) ** 2 + channel(0) ** 2;
}

const SHADES = [' ', '░', '▒', '▓', '█'];

/** How much brighter, of 255, one half is where it is shown by a half-block. */
const CONTRAST = 96;

const lineOfShades: Line = (upper, lower) => {
  let line = '';
  for (let x = 0; x < upper.length; x++) {
    const above = brightness(upper[x] as number);
    const below = brightness(lower[x] ?? 0);
    if (above - below >= CONTRAST) line += '▀';
    else if (below - above >= CONTRAST) line += '▄';
    else line += SHADES[((above + below) * SHADES.length) >> 9];
  }
  return line;
};

/** 0 to 255, after ITU-R BT.709. */
function brightness(color: number): number {
  return (54 * (color >> 16) + 183 * ((color >> 8) & 255) + 19 * (color & 255)) >> 8;
}

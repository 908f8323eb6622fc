/** The oracle's canvas: the state that shapes are drawn in, and what each statement draws in it, pixel by pixel. */
import type { BlendName } from '../../../renderer/display/blends.ts';
import type { FontName } from '../../../renderer/fonts/font.ts';
import type { Allowance } from '../../../shared/allowance.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { boxAt, glyphOf, type Hand, letterOf, lineAt, type Placed, widthOf } from './oracle-letters.ts';
import { type Ink, inked, type Mark } from './oracle-marks.ts';
import { Painting } from './oracle-painting.ts';
import { type OraclePicture, shownAt } from './oracle-pictures.ts';
import type { Spot } from './oracle-shades.ts';
import { type Box, common, costOf, type Figure, isEmpty, pixelsOf } from './oracle-shapes.ts';
import { Undefined } from './oracle-values.ts';

interface State extends Hand {
  readonly color: bigint;
  readonly blend: BlendName;
  /** SRC: whatever the alpha. */
  readonly replaces: boolean;
  readonly pen: number;
  readonly winding: 'nonzero' | 'evenodd';
  readonly clip: Box;
  readonly origin: readonly [bigint, bigint];
}

export class OracleSketch {
  readonly #whole: Box;
  readonly #allowance: Allowance;
  readonly #saved: State[] = [];
  readonly #painting: Painting;
  #state: State;
  readonly marks: Mark[] = [];
  shapes = 0;
  pixels = 0;
  /** Operations of SHADEs; undefined while none has run. */
  shaded: bigint | undefined;
  /** Steps that drawing took, besides those of its lines. */
  work = 0;
  /** Fonts that a text was laid out in, each with the code points that were seen of it. */
  readonly letters = new Map<FontName, Set<number>>();
  /** Of what was drawn. */
  readonly blends = new Set<BlendName>();
  /** What BLIT may draw. */
  readonly pictures = new Map<string, OraclePicture>();
  /** Pictures that were drawn, each with what its pixels depended on. */
  readonly #drawn = new Set<string>();
  /** Line and code point of each character without a glyph. */
  readonly missing = new Set<string>();

  constructor(canvas: Canvas, allowance: Allowance) {
    this.#whole = [0, 0, canvas.width, canvas.height];
    this.#allowance = allowance;
    this.#painting = new Painting(canvas);
    this.#state = {
      ...{ color: -1n, blend: 'over', replaces: false, pen: 1, winding: 'nonzero' },
      ...{ font: 'gvpie', size: 1, side: 'LEFT', clip: this.#whole, origin: [0n, 0n] },
    };
  }

  get state(): State {
    return this.#state;
  }

  /** The canvas, RGBA8. */
  get bytes(): Uint8Array {
    return this.#painting.bytes;
  }

  change(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes };
  }

  rect(x: bigint, y: bigint, w: bigint, h: bigint): void {
    const box = this.#box(x, y, w, h);
    this.#shape(() => this.#fill(box, this.#ink()));
  }

  clear(color: bigint): void {
    this.#shape(() => this.#fill(this.#state.clip, { color: opaque(color), blend: 'over' }));
  }

  /** A figure on the canvas. */
  figure(figure: Figure): void {
    this.#shape(() => {
      this.work += costOf(figure, this.#state.clip);
      this.#patch(figure, this.#ink());
    });
  }

  gradient(box: Box, from: bigint, to: bigint, isAcross: boolean): void {
    const [x0, y0, x1, y1] = box;
    const count = isAcross ? x1 - x0 : y1 - y0;
    this.#shape(() => {
      const seen = common(box, this.#state.clip);
      if (isEmpty(seen)) return;
      const [first, last] = isAcross ? [seen[0] - x0, seen[2] - x0] : [seen[1] - y0, seen[3] - y0];
      for (let start = first, end = first; start < last; start = end) {
        const color = colorAt(from, to, BigInt(count - 1), BigInt(start));
        while (end < last && colorAt(from, to, BigInt(count - 1), BigInt(end)) === color) end++;
        const strip: Box = isAcross ? [x0 + start, y0, x0 + end, y1] : [x0, y0 + start, x1, y0 + end];
        this.work++;
        this.#patch({ parts: [{ box: strip, rule: () => true }], reaches: [] }, this.#ink(color));
      }
    });
  }

  /** Each pixel of a rectangle by itself: what it becomes of what it was. */
  shade(
    x: bigint,
    y: bigint,
    w: bigint,
    h: bigint,
    price: bigint,
    colour: (spot: Spot) => readonly bigint[],
  ): void {
    const box = this.#box(x, y, w, h);
    const { clip, replaces, blend } = this.#state;
    this.#shape(() => {
      const seen = common(box, clip);
      const pixels = isEmpty(seen) ? [] : pixelsIn(seen, this.#whole[2]);
      this.shaded = (this.shaded ?? 0n) + price * BigInt(pixels.length);
      if (this.shaded > BigInt(this.#allowance.shade)) throw new Undefined('PXL-E042');
      if (pixels.length === 0) return;
      const [x0, y0, x1, y1] = seen;
      this.marks.push({
        ...{ kind: 'shaded', x0, y0, x1, y1, isOpaque: replaces },
        ...(blend === 'over' ? {} : { blend }),
      });
      this.pixels += pixels.length;
      this.blends.add(blend);
      for (const at of pixels) {
        const [column, row] = [at % this.#whole[2], Math.floor(at / this.#whole[2])];
        const [r, g, b] = this.bytes.subarray(4 * at, 4 * at + 3);
        const found = colour({
          ...{ x: BigInt(column - box[0]), y: BigInt(row - box[1]), w, h },
          ...{ r: BigInt(r!), g: BigInt(g!), b: BigInt(b!) },
        });
        const packed = found.reduceRight((sum, channel) => sum * 256n + channel, 0n);
        this.#painting.put([at], { color: replaces ? opaque(packed) : Number(packed), blend });
      }
    });
  }

  /** Each pixel of the canvas by itself: which of the picture's it shows, if any. */
  blit(name: string, x: bigint, y: bigint, scale: bigint, turns: bigint, flips: bigint): void {
    const picture = this.pictures.get(name) as OraclePicture;
    const { clip, origin, replaces, blend } = this.#state;
    const pen = Number(BigInt.asUintN(32, this.#state.color));
    this.#shape(() => {
      const pixels = pixelsIn(clip, this.#whole[2]);
      const [, , columns, lines] = this.#whole;
      const rights = Array.from({ length: columns }, (_, at) => BigInt(at) - origin[0] - x);
      const downs = Array.from({ length: lines }, (_, at) => BigInt(at) - origin[1] - y);
      const shown = pixels.flatMap((at) => {
        const [right, down] = [rights[at % columns]!, downs[Math.floor(at / columns)]!];
        const place = shownAt(picture, right, down, scale, turns, flips);
        if (place === undefined) return [];
        const own = picture.at(...place, pen);
        return [{ at, color: replaces && own !== 0 ? opaque(BigInt(own)) : own }];
      });
      if (shown.length === 0) return;
      const wide = new Set(shown.map(({ at }) => at % columns)).size;
      const key = `${name} ${replaces} ${picture.hasPenPixels ? pen : ''}`;
      this.work += Math.ceil((wide + shown.length / wide) / 8);
      if (!this.#drawn.has(key)) {
        this.work += Math.ceil((picture.width * picture.height) / 8);
        if (this.#drawn.size === 65_536) this.#drawn.clear();
        this.#drawn.add(key);
      }
      this.marks.push({ kind: 'picture', ...(blend === 'over' ? {} : { blend }), shown });
      this.pixels += shown.length;
      this.blends.add(blend);
      for (const { at, color } of shown) this.#painting.put([at], { color, blend });
    });
  }

  text(x: bigint, y: bigint, text: string, line: number): void {
    const [left, top] = this.#box(x, y, 0n, 0n);
    this.#shape(() => this.#letters(lineAt(text, left, top, this.#state), this.#state.clip, line));
  }

  textBox(box: Box, text: string, line: number): void {
    const [x0, y0, x1] = box;
    const placed = boxAt(text, x0, y0, x1 - x0, this.#state);
    this.#shape(() => this.#letters(placed, common(box, this.#state.clip), line));
  }

  /** How wide a text is, which depends on the font. */
  measure(text: string): number {
    this.#seenOf(this.#state.font);
    return widthOf(text, this.#state);
  }

  clip(x: bigint, y: bigint, w: bigint, h: bigint): void {
    this.change({ clip: common(this.#state.clip, this.#box(x, y, w, h)) });
  }

  unclip(): void {
    this.change({ clip: this.#whole });
  }

  origin(x: bigint, y: bigint): void {
    const [ox, oy] = this.#state.origin;
    const origin = [ox + x, oy + y] as const;
    if (origin.some((n) => n !== BigInt.asIntN(32, n))) throw new Undefined('PXL-E031');
    this.change({ origin });
  }

  push(): void {
    if (this.#saved.length === 256) throw new Undefined('PXL-E030');
    this.#saved.push(this.#state);
  }

  pop(): void {
    const state = this.#saved.pop();
    if (state === undefined) throw new Undefined('PXL-E030');
    this.#state = state;
  }

  /** Points in present coordinates, x and y by turns, on the canvas. */
  points(...values: readonly bigint[]): number[] {
    return values.map((value, index) => {
      const moved = value + this.#state.origin[index % 2]!;
      if (moved < -16384n || moved > 16383n) throw new Undefined('PXL-E034');
      return Number(moved);
    });
  }

  /** The same of a rectangle: 34 bits, which a number holds. */
  rectangle(x: bigint, y: bigint, w: bigint, h: bigint): Box {
    return this.#box(x, y, w, h);
  }

  #box(x: bigint, y: bigint, w: bigint, h: bigint): Box {
    if (w < 0n || h < 0n) throw new Undefined('PXL-E005');
    const [left, top] = [this.#state.origin[0] + x, this.#state.origin[1] + y];
    return [Number(left), Number(top), Number(left + w), Number(top + h)];
  }

  #ink(color: bigint = this.#state.color): Ink {
    const { replaces, blend } = this.#state;
    return { color: replaces ? opaque(color) : Number(BigInt.asUintN(32, color)), blend };
  }

  #shape(draw: () => void): void {
    this.shapes++;
    if (this.shapes > this.#allowance.shapes) throw new Undefined('PXL-E013');
    draw();
    if (this.pixels > this.#allowance.pixels_written) throw new Undefined('PXL-E014');
  }

  #fill(box: Box, ink: Ink): void {
    const seen = common(box, this.#state.clip);
    if (isEmpty(seen) || isInvisible(ink)) return;
    const [x0, y0, x1, y1] = seen;
    this.#draw({ kind: 'rect', x0, y0, x1, y1, ...inked(ink) }, pixelsIn(seen, this.#whole[2]), ink);
  }

  #patch(figure: Figure, ink: Ink): void {
    if (isInvisible(ink)) return;
    const pixels = pixelsOf(figure, this.#state.clip, this.#whole[2]);
    if (pixels.length > 0) this.#draw({ kind: 'patch', ...inked(ink), pixels }, pixels, ink);
  }

  #draw(mark: Mark, pixels: readonly number[], ink: Ink): void {
    this.marks.push(mark);
    this.pixels += pixels.length;
    this.blends.add(ink.blend);
    this.#painting.put(pixels, ink);
  }

  #seenOf(font: FontName): Set<number> {
    const seen = this.letters.get(font) ?? new Set();
    this.letters.set(font, seen);
    return seen;
  }

  #letters(placed: readonly Placed[], clip: Box, line: number): void {
    const { font } = this.#state;
    const seen = this.#seenOf(font);
    for (const { code, x, y } of placed) {
      if (glyphOf(code, font).isMissing) this.missing.add(`${line}:${code}`);
      if (this.#letter(code, x, y, clip)) seen.add(code);
    }
  }

  /** Whether its cell is seen. */
  #letter(code: number, x: number, y: number, clip: Box): boolean {
    const ink = this.#ink();
    const { width, height, has, rectangles } = letterOf(code, this.#state);
    const cell = common([x, y, x + width, y + height], clip);
    if (isEmpty(cell) || isInvisible(ink)) return false;
    this.work += rectangles ?? 0;
    const [x0, y0, x1, y1] = cell;
    const columns = this.#whole[2];
    const pixels = pixelsIn(cell, columns).filter((at) =>
      has((at % columns) - x, Math.floor(at / columns) - y),
    );
    if (rectangles !== undefined) {
      if (pixels.length > 0) this.#draw({ kind: 'patch', ...inked(ink), pixels }, pixels, ink);
      return true;
    }
    const rows = Array.from({ length: y1 - y0 }, () => 0);
    for (const at of pixels) rows[Math.floor(at / columns) - y0]! += 2 ** (x1 - 1 - (at % columns));
    const bitmap = { width: x1 - x0, height: y1 - y0, rows };
    this.#draw({ kind: 'glyph', x: x0, y: y0, bitmap, ...inked(ink) }, pixels, ink);
    return true;
  }
}

function pixelsIn([x0, y0, x1, y1]: Box, width: number): number[] {
  const pixels: number[] = [];
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) pixels.push(y * width + x);
  return pixels;
}

function isInvisible({ color }: Ink): boolean {
  return color < 2 ** 24;
}

function opaque(color: bigint): number {
  return Number(BigInt.asUintN(32, color) | 0xff000000n);
}

/** Strip i of a gradient, channel by channel, to the nearest, halves up. */
function colorAt(from: bigint, to: bigint, whole: bigint, i: bigint): bigint {
  if (whole === 0n) return from;
  let color = 0n;
  for (const bits of [0n, 8n, 16n, 24n]) {
    const sum = ((from >> bits) & 255n) * (whole - i) + ((to >> bits) & 255n) * i;
    color += ((2n * sum + whole) / (2n * whole)) << bits;
  }
  return color;
}

/** The oracle's canvas: colour, blend, clip and origin, and what a painter would be told, pixel by pixel. */
import type { Shape } from '../../../renderer/display/list.ts';
import { GLYPH_ADVANCE, glyphFor, MISSING_GLYPH } from '../../../renderer/raster/font.ts';
import type { Allowance } from '../../../shared/allowance.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { Undefined } from './oracle-values.ts';

/** x0 ≤ x < x1 and so for y. */
type Box = readonly [x0: bigint, y0: bigint, x1: bigint, y1: bigint];

interface State {
  readonly color: bigint;
  readonly replaces: boolean;
  readonly clip: Box;
  readonly origin: readonly [bigint, bigint];
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

function common([ax0, ay0, ax1, ay1]: Box, [bx0, by0, bx1, by1]: Box): Box {
  return [larger(ax0, bx0), larger(ay0, by0), smaller(ax1, bx1), smaller(ay1, by1)];
}

export class OracleSketch {
  readonly #whole: Box;
  readonly #allowance: Allowance;
  readonly #saved: State[] = [];
  #state: State;
  readonly drawn: Shape[] = [];
  shapes = 0;
  pixels = 0n;
  /** Code points of the glyphs among what was drawn. */
  readonly glyphs = new Set<number>();
  /** Line and code point of each character without a glyph. */
  readonly missing = new Set<string>();

  constructor({ width, height }: Canvas, allowance: Allowance) {
    this.#whole = [0n, 0n, BigInt(width), BigInt(height)];
    this.#allowance = allowance;
    this.#state = { color: -1n, replaces: false, clip: this.#whole, origin: [0n, 0n] };
  }

  rect(x: bigint, y: bigint, w: bigint, h: bigint): void {
    const box = this.#box(x, y, w, h);
    this.#shape(() => this.#fill(box, this.#ink()));
  }

  clear(color: bigint): void {
    this.#shape(() => this.#fill(this.#state.clip, opaque(color)));
  }

  text(x: bigint, y: bigint, text: string, line: number): void {
    this.#shape(() => {
      for (const [index, character] of [...text].entries()) {
        this.#character(x + BigInt(GLYPH_ADVANCE * index), y, character.codePointAt(0) as number, line);
      }
    });
  }

  color(color: bigint): void {
    this.#state = { ...this.#state, color };
  }

  blend(replaces: boolean): void {
    this.#state = { ...this.#state, replaces };
  }

  clip(x: bigint, y: bigint, w: bigint, h: bigint): void {
    this.#state = { ...this.#state, clip: common(this.#state.clip, this.#box(x, y, w, h)) };
  }

  unclip(): void {
    this.#state = { ...this.#state, clip: this.#whole };
  }

  origin(x: bigint, y: bigint): void {
    const [ox, oy] = this.#state.origin;
    const origin = [ox + x, oy + y] as const;
    if (origin.some((n) => n !== BigInt.asIntN(32, n))) throw new Undefined('PXL-E031');
    this.#state = { ...this.#state, origin };
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

  /** Canvas pixels of a rectangle in present coordinates. */
  #box(x: bigint, y: bigint, w: bigint, h: bigint): Box {
    if (w < 0n || h < 0n) throw new Undefined('PXL-E005');
    const [ox, oy] = this.#state.origin;
    return [ox + x, oy + y, ox + x + w, oy + y + h];
  }

  #ink(): bigint {
    const { color, replaces } = this.#state;
    return replaces ? opaque(color) : BigInt.asUintN(32, color);
  }

  #shape(draw: () => void): void {
    this.shapes++;
    if (this.shapes > this.#allowance.shapes) throw new Undefined('PXL-E013');
    draw();
    if (this.pixels > this.#allowance.pixels_written) throw new Undefined('PXL-E014');
  }

  #fill(box: Box, color: bigint): void {
    const [x0, y0, x1, y1] = common(box, this.#state.clip);
    if (x0 >= x1 || y0 >= y1 || color >> 24n === 0n) return;
    const [left, top, right, bottom] = [x0, y0, x1, y1].map(Number) as [number, number, number, number];
    this.drawn.push({ kind: 'rect', x0: left, y0: top, x1: right, y1: bottom, color: Number(color) });
    this.pixels += (x1 - x0) * (y1 - y0);
  }

  #character(x: bigint, y: bigint, code: number, line: number): void {
    const known = glyphFor(code);
    if (known === undefined) this.missing.add(`${line}:${code}`);
    const { width, height, rows } = known ?? MISSING_GLYPH;
    const [left, top] = this.#box(x, y, 0n, 0n);
    const cell: Box = [left, top, left + BigInt(width), top + BigInt(height)];
    const [x0, y0, x1, y1] = common(cell, this.#state.clip);
    const color = this.#ink();
    if (x0 >= x1 || y0 >= y1 || color >> 24n === 0n) return;
    const seen: number[] = [];
    for (let py = y0; py < y1; py++) {
      let row = 0;
      for (let px = x0; px < x1; px++) {
        const bit = ((rows[Number(py - top)] as number) >> (width - 1 - Number(px - left))) & 1;
        row = row * 2 + bit;
        if (bit === 1) this.pixels++;
      }
      seen.push(row);
    }
    const bitmap = { width: Number(x1 - x0), height: Number(y1 - y0), rows: seen };
    this.glyphs.add(code);
    this.drawn.push({ kind: 'glyph', x: Number(x0), y: Number(y0), bitmap, color: Number(color) });
  }
}

function opaque(color: bigint): bigint {
  return BigInt.asUintN(32, color) | 0xff000000n;
}

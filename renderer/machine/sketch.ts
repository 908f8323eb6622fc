/** The sketch: the state that shapes are drawn in, the shapes that came, and what they write. */
import type { Allowance } from '../../shared/allowance.ts';
import type { Canvas } from '../../shared/canvas.ts';
import { LIMITS } from '../../shared/limits.ts';
import { type EncodedList, ListBuilder } from '../display/builder.ts';
import { decode } from '../display/encode.ts';
import { type Bitmap, type Shape, WHITE } from '../display/list.ts';
import { GLYPH_ADVANCE, glyphFor, MISSING_GLYPH } from '../raster/font.ts';
import { Cutter } from './cutter.ts';
import { exhausted, inkOf } from './price.ts';
import { Refused } from './refused.ts';
import { MissingGlyphs } from './warnings.ts';

const OPAQUE = 0xff000000;

/** Canvas pixels, x0 ≤ x < x1; empty when x0 ≥ x1 or y0 ≥ y1. */
interface Clip {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** How shapes are drawn; what PUSH saves. */
interface State {
  color: number;
  replaces: boolean;
  clip: Clip;
  originX: number;
  originY: number;
}

/** Coordinates are signed 32-bit and count from the origin; sums with it are exact. */
export class Sketch {
  readonly #canvas: Canvas;
  readonly #allowance: Allowance;
  readonly #builder = new ListBuilder();
  readonly #cutter = new Cutter();
  readonly #ink = new Map<Bitmap, number>();
  readonly #saved: State[] = [];
  #state: State;
  /** The line that draws, for the warnings. */
  line = 0;
  /** Of shapes drawn so far, as in the price. */
  shapes = 0;
  pixels = 0;
  #characters = 0;
  readonly glyphs = new Map<number, Bitmap>();
  readonly missing = new MissingGlyphs();

  constructor(canvas: Canvas, allowance: Allowance) {
    this.#canvas = canvas;
    this.#allowance = allowance;
    this.#state = { color: WHITE, replaces: false, clip: whole(canvas), originX: 0, originY: 0 };
  }

  /** Shapes that have reached the list. */
  get listed(): number {
    return this.#builder.shapeCount;
  }

  /** The shapes that reached the list, from number `from` on. */
  drawn(from: number): Shape[] {
    return decode(this.finish(), from);
  }

  /** The list so far. It shares the sketch's memory until something more is drawn. */
  finish(): EncodedList {
    return this.#builder.finish(this.#canvas);
  }

  /** @throws {Refused} when a shape or a pixel is too many; so below */
  rect(x: number, y: number, w: number, h: number): void {
    const { originX, originY } = this.#state;
    this.#count();
    this.#fill(x + originX, y + originY, w, h, this.#inkColor());
    this.#limitPixels();
  }

  /** Fills the clip. */
  clear(color: number): void {
    this.#count();
    const { x0, y0, x1, y1 } = this.#state.clip;
    this.#fill(x0, y0, x1 - x0, y1 - y0, (color | OPAQUE) >>> 0);
    this.#limitPixels();
  }

  /** Every character is looked up, so that one without a glyph is named even where it is not seen. */
  text(x: number, y: number, text: string): void {
    this.#count();
    const { originX, originY } = this.#state;
    const color = this.#inkColor();
    const top = y + originY;
    let left = x + originX;
    for (const character of text) {
      if (++this.#characters > LIMITS.characters) {
        throw new Refused(
          'PXL-E029',
          `Expected at most ${LIMITS.characters} characters of text in one run, found more`,
        );
      }
      this.#glyph(character.codePointAt(0) as number, left, top, color);
      left += GLYPH_ADVANCE;
    }
    this.#limitPixels();
  }

  color(color: number): void {
    this.#state.color = color >>> 0;
  }

  blend(replaces: boolean): void {
    this.#state.replaces = replaces;
  }

  /** What lies outside is not drawn, nor what lay outside the clip before. */
  clip(x: number, y: number, w: number, h: number): void {
    const { clip, originX, originY } = this.#state;
    const left = x + originX;
    const top = y + originY;
    this.#state.clip = {
      x0: Math.max(clip.x0, left),
      y0: Math.max(clip.y0, top),
      x1: Math.min(clip.x1, left + w),
      y1: Math.min(clip.y1, top + h),
    };
  }

  unclip(): void {
    this.#state.clip = whole(this.#canvas);
  }

  /** @throws {Refused} when the sum leaves 32 bits */
  origin(x: number, y: number): void {
    const originX = this.#state.originX + x;
    const originY = this.#state.originY + y;
    if (originX !== (originX | 0) || originY !== (originY | 0)) {
      const found = `(${originX}, ${originY})`;
      throw new Refused(
        'PXL-E031',
        `Expected an origin within 32 bits, found ${found}`,
        'PUSH and POP bring it back',
      );
    }
    this.#state.originX = originX;
    this.#state.originY = originY;
  }

  /** @throws {Refused} when too much is saved already */
  push(): void {
    if (this.#saved.length === LIMITS.savedStates) {
      const message = `Expected at most ${LIMITS.savedStates} PUSHes without a POP, found one more`;
      throw new Refused('PXL-E030', message, 'each PUSH takes a POP');
    }
    this.#saved.push({ ...this.#state });
  }

  /** @throws {Refused} when nothing is saved */
  pop(): void {
    const state = this.#saved.pop();
    if (state === undefined) {
      throw new Refused('PXL-E030', 'Expected a PUSH before this POP, found none', 'each POP takes a PUSH');
    }
    this.#state = state;
  }

  /** The colour that shapes have in the list: SRC replaces, and the canvas stays opaque. */
  #inkColor(): number {
    const { color, replaces } = this.#state;
    return replaces ? (color | OPAQUE) >>> 0 : color;
  }

  #count(): void {
    const { shapes } = this.#allowance;
    if (++this.shapes > shapes) throw exhausted('PXL-E013', shapes);
  }

  #limitPixels(): void {
    const { pixels_written } = this.#allowance;
    if (this.pixels > pixels_written) throw exhausted('PXL-E014', pixels_written);
  }

  /** x + w may pass 2³¹, which a double holds exactly: nothing wraps. */
  #fill(x: number, y: number, w: number, h: number, color: number): void {
    const { clip } = this.#state;
    const x0 = Math.max(clip.x0, x);
    const y0 = Math.max(clip.y0, y);
    const x1 = Math.min(clip.x1, x + w);
    const y1 = Math.min(clip.y1, y + h);
    if (x0 >= x1 || y0 >= y1 || color >>> 24 === 0) return;
    this.#builder.rect(x0, y0, x1, y1, color);
    this.pixels += (x1 - x0) * (y1 - y0);
  }

  #glyph(code: number, x: number, y: number, color: number): void {
    const glyph = glyphFor(code);
    if (glyph === undefined) this.missing.note(code, this.line);
    const bitmap = glyph ?? MISSING_GLYPH;
    const { x0, y0, x1, y1 } = this.#state.clip;
    const left = Math.max(0, x0 - x);
    const top = Math.max(0, y0 - y);
    const right = Math.min(bitmap.width, x1 - x);
    const bottom = Math.min(bitmap.height, y1 - y);
    if (left >= right || top >= bottom || color >>> 24 === 0) return;
    this.glyphs.set(code, bitmap);
    const seen = this.#cutter.cut(bitmap, left, top, right, bottom);
    this.#builder.glyph(x + left, y + top, seen, color);
    let ink = this.#ink.get(seen);
    if (ink === undefined) {
      ink = inkOf(seen);
      this.#ink.set(seen, ink);
    }
    this.pixels += ink;
  }
}

function whole({ width, height }: Canvas): Clip {
  return { x0: 0, y0: 0, x1: width, y1: height };
}

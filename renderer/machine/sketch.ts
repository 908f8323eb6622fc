/** The sketch: the state that shapes are drawn in, the shapes that came, and what they write. */
import { type Allowance, FULL_ALLOWANCE } from '../../shared/allowance.ts';
import type { Canvas } from '../../shared/canvas.ts';
import { LIMITS } from '../../shared/limits.ts';
import { type EncodedList, ListBuilder } from '../display/builder.ts';
import { decode } from '../display/encode.ts';
import { type Bitmap, type Shape, WHITE } from '../display/list.ts';
import { GLYPH_ADVANCE, glyphFor, MISSING_GLYPH } from '../raster/font.ts';
import { Cutter } from './cutter.ts';
import { inkOf } from './price.ts';
import { Refused } from './refused.ts';
import { MissingGlyphs } from './warnings.ts';

const OPAQUE = 0xff000000;
const INT_MAX = 2 ** 31 - 1;

/** Canvas pixels, x0 ≤ x < x1; empty when x0 ≥ x1 or y0 ≥ y1. */
interface Clip {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** What PUSH saves. */
interface State {
  readonly color: number;
  readonly replaces: boolean;
  readonly clip: Clip;
  readonly originX: number;
  readonly originY: number;
}

/** Coordinates are signed 32-bit and count from the origin; sums with it are exact. */
export class Sketch {
  readonly #canvas: Canvas;
  readonly #allowance: Allowance;
  readonly #builder = new ListBuilder();
  readonly #cutter = new Cutter();
  readonly #ink = new Map<Bitmap, number>();
  readonly #saved: State[] = [];
  #color = WHITE;
  #replaces = false;
  #clip: Clip;
  #originX = 0;
  #originY = 0;
  /** Of shapes drawn so far, as in the price. */
  shapes = 0;
  pixels = 0;
  #characters = 0;
  readonly glyphs = new Map<number, Bitmap>();
  readonly missing = new MissingGlyphs();

  constructor(canvas: Canvas, allowance: Allowance) {
    this.#canvas = canvas;
    this.#allowance = allowance;
    this.#clip = { x0: 0, y0: 0, x1: canvas.width, y1: canvas.height };
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

  /** @throws {Refused} when w or h is negative, or a shape or a pixel is too many; so below */
  rect(x: number, y: number, w: number, h: number): void {
    requireSize(w, h);
    this.#count();
    this.#fill(x + this.#originX, y + this.#originY, w, h, this.#ink_());
    this.#limitPixels();
  }

  pixel(x: number, y: number): void {
    this.#count();
    this.#fill(x + this.#originX, y + this.#originY, 1, 1, this.#ink_());
    this.#limitPixels();
  }

  /** Fills the clip. */
  clear(color: number): void {
    this.#count();
    const { x0, y0, x1, y1 } = this.#clip;
    this.#fill(x0, y0, x1 - x0, y1 - y0, (color | OPAQUE) >>> 0);
    this.#limitPixels();
  }

  /** Every character is looked up, so that one without a glyph is named even where it is not seen. */
  text(x: number, y: number, text: string, line: number): void {
    this.#count();
    const color = this.#ink_();
    const top = y + this.#originY;
    let left = x + this.#originX;
    for (const character of text) {
      if (++this.#characters > LIMITS.characters) {
        throw new Refused(
          'PXL-E029',
          `Expected at most ${LIMITS.characters} characters of text in one run, found more`,
        );
      }
      this.#glyph(character.codePointAt(0) as number, left, top, color, line);
      left += GLYPH_ADVANCE;
    }
    this.#limitPixels();
  }

  color(color: number): void {
    this.#color = color >>> 0;
  }

  blend(replaces: boolean): void {
    this.#replaces = replaces;
  }

  /** @throws {Refused} when w or h is negative */
  clip(x: number, y: number, w: number, h: number): void {
    requireSize(w, h);
    const left = x + this.#originX;
    const top = y + this.#originY;
    const { x0, y0, x1, y1 } = this.#clip;
    this.#clip = {
      x0: Math.max(x0, left),
      y0: Math.max(y0, top),
      x1: Math.min(x1, left + w),
      y1: Math.min(y1, top + h),
    };
  }

  unclip(): void {
    this.#clip = { x0: 0, y0: 0, x1: this.#canvas.width, y1: this.#canvas.height };
  }

  /** @throws {Refused} when the sum leaves 32 bits */
  origin(x: number, y: number): void {
    const originX = this.#originX + x;
    const originY = this.#originY + y;
    if (originX !== (originX | 0) || originY !== (originY | 0)) {
      const found = `(${originX}, ${originY})`;
      throw new Refused(
        'PXL-E031',
        `Expected an origin within 32 bits, found ${found}`,
        'PUSH and POP bring it back',
      );
    }
    this.#originX = originX;
    this.#originY = originY;
  }

  /** @throws {Refused} when too much is saved already */
  push(): void {
    if (this.#saved.length === LIMITS.savedStates) {
      const message = `Expected at most ${LIMITS.savedStates} PUSHes without a POP, found one more`;
      throw new Refused('PXL-E030', message, 'each PUSH takes a POP');
    }
    this.#saved.push({
      color: this.#color,
      replaces: this.#replaces,
      clip: this.#clip,
      originX: this.#originX,
      originY: this.#originY,
    });
  }

  /** @throws {Refused} when nothing is saved */
  pop(): void {
    const state = this.#saved.pop();
    if (state === undefined) {
      throw new Refused('PXL-E030', 'Expected a PUSH before this POP, found none', 'each POP takes a PUSH');
    }
    this.#color = state.color;
    this.#replaces = state.replaces;
    this.#clip = state.clip;
    this.#originX = state.originX;
    this.#originY = state.originY;
  }

  /** The colour that shapes have in the list: SRC replaces, and the canvas stays opaque. */
  #ink_(): number {
    return this.#replaces ? (this.#color | OPAQUE) >>> 0 : this.#color;
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
    const clip = this.#clip;
    const x0 = Math.max(clip.x0, x);
    const y0 = Math.max(clip.y0, y);
    const x1 = Math.min(clip.x1, x + w);
    const y1 = Math.min(clip.y1, y + h);
    if (x0 >= x1 || y0 >= y1 || color >>> 24 === 0) return;
    this.#builder.rect(x0, y0, x1, y1, color);
    this.pixels += (x1 - x0) * (y1 - y0);
  }

  #glyph(code: number, x: number, y: number, color: number, line: number): void {
    const glyph = glyphFor(code);
    if (glyph === undefined) this.missing.note(code, line);
    const bitmap = glyph ?? MISSING_GLYPH;
    const { x0, y0, x1, y1 } = this.#clip;
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

/** What a run costs more of than it may, and what the language would allow. */
const COSTS = {
  'PXL-E012': ['steps', FULL_ALLOWANCE.steps],
  'PXL-E013': ['shapes', FULL_ALLOWANCE.shapes],
  'PXL-E014': ['pixels written', FULL_ALLOWANCE.pixels_written],
} as const;

/** The fault of a run that costs more than it may. */
export function exhausted(code: keyof typeof COSTS, limit: number): Refused {
  const [what, most] = COSTS[code];
  const lowered = `the limit was lowered for this run: the language allows ${most}`;
  const hint = limit < most ? lowered : 'split the program';
  return new Refused(code, `Expected at most ${limit} ${what}, found one more`, hint);
}

function requireSize(w: number, h: number): void {
  if (w >= 0 && h >= 0) return;
  const [name, found] = w < 0 ? ['w', w] : ['h', h];
  throw new Refused(
    'PXL-E005',
    `Expected ${name} from 0 to ${INT_MAX}, found ${found}`,
    'max(n, 0) keeps it from going below',
  );
}

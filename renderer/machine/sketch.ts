/** The sketch: the state that shapes are drawn in, and what each statement that draws does with it. */
import type { Allowance } from '../../shared/allowance.ts';
import type { Canvas } from '../../shared/canvas.ts';
import { LIMITS } from '../../shared/limits.ts';
import { BLEND_OVER } from '../display/encoding.ts';
import { strips } from '../geometry/gradient.ts';
import { Spans } from '../geometry/spans.ts';
import type { Shade } from '../shade/shade.ts';
import { Blitter } from './blitter.ts';
import { type DrawingState, initialState, opaque, stateInk, whole } from './drawing-state.ts';
import { Lettering } from './lettering.ts';
import type { Picture } from './pictures.ts';
import { exhausted, tooDear } from './price.ts';
import { Refused } from './refused.ts';
import { type Ink, Surface } from './surface.ts';
import type { Witness } from './witness.ts';

/** Furthest out that the points of shapes other than rectangles and texts may lie: so every product is exact. */
const FAR = 16_384;

/** Coordinates are signed 32-bit and count from the origin; sums with it are exact. */
export class Sketch {
  readonly #canvas: Canvas;
  readonly #allowance: Allowance;
  readonly #spans = new Spans();
  readonly #saved: DrawingState[] = [];
  readonly #blitter: Blitter;
  readonly #shades: readonly Shade[];
  readonly #witness: Witness | undefined;
  readonly surface: Surface;
  readonly lettering: Lettering;
  state: DrawingState;
  /** The line that draws or measures, for the warnings and for whoever looks on. */
  line = 0;
  /** Shapes drawn so far, as in the price. */
  shapes = 0;
  /** Operations of SHADEs so far, as in the price; undefined while none has run. */
  shaded: number | undefined;
  #work = 0;

  /**
   * @param pictures what BLIT may draw
   * @param shades what SHADEs are worked out by
   * @param witness is told which line drew what
   */
  constructor(
    canvas: Canvas,
    allowance: Allowance,
    pictures: readonly Picture[],
    shades: readonly Shade[],
    witness?: Witness,
  ) {
    this.#canvas = canvas;
    this.#allowance = allowance;
    this.#witness = witness;
    this.surface = new Surface(canvas, allowance.pixels_written);
    this.lettering = new Lettering(this.surface, witness);
    this.#blitter = new Blitter(this.surface, pictures);
    this.#shades = shades;
    this.state = initialState(canvas);
  }

  /** After each statement that draws: the rows, strips and rectangles that its shapes took to be computed, a step each. */
  takeWork(): number {
    const work = this.#work + this.lettering.work;
    this.#work = 0;
    this.lettering.work = 0;
    this.#witness?.struck(this.surface, this.line);
    return work;
  }

  /** Counts work that no row shows. */
  charge(steps: number): void {
    this.#work += steps;
  }

  /** @throws {Refused} when a shape or a pixel is too many, or the list is too long; so below */
  rect(x: number, y: number, w: number, h: number): void {
    this.#count();
    this.#fill(x, y, w, h);
    this.surface.limit();
  }

  /** The frame of a rectangle, as wide as the pen. */
  box(x: number, y: number, w: number, h: number): void {
    const { pen } = this.state;
    this.#count();
    if (w <= 2 * pen || h <= 2 * pen) this.#fill(x, y, w, h);
    else {
      this.#fill(x, y, w, pen);
      this.#fill(x, y + pen, pen, h - 2 * pen);
      this.#fill(x + w - pen, y + pen, pen, h - 2 * pen);
      this.#fill(x, y + h - pen, w, pen);
    }
    this.surface.limit();
  }

  /** A rectangle in strips of its own colours, the first `from`, the last `to`. */
  gradient(x: number, y: number, w: number, h: number, from: number, to: number, isAcross: boolean): void {
    const { originX, originY, clip } = this.state;
    this.#count();
    const [left, top] = [x + originX, y + originY];
    const [x0, x1] = [Math.max(clip.x0, left), Math.min(clip.x1, left + w)];
    const [y0, y1] = [Math.max(clip.y0, top), Math.min(clip.y1, top + h)];
    const isSeen = x0 < x1 && y0 < y1;
    const [first, last] = isAcross ? [x0 - left, x1 - left] : [y0 - top, y1 - top];
    for (const strip of isSeen ? strips(from, to, isAcross ? w : h, first, last) : []) {
      const ink = stateInk(this.state, strip.color);
      const length = strip.end - strip.start;
      if (isAcross) this.#fill(x + strip.start, y, length, h, ink);
      else this.#fill(x, y + strip.start, w, length, ink);
      this.#work++;
    }
    this.surface.limit();
  }

  /** Fills the clip, whatever the blend mode. */
  clear(color: number): void {
    this.#count();
    const { clip } = this.state;
    const { x0, y0, x1, y1 } = clip;
    this.surface.fill(clip, x0, y0, x1 - x0, y1 - y0, { color: opaque(color), blend: BLEND_OVER });
    this.surface.limit();
  }

  text(x: number, y: number, text: string): void {
    const { originX, originY } = this.state;
    this.#count();
    this.lettering.write(this.state, this.#ink(), x + originX, y + originY, text, this.line);
    this.surface.limit();
  }

  textBox(x: number, y: number, w: number, h: number, text: string): void {
    const { originX, originY } = this.state;
    this.#count();
    this.lettering.fill(this.state, this.#ink(), x + originX, y + originY, w, h, text, this.line);
    this.surface.limit();
  }

  /** A picture by its number, its box's top left at (x, y); see Placing for the rest. */
  blit(picture: number, x: number, y: number, scale: number, turns: number, flips: number): void {
    const { originX, originY } = this.state;
    this.#count();
    const placing = { x: x + originX, y: y + originY, scale, turns, flips };
    this.#work += this.#blitter.blit(picture, this.state, placing);
  }

  /**
   * A shade by its number, its rectangle's top left at (x, y).
   *
   * @param uniforms the values that it is given
   * @throws {Refused} when the SHADEs so far take too many operations, too
   */
  shade(number: number, x: number, y: number, width: number, height: number, uniforms: Int32Array): void {
    const { originX, originY, clip, blend, replaces } = this.state;
    this.#count();
    const shade = this.#shades[number] as Shade;
    const [left, top] = [x + originX, y + originY];
    const [x0, x1] = [Math.max(clip.x0, left), Math.min(clip.x1, left + width)];
    const [y0, y1] = [Math.max(clip.y0, top), Math.min(clip.y1, top + height)];
    const isSeen = x0 < x1 && y0 < y1;
    this.shaded = (this.shaded ?? 0) + (isSeen ? (x1 - x0) * (y1 - y0) * shade.price : 0);
    if (this.shaded > this.#allowance.shade) throw tooDear(this.#allowance.shade, this.shaded);
    if (!isSeen) return;
    const rectangle = { left, top, width, height };
    this.surface.shade({ x0, y0, x1, y1, ...rectangle, shade, uniforms, isOpaque: replaces }, blend);
  }

  /** How wide a text of so many code points is. */
  widthOf(count: number): number {
    return this.lettering.measure(this.state, count, this.line);
  }

  /**
   * Moves points by the origin.
   *
   * @param v x and y of each by turns
   * @throws {Refused} when one is further out than shapes are computed
   */
  place(v: Int32Array, points: number): void {
    const { originX, originY } = this.state;
    for (let at = 0; at < points * 2; at += 2) {
      v[at] = within('x', v[at]! + originX);
      v[at + 1] = within('y', v[at + 1]! + originY);
    }
  }

  /** Begins a shape that is computed row by row: what is collected in the clip, `finish` draws. */
  begin(): Spans {
    this.#count();
    return this.#spans;
  }

  finish(): void {
    this.#work += this.#spans.work;
    this.surface.spans(this.#spans, this.#ink());
    this.surface.limit();
  }

  /** What lies outside is not drawn, nor what lay outside the clip before. */
  clip(x: number, y: number, w: number, h: number): void {
    const { clip, originX, originY } = this.state;
    const left = x + originX;
    const top = y + originY;
    this.state.clip = {
      x0: Math.max(clip.x0, left),
      y0: Math.max(clip.y0, top),
      x1: Math.min(clip.x1, left + w),
      y1: Math.min(clip.y1, top + h),
    };
  }

  unclip(): void {
    this.state.clip = whole(this.#canvas);
  }

  /** @throws {Refused} when the sum leaves 32 bits */
  origin(x: number, y: number): void {
    const originX = this.state.originX + x;
    const originY = this.state.originY + y;
    if (originX !== (originX | 0) || originY !== (originY | 0)) {
      const found = `(${originX}, ${originY})`;
      const message = `Expected an origin within 32 bits, found ${found}`;
      throw new Refused('PXL-E031', message, 'PUSH and POP bring it back');
    }
    this.state.originX = originX;
    this.state.originY = originY;
  }

  /** @throws {Refused} when too much is saved already */
  push(): void {
    if (this.#saved.length === LIMITS.savedStates) {
      const message = `Expected at most ${LIMITS.savedStates} PUSHes without a POP, found one more`;
      throw new Refused('PXL-E030', message, 'each PUSH takes a POP');
    }
    this.#saved.push({ ...this.state });
  }

  /** @throws {Refused} when nothing is saved */
  pop(): void {
    const state = this.#saved.pop();
    if (state === undefined) {
      throw new Refused('PXL-E030', 'Expected a PUSH before this POP, found none', 'each POP takes a PUSH');
    }
    this.state = state;
  }

  #ink(): Ink {
    return stateInk(this.state, this.state.color);
  }

  #fill(x: number, y: number, w: number, h: number, ink = this.#ink()): void {
    const { clip, originX, originY } = this.state;
    this.surface.fill(clip, x + originX, y + originY, w, h, ink);
  }

  #count(): void {
    const { shapes } = this.#allowance;
    if (++this.shapes > shapes) throw exhausted('PXL-E013', shapes);
  }
}

function within(axis: string, value: number): number {
  if (value >= -FAR && value < FAR) return value;
  const message = `Expected ${axis} from ${-FAR} to ${FAR - 1} on the canvas, found ${value}`;
  throw new Refused('PXL-E034', message, 'rectangles and texts may lie further out');
}

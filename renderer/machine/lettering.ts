/** Lettering: texts become glyphs on the surface. */
import { LIMITS } from '../../shared/limits.ts';
import type { Bitmap } from '../display/list.ts';
import type { Font } from '../fonts/font.ts';
import { widthOf, widthOfCells, withoutEndBlanks, wrap } from '../fonts/lines.ts';
import { scaled } from '../fonts/scaled.ts';
import type { Clip } from '../geometry/spans.ts';
import type { Alignment, DrawingState } from './drawing-state.ts';
import { Refused } from './refused.ts';
import type { Ink, Surface } from './surface.ts';
import { MissingGlyphs } from './warnings.ts';

/** Coordinates are those of the canvas. */
export class Lettering {
  readonly #surface: Surface;
  #characters = 0;
  /** Fonts that texts were laid out or measured in, each with what was seen of it by code point. */
  readonly used = new Map<Font, Map<number, Bitmap>>();
  readonly missing = new MissingGlyphs();
  /** Rectangles that large glyphs were drawn as, not yet among the steps. */
  work = 0;

  constructor(surface: Surface) {
    this.#surface = surface;
  }

  /**
   * A text whose top is y, and whose left edge, middle or right edge is x. Every character is looked up, so that one
   * without a glyph is named even where it is not seen.
   *
   * @param line of the program, for the warnings
   * @throws {Refused} when a run draws too many characters
   */
  write(state: DrawingState, ink: Ink, x: number, y: number, text: string, line: number): void {
    const { font, size, alignment } = state;
    const width = alignment === 'LEFT' ? 0 : widthOf(text, font, size);
    this.#row(state, state.clip, ink, x - before(alignment, width), y, text, line);
  }

  /**
   * A text cut into lines as wide as a box; what does not fit into the box is cut off. Blanks that hang over the end of a
   * line count as characters too: cutting the text has gone through all of them.
   *
   * @throws {Refused} when a run draws too many characters
   */
  fill(
    state: DrawingState,
    ink: Ink,
    x: number,
    y: number,
    w: number,
    h: number,
    text: string,
    line: number,
  ): void {
    const { font, size, alignment, clip } = state;
    const box = {
      x0: Math.max(clip.x0, x),
      y0: Math.max(clip.y0, y),
      x1: Math.min(clip.x1, x + w),
      y1: Math.min(clip.y1, y + h),
    };
    let top = y;
    for (const cut of wrap(text, font, size, w)) {
      const row = withoutEndBlanks(cut);
      this.#count(cut.length - row.length);
      const room = w - widthOf(row, font, size);
      const left = alignment === 'LEFT' ? x : alignment === 'RIGHT' ? x + room : x + Math.floor(room / 2);
      this.#row(state, box, ink, left, top, row, line);
      top += font.pitch * size;
    }
  }

  /** How wide a text of so many code points is: whatever comes of that depends on the font. */
  measure({ font, size }: DrawingState, count: number): number {
    this.#glyphsOf(font);
    return widthOfCells(count, font, size);
  }

  #row(
    { font, size }: DrawingState,
    clip: Clip,
    ink: Ink,
    x: number,
    y: number,
    text: string,
    line: number,
  ): void {
    const glyphs = this.#glyphsOf(font);
    let left = x;
    for (const character of text) {
      this.#count(1);
      const code = character.codePointAt(0) as number;
      const glyph = font.glyph(code);
      if (glyph === undefined) this.missing.note(code, line);
      const bitmap = glyph ?? font.missing;
      if (this.#glyph(clip, ink, left, y, bitmap, size)) glyphs.set(code, bitmap);
      left += font.advance * size;
    }
  }

  #count(characters: number): void {
    this.#characters += characters;
    if (this.#characters <= LIMITS.characters) return;
    const message = `Expected at most ${LIMITS.characters} characters of text in one run, found more`;
    throw new Refused('PXL-E029', message);
  }

  /** Whether its cell is seen. */
  #glyph(clip: Clip, ink: Ink, x: number, y: number, bitmap: Bitmap, size: number): boolean {
    const large = scaled(bitmap, size);
    if (large.kind === 'bitmap') return this.#surface.stamp(clip, x, y, large.bitmap, ink);
    const isSeen =
      ink.color >>> 24 !== 0 &&
      Math.max(clip.x0, x) < Math.min(clip.x1, x + bitmap.width * size) &&
      Math.max(clip.y0, y) < Math.min(clip.y1, y + bitmap.height * size);
    if (!isSeen) return false;
    for (const [dx, dy, w, h] of large.boxes) this.#surface.fill(clip, x + dx, y + dy, w, h, ink);
    this.work += large.boxes.length;
    return true;
  }

  #glyphsOf(font: Font): Map<number, Bitmap> {
    let glyphs = this.used.get(font);
    if (glyphs === undefined) {
      glyphs = new Map();
      this.used.set(font, glyphs);
    }
    return glyphs;
  }
}

/** How far left of x a text of that width begins. */
function before(alignment: Alignment, width: number): number {
  if (alignment === 'LEFT') return 0;
  return alignment === 'RIGHT' ? width : Math.floor(width / 2);
}

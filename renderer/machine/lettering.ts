/** Lettering: texts become glyphs on the surface. */
import { LIMITS } from '../../shared/limits.ts';
import type { Bitmap } from '../display/list.ts';
import type { Font } from '../fonts/font.ts';
import { widthOf, widthOfCells, withoutEndBlanks, wrap } from '../fonts/lines.ts';
import type { Clip } from '../geometry/spans.ts';
import type { Alignment, DrawingState } from './drawing-state.ts';
import { type Letter, Letters } from './letters.ts';
import { Refused } from './refused.ts';
import type { Ink, Surface } from './surface.ts';
import { MissingGlyphs } from './warnings.ts';
import type { Witness } from './witness.ts';

/** The last code point that is one unit of UTF-16. */
const LAST_OF_ONE_UNIT = 0xffff;

/** Coordinates are those of the canvas. */
export class Lettering {
  readonly #surface: Surface;
  readonly #witness: Witness | undefined;
  #characters = 0;
  /** By size. */
  readonly #letters = new Map<Font, (Letters | undefined)[]>();
  /** Fonts that texts were laid out or measured in, each with what was seen of it by code point. */
  readonly used = new Map<Font, Map<number, Bitmap>>();
  readonly missing = new MissingGlyphs();
  /** Rectangles that large glyphs were drawn as, not yet among the steps. */
  work = 0;

  constructor(surface: Surface, witness?: Witness) {
    this.#surface = surface;
    this.#witness = witness;
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
  measure({ font, size }: DrawingState, count: number, line: number): number {
    this.#sizesOf(font, line);
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
    const letters = this.#lettersOf(font, size, line);
    const { advance, width, height } = letters;
    const isRowSeen =
      ink.color >>> 24 !== 0 && clip.x0 < clip.x1 && Math.max(clip.y0, y) < Math.min(clip.y1, y + height);
    const isRowWhole = clip.y0 <= y && y + height <= clip.y1;
    let left = x;
    let count = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.codePointAt(at) as number;
      if (code > LAST_OF_ONE_UNIT) at++;
      count++;
      const letter = letters.of(code);
      if (letter.isMissing) this.missing.note(code, line);
      if (isRowSeen && left < clip.x1 && left + width > clip.x0) {
        const { stamp } = letter;
        const isWhole = isRowWhole && clip.x0 <= left && left + width <= clip.x1;
        if (isWhole && stamp !== undefined) this.#surface.stampWhole(left, y, stamp, ink);
        else this.#cut(clip, ink, left, y, letter);
        if (!letter.isSeen) {
          // Whoever looks on hears of each time.
          letter.isSeen = this.#witness === undefined;
          this.#witness?.letter(font, code, line);
          letters.seen.set(code, letter.bitmap);
        }
      }
      left += advance;
    }
    this.#count(count);
  }

  #count(characters: number): void {
    this.#characters += characters;
    if (this.#characters <= LIMITS.characters) return;
    const message = `Expected at most ${LIMITS.characters} characters of text in one run, found more`;
    throw new Refused('PXL-E029', message);
  }

  /** A letter of which a part is seen, or one of many rectangles. */
  #cut(clip: Clip, ink: Ink, x: number, y: number, { stamp, boxes }: Letter): void {
    if (stamp !== undefined) this.#surface.stamp(clip, x, y, stamp.bitmap, ink);
    for (const [dx, dy, w, h] of boxes) this.#surface.fill(clip, x + dx, y + dy, w, h, ink);
    this.work += boxes.length;
  }

  #lettersOf(font: Font, size: number, line: number): Letters {
    const sizes = this.#sizesOf(font, line);
    sizes[size] ??= new Letters(font, size, this.used.get(font) as Map<number, Bitmap>);
    return sizes[size];
  }

  /** From here on the font is used. */
  #sizesOf(font: Font, line: number): (Letters | undefined)[] {
    this.#witness?.font(font, line);
    let sizes = this.#letters.get(font);
    if (sizes === undefined) {
      sizes = [];
      this.#letters.set(font, sizes);
      this.used.set(font, new Map());
    }
    return sizes;
  }
}

/** How far left of x a text of that width begins. */
function before(alignment: Alignment, width: number): number {
  if (alignment === 'LEFT') return 0;
  return alignment === 'RIGHT' ? width : Math.floor(width / 2);
}

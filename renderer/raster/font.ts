/** The font: from a code point to its 5×7 bitmap. The drawings are in font-5x7.ts. */
import { invariant } from '../../shared/faults.ts';
import type { Bitmap } from '../display/list.ts';
import { DRAWN, MISSING } from './font-5x7.ts';

/** Every glyph's width and height, pixels. */
export const FONT_WIDTH = 5;
export const FONT_HEIGHT = 7;

/** From one character's left edge to the next one's, pixels. */
export const GLYPH_ADVANCE = 6;

/**
 * The glyph in column `index` of a picture of glyphs side by side.
 *
 * @throws {Error} when a row is not five pens and blanks, ended by a blank column or the line's end
 */
function cut(rows: readonly string[], index: number): Bitmap {
  const start = index * GLYPH_ADVANCE;
  return {
    width: FONT_WIDTH,
    height: FONT_HEIGHT,
    rows: rows.map((row) => {
      const pixels = row.slice(start, start + FONT_WIDTH);
      const gap = row.slice(start + FONT_WIDTH, start + GLYPH_ADVANCE);
      invariant(/^[#.]{5}$/.test(pixels) && gap.trim() === '', `font row "${row}" at column ${start}`);
      return Number.parseInt(pixels.replaceAll('#', '1').replaceAll('.', '0'), 2);
    }),
  };
}

/**
 * The glyphs of one picture, which is a line feed and then FONT_HEIGHT rows, left to right.
 *
 * @throws {Error} when the picture does not show exactly `count` glyphs of the font's size
 */
export function compile(picture: string, count: number): readonly Bitmap[] {
  const rows = picture.split('\n').slice(1);
  const width = count * GLYPH_ADVANCE - (GLYPH_ADVANCE - FONT_WIDTH);
  invariant(rows.length === FONT_HEIGHT, `a font picture of ${rows.length} rows`);
  invariant(
    rows.every((row) => row.length === width),
    `a font picture that is not ${width} wide`,
  );
  return Array.from({ length: count }, (_, index) => cut(rows, index));
}

const glyphs: ReadonlyMap<number, Bitmap> = new Map(
  DRAWN.flatMap(([characters, picture]) => {
    const bitmaps = compile(picture, characters.length);
    return bitmaps.map((bitmap, index) => [characters.charCodeAt(index), bitmap] as const);
  }),
);

/** The bitmap of a Unicode code point; undefined outside 0x20–0x7E. Always the same object for the same one. */
export function glyphFor(codePoint: number): Bitmap | undefined {
  return glyphs.get(codePoint);
}

/** Every code point that has a glyph, with its rows. */
export function drawnShapes(): string {
  return [...glyphs].map(([code, { rows }]) => `${code}:${rows}`).join(' ');
}

/** What is drawn for a code point without a glyph: a hollow box. */
export const MISSING_GLYPH: Bitmap = compile(MISSING, 1)[0]!;

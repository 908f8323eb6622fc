/** The fonts by their names: our own 5×7 and two of X.Org's misc-fixed, with their metrics and glyphs. */
import type { Bitmap } from '../display/list.ts';
import {
  drawnShapes,
  FONT_HEIGHT,
  FONT_WIDTH,
  GLYPH_ADVANCE,
  glyphFor,
  MISSING_GLYPH,
} from '../raster/font.ts';
import { FIXED_5X7 } from './fixed-5x7.ts';
import { FIXED_6X13 } from './fixed-6x13.ts';
import { type FontTable, shapesOf, TableGlyphs } from './table.ts';

/** The names, in lower case; the first one's is the font of a program that asks for none. */
export const FONT_NAMES = ['gvpie', 'fixed5x7', 'fixed6x13'] as const;
export type FontName = (typeof FONT_NAMES)[number];

/** A font of one width. */
export interface Font {
  readonly name: FontName;
  /** Rises when the metrics change, which no glyph's bitmap tells. */
  readonly version: number;
  /** From one character's left edge to the next one's, pixels. */
  readonly advance: number;
  /** The cell of every glyph, pixels. */
  readonly width: number;
  readonly height: number;
  /** Rows of the cell above the baseline. */
  readonly ascent: number;
  /** From the top of one line of a text to the next one's, pixels. In the fixed fonts box drawing joins over lines. */
  readonly pitch: number;
  /** Says which code points have glyphs, and what all of them look like: where one is redrawn, it is another text. */
  readonly shapes: () => string;
  /** The glyph of a code point, as large as the cell, always the same object; undefined where the font has none. */
  readonly glyph: (codePoint: number) => Bitmap | undefined;
  /** What is drawn in place of a glyph that the font has not: a hollow box, unlike any of its glyphs. */
  readonly missing: Bitmap;
}

const OWN: Font = {
  name: 'gvpie',
  version: 1,
  advance: GLYPH_ADVANCE,
  width: FONT_WIDTH,
  height: FONT_HEIGHT,
  ascent: 6,
  pitch: 8,
  shapes: drawnShapes,
  glyph: glyphFor,
  missing: MISSING_GLYPH,
};

/** @param capTop the first row of a capital, where the box begins; it stands on the baseline */
function fixedFont(name: FontName, table: FontTable, capTop: number): Font {
  const { advance, width, height, ascent } = table;
  const glyphs = new TableGlyphs(table);
  return {
    ...{ name, version: 1, advance, width, height, ascent, pitch: height },
    shapes: () => shapesOf(table),
    glyph: (codePoint) => glyphs.glyph(codePoint),
    missing: { width, height, rows: boxRows(table, capTop) },
  };
}

/** A hollow box with the last column left blank, as letters leave it. */
function boxRows({ width, height, ascent }: FontTable, top: number): number[] {
  const closed = 2 ** width - 2;
  const sides = 2 ** (width - 1) + 2;
  return Array.from({ length: height }, (_, y) => {
    if (y < top || y >= ascent) return 0;
    return y === top || y === ascent - 1 ? closed : sides;
  });
}

const FONTS: Readonly<Record<FontName, Font>> = {
  gvpie: OWN,
  fixed5x7: fixedFont('fixed5x7', FIXED_5X7, 0),
  fixed6x13: fixedFont('fixed6x13', FIXED_6X13, 2),
};

/** The font of a name. The tables of the fixed fonts are read when the first glyph is asked for. */
export function fontNamed(name: FontName): Font {
  return FONTS[name];
}

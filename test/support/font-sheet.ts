/** The font sheet: the picture of every glyph that docs/font.png shows. */
import {
  FONT_HEIGHT,
  FONT_WIDTH,
  GLYPH_ADVANCE,
  glyphFor,
  MISSING_GLYPH,
} from '../../renderer/raster/font.ts';
import { draw, fill, type Sheet, sheetOf } from './sheet.ts';

/** The grid starts at the blank; after the 95 characters comes the box for a missing glyph, in the last place. */
const FIRST_CODE_POINT = 0x20;
const COLUMNS = 16;
const ROWS = 6;
/** Sheet pixels a glyph pixel in the grid; the specimen below it is at 1×, the size the font is drawn for. */
const SCALE = 4;
/** Sheet pixels from one glyph of the grid to the next, and around everything. */
const PITCH_X = 40;
const PITCH_Y = 40;
const MARGIN = 10;
/** Sheet pixels from one line of the specimen to the next. */
const LINE = 10;
const SPECIMEN = [
  'The quick brown fox jumps over the lazy dog. SPHINX OF BLACK QUARTZ, JUDGE MY VOW! 0123456789',
  'Illegal1 O0o S5 Z2 B8 rn m 6G 9gq DOQC 38 PR MNW; if (a[i] != b{j}) return ~x|y; $5 & "50%" @ <p/q\\r>',
];

/** Grey levels: the page and a glyph's cell. */
const PAGE = 0x00;
const CELL = 0x28;

const WIDTH = 2 * MARGIN + (COLUMNS - 1) * PITCH_X + FONT_WIDTH * SCALE;
const GRID_BOTTOM = MARGIN + ROWS * PITCH_Y;
const HEIGHT = GRID_BOTTOM + SPECIMEN.length * LINE - (LINE - FONT_HEIGHT) + MARGIN;

/** Draws the sheet: the glyphs in code order on cells of their full 5×7, and two lines of text at 1×. */
export function fontSheet(): Sheet {
  const sheet = sheetOf(WIDTH, HEIGHT, PAGE);
  for (let index = 0; index < COLUMNS * ROWS; index++) {
    const x = MARGIN + (index % COLUMNS) * PITCH_X;
    const y = MARGIN + Math.floor(index / COLUMNS) * PITCH_Y;
    fill(sheet, x, y, FONT_WIDTH * SCALE, FONT_HEIGHT * SCALE, CELL);
    draw(sheet, x, y, glyphFor(FIRST_CODE_POINT + index) ?? MISSING_GLYPH, SCALE);
  }
  for (const [line, text] of SPECIMEN.entries()) {
    for (let index = 0; index < text.length; index++) {
      const glyph = glyphFor(text.charCodeAt(index)) ?? MISSING_GLYPH;
      draw(sheet, MARGIN + index * GLYPH_ADVANCE, GRID_BOTTOM + line * LINE, glyph, 1);
    }
  }
  return sheet;
}

/**
 * Every number that painters share: the tile, the shape tags and the word offsets of an encoded shape.
 * Any other painter of the same display list takes its constants from here, never by hand.
 */

/** Side of a square tile, pixels. Changing it changes speed, never a pixel (a test holds that). */
export const TILE_SIZE = 128;

/** Words of one encoded shape; every word is unsigned 32-bit, coordinates in two's complement. */
export const SHAPE_WORDS = 8;

export const WORD_TAG = 0;
/** RGBA, R in the low byte. */
export const WORD_COLOR = 1;
/** The shape's box, x0 ≤ x < x1 and y0 ≤ y < y1, canvas pixels; a glyph's box may hang over the edges. */
export const WORD_X0 = 2;
export const WORD_Y0 = 3;
export const WORD_X1 = 4;
export const WORD_Y1 = 5;
/** Index of the bitmap's first row in the bitmap words; one word per row, leftmost pixel in bit `width - 1`. */
export const WORD_BITMAP = 6;
/** Word 7 is reserved and zero. */

export const TAG_RECT = 1;
export const TAG_GLYPH = 2;

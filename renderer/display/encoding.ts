/**
 * The numbers of the encoding: where a shape's words stand and what its tag says. Every painter reads them, and
 * the shader's constants are generated from here too.
 */

/** Words of one encoded shape; every word is unsigned 32-bit, coordinates in two's complement. */
export const SHAPE_WORDS = 8;

export const WORD_TAG = 0;
/** RGBA, R in the low byte. */
export const WORD_COLOR = 1;
/** The shape's box, x0 ≤ x < x1 and y0 ≤ y < y1, canvas pixels; it may hang over the edges, lie outside, or hold nothing. */
export const WORD_X0 = 2;
export const WORD_Y0 = 3;
export const WORD_X1 = 4;
export const WORD_Y1 = 5;
/** Index of the bitmap's first row in the bitmap words; one word per row, leftmost pixel in bit `width - 1`. */
export const WORD_BITMAP = 6;
/** Word 7 is reserved and zero. */

export const TAG_RECT = 1;
export const TAG_GLYPH = 2;

/**
 * The numbers of the encoding: where a shape's words stand and what its tag says. Every painter reads them, and
 * the shader's constants are generated from here too.
 */

/** Words of one encoded shape; every word is unsigned 32-bit, coordinates in two's complement. */
export const SHAPE_WORDS = 8;

export const WORD_TAG = 0;
/** RGBA, R in the low byte; an image and a shade, whose pixels have colours of their own, have 0. */
export const WORD_COLOR = 1;
/** The shape's box, x0 ≤ x < x1 and y0 ≤ y < y1, canvas pixels; it may hang over the edges, lie outside, or hold nothing. */
export const WORD_X0 = 2;
export const WORD_Y0 = 3;
export const WORD_X1 = 4;
export const WORD_Y1 = 5;
/**
 * Where the shape's words begin in the pool; a word beyond the pool's end reads as 0. A glyph has one word for each row,
 * leftmost pixel in bit `width - 1`; spans have two, the row's first column and the one after its last. An image has
 * one that says where its pixels begin in the pool, one for each column and one for each row: the sum of the three,
 * modulo 2³², is where a pixel of the box stands, RGBA. A shade has SHADE_UNIFORMS words, as below, and one for each of
 * its uniforms.
 */
export const WORD_POOL = 6;
/** How its pixels are blended; blends.ts has the numbers. A shape of another number shows nothing. */
export const WORD_BLEND = 7;

/** A shape of any other tag shows nothing. */
export const TAG_RECT = 1;
export const TAG_GLYPH = 2;
export const TAG_SPANS = 3;
export const TAG_IMAGE = 4;
/** Its pixels are worked out from what lies below: no shape behind it is hidden, and each after it comes later. */
export const TAG_SHADE = 5;

/** The words of a shade in the pool: its number among the list's shades; of another number it shows nothing. */
export const SHADE_NUMBER = 0;
/** Column and row of the canvas where its rectangle begins, of which the box is a part, modulo 2³²; and its size, pixels. */
export const SHADE_LEFT = 1;
export const SHADE_TOP = 2;
export const SHADE_WIDTH = 3;
export const SHADE_HEIGHT = 4;
/** 1: alpha counts as 255, whatever it comes to. */
export const SHADE_OPAQUE = 5;
/** Where the uniforms begin, signed 32-bit. */
export const SHADE_UNIFORMS = 6;

/** Source-over, of which an opaque rectangle hides what lies behind it. */
export const BLEND_OVER = 0;

/**
 * Every number that painters share besides the encoding's: the tile, the ground and the words of a dispatch.
 * The shader's constants are generated from here too (prelude.ts), never written by hand.
 */

/**
 * Side of a square tile, pixels. Changing it changes speed, never a pixel (a test holds that). Tiles of 32 take a tenth to
 * a half longer, and for larger ones there is no kernel.
 */
export const TILE_SIZE = 64;

/** Opaque black, the ground of every canvas, as an RGBA word. */
export const GROUND = 0xff000000;

/** Pixels side by side that one invocation paints: what it reads of a shape, it reads for all of them. */
export const PIXELS_PER_INVOCATION = 4;

/**
 * Smallest side of a tile on the GPU, pixels; a long list takes larger ones. A workgroup paints a square of
 * this side: 32 × 32 / 4 are 256 invocations, the most that WebGPU promises everywhere.
 */
export const GPU_TILE_SIZE = 32;

/** Words of one dispatch's parameters, each unsigned 32-bit; rows and columns in canvas pixels. */
export const PARAM_WORDS = 16;

export const PARAM_WIDTH = 0;
/** The band that is painted: BAND_TOP ≤ y < BAND_BOTTOM. Its first pixel is the output's first word. */
export const PARAM_BAND_TOP = 1;
export const PARAM_BAND_BOTTOM = 2;
export const PARAM_TILE_SIZE = 3;
export const PARAM_TILES_X = 4;
/** The tile of the dispatch's first layer of workgroups; each layer takes the next one. */
export const PARAM_FIRST_TILE = 5;
/** Entries of each tile that earlier dispatches have painted; of a shade's dispatch, pixels of its box in the band. */
export const PARAM_SKIP = 6;
/** Most entries of a tile that this dispatch paints; of a shade's dispatch, pixels. */
export const PARAM_TAKE = 7;
/** Where the pool, the tiles' offsets and the entries begin in the scene, words, in this order; the shapes begin at 0. */
export const PARAM_POOL = 8;
export const PARAM_OFFSETS = 9;
export const PARAM_ENTRIES = 10;
/** 1: this dispatch paints on what lies in the band. 0: it paints the ground first. */
export const PARAM_BEGUN = 11;
/** Words of the pool. */
export const PARAM_POOL_SIZE = 12;
/** The shape that a shade's dispatch paints. */
export const PARAM_SHAPE = 13;
/** Where the table of a quarter wave begins in the scene, for shades that read it; see machine/trigonometry.ts. */
export const PARAM_WAVE = 14;
/** Of a batch: where the records of its canvases begin in the scene, words. */
export const PARAM_CANVASES = 15;
/** Of a batch: where the table begins in the scene that says of each tile which canvas it is of, a word each. */
export const PARAM_OWNERS = 13;

/** Words of a canvas's record in a batch, which stand for the parameters of the same names; its rows begin at 0. */
export const CANVAS_WORDS = 8;

export const CANVAS_WIDTH = 0;
export const CANVAS_HEIGHT = 1;
export const CANVAS_TILES_X = 2;
/** The first of its tiles among those of the batch. */
export const CANVAS_FIRST_TILE = 3;
export const CANVAS_POOL = 4;
export const CANVAS_POOL_SIZE = 5;
/** Where its pixels begin in the output, words. */
export const CANVAS_OUTPUT = 6;
/** Word 7 is reserved and zero. */

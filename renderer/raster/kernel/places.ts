/** Where the kernel finds what: the numbers of a scene, and the room in which it puts a tile together. */

/** Longest side of a tile that the kernel paints, pixels: a row of it is a word of 64 bits. */
export const KERNEL_SIDE = 64;

/** Shapes of a tile that are taken at once: what lies behind others is told among these. */
export const KERNEL_ENTRIES = 128;

/**
 * A row of a tile in the making, bytes: its pixels, room for what is written beyond them, four at a time, and from
 * ROW_COVERED on a bit for each pixel that is finished, the leftmost the highest.
 */
export const ROW_BYTES = 288;
export const ROW_COVERED = 4 * KERNEL_SIDE + 16;

/** A shape that is blended, once it is known where it is seen: four words, and two for each row. */
export const KEPT = {
  color: 0,
  blend: 4,
  /** Where its rows end, and where the one kept before it begins, or 0. */
  end: 8,
  before: 12,
  /** The first row: the bits of its pixels, and where it lies in the room. */
  rows: 16,
  bits: 0,
  row: 8,
  rowBytes: 16,
} as const;

/** The room of one thread, bytes: the rows of a tile, and what is kept of its shapes. */
export const ROOM = {
  rows: 0,
  kept: KERNEL_SIDE * ROW_BYTES,
  bytes: KERNEL_SIDE * ROW_BYTES + KERNEL_ENTRIES * (KEPT.rows + KERNEL_SIDE * KEPT.rowBytes),
} as const;

/** Sixteen times four words, all ones or zeros: the pixels that each number of four bits means. */
export const FOURS = 0;

/** A scene's numbers, each a word, and where its parts lie, bytes. */
export const SCENE = {
  width: 256,
  height: 260,
  /** The tile's side as a power of two. */
  tileShift: 264,
  tilesX: 268,
  shapes: 272,
  pool: 276,
  poolWords: 280,
  entries: 284,
  canvas: 288,
} as const;

/** Where the first thread's room is; those of the others follow. */
export const FIRST_ROOM = 4_096;

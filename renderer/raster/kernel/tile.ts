/** What the kernel knows while it paints a tile: its variables, and the bits of the tile's rows and columns. */
import type { Code, Local, WasmFunction } from '../../../shared/wasm/assembler.ts';
import * as wasm from '../../../shared/wasm/instructions.ts';
import { KERNEL_SIDE, ROW_BYTES } from './places.ts';

const { add, get, i32, i64, isLess, set, subtract } = wasm;

export const NONE = i64(0);
export const ALL = i64(-1);

/** Its variables, each used for one thing only. */
export function variablesOf(f: WasmFunction) {
  return {
    // Of the tile: its place, the bits of its columns and rows, and which rows may differ from the one above.
    left: f.i32(),
    top: f.i32(),
    right: f.i32(),
    bottom: f.i32(),
    columns: f.i64(),
    lines: f.i64(),
    fresh: f.i64(),
    // Of the stretch that is taken at once: its entries, the next one, and how many pixels nothing covers yet.
    low: f.i32(),
    high: f.i32(),
    entry: f.i32(),
    open: f.i32(),
    /** Where the next shape is kept, and where the last one is, or 0. */
    kept: f.i32(),
    last: f.i32(),
    // Of a shape: its words, and its box on the canvas, cut to the tile.
    at: f.i32(),
    tag: f.i32(),
    color: f.i32(),
    x0: f.i32(),
    y0: f.i32(),
    x1: f.i32(),
    y1: f.i32(),
    isOpaque: f.i32(),
    box: f.i64(),
    /** The rows that are still to be painted. */
    rows: f.i64(),
    /** Its words for the tile's first row, whether it has some or not; how many rows the pool has words for. */
    words: f.i32(),
    count: f.i32(),
    /** How far a glyph's bits are shifted, to the left and then to the right. */
    leftward: f.i64(),
    rightward: f.i64(),
    // Of a row: its number and where it lies in the room, a run, and its bits.
    y: f.i32(),
    row: f.i32(),
    start: f.i32(),
    end: f.i32(),
    covered: f.i64(),
    bits: f.i64(),
    // Of a run of bits that is written.
    ink: f.v128(),
    pixel: f.i32(),
    length: f.i32(),
  };
}

export type Variables = ReturnType<typeof variablesOf>;

/** The bits of columns of the canvas that the tile has, at least one. */
export function columns(v: Variables, start: Code, end: Code): Code {
  return wasm.and64(
    wasm.shiftRight64(ALL, wasm.to64(subtract(start, get(v.left)))),
    wasm.shiftLeft64(ALL, wasm.to64(subtract(add(get(v.left), i32(KERNEL_SIDE)), end))),
  );
}

/** Likewise of rows, the topmost the lowest. */
export function linesOf(v: Variables, start: Code, end: Code): Code {
  return wasm.and64(
    wasm.shiftLeft64(ALL, wasm.to64(subtract(start, get(v.top)))),
    wasm.shiftRight64(ALL, wasm.to64(subtract(add(get(v.top), i32(KERNEL_SIDE)), end))),
  );
}

/** The next of the rows that are to be painted: its number, and where it lies. */
export function takeRow(v: Variables, room: Local): Code {
  return [
    set(v.y, wasm.to32(wasm.trailingZeros64(get(v.rows)))),
    set(v.rows, wasm.and64(get(v.rows), wasm.subtract64(get(v.rows), i64(1)))),
    set(v.row, add(get(room), wasm.multiply(get(v.y), i32(ROW_BYTES)))),
  ];
}

/** Of signed numbers. They are worked out twice. */
export const larger = (a: Code, b: Code): Code => wasm.choose(a, b, isLess(b, a));

export const smaller = (a: Code, b: Code): Code => wasm.choose(a, b, isLess(a, b));

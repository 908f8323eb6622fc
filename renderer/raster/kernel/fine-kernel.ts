/**
 * The kernel: `fine` in WebAssembly, for rectangles, glyphs and spans. Every shape is bits, a word of 64 for each row of
 * a tile, the leftmost pixel the highest. Shapes are taken front to back: an opaque one is written where nothing covers
 * it yet, so that overdraw is not paid; of one that is blended the bits are kept, to be blended from back to front.
 */
import {
  type Code,
  either,
  type Local,
  repeatWhile,
  sharingModuleOf,
  WasmFunction,
  when,
  whileHolds,
} from '../../../shared/wasm/assembler.ts';
import * as wasm from '../../../shared/wasm/instructions.ts';
import { SHAPE_WORDS, TAG_RECT, WORD_TAG, WORD_Y0, WORD_Y1 } from '../../display/encoding.ts';
import { blendKept } from './blending.ts';
import { copyIn, copyOut } from './copying.ts';
import { KERNEL_ENTRIES, ROOM, ROW_COVERED, SCENE } from './places.ts';
import { paintGround } from './rows.ts';
import { paintShape } from './shapes.ts';
import {
  ALL,
  columns,
  larger,
  linesOf,
  NONE,
  smaller,
  takeRow,
  type Variables,
  variablesOf,
} from './tile.ts';

const { add, and, get, i32, i64, isLess, load, set, shiftLeft, subtract } = wasm;

/** The module's bytes. */
export function kernelModule(): Uint8Array<ArrayBuffer> {
  return sharingModuleOf([paint()]);
}

/**
 * `paint(room, tile, from, to, isBegun)` paints the entries `from` to before `to` of a tile of the scene: on the ground,
 * or, where it is begun, on what the canvas has. Of these none is an image or a shade.
 */
function paint(): WasmFunction {
  const [room, tile, from, to, isBegun] = [0, 1, 2, 3, 4];
  const f = new WasmFunction('paint', 5);
  const v = variablesOf(f);
  return f.body(
    placeTile(v, tile),
    either(get(isBegun), [set(v.fresh, get(v.lines)), copyIn(f, room, v)], findFresh(v, from, to)),
    set(v.low, get(from)),
    repeatWhile(
      isLess(get(v.low), get(to)),
      set(v.high, smaller(get(to), add(get(v.low), i32(KERNEL_ENTRIES)))),
      uncover(v, room),
      set(v.kept, add(get(room), i32(ROOM.kept))),
      set(v.last, i32(0)),
      set(v.entry, get(v.high)),
      whileHolds(
        and(isLess(get(v.low), get(v.entry)), isLess(i32(0), get(v.open))),
        set(v.entry, subtract(get(v.entry), i32(1))),
        lookAt(v, v.entry),
        paintShape(v, room),
      ),
      when(and(wasm.isZero(get(isBegun)), wasm.isSame(get(v.low), get(from))), paintGround(v, room)),
      blendKept(f, v.last),
      set(v.low, get(v.high)),
    ),
    set(v.rows, get(v.fresh)),
    repeatWhile(
      wasm.isOther64(get(v.rows), NONE),
      takeRow(v, room),
      // Rows between two edges are alike.
      set(v.end, smaller(subtract(get(v.bottom), get(v.top)), wasm.to32(wasm.trailingZeros64(get(v.rows))))),
      copyOut(f, v.row, v.y, v.end, v),
    ),
  );
}

function placeTile(v: Variables, tile: Local): Code {
  const scene = (place: number): Code => load(i32(0), place);
  const side = shiftLeft(i32(1), scene(SCENE.tileShift));
  return [
    set(v.left, shiftLeft(wasm.remainder(get(tile), scene(SCENE.tilesX)), scene(SCENE.tileShift))),
    set(v.top, shiftLeft(wasm.divide(get(tile), scene(SCENE.tilesX)), scene(SCENE.tileShift))),
    set(v.right, smaller(add(get(v.left), side), scene(SCENE.width))),
    set(v.bottom, smaller(add(get(v.top), side), scene(SCENE.height))),
    set(v.columns, columns(v, get(v.left), get(v.right))),
    set(v.lines, linesOf(v, get(v.top), get(v.bottom))),
  ];
}

/** The words of an entry's shape, and the rows of its box, cut to the tile. */
function lookAt(v: Variables, entry: Local): Code {
  const number = load(add(load(i32(0), SCENE.entries), shiftLeft(get(entry), i32(2))));
  return [
    set(v.at, add(load(i32(0), SCENE.shapes), shiftLeft(number, i32(Math.log2(4 * SHAPE_WORDS))))),
    set(v.tag, load(get(v.at), 4 * WORD_TAG)),
    set(v.y0, larger(get(v.top), load(get(v.at), 4 * WORD_Y0))),
    set(v.y1, smaller(get(v.bottom), load(get(v.at), 4 * WORD_Y1))),
  ];
}

/** Which rows may differ from the row above: the first, each after an edge, and all along what is no rectangle. */
function findFresh(v: Variables, from: Local, to: Local): Code {
  const line = (y: Code): Code => wasm.shiftLeft64(i64(1), wasm.to64(subtract(y, get(v.top))));
  const more = (lines: Code): Code => set(v.fresh, wasm.or64(get(v.fresh), lines));
  return [
    set(v.fresh, i64(1)),
    set(v.entry, get(from)),
    whileHolds(
      and(isLess(get(v.entry), get(to)), wasm.isOther64(get(v.fresh), get(v.lines))),
      lookAt(v, v.entry),
      when(
        isLess(get(v.y0), get(v.y1)),
        // A shift by 64 is none: for the row below the tile it is the first, which is fresh anyway.
        more(wasm.and64(wasm.or64(line(get(v.y0)), line(get(v.y1))), get(v.lines))),
        when(wasm.isOther(get(v.tag), i32(TAG_RECT)), more(linesOf(v, get(v.y0), get(v.y1)))),
      ),
      set(v.entry, add(get(v.entry), i32(1))),
    ),
  ];
}

/** Nothing covers the tile; what lies beside it is covered. */
function uncover(v: Variables, room: Local): Code {
  return [
    set(v.open, i32(0)),
    set(v.rows, get(v.fresh)),
    repeatWhile(
      wasm.isOther64(get(v.rows), NONE),
      takeRow(v, room),
      wasm.store64(get(v.row), wasm.xor64(get(v.columns), ALL), ROW_COVERED),
      set(v.open, add(get(v.open), subtract(get(v.right), get(v.left)))),
    ),
  ];
}

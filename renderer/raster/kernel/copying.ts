/** Copying in the kernel: a tile's rows between the canvas and the room, and one row to all those that are like it. */
import {
  type Code,
  either,
  type Local,
  repeatWhile,
  type WasmFunction,
  whileHolds,
} from '../../../shared/wasm/assembler.ts';
import * as wasm from '../../../shared/wasm/instructions.ts';
import { KERNEL_SIDE, ROW_BYTES, SCENE } from './places.ts';

const { add, get, i32, load, set, shiftLeft, subtract } = wasm;

/** A tile's place on the canvas, pixels. */
export interface TilePlace {
  readonly left: Local;
  readonly top: Local;
  readonly right: Local;
  readonly bottom: Local;
}

function variablesOf(f: WasmFunction) {
  return { at: f.i32(), row: f.i32(), width: f.i32(), stride: f.i32(), end: f.i32(), column: f.i32() };
}

type Variables = ReturnType<typeof variablesOf>;

/** Where row `y` of the tile begins on the canvas, and how wide it is, bytes. */
function begin(v: Variables, place: TilePlace, y: Code): Code {
  const pixel = add(wasm.multiply(add(get(place.top), y), load(i32(0), SCENE.width)), get(place.left));
  return [
    set(v.stride, shiftLeft(load(i32(0), SCENE.width), i32(2))),
    set(v.width, shiftLeft(subtract(get(place.right), get(place.left)), i32(2))),
    set(v.at, add(load(i32(0), SCENE.canvas), shiftLeft(pixel, i32(2)))),
  ];
}

/** Reads the whole tile, and up to three pixels beyond each row, into the room. */
export function copyIn(f: WasmFunction, room: Local, place: TilePlace): Code {
  const v = variablesOf(f);
  const rows = wasm.multiply(subtract(get(place.bottom), get(place.top)), i32(ROW_BYTES));
  return [
    begin(v, place, i32(0)),
    set(v.row, get(room)),
    set(v.end, add(get(room), rows)),
    repeatWhile(
      wasm.isOther(get(v.row), get(v.end)),
      set(v.column, i32(0)),
      repeatWhile(
        wasm.isBelow(get(v.column), get(v.width)),
        wasm.storePixels(add(get(v.row), get(v.column)), wasm.loadPixels(add(get(v.at), get(v.column)))),
        set(v.column, add(get(v.column), i32(16))),
      ),
      set(v.at, add(get(v.at), get(v.stride))),
      set(v.row, add(get(v.row), i32(ROW_BYTES))),
    ),
  ];
}

/** Writes the row `y` of the room, which begins at `row`, to the rows from `y` to before `to` of the canvas, at least one. */
export function copyOut(f: WasmFunction, row: Local, y: Local, to: Local, place: TilePlace): Code {
  const v = variablesOf(f);
  const copy = (from: Code, at: Code, offset = 0): Code =>
    wasm.storePixels(at, wasm.loadPixels(from, offset), offset);
  const whole = Array.from({ length: KERNEL_SIDE / 4 }, (_, four) => copy(get(row), get(v.at), 16 * four));
  const next = set(v.at, add(get(v.at), get(v.stride)));
  // The last four pixels may be copied twice, so that nothing beyond the tile is: another thread may be at it.
  const cut: Code = [
    set(v.column, i32(0)),
    either(
      wasm.isBelow(get(v.width), i32(16)),
      repeatWhile(
        wasm.isBelow(get(v.column), get(v.width)),
        wasm.store(add(get(v.at), get(v.column)), load(add(get(row), get(v.column)))),
        set(v.column, add(get(v.column), i32(4))),
      ),
      [
        set(v.row, subtract(get(v.width), i32(16))),
        whileHolds(
          wasm.isBelow(get(v.column), get(v.row)),
          copy(add(get(row), get(v.column)), add(get(v.at), get(v.column))),
          set(v.column, add(get(v.column), i32(16))),
        ),
        copy(add(get(row), get(v.row)), add(get(v.at), get(v.row))),
      ],
    ),
  ];
  return [
    begin(v, place, get(y)),
    set(v.end, add(get(v.at), wasm.multiply(subtract(get(to), get(y)), get(v.stride)))),
    either(
      wasm.isSame(get(v.width), i32(4 * KERNEL_SIDE)),
      repeatWhile(wasm.isOther(get(v.at), get(v.end)), whole, next),
      repeatWhile(wasm.isOther(get(v.at), get(v.end)), cut, next),
    ),
  ];
}

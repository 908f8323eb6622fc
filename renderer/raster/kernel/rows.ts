/** Rows of the kernel's tile: what of a shape's bits is seen there is written at once, or kept to be blended. */
import {
  type Code,
  either,
  type Local,
  repeatWhile,
  when,
  whileHolds,
} from '../../../shared/wasm/assembler.ts';
import * as wasm from '../../../shared/wasm/instructions.ts';
import { WORD_BLEND } from '../../display/encoding.ts';
import { GROUND } from '../layout.ts';
import { foursOf, runLength } from './blending.ts';
import { KEPT, ROW_COVERED } from './places.ts';
import { ALL, NONE, takeRow, type Variables } from './tile.ts';

const { add, get, i32, i64, isLess, load, set, shiftLeft, subtract } = wasm;

/** Does `each` in every row in which something of the bits is not covered yet. */
export function forRows(v: Variables, room: Local, bits: Code, each: Code): Code {
  return whileHolds(
    wasm.isOther64(get(v.rows), NONE),
    takeRow(v, room),
    set(v.covered, wasm.load64(get(v.row), ROW_COVERED)),
    set(v.bits, wasm.and64(bits, wasm.xor64(get(v.covered), ALL))),
    when(wasm.isOther64(get(v.bits), NONE), each),
  );
}

/** Writes the bits of a row, which are covered from now on. */
export function cover(v: Variables): Code {
  return [
    wasm.store64(get(v.row), wasm.or64(get(v.covered), get(v.bits)), ROW_COVERED),
    set(v.open, subtract(get(v.open), wasm.to32(wasm.ones64(get(v.bits))))),
    write(v),
  ];
}

/** Keeps a shape, if anything of it is to be seen. */
export function keep(v: Variables, room: Local, bits: Code): Code {
  const row: Code = [
    wasm.store64(get(v.kept), get(v.bits), KEPT.rows + KEPT.bits),
    wasm.store(get(v.kept), get(v.row), KEPT.rows + KEPT.row),
    set(v.kept, add(get(v.kept), i32(KEPT.rowBytes))),
  ];
  return [
    set(v.count, get(v.kept)),
    forRows(v, room, bits, row),
    when(
      wasm.isOther(get(v.count), get(v.kept)),
      wasm.store(get(v.count), get(v.color), KEPT.color),
      wasm.store(get(v.count), load(get(v.at), 4 * WORD_BLEND), KEPT.blend),
      wasm.store(get(v.count), get(v.last), KEPT.before),
      set(v.kept, add(get(v.kept), i32(KEPT.rows))),
      wasm.store(get(v.count), get(v.kept), KEPT.end),
      set(v.last, get(v.count)),
    ),
  ];
}

/** What nothing covers is of the ground's colour. */
export function paintGround(v: Variables, room: Local): Code {
  return [begin(v, i32(GROUND | 0)), set(v.rows, get(v.fresh)), forRows(v, room, ALL, write(v))];
}

export const begin = (v: Variables, color: Code): Code => set(v.ink, wasm.fourOf(color));

/** Writes the bits of a row, runs of four pixels and more by themselves, others four pixels at a time. */
function write(v: Variables): Code {
  const skip = (count: Code): Code => [
    set(v.bits, wasm.shiftLeft64(get(v.bits), wasm.to64(count))),
    set(v.pixel, add(get(v.pixel), shiftLeft(count, i32(2)))),
  ];
  return [
    set(v.pixel, get(v.row)),
    repeatWhile(
      wasm.isOther64(get(v.bits), NONE),
      set(v.length, wasm.to32(wasm.leadingZeros64(get(v.bits)))),
      skip(get(v.length)),
      set(v.length, runLength(v.bits)),
      either(
        isLess(i32(3), get(v.length)),
        [
          // Its last four are written first, some of them twice.
          set(v.end, add(get(v.pixel), shiftLeft(subtract(get(v.length), i32(4)), i32(2)))),
          wasm.storePixels(get(v.end), get(v.ink)),
          whileHolds(
            wasm.isBelow(get(v.pixel), get(v.end)),
            wasm.storePixels(get(v.pixel), get(v.ink)),
            set(v.pixel, add(get(v.pixel), i32(16))),
          ),
          set(v.pixel, add(get(v.end), i32(16))),
          // Its length may be 64, and a shift by that would be none.
          set(v.bits, wasm.shiftLeft64(get(v.bits), i64(4))),
          set(v.bits, wasm.shiftLeft64(get(v.bits), wasm.to64(subtract(get(v.length), i32(4))))),
        ],
        [
          wasm.storePixels(
            get(v.pixel),
            wasm.pick(get(v.ink), wasm.loadPixels(get(v.pixel)), foursOf(v.bits)),
          ),
          skip(i32(4)),
        ],
      ),
    ),
  ];
}

/**
 * The fast machine: the inner loops of row differences in WebAssembly, which compares four pixels at once and writes
 * a run's bits in one go. PlainRuns says what it has to do.
 */
import {
  type Code,
  either,
  type Local,
  moduleOf,
  repeatWhile,
  WasmFunction,
  when,
} from '../wasm/assembler.ts';
import {
  add,
  add64,
  and,
  choose,
  get,
  i32,
  isBelow,
  isZero,
  load,
  loadPixels,
  multiply,
  multiply64,
  or,
  or64,
  set,
  shifted,
  shiftLeft,
  shiftLeft64,
  shiftRight,
  shiftRight64,
  store,
  store64,
  storePixels,
  subtract,
  subtractBytes,
  to32,
  to64,
  trailingZeros,
  whichDiffer,
} from '../wasm/instructions.ts';
import { UP } from './difference-block.ts';
import { PLACES } from './fast-places.ts';
import { LONGEST_MATCH } from './match-lengths.ts';

/** Of 64 KiB, with room for what most blocks are written as; more is taken when it is needed. */
const PAGES = Math.ceil(PLACES.out / 65_536) + 4;

/** The module's bytes. */
export function kernelModule(): Uint8Array<ArrayBuffer> {
  return moduleOf(PAGES, [sameRow(), compareRow(), writeRuns()]);
}

/** Four times a byte of a pixel: where its word is in a table. */
function fourTimes(pixel: Local, byte: number): Code {
  const value = get(pixel);
  return and(byte === 0 ? shiftLeft(value, i32(2)) : shiftRight(value, i32(8 * byte - 2)), i32(0x3fc));
}

const byteOf = (pixel: Local, byte: number): Code => and(shiftRight(get(pixel), i32(8 * byte)), i32(255));

/** Does `one` with `now`, the length of a match, for the matches that `left` bytes are written as; once for no bytes. */
function forMatches(left: Local, now: Local, one: Code): Code {
  const shortened = subtract(get(left), i32(3));
  const most = i32(LONGEST_MATCH);
  return [
    when(
      isBelow(most, get(left)),
      repeatWhile(
        isBelow(most, get(left)),
        set(now, choose(shortened, most, isBelow(shortened, most))),
        one,
        set(left, subtract(get(left), get(now))),
      ),
    ),
    set(now, get(left)),
    one,
  ];
}

/** Gathering runs in one function: its variables, and what is done at a row's beginning, for a run, and at the end. */
function gathering(f: WasmFunction) {
  const zero = i32(0);
  const [end, last, left, now, address] = [f.i32(), f.i32(), f.i32(), f.i32(), f.i32()];
  const [bytes, all, sameAlphas] = [f.i32(), f.i32(), f.i32()];
  const weighted = f.i64();
  /** @param offset four times an index */
  const countUp = (place: number, offset: Code): Code => [
    set(address, offset),
    store(get(address), add(load(get(address), place), i32(1)), place),
  ];
  const append = (difference: Code, times: Code): Code => [
    store(get(end), difference),
    store(get(end), times, 4),
    set(end, add(get(end), i32(8))),
  ];
  const countMatches = forMatches(left, now, countUp(PLACES.lengths, shiftLeft(get(now), i32(2))));
  const zeros = (times: Code): Code => [
    set(left, shiftLeft(times, i32(2))),
    when(get(last), countUp(PLACES.literals, zero), set(left, subtract(get(left), i32(1)))),
    set(last, zero),
    countMatches,
  ];
  return {
    begin: [
      set(end, load(zero, PLACES.end)),
      set(bytes, i32(UP)),
      append(zero, zero),
      countUp(PLACES.literals, i32(4 * UP)),
      set(last, i32(UP)),
    ] satisfies Code,
    zeros: (times: Code): Code => [append(zero, times), zeros(times)],
    run: (difference: Local, times: Local, place: Local): Code => {
      const [r, g, b, a] = [0, 1, 2, 3].map((byte) => byteOf(difference, byte)) as [Code, Code, Code, Code];
      return [
        append(get(difference), get(times)),
        either(isZero(get(difference)), zeros(get(times)), [
          [0, 1, 2].map((byte) => countUp(PLACES.literals, fourTimes(difference, byte))),
          set(last, a),
          // Where all is opaque alpha never differs.
          either(
            get(last),
            countUp(PLACES.literals, shiftLeft(get(last), i32(2))),
            set(sameAlphas, add(get(sameAlphas), i32(1))),
          ),
          set(all, add(add(r, g), add(b, a))),
          set(bytes, add(get(bytes), multiply(get(all), get(times)))),
          // times × (all × (place + 2 × (times − 1)) + g + 2b + 3a)
          set(left, shiftLeft(subtract(get(times), i32(1)), i32(1))),
          set(
            weighted,
            add64(
              get(weighted),
              multiply64(
                to64(get(times)),
                to64(
                  add(
                    multiply(get(all), add(get(place), get(left))),
                    add(g, add(shiftLeft(b, i32(1)), multiply(a, i32(3)))),
                  ),
                ),
              ),
            ),
          ),
          set(left, shiftLeft(get(left), i32(1))),
          countMatches,
        ]),
      ];
    },
    end: [
      store(zero, add(load(zero, PLACES.literals), get(sameAlphas)), PLACES.literals),
      store(zero, get(end), PLACES.end),
      store(zero, get(bytes), PLACES.bytes),
      store64(zero, get(weighted), PLACES.weighted),
    ] satisfies Code,
  };
}

/** `sameRow(width)`: gathers the runs of a row that is as above. */
function sameRow(): WasmFunction {
  const f = new WasmFunction('sameRow', 1);
  const { begin, zeros, end } = gathering(f);
  return f.body(begin, zeros(get(0)), end);
}

/**
 * `compareRow(above, here, width)`: gathers the runs of the row at `here`, and leaves its sums. Behind both rows
 * the same bytes have to lie, so that no more than one run begins there.
 */
function compareRow(): WasmFunction {
  const [above, here, width] = [0, 1, 2];
  const f = new WasmFunction('compareRow', 3);
  const { begin, run, end } = gathering(f);
  const [at, mask, next, from] = [f.i32(), f.i32(), f.i32(), f.i32()];
  const [difference, times, place] = [f.i32(), f.i32(), f.i32()];
  const [before, now] = [f.v128(), f.v128()];
  const four = (group: number): Code => [
    set(
      now,
      subtractBytes(
        loadPixels(add(get(here), get(at)), 16 * group),
        loadPixels(add(get(above), get(at)), 16 * group),
      ),
    ),
    storePixels(get(at), get(now), PLACES.differences + 16 * group),
    set(
      mask,
      or(get(mask), shiftLeft(whichDiffer(get(now), shifted(get(before), get(now))), i32(4 * group))),
    ),
    set(before, get(now)),
  ];
  /** The run from `from` up to `to`. */
  const runTo = (to: Code): Code => [
    set(place, shiftLeft(get(from), i32(2))),
    set(difference, load(get(place), PLACES.differences)),
    set(times, subtract(to, get(from))),
    set(place, add(get(place), i32(1))),
    run(difference, times, place),
  ];
  return f.body(
    begin,
    repeatWhile(
      isBelow(shiftRight(get(at), i32(2)), get(width)),
      set(mask, i32(0)),
      [0, 1, 2, 3].map(four),
      when(
        get(mask),
        repeatWhile(
          get(mask),
          set(next, add(shiftRight(get(at), i32(2)), trailingZeros(get(mask)))),
          // The first pixel, unless it is 0, ends no run.
          when(get(next), runTo(get(next))),
          set(from, get(next)),
          set(mask, and(get(mask), subtract(get(mask), i32(1)))),
        ),
      ),
      set(at, add(get(at), i32(64))),
    ),
    when(isBelow(get(from), get(width)), runTo(get(width))),
    end,
  );
}

/** `writeRuns(from, to, out)` writes the runs there, and gives where the bytes end. */
function writeRuns(): WasmFunction {
  const [from, to, out] = [0, 1, 2];
  const f = new WasmFunction('writeRuns', 3, true);
  const difference = f.i32();
  const left = f.i32();
  const now = f.i32();
  const word = f.i32();
  const last = f.i32();
  const bits = f.i32();
  const pending = f.i64();
  const zero = i32(0);
  /** @param offset four times an index */
  const put = (table: number, offset: Code): Code => [
    set(word, load(offset, table)),
    set(pending, or64(get(pending), shiftLeft64(to64(and(get(word), i32(0xffff))), to64(get(bits))))),
    set(bits, add(get(bits), shiftRight(get(word), i32(16)))),
  ];
  const flush: Code = [
    store64(get(out), get(pending)),
    set(out, add(get(out), shiftRight(get(bits), i32(3)))),
    set(pending, shiftRight64(get(pending), to64(and(get(bits), i32(120))))),
    set(bits, and(get(bits), i32(7))),
  ];
  // At most 7 bits are there, four literals of 10 and a match of 16: one less than can be.
  const matches = (table: number): Code =>
    forMatches(left, now, [put(table, shiftLeft(get(now), i32(2))), flush]);
  return f.body(
    set(pending, to64(load(zero, PLACES.pending))),
    set(bits, load(zero, PLACES.pendingBits)),
    repeatWhile(
      isBelow(get(from), get(to)),
      set(difference, load(get(from))),
      set(left, shiftLeft(load(get(from), 4), i32(2))),
      either(
        isZero(get(left)),
        [put(PLACES.literalWords, i32(4 * UP)), flush, set(last, i32(UP))],
        either(
          isZero(get(difference)),
          [
            when(get(last), [put(PLACES.literalWords, zero), set(left, subtract(get(left), i32(1)))]),
            set(last, zero),
            matches(PLACES.nearWords),
          ],
          [
            [0, 1, 2, 3].map((byte) => put(PLACES.literalWords, fourTimes(difference, byte))),
            set(last, byteOf(difference, 3)),
            set(left, subtract(get(left), i32(4))),
            matches(PLACES.farWords),
          ],
        ),
      ),
      set(from, add(get(from), i32(8))),
    ),
    store(zero, to32(get(pending)), PLACES.pending),
    store(zero, get(bits), PLACES.pendingBits),
    get(out),
  );
}

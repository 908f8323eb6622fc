/** Shapes in the kernel: which pixels of a tile's rows a rectangle, a glyph or spans have, as bits. */
import { type Code, either, type Local, when } from '../../../shared/wasm/assembler.ts';
import * as wasm from '../../../shared/wasm/instructions.ts';
import { BLENDS } from '../../display/blends.ts';
import {
  BLEND_OVER,
  TAG_GLYPH,
  TAG_RECT,
  TAG_SPANS,
  WORD_BLEND,
  WORD_COLOR,
  WORD_POOL,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
} from '../../display/encoding.ts';
import { KERNEL_SIDE, SCENE } from './places.ts';
import { begin, cover, forRows, keep } from './rows.ts';
import { columns, larger, linesOf, NONE, smaller, type Variables } from './tile.ts';

const { add, and, get, i32, isLess, load, set, shiftLeft, shiftRight, subtract } = wasm;

/** Most pixels of a glyph's row. */
const GLYPH_BITS = 32;

export function paintShape(v: Variables, room: Local): Code {
  const word = (index: number): Code => load(get(v.at), 4 * index);
  const isThere = [
    isLess(get(v.x0), get(v.x1)),
    isLess(get(v.y0), get(v.y1)),
    wasm.isBelow(i32(0), shiftRight(word(WORD_COLOR), i32(24))),
    wasm.isBelow(word(WORD_BLEND), i32(BLENDS.length)),
  ].reduce((all, each) => and(all, each));
  const isOpaque = and(
    wasm.isSame(shiftRight(get(v.color), i32(24)), i32(255)),
    wasm.isSame(word(WORD_BLEND), i32(BLEND_OVER)),
  );
  const coverOrKeep = (bits: Code): Code => [
    set(v.rows, wasm.and64(linesOf(v, get(v.y0), get(v.y1)), get(v.fresh))),
    either(get(v.isOpaque), [begin(v, get(v.color)), forRows(v, room, bits, cover(v))], keep(v, room, bits)),
  ];
  const is = (tag: number): Code => wasm.isSame(get(v.tag), i32(tag));
  return [
    set(v.x0, larger(get(v.left), word(WORD_X0))),
    set(v.x1, smaller(get(v.right), word(WORD_X1))),
    when(
      isThere,
      set(v.color, word(WORD_COLOR)),
      set(v.box, columns(v, get(v.x0), get(v.x1))),
      set(v.isOpaque, isOpaque),
      either(
        is(TAG_RECT),
        coverOrKeep(get(v.box)),
        either(
          is(TAG_SPANS),
          withWords(v, 2, coverOrKeep(spanBits(v))),
          when(is(TAG_GLYPH), withWords(v, 1, [placeGlyph(v), coverOrKeep(glyphBits(v))])),
        ),
      ),
    ),
  ];
}

/** Does `then` with the rows of a shape whose words lie in the pool, `words` for each: a row without has no pixels. */
function withWords(v: Variables, words: 1 | 2, then: Code): Code {
  const [first, available] = [load(get(v.at), 4 * WORD_POOL), load(i32(0), SCENE.poolWords)];
  const above = subtract(get(v.y0), load(get(v.at), 4 * WORD_Y0));
  const there = shiftRight(subtract(available, first), i32(words - 1));
  return [
    set(v.count, wasm.choose(there, i32(0), wasm.isBelow(first, available))),
    when(
      // The rows above may be as many as 32 bits can say.
      wasm.isBelow(above, get(v.count)),
      set(v.y1, smaller(get(v.y1), add(get(v.y0), subtract(get(v.count), above)))),
      set(v.words, add(subtract(above, get(v.y0)), get(v.top))),
      set(v.words, add(shiftLeft(get(v.words), i32(words + 1)), shiftLeft(first, i32(2)))),
      set(v.words, add(get(v.words), load(i32(0), SCENE.pool))),
      then,
    ),
  ];
}

function spanBits(v: Variables): Code {
  const words = add(get(v.words), shiftLeft(get(v.y), i32(3)));
  return [
    set(v.pixel, words),
    set(v.start, load(get(v.pixel))),
    set(v.end, load(get(v.pixel), 4)),
    set(v.start, larger(get(v.x0), get(v.start))),
    set(v.end, smaller(get(v.x1), get(v.end))),
    wasm.choose(columns(v, get(v.start), get(v.end)), NONE, isLess(get(v.start), get(v.end))),
  ];
}

/** A glyph's last bit is its rightmost pixel, and the tile's is its last column. */
function placeGlyph(v: Variables): Code {
  const end = subtract(load(get(v.at), 4 * WORD_X1), get(v.left));
  return [
    // What hangs over by more shows nothing.
    set(
      v.end,
      wasm.choose(end, i32(KERNEL_SIDE + GLYPH_BITS), wasm.isBelow(end, i32(KERNEL_SIDE + GLYPH_BITS))),
    ),
    set(v.leftward, wasm.to64(larger(i32(0), subtract(i32(KERNEL_SIDE), get(v.end))))),
    set(v.rightward, wasm.to64(larger(i32(0), subtract(get(v.end), i32(KERNEL_SIDE))))),
  ];
}

function glyphBits(v: Variables): Code {
  const bits = wasm.to64(load(add(get(v.words), shiftLeft(get(v.y), i32(2)))));
  return wasm.and64(get(v.box), wasm.shiftRight64(wasm.shiftLeft64(bits, get(v.leftward)), get(v.rightward)));
}

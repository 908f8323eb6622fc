/** Sharing: whether a picture takes so long that more than one thread should paint it, as far as that can be told beforehand. */
import type { EncodedList } from '../display/builder.ts';
import {
  SHADE_NUMBER,
  SHAPE_WORDS,
  TAG_SHADE,
  WORD_POOL,
  WORD_TAG,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
  WORD_Y1,
} from '../display/encoding.ts';
import type { Bins } from './bin.ts';

/** From so many tiles on, or four times as many entries, which take the kernel 4 ms and more: a thread is there in 0.2 ms. */
const MANY_TILES = 4_096;
/** Likewise operations of shades. */
const MANY_OPERATIONS = 2 ** 22;

/** Whether several threads should paint it. */
export function isForMany(list: EncodedList, { offsets, entries }: Bins): boolean {
  return offsets.length + entries.length / 4 > MANY_TILES || shadeOperations(list) > MANY_OPERATIONS;
}

/** At most, without what lies beside the canvas. */
function shadeOperations({ canvas, shapes, pool, shades }: EncodedList): number {
  if (shades.length === 0) return 0;
  let operations = 0;
  for (let at = 0; at < shapes.length; at += SHAPE_WORDS) {
    if (shapes[at + WORD_TAG] !== TAG_SHADE) continue;
    const width = Math.min(canvas.width, shapes[at + WORD_X1]! | 0) - Math.max(0, shapes[at + WORD_X0]! | 0);
    const height =
      Math.min(canvas.height, shapes[at + WORD_Y1]! | 0) - Math.max(0, shapes[at + WORD_Y0]! | 0);
    const price = shades[pool[shapes[at + WORD_POOL]! + SHADE_NUMBER] ?? -1]?.price ?? 0;
    operations += Math.max(0, width) * Math.max(0, height) * price;
  }
  return operations;
}

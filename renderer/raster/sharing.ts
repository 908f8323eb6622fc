/** Sharing: whether a picture takes so long that more than one thread should paint it, as far as that can be told beforehand. */
import type { EncodedList } from '../display/builder.ts';
import type { Bins } from './bin.ts';
import { segmentsOf } from './segments.ts';

/** From so many tiles on, or four times as many entries, which take the kernel 4 ms and more: a thread is there in 0.2 ms. */
const MANY_TILES = 4_096;
/** Likewise operations of shades. */
const MANY_OPERATIONS = 2 ** 22;

/** Whether several threads should paint it. */
export function isForMany(list: EncodedList, { offsets, entries }: Bins): boolean {
  return offsets.length + entries.length / 4 > MANY_TILES || hasLongShades(list);
}

/** Whether its shades take so long that its tiles should be small. */
export function hasLongShades(list: EncodedList): boolean {
  return list.shades.length > 0 && shadeOperations(list) > MANY_OPERATIONS;
}

/** At most, without what lies beside the canvas. */
function shadeOperations(list: EncodedList): number {
  let operations = 0;
  for (const { shading } of segmentsOf(list)) {
    if (shading === undefined) continue;
    const { shade, x0, y0, x1, y1 } = shading;
    operations += (x1 - x0) * (y1 - y0) * shade.price;
  }
  return operations;
}

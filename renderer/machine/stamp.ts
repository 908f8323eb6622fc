/** A stamp: a bitmap that one run draws again and again, with what is known of it, so that nothing is looked up for it. */
import type { Bitmap } from '../display/list.ts';
import { inkOf } from './price.ts';

export class Stamp {
  readonly bitmap: Bitmap;
  readonly width: number;
  readonly height: number;
  /** Pixels that it sets. */
  readonly ink: number;
  /** Where it stands in the list's pool, as long as the builder's `placing` is this one. */
  place = 0;
  placing = -1;

  constructor(bitmap: Bitmap) {
    this.bitmap = bitmap;
    this.width = bitmap.width;
    this.height = bitmap.height;
    this.ink = inkOf(bitmap);
  }
}
